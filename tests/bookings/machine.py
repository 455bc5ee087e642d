"""A machine that books, waits, accepts, cancels and lets time pass on the real database, and looks after every step.

What it expects it works out for itself from the rows, not with the rules that it tests.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from inspect import signature
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Connection, event, select, text

from bookings import service
from bookings.errors import CannotBook, CannotChange, NoLongerHeld, NothingOffered, TooLateToCancel
from bookings.models import Booking
from bookings.terms import Channel, Standing, Turn
from hubs.events import SessionCalledOff, SessionPlacesChanged
from hubs.models import Session
from hubs.terms import SessionStanding
from kernel.clock import now, wall
from kernel.db import db, find, unit_of_work
from kernel.journal import record
from tests.making import Make

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ROOMY = (Standing.HELD, Standing.OFFERED, Standing.CONFIRMED)
LIVE = (*ROOMY, Standing.WAITING)
BOUND = 3
WAKING = time(8), time(21)
DOINGS = (
    ["come"] * 5 + ["one_goes_and_another_comes"] * 2 + ["cancel"] * 3 + ["take_up"] * 3
    + ["time_passes", "change_party", "change_places", "book_both"] * 2
    + ["decline", "come_again", "tidy", "call_off"]
)  # fmt: skip
FAMILIES = [(1, 1), (1, 2), (2, 3), (1, 1), (1, 2), (1, 1), (2, 1), (1, 1), (1, 2), (1, 1)]
"""How many adults and children each family has."""
PROFILES: list[dict[str, int]] = [
    {"most_families": 2},
    {"most_children": 4},
    {"most_children": 3, "most_families": 2},
    {"most_adults": 3},
    {"people": 7},
    {"most_families": 3, "most_children": 4, "most_adults": 4, "people": 7},
]
"""What a session can take: each limit alone, and together."""
Rows = dict[UUID, Any]


EVERYTHING = text("""
SELECT json_build_object(
  'sessions', (SELECT json_agg(s) FROM sessions s WHERE s.id = ANY(:sessions)),
  'bookings', (SELECT json_agg(b) FROM bookings b WHERE b.session_id = ANY(:sessions)),
  'places', (SELECT json_agg(p ORDER BY p.id) FROM places p WHERE p.session_id = ANY(:sessions)),
  'decisions', (SELECT json_agg(d) FROM waiting_decisions d JOIN bookings b ON b.id = d.booking_id
                WHERE b.session_id = ANY(:sessions)),
  'promises', (SELECT json_agg(o) FROM outbox o WHERE o.done_at IS NULL AND o.topic LIKE 'booking.%'))
""")


class Broken(AssertionError):
    """The machine saw something that must never be."""


def demand(true: bool, what: str, *about: Any) -> None:
    """Stop the machine unless something is as it must be."""
    if not true:
        raise Broken(f"{what}: {about}")


@dataclass
class Cast:
    """The families that come, made once, and where they come."""

    tenant: UUID
    families: list[list[Any]]
    hub_id: UUID
    room_id: UUID
    activity_id: UUID

    @classmethod
    def made(cls, tenant: UUID, accounts: dict[str, UUID]) -> "Cast":
        """Make families, a room for seven, and an activity."""
        with unit_of_work(tenant):
            make = Make(accounts)
            families = []
            for number, (adults, children) in enumerate(FAMILIES):
                people = make.family(*[f"Child{i} Nr{number}" for i in range(children)])
                people += [
                    make.carer(f"Adult{i} Nr{number}", household=_home(people)) for i in range(adults - 1)
                ]
                families.append(
                    [SimpleNamespace(id=p.id, household_id=p.household_id, kind=p.kind) for p in people]
                )
            hub, room, activity = make.hub(), make.room(people=7), make.activity("Machine play")
            return cls(tenant, families, hub.id, room.id, activity.id)


def _home(people: list[Any]) -> Any:
    return SimpleNamespace(id=people[0].household_id)


@dataclass
class Seen:
    """What the rows say at a moment."""

    bookings: Rows
    people: dict[UUID, list[Any]]
    turns: dict[UUID, Counter[Turn]]
    promises: dict[tuple[str, UUID], datetime]
    sessions: Rows

    def of(self, session_id: UUID, *standings: Standing) -> list[Any]:
        """Return the bookings of a session that stand so; those that are dead stand nowhere."""
        return [
            b for b in self.bookings.values()
            if b.session_id == session_id and b.standing in standings and (b.expires_at is None or b.expires_at > now())
        ]  # fmt: skip

    def queue(self, session_id: UUID) -> list[Any]:
        """Return who waits, in order."""
        return sorted(self.of(session_id, Standing.WAITING), key=lambda b: b.queue_no)

    def taken(self, session_id: UUID) -> list[int]:
        """Return how many families, children, adults and people have a place."""
        return _sum(self.of(session_id, *ROOMY))

    def limits(self, session_id: UUID) -> list[int | None]:
        """Return what the session can take of each."""
        s = self.sessions[session_id]
        return [s.most_families, s.most_children, s.most_adults, 7 if s.room_id else None]

    def fits(self, session_id: UUID, *more: Any, less: tuple[Any, ...] = (), alone: bool = False) -> bool:
        """Say whether these parties would fit, beside all others or alone."""
        taken = [0] * 4 if alone else self.taken(session_id)
        then = [t + m - n for t, m, n in zip(taken, _sum(more), _sum(less), strict=True)]
        return all(
            most is None or many <= most for many, most in zip(then, self.limits(session_id), strict=True)
        )


def _sum(bookings: Any) -> list[int]:
    adults, children = sum(b.adults for b in bookings), sum(b.children for b in bookings)
    return [len(bookings), children, adults, adults + children]


@dataclass
class Step:
    """What was done in a step."""

    touched: set[UUID] = field(default_factory=set)
    acted_on: set[UUID] = field(default_factory=set)
    changed: dict[UUID, Any] = field(default_factory=dict)
    """The new bookings of changed parties, and what they had before."""
    statements: list[str] = field(default_factory=list)


class BookingMachine(RuleBasedStateMachine):
    """Does what families, staff and time do to two small sessions."""

    cast: Cast
    connection: Connection
    clock: Any

    def __init__(self) -> None:
        super().__init__()
        self.clock.move_to(MONDAY)
        self.savepoint = self.connection.begin_nested()
        self.overtaken: Counter[UUID] = Counter()
        self.peaks: dict[UUID, list[int]] = {}
        self.step = Step()
        self.known: list[UUID] = []
        self.before = self.seen = Seen({}, {}, {}, {}, {})

    def teardown(self) -> None:
        self.savepoint.rollback()

    # what is there

    @initialize(
        limits=st.sampled_from(PROFILES),
        starts_in=st.sampled_from([4 * 24, 4 * 24, 30]),
        crowd=st.lists(st.integers(0, 9), min_size=3, max_size=7, unique=True),
    )
    def open_the_house(self, limits: dict[str, int], starts_in: int, crowd: list[int]) -> None:
        limits = dict(limits)
        in_the_room = limits.pop("people", None)
        with unit_of_work(self.cast.tenant):
            for hours in (starts_in, starts_in + 24):
                starts = now() + timedelta(hours=hours)
                db.add(
                    Session(
                        activity_id=self.cast.activity_id, hub_id=self.cast.hub_id,
                        room_id=self.cast.room_id if in_the_room else None, on_date=wall(starts).date(),
                        starts_at=starts, ends_at=starts + timedelta(hours=1), **limits,
                    )
                )  # fmt: skip
            db.flush()
            opened = select(Session.id).where(Session.activity_id == self.cast.activity_id)
            self.session_ids = list(db.scalars(opened.order_by(Session.starts_at)))
        self._look()
        for number in crowd:
            self.come(0, number, "all", number % 3)

    # what is done

    @rule(
        what=st.sampled_from(DOINGS),
        where=st.sampled_from([0, 0, 0, 0, 0, 1]),
        who=st.integers(0, 9),
        which=st.integers(0, 9),
        party=st.sampled_from(["all", "all", "all", "one child"]),
        number=st.integers(0, 3),
    )
    def do(self, what: str, **drawn: Any) -> None:
        """Do one thing. One rule for all, so that each is done as often as in life."""
        verb = getattr(self, what)
        verb(**{name: drawn[name] for name in signature(verb).parameters if name in drawn})

    def come(self, where: int, who: int, party: str, number: int) -> None:
        """Somebody who is not there yet books, or joins the waiting list when it must be."""
        how = ("book", "book", "hold", "by staff")[number]
        if absent := self._absent(where):
            verb = service.hold if how == "hold" else service.book
            family = absent[who % len(absent)]
            if not self._take(verb, where, family, party, by_staff=how == "by staff"):
                self._take(service.join, where, family, party, by_staff=how == "by staff")

    def one_goes_and_another_comes(self, who: int, which: int, number: int) -> None:
        for _ in range(number + 1):
            if booking := self._pick(which, Standing.CONFIRMED, Standing.OFFERED):
                self.cancel(which, booking=booking)
                self.come(self.session_ids.index(booking.session_id), who, "all", 0)

    def come_again(self, where: int, who: int) -> None:
        """Somebody who may be there already books once more: two browsers, or a double click."""
        self._take(
            service.book,
            where,
            self.cast.families[who % len(self.cast.families)],
            "one child",
            by_staff=False,
        )

    def book_both(self, who: int, party: str) -> None:
        wish, _ = self._wish(self.cast.families[who % len(self.cast.families)], party)
        with self._doing(*self.session_ids), _may_refuse(CannotBook):
            both = service.book_several(self.session_ids, **wish)
            demand(len(both) == 2, "a basket was booked in part", both)

    def take_up(self, which: int) -> None:
        if kept := self._pick(which, Standing.HELD, Standing.OFFERED) or self._pick(which, Standing.WAITING):
            self._take_up(service.confirm if kept.standing == Standing.HELD else service.accept, kept)

    def decline(self, which: int) -> None:
        if offered := self._pick(which, Standing.OFFERED, Standing.WAITING):
            with self._doing(offered.session_id, acted_on=offered.id):
                service.decline(find(Booking, offered.id))

    def cancel(self, which: int, booking: Any = None) -> None:
        if booking := booking or self._pick(which, *LIVE):
            for _ in range(1 + (which == 0)):
                with self._doing(booking.session_id, acted_on=booking.id), _may_refuse(TooLateToCancel):
                    service.cancel(find(Booking, booking.id))

    def change_party(self, which: int, party: str) -> None:
        if not (booking := self._pick(which, Standing.CONFIRMED)):
            return
        family = next(f for f in self.cast.families if f[0].household_id == booking.household_id)
        wish, size = self._wish(family, "one child" if booking.children > 1 else party)
        smaller = size.adults <= booking.adults and size.children <= booking.children
        with (
            self._doing(booking.session_id, acted_on=booking.id),
            _may_refuse(CannotBook, CannotChange) as refused,
        ):
            changed = service.change_party(find(Booking, booking.id), wish["person_ids"])
            if changed.id != booking.id:
                self.step.changed[changed.id] = booking
        room = smaller and self.seen.fits(booking.session_id, size, less=(booking,))
        if refused and room and now() < self.seen.sessions[booking.session_id].starts_at:
            raise Broken("a smaller party was refused", refused)

    def time_passes(self, number: int) -> None:
        if now() < MONDAY + timedelta(days=6):
            self.step = Step()
            self.clock.shift(timedelta(hours=(0.25, 0.25, 6, 20)[number]))
            self._look()

    def tidy(self, where: int) -> None:
        with self._doing(self.session_ids[where]):
            service.tidy(self.session_ids[where])

    def change_places(self, where: int, number: int) -> None:
        session_id = self.session_ids[where]
        with self._doing(session_id):
            session = find(Session, session_id)
            for limit in ("most_families", "most_children", "most_adults"):
                if (most := getattr(session, limit)) is not None:
                    setattr(session, limit, max(1, most + (-1, -1, 1, 2)[number]))
            record(SessionPlacesChanged(subject=session_id))

    def call_off(self, where: int, who: int) -> None:
        if who:
            return
        session_id = self.session_ids[where]
        with self._doing(session_id):
            self.step.acted_on |= {b.id for b in self.seen.bookings.values() if b.session_id == session_id}
            find(Session, session_id).standing = SessionStanding.CALLED_OFF
            record(SessionCalledOff(subject=session_id))

    # how it is done

    def _wish(self, family: list[Any], party: str, by_staff: bool = False) -> tuple[dict[str, Any], Any]:
        children = [p for p in family if p.kind == "child"]
        people = family if party == "all" else [family[0], children[-1]]
        size = SimpleNamespace(
            adults=sum(p.kind == "carer" for p in people), children=sum(p.kind == "child" for p in people)
        )
        wish = {
            "household_id": family[0].household_id,
            "person_ids": [p.id for p in people],
            "carer_id": family[0].id,
            "channel": Channel.STAFF if by_staff else Channel.WEB,
        }
        return wish, size

    def _absent(self, where: int) -> list[list[Any]]:
        there = {b.household_id for b in self.seen.of(self.session_ids[where], *LIVE)}
        return [family for family in self.cast.families if family[0].household_id not in there]

    def _take(
        self, verb: Callable[..., Booking], where: int, family: list[Any], party: str, *, by_staff: bool
    ) -> Booking | None:
        """Try to book, and say whether there is nothing more to try."""
        session_id = self.session_ids[where]
        wish, size = self._wish(family, party, by_staff)
        made = None
        with self._doing(session_id), _may_refuse(CannotBook) as refused:
            made = verb(session_id, **wish)
        if made:
            got = {p.person_id for p in self.seen.people[made.id] if p.given_up_at is None}
            demand(got == set(wish["person_ids"]), "not everybody was booked", got, wish)
        elif verb is not service.join:
            self._demand_a_cause(session_id, wish, size, refused)
        return made

    def _demand_a_cause(
        self, session_id: UUID, wish: dict[str, Any], size: Any, refused: list[Exception]
    ) -> None:
        session, seen = self.seen.sessions[session_id], self.seen
        here = {
            p.person_id
            for b in seen.of(session_id, *LIVE)
            for p in seen.people[b.id]
            if p.given_up_at is None
        }
        free = (
            seen.fits(session_id, size) and not seen.queue(session_id) and not here & set(wish["person_ids"])
        )
        comes = now() < session.starts_at and session.standing == SessionStanding.PLANNED
        demand(not (free and comes), "refused without a cause", refused)

    def _take_up(self, verb: Callable[[Booking], Booking], booking: Any) -> None:
        dead = booking.expires_at is not None and booking.expires_at <= now()
        with (
            self._doing(booking.session_id, acted_on=booking.id),
            _may_refuse(NoLongerHeld, NothingOffered) as refused,
        ):
            verb(find(Booking, booking.id))
            verb(find(Booking, booking.id))
        if booking.expires_at:
            demand(bool(refused) == dead, "what was kept is lost, or what was lost is kept", booking, refused)

    def _pick(self, which: int, *standings: Standing) -> Any:
        found = [self.seen.bookings[known] for known in self.known]
        found = [b for b in found if b.standing in standings]
        return found[which % len(found)] if found else None

    @contextmanager
    def _doing(self, *session_ids: UUID, acted_on: UUID | None = None) -> Iterator[None]:
        self.step = Step(set(session_ids), {acted_on} if acted_on else set())
        event.listen(self.connection, "before_cursor_execute", self._listen)
        done = False
        try:
            with unit_of_work(self.cast.tenant):
                yield
                done = True
        except _Undone:
            pass
        finally:
            event.remove(self.connection, "before_cursor_execute", self._listen)
        if not done:
            self.step = Step()
        self._look()

    def _listen(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        self.step.statements.append(statement)

    def _look(self) -> None:
        self.before, told = self.seen, self._told()
        bookings = {b.id: b for b in told["bookings"]}
        people: dict[UUID, list[Any]] = {booking_id: [] for booking_id in bookings}
        for place in told["places"]:
            people[place.booking_id].append(place)
        turns: dict[UUID, Counter[Turn]] = {booking_id: Counter() for booking_id in bookings}
        for decision in told["decisions"]:
            demand(len(decision.reason) > 10, "a decision without a reason", decision)
            turns[decision.booking_id][Turn(decision.turn)] += 1
        promises = {(p.topic, UUID(p.payload["booking_id"])): p.due_at for p in told["promises"]}
        self.seen = Seen(bookings, people, turns, promises, {row.id: row for row in told["sessions"]})
        self.known += sorted(bookings.keys() - set(self.known), key=self._order)
        self._count_overtaking()

    def _told(self) -> dict[str, list[Any]]:
        """Return what the rows say, in one statement."""
        (told,) = self.connection.execute(EVERYTHING, {"sessions": self.session_ids}).one()
        return {kind: [SimpleNamespace(**_typed(row)) for row in rows or ()] for kind, rows in told.items()}

    def _order(self, booking_id: UUID) -> Any:
        """Return how to sort bookings that were made together, in the same way whenever this runs."""
        booking = self.seen.bookings[booking_id]
        return self.session_ids.index(booking.session_id), booking.adults, booking.children

    # what must be

    @invariant()
    def everything_holds(self) -> None:
        self.no_limit_is_exceeded()
        self.a_person_has_one_live_place()
        self.nobody_waits_while_there_is_room()
        self.nobody_is_passed_beyond_the_bound()
        self.the_dead_do_not_stay()
        self.who_waits_knows_why()
        self.bookings_change_only_as_they_may()
        self.offers_can_be_answered()
        self.what_must_follow_is_promised()
        self.bookings_change_behind_a_locked_door()

    def no_limit_is_exceeded(self) -> None:
        for session_id in self.seen.sessions:
            taken, limits = self.seen.taken(session_id), self.seen.limits(session_id)
            peaks = self.peaks.get(session_id, taken)
            for many, most, peak in zip(taken, limits, peaks, strict=True):
                # Fewer places take none away: then what is taken may only shrink.
                demand(most is None or many <= max(most, peak), "oversold", taken, limits, peaks)
            self.peaks[session_id] = taken

    def a_person_has_one_live_place(self) -> None:
        for booking_id, places in self.seen.people.items():
            booking = self.seen.bookings[booking_id]
            held = [p for p in places if p.given_up_at is None]
            size = booking.adults + booking.children
            demand(len(places) == size, "a party is not as large as it says", booking, places)
            demand(
                len(held) == (size if booking.standing in LIVE else 0),
                "places and standing differ",
                booking,
                held,
            )
        per = Counter(
            (self.seen.bookings[booking_id].session_id, p.person_id)
            for booking_id, places in self.seen.people.items() for p in places if p.given_up_at is None
        )  # fmt: skip
        demand(max(per.values(), default=1) == 1, "somebody has two places", per)

    def nobody_waits_while_there_is_room(self) -> None:
        for session_id in self.step.touched:
            if not self._list_open(session_id):
                continue
            for waiter in self.seen.queue(session_id):
                demand(not self.seen.fits(session_id, waiter), "somebody waits beside a free place", waiter)
                if self.overtaken[waiter.id] >= BOUND and self.seen.fits(session_id, waiter, alone=True):
                    break

    def nobody_is_passed_beyond_the_bound(self) -> None:
        for session_id in self.step.touched:
            for waiter in self.seen.queue(session_id):
                times = self.overtaken[waiter.id]
                demand(times <= BOUND, "passed too often", waiter, times)
                demand(waiter.times_skipped == times, "passing was miscounted", waiter, times)

    def the_dead_do_not_stay(self) -> None:
        for b in self.seen.bookings.values():
            if b.session_id in self.step.touched and b.expires_at:
                demand(b.expires_at > now(), "a hold outlived its time", b)

    def who_waits_knows_why(self) -> None:
        for b in self.seen.bookings.values():
            if b.queue_no is None:
                continue
            turns = self.seen.turns[b.id]
            demand(turns[Turn.JOINED] == 1, "no word about joining", b)
            demand(bool(turns[Turn.SKIPPED]) == bool(b.times_skipped), "no word about being passed", b, turns)
            demand(b.standing != Standing.OFFERED or turns[Turn.OFFERED] == 1, "no word about an offer", b)
            demand(b.standing != Standing.EXPIRED or turns[Turn.LAPSED] == 1, "no word about the end", b)
            demand(
                b.standing != Standing.CONFIRMED or turns[Turn.ACCEPTED] == 1, "no word about the place", b
            )

    def bookings_change_only_as_they_may(self) -> None:
        for b in self.before.bookings.values():
            after = self.seen.bookings[b.id]
            if after.standing == b.standing or b.id in self.step.acted_on:
                demand(b.standing in LIVE or after.standing == b.standing, "a dead booking rose", b, after)
                continue
            over = b.expires_at is not None and b.expires_at <= now()
            started = self.seen.sessions[b.session_id].starts_at <= now()
            allowed = {
                Standing.WAITING: {Standing.OFFERED} | ({Standing.EXPIRED} if started else set()),
                Standing.HELD: {Standing.EXPIRED} if over else set(),
                Standing.OFFERED: {Standing.EXPIRED} if over else set(),
            }.get(b.standing, set())
            demand(after.standing in allowed, "a booking changed by itself", b, after)

    def offers_can_be_answered(self) -> None:
        for b in self.seen.bookings.values():
            if b.standing == Standing.OFFERED:
                at, starts = wall(b.expires_at), self.seen.sessions[b.session_id].starts_at
                demand(WAKING[0] <= at.time() <= WAKING[1], "an offer lapses at night", at)
                demand(b.expires_at <= starts - timedelta(hours=2), "an offer lapses too late", at, starts)

    def what_must_follow_is_promised(self) -> None:
        for b in self.seen.bookings.values():
            reminder = self.seen.promises.get(("booking.reminder", b.id))
            if b.standing == Standing.CONFIRMED:
                due = self.seen.sessions[b.session_id].starts_at - timedelta(hours=24)
                wanted = due if due > b.confirmed_at else None
                demand(reminder == wanted, "the reminder is not promised for its hour", b, reminder)
                told = any((f"booking.{t}", b.id) in self.seen.promises for t in ("confirmed", "changed"))
                demand(told, "no confirmation is promised", b)
            else:
                demand(reminder is None, "a reminder of nothing", b)
            if b.expires_at:
                expiry = self.seen.promises.get(("booking.expiry", b.id))
                demand(expiry == b.expires_at, "nobody will notice that it lapses", b)
            if b.standing == Standing.OFFERED:
                demand(("booking.offered", b.id) in self.seen.promises, "an offer that nobody hears of", b)

    def bookings_change_behind_a_locked_door(self) -> None:
        said = self.step.statements
        writes = ("INSERT INTO bookings", "UPDATE bookings", "INSERT INTO places", "UPDATE places")
        wrote = [i for i, s in enumerate(said) if s.startswith(writes)]
        locked = [i for i, s in enumerate(said) if "FOR UPDATE OF sessions" in s]
        counted = [i for i, s in enumerate(said) if "last_queue_no" in s]
        if wrote:
            demand(bool(locked) and locked[0] < wrote[0], "changed without the lock")
        if entered := [i for i in wrote if said[i].startswith("INSERT INTO bookings")]:
            demand(
                any(locked[0] < i < entered[0] for i in counted),
                "decided on what was counted before the lock",
            )

    def _count_overtaking(self) -> None:
        """Count for everybody who waited and still waits who was served since the last look."""
        for session_id in self.step.touched:
            if self._list_open(session_id):
                had = {b.id for b in self.before.of(session_id, *ROOMY)}
                served = [b for b in self.seen.of(session_id, *ROOMY) if b.id not in had]
                for waiter in self.seen.queue(session_id):
                    if waiter.id in self.before.bookings and self.seen.fits(session_id, waiter, alone=True):
                        self._count_those_served_before(waiter, served)

    def _count_those_served_before(self, waiter: Any, served: list[Any]) -> None:
        for b in served:
            old = self.step.changed.get(b.id)
            if b.queue_no is not None and b.queue_no < waiter.queue_no:
                continue
            if old and b.adults <= old.adults and b.children <= old.children:
                continue
            instead = self.seen.fits(waiter.session_id, waiter, *([old] if old else []), less=(b,))
            demand(not instead, "served in the stead of an earlier party that fits", b, waiter)
            self.overtaken[waiter.id] += 1

    def _list_open(self, session_id: UUID) -> bool:
        """Say whether offers can be made now: there is half an hour of waking time until two hours before the start."""
        session = self.seen.sessions[session_id]
        if session.standing == SessionStanding.CALLED_OFF:
            return False
        latest = session.starts_at - timedelta(hours=2)
        last_call = wall(latest)
        if last_call.time() > WAKING[1]:
            last_call = last_call.replace(hour=21, minute=0)
        elif last_call.time() < WAKING[0]:
            last_call = (last_call - timedelta(days=1)).replace(hour=21, minute=0)
        return last_call - now() >= timedelta(minutes=30)


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    if name == "id" or name.endswith("_id"):
        return UUID(value)
    return datetime.fromisoformat(value).astimezone(UTC) if name.endswith("_at") else value


class _Undone(Exception):
    """Leaves a unit of work so that nothing of it is kept."""


@contextmanager
def _may_refuse(*refusals: type[Exception]) -> Iterator[list[Exception]]:
    refused: list[Exception] = []
    try:
        yield refused
    except refusals as refusal:
        refused.append(refusal)
        raise _Undone from refusal
