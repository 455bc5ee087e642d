"""Safe contact: every way out of the house, tried with every flag; nothing unsafe ever goes.

The council sends e-mail by SMTP or by Notify, and texts; what cannot go by one way goes by the other; and everybody
wants everything by the very way that is not safe. Five mothers have one flag each.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from accounts import service as accounts
from accounts.models import Account, SignInLink
from accounts.terms import LinkPurpose, Role
from bookings import service as bookings
from bookings.terms import Channel as Door
from correspondence.jobs import announcements
from correspondence.models import Announcement
from correspondence.terms import AnnouncementStanding, Audience
from families import service as families
from families.models import Consent, Person
from families.terms import ConsentKind
from kernel import outbox
from kernel.clock import now
from kernel.db import db, find, unit_of_work
from kernel.ids import new_id
from kernel.outbox import Promise
from messaging import rules
from messaging.models import Wish
from messaging.rules import House
from messaging.service.notify import Notify as Carrier
from messaging.terms import Channel, Group, Never, Recipient, Way
from programmes.models import Course
from programmes.service import joining
from tests.knocking import Knocker
from tests.post import Post, words
from tests.programmes import making
from tests.texting import Notify

WHERE, TITLE, WHY = "Seacroft", "Stay and play", "SECRETWHY"


class Mother(NamedTuple):
    """Somebody with one flag, who wants everything by text and e-mail, and has two places tomorrow."""

    id: UUID
    account: UUID
    home: UUID
    booking: UUID
    email: str
    phone: str


class Town:
    """A mother for each flag, all at one hub."""

    def __init__(self, make: Any) -> None:
        self.hub, self.worker = make.hub().id, make.cast["asha"]
        self.course = making.course(make).id
        sessions = [make.session(starts_in=timedelta(hours=hours)).id for hours in (30, 34)]
        self.mothers: Mapping[Never, Mother] = {
            flag: self._mother(make, number, flag, sessions) for number, flag in enumerate(Never)
        }

    def _mother(self, make: Any, number: int, flag: Never, sessions: list[UUID]) -> Mother:
        email, phone = f"{flag.value}@people.example", f"+44770090012{number}"
        her, child = make.family(carer=f"Mother{number} Reyes")
        her.account_id = accounts.open_account(her.name, email, Role.PARENT).id
        her.phone, her.email = phone, email
        db.add(Consent(household_id=her.household_id, kind=ConsentKind.NEWS, agreed=True, answered_at=now()))
        for group in Group:
            db.add(Wish(person_id=her.id, group=group, way=Way.BOTH))
        families.set_contact_rules(her, [flag], why=WHY)
        booked = [
            bookings.book(
                session, household_id=her.household_id, person_ids=[her.id, child.id], carer_id=her.id,
                channel=Door.WEB,
            ).id
            for session in sessions
        ]  # fmt: skip
        return Mother(her.id, her.account_id, her.household_id, booked[0], email, phone)


def _confirmed(town: Town, tenant: UUID, clock: Any) -> None:
    outbox.drain(tenant)


def _reminded(town: Town, tenant: UUID, clock: Any) -> None:
    clock.shift(timedelta(hours=10))
    outbox.drain(tenant)


def _signs_in(town: Town, tenant: UUID, clock: Any) -> None:
    with unit_of_work(tenant):
        for her in town.mothers.values():
            link = SignInLink(
                account_id=her.account, email_key=her.email, purpose=LinkPurpose.SIGN_IN,
                expires_at=now() + timedelta(hours=1),
            )  # fmt: skip
            db.add(link)
            db.flush()
            accounts.send_link(link)


def _invited(town: Town, tenant: UUID, clock: Any) -> None:
    with unit_of_work(tenant):
        for her in town.mothers.values():
            families.send_invitation(her.account)


def _announced(town: Town, tenant: UUID, clock: Any) -> None:
    with unit_of_work(tenant):
        tea = Announcement(
            topic="Tea", words="There is tea.", audience=Audience.CHILDREN, wanted={"to_months": 300}, written_at=now(),
            written_by=town.worker, standing=AnnouncementStanding.SENDING,
        )  # fmt: skip
        db.add(tea)
        db.flush()
        for her in town.mothers.values():
            announcements.send_copy(announcement_id=tea.id, person_id=her.id)


def _on_a_course(town: Town, tenant: UUID, clock: Any) -> None:
    with unit_of_work(tenant):
        for her in town.mothers.values():
            course = find(Course, town.course)
            joining.book(course_id=course.id, household_id=her.home, person_id=her.id)
    outbox.drain(tenant)


WAYS_OUT: dict[str, Callable[[Town, UUID, Any], None]] = {
    "confirmations": _confirmed,
    "reminders, joined": _reminded,
    "links to sign in": _signs_in,
    "invitations": _invited,
    "announcements": _announced,
    "courses": _on_a_course,
}
NO_TEXTS = {"links to sign in", "invitations"}
"""These go to an address, whose person is not named."""


@pytest.mark.parametrize("by_notify", [False, True], ids=["SMTP", "Notify"])
def test_nothing_unsafe_goes_by_any_way_out(
    by_notify: bool, set_up: Any, world: Any, clock: Any, notify: Notify, post: Post
) -> None:
    with set_up() as make:
        town = Town(make)
        notify.serves(email_by_notify=by_notify, falls_back=True)

    for name, goes in WAYS_OUT.items():
        before = len(notify.texts), len(notify.emails), len(post.letters)
        goes(town, world.leeds, clock)
        emails = {one.to: f"{one.subject} {one.body}" for one in notify.emails[before[1] :]}
        emails |= {letter["To"]: f"{words(letter)} {letter}" for letter in post.letters[before[2] :]}
        texts = {one.to: one.body for one in notify.texts[before[0] :]}

        for flag, her in town.mothers.items():
            assert (her.email in emails) is (flag != Never.EMAIL), (name, flag)
            assert (her.phone in texts) is (flag != Never.TEXT and name not in NO_TEXTS), (name, flag)
        assert WHY not in f"{emails} {texts}", name
        unseen = town.mothers[Never.PLACE]
        said = f"{emails[unseen.email]} {texts.get(unseen.phone)}"
        assert WHERE not in said, name
        assert "VCALENDAR" not in said, name


def _flagged(person: Person) -> None:
    families.set_contact_rules(person, [Never.TEXT])


def _with_another_number(person: Person) -> None:
    families.change_person(person, phone="")


def _gone(person: Person) -> None:
    families.add_carer(person.household_id, families.NewCarer(given_name="Ben"))
    families.leave(person)


@pytest.mark.parametrize("said", [_flagged, _with_another_number, _gone])
def test_what_is_said_while_others_are_told_holds_for_whoever_is_next(
    said: Callable[[Person], None], set_up: Any, world: Any, clock: Any, notify: Notify, monkeypatch: Any
) -> None:
    with set_up() as make:
        town = Town(make)
        notify.serves()
    outbox.drain(world.leeds)
    notify.kept.clear()
    clock.shift(timedelta(hours=10))
    numbers = {her.phone: her.id for flag, her in town.mothers.items() if flag != Never.TEXT}
    carry, first = Carrier.carry, []

    def flag_all_others() -> None:
        with unit_of_work(world.leeds):
            for phone, person in numbers.items():
                if phone != first[0]:
                    said(find(Person, person))

    def carry_and_be_told(self: Carrier, parcel: Any) -> Any:
        handed = carry(self, parcel)
        if not first:
            first.append(parcel.to)
            with ThreadPoolExecutor(1) as staff:
                staff.submit(flag_all_others).result()
        return handed

    monkeypatch.setattr(Carrier, "carry", carry_and_be_told)
    outbox.drain(world.leeds)

    assert [text.to for text in notify.texts] == first
    with unit_of_work(world.leeds):
        assert set(db.scalars(select(Promise.done_at.is_not(None)).where(Promise.due_at <= now()))) == {True}


def test_no_page_file_or_machine_offers_what_is_not_safe(
    app: Any, set_up: Any, world: Any, knock: Any, api_key: Any
) -> None:
    with set_up() as make:
        town = Town(make)
    asha, key = knock("asha"), {"Authorization": f"Bearer {api_key('asha')}"}

    for flag, her in town.mothers.items():
        pages = (f"/families/{her.home}", f"/families/people/{her.id}", f"/families/{her.home}/bookings")
        told = [asha.get(page).text for page in pages]
        family = asha.open(f"/api/v1/families/{her.home}", headers=key)
        with unit_of_work(world.leeds):
            token = accounts.sign_in(find(Account, her.account), device="Browser", how="password")
        herself = Knocker(app, "leeds.test").carry(token)
        file = herself.get(f"/bookings/{her.booking}/session.ics").text
        done = herself.get(f"/bookings/{her.booking}/confirmation").text

        assert all(flag.label in page for page in told), flag
        assert [carer["never"] for carer in family.json["carers"]] == [[flag.value]]
        assert WHY not in f"{told} {family.text} {file} {done}"
        assert (WHERE in file or "LOCATION" in file or TITLE in file) is (flag != Never.PLACE)
        assert (her.email in done) is (flag != Never.EMAIL)


YEAR = st.integers(0, 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(
    kind=st.sampled_from(sorted(rules.kinds())),
    never=st.frozensets(st.sampled_from(list(Never))),
    channels=st.frozensets(st.sampled_from(list(Channel))),
    falls_back=st.booleans(),
    own=st.sampled_from([None, *Way]),
    wish=st.sampled_from([None, *Way]),
    hours=st.tuples(st.times(), st.times()),
    at=YEAR,
    useless=st.none() | st.integers(-2 * 60, 48 * 60),
    broken=st.frozensets(st.sampled_from(["paula@people.example", "+447700900123"])),
)
def test_whatever_is_set_wanted_and_broken_no_plan_is_unsafe(
    kind: str, never: frozenset[Never], channels: frozenset[Channel], falls_back: bool, own: Way | None,
    wish: Way | None, hours: tuple[Any, Any], at: datetime, useless: int | None, broken: frozenset[str],
) -> None:  # fmt: skip
    known = rules.kinds()[kind]
    house = House(
        channels=channels, falls_back=falls_back, ways={kind: own} if own else {}, awake_from=hours[0],
        awake_until=hours[1],
    )  # fmt: skip
    her = Recipient(id=new_id(), email="paula@people.example", phone="07700 900123", never=never)

    plan = rules.plan(
        known, her, house, wishes={known.group: wish} if wish else {}, suppressed=broken,
        useless_after=None if useless is None else at + timedelta(minutes=useless), now=at,
    )  # fmt: skip

    unsafe = {Channel.TEXT: Never.TEXT, Channel.EMAIL: Never.EMAIL}
    assert not {unsafe[channel] for channel in plan.by} & never
