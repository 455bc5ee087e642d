"""What setting a course up would do: its days, what is left out and why, what clashes, and what to look at."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from accounts import queries as accounts
from hubs.models import Hub, Room
from hubs.service import days, rooms
from hubs.service.one_session import find_room
from hubs.service.rooms import Clash, Want
from kernel import prose
from kernel.clock import at_wall_time, now, today
from kernel.db import find
from kernel.errors import Unacceptable
from programmes import rules
from programmes.errors import NoLongerOffered
from programmes.models import Edition, EditionContact
from programmes.queries import editions as queries
from programmes.rules import Layout, warning
from programmes.rules.layout import FARTHEST, LeftOut
from programmes.terms import TOGETHER, ContactKind, Part

UNKNOWN_TERM = "unknown_term"


@dataclass(frozen=True, kw_only=True)
class PlannedContact:
    """A contact of a course that is not there yet."""

    number: int
    kind: ContactKind
    title: str
    minutes: int
    day: date
    """The day, or the Monday of the week in which appointments are made."""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    clashes: tuple[Clash, ...] = ()
    """Who has the room at that time."""

    @property
    def together(self) -> bool:
        """Say whether the group meets."""
        return self.kind in TOGETHER


@dataclass(frozen=True, kw_only=True)
class CoursePlan:
    """What setting a course up would do."""

    hub: Hub
    room: Room | None
    contacts: tuple[PlannedContact, ...]
    left_out: tuple[LeftOut, ...]
    elsewhere: Mapping[UUID, tuple[Clash, ...]] = field(default_factory=dict)
    """Where else facilitators should be at these times, by account."""
    warnings: tuple[str, ...] = ()

    @property
    def is_possible(self) -> bool:
        """Say whether the room is free on every day."""
        return not self.room_clashes

    @property
    def room_clashes(self) -> list[PlannedContact]:
        """Return the contacts for which the room is taken."""
        return [contact for contact in self.contacts if contact.clashes]

    @property
    def first_date(self) -> date:
        """Return the day of the first contact."""
        return self.contacts[0].day

    @property
    def last_date(self) -> date:
        """Return the last day of the last contact."""
        return max(rules.last_day(contact.kind, contact.day) for contact in self.contacts)


def preview(
    edition: Edition, *, hub_id: UUID, room_id: UUID | None, first_date: date, starts: time,
    places: int | None = None, facilitators: Mapping[UUID, Part] | None = None,
    ages: tuple[int, int] | None = None, term_time_only: bool = True, history: bool = False,
) -> CoursePlan:  # fmt: skip
    """Return when the contacts of a course would be, what is left out and why, and what clashes."""
    hub, room = _place(edition, hub_id, room_id)
    if ages:
        ensure_ages(*ages)
    if first_date < today() and not history:
        raise Unacceptable(first_date="Enter a date that is today or later")
    layout, unknown = _laid(edition, first_date, term_time_only)
    contacts = [
        _planned(contact, day, starts) for contact, day in zip(edition.contacts, layout.days, strict=True)
    ]
    contacts = _with_room_clashes(contacts, room)
    plan = CoursePlan(hub=hub, room=room, contacts=tuple(contacts), left_out=layout.left_out)
    people = facilitators or {}
    warnings = [
        *_about_unknown_terms(unknown),
        *warning.about_size(edition, places, len(people)),
        *warning.about_ages(edition.programme.code, ages),
        *_about_accreditations(edition, people, plan.last_date),
    ]
    return CoursePlan(
        hub=hub,
        room=room,
        contacts=plan.contacts,
        left_out=plan.left_out,
        elsewhere=_elsewhere(people, plan.contacts),
        warnings=tuple(warnings),
    )


def ensure_ages(youngest: int, oldest: int) -> None:
    """Refuse ages that are in the wrong order or beyond what programmes are for."""
    if not 0 <= youngest <= oldest <= 25:
        raise Unacceptable(age_to_years="The oldest age must be the same as or after the youngest, up to 25")


def _place(edition: Edition, hub_id: UUID, room_id: UUID | None) -> tuple[Hub, Room | None]:
    if edition.retired_at or edition.programme.ended_at:
        raise NoLongerOffered
    hub = find(Hub, hub_id)
    if hub.closed_at:
        raise Unacceptable(hub_id=f"{hub.name} is closed")
    return hub, find_room(hub, room_id)


def _laid(edition: Edition, first_date: date, term_time_only: bool) -> tuple[Layout, list[date]]:
    """Return the layout, and its days for which no school terms have been entered."""
    weeks = rules.weeks_needed(edition.contacts) + FARTHEST
    monday = first_date - timedelta(days=first_date.weekday())
    skips = days.left_out(monday, monday + timedelta(weeks=weeks), term_time_only=term_time_only)
    closed = {skip.day: skip.reason for skip in skips if skip.why != UNKNOWN_TERM}
    unknown = {skip.day for skip in skips if skip.why == UNKNOWN_TERM}
    layout = rules.lay_out(edition.contacts, first_date=first_date, why_not=lambda day: closed.get(day, ""))
    return layout, [day for day in layout.days if day in unknown]


def _planned(contact: EditionContact, day: date, starts: time) -> PlannedContact:
    starts_at = ends_at = None
    if contact.kind in TOGETHER:
        starts_at = at_wall_time(day, starts)
        ends_at = starts_at + timedelta(minutes=contact.minutes)
        if (datetime.combine(day, starts) + timedelta(minutes=contact.minutes)).date() != day:
            raise Unacceptable(starts="Sessions must end before midnight. Choose an earlier time")
    return PlannedContact(
        number=contact.number,
        kind=contact.kind,
        title=contact.title,
        minutes=contact.minutes,
        day=day,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def _with_room_clashes(contacts: Sequence[PlannedContact], room: Room | None) -> list[PlannedContact]:
    wants = {
        contact.number: Want(None, room.id, contact.starts_at, contact.ends_at)
        for contact in contacts
        if room and contact.starts_at and contact.ends_at and contact.starts_at > now()
    }
    occupancy = rooms.occupancy(list(wants.values()))
    held = {number: occupancy.holders(want) for number, want in wants.items()}
    named = rooms.clashes(holder for holders in held.values() for holder in holders)
    return [
        PlannedContact(
            **{
                **vars(contact),
                "clashes": tuple(named[h] for h in held.get(contact.number, ()) if h in named),
            }
        )
        for contact in contacts
    ]


def _elsewhere(
    people: Collection[UUID], contacts: Sequence[PlannedContact]
) -> Mapping[UUID, tuple[Clash, ...]]:
    """Return where else people should be: their shifts that overlap a session of the course."""
    wanted = [(c.starts_at, c.ends_at) for c in contacts if c.starts_at and c.ends_at]
    if not people or not wanted:
        return {}
    found: dict[UUID, list[Clash]] = {}
    for shift in queries.shifts_of(people, min(s for s, _ in wanted), max(e for _, e in wanted)):
        if any(shift.starts_at < ends and shift.ends_at > starts for starts, ends in wanted):
            clash = Clash(shift.session_id, shift.title, shift.starts_at, shift.ends_at)
            found.setdefault(shift.account_id, []).append(clash)
    return {account_id: tuple(clashes) for account_id, clashes in found.items()}


def _about_unknown_terms(unknown: Sequence[date]) -> list[str]:
    if not unknown:
        return []
    which = prose.listing([prose.day(day) for day in unknown[:3]])
    if len(unknown) > 3:
        which = f"{len(unknown)} of these dates, the first of them {prose.day(unknown[0])}"
    return [f"No school terms have been entered for {which}. Check that there are no holidays then."]


def _about_accreditations(edition: Edition, people: Mapping[UUID, Part], last_date: date) -> list[str]:
    what = edition.programme.accreditation
    if not what or not people:
        return []
    names = accounts.names(people)
    standings = queries.accredited(what, people, on=today(), until=last_date)
    sentences = (
        warning.about_accreditation(names.get(account_id, "Somebody"), what, *standings[account_id])
        for account_id in people
    )
    return [sentence for sentence in sentences if sentence]
