"""What the journeys find in place: each is asked for by name, and happens inside the live house."""

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import false, func, select

from accounts.models import Account, ApiKey
from app.demo.story import FAMILY_NAMES
from bookings import service as bookings
from bookings.models import Booking, FamilyAtHub
from bookings.terms import Channel
from correspondence.models import Announcement
from correspondence.terms import Audience
from families.models import CareRecord, Consent, EmergencyContact, Household, Person
from families.terms import ConsentKind, PersonKind
from hubs.models import Activity, Hub, Room, Session, TimetableEntry, Upload
from hubs.service import imports, timetable
from kernel.clock import now, today
from kernel.db import db
from kernel.outbox import TRIES, Promise, promise
from kernel.tables import TenantTable
from messaging import service as messaging
from messaging.models import MessageWording, Suppression
from messaging.service import channels
from messaging.terms import Channel as Way
from outcomes.models import Asking, CouncilBands, CouncilChangeRule, RiskAlert, Wording
from outcomes.service.asking import ask, path_of
from outcomes.terms import AskingStanding, Occasion, Respondent
from programmes.jobs.openings import LEAVE
from programmes.models import (
    Accreditation,
    Course,
    CourseContact,
    Edition,
    Interest,
    Participation,
    Programme,
    Slot,
    Task,
)
from tenants import service as tenants
from tenants.models import TermDates
from tests.making import Make
from tests.security.furnished_courses import furnish_course

SEACROFT = "Seacroft Family Hub"


def round_off() -> None:
    """Give a council's pages what the story of the demonstration leaves out."""
    tenants.change_settings(waking_from=time(7), waking_until=time(22))
    imports.upload(
        "hubs", "two hubs.csv", b"name,area,postcode\nGipton Hub,East,LS9 6BY\nGipton Hub,East,nonsense\n"
    )


def session(
    title: str, *, day: str = "", at: str = "14:00", places: int | None = 8, hub: str = SEACROFT, room: str = "",
) -> dict[str, str]:  # fmt: skip
    """Make an activity of this title and one session of it, tomorrow; return what it is called and where it is."""
    where = db.scalars(select(Hub).where(Hub.name == hub)).one()
    starts = time.fromisoformat(at)
    made = timetable.add_session(
        hub_id=where.id,
        activity_id=Make({}).activity(title, most_families=places).id,
        on_date=date.fromisoformat(day) if day else today() + timedelta(days=1),
        starts=starts,
        ends=starts.replace(hour=starts.hour + 1),
        room_id=next(one.id for one in where.rooms if one.name == room) if room else None,
    )
    return {"id": str(made.id), "path": f"/sessions/{made.id}", "title": title, "hub": hub}


def register(title: str, *, families: int = 3, over: bool = False, care: str = "") -> dict[str, Any]:
    """Make a session that began half an hour ago, or is over, with families booked on it."""
    told = session(title, at="18:00", day=today().isoformat(), places=30)
    names = []
    for number in range(families):
        family_name = f"{FAMILY_NAMES[number]} {title.split(maxsplit=1)[0]}"
        made = Make({}).family(f"Mia {family_name}", carer=f"Nadia {family_name}")
        _book(UUID(told["id"]), made)
        if care and not number:
            db.add(CareRecord(person_id=made[1].id, allergies=care))
        names.append(f"{family_name}")
    held = db.scalars(select(Session).where(Session.id == UUID(told["id"]))).one()
    held.starts_at = now() - timedelta(hours=2 if over else 0, minutes=30)
    held.ends_at = held.starts_at + timedelta(minutes=90)
    return {**told, "path": f"/registers/{told['id']}", "families": names}


def book(session_id: str, email: str) -> str:
    """Book a session for the family of an account."""
    account = db.scalars(select(Account).where(Account.email == email)).one()
    carer = db.scalars(select(Person).where(Person.account_id == account.id)).one()
    children = db.scalars(
        select(Person).where(Person.household_id == carer.household_id, Person.kind == PersonKind.CHILD)
    ).all()
    return str(_book(UUID(session_id), [carer, children[0]]).id)


def household(name: str, *, children: list[str], email: str, postcode: str = "LS14 1AA") -> str:
    """Make a family whose carer can sign in with this address."""
    from accounts import service as accounts
    from accounts.terms import Role

    account = accounts.open_account(name, email, Role.PARENT, password=f"{name} likes long words")
    made = Make({name: account.id}).family(*children, carer=name, account=name)
    made[0].email = email
    db.get_one(Household, (made[0].tenant_id, made[0].household_id)).postcode = postcode
    return str(made[0].household_id)


def texting(key: str, template: str, reply_to: str) -> str:
    """Have the council send its texts by a service of Notify; return the word by which it is known when it calls."""
    _text(True, template, reply_to, key)
    return channels.make_callback_word()


def no_texts() -> None:
    """Have the council send no texts any more."""
    _text(False, "", "", "")


def _text(texts: bool, template: str, reply_to: str, key: str) -> None:
    channels.change_channels(
        {
            "texts": texts, "text_template": template, "email_template": "", "reply_to_id": reply_to,
            "email_by_notify": False, "falls_back": True, "pence_each": None, "approve_above": 200,
        },
        key=key,
    )  # fmt: skip


def remind(session_id: str) -> None:
    """Remind those who have a place in a session eight hours before it starts: when that was is now."""
    booked = select(Booking.id).where(Booking.session_id == UUID(session_id))
    for booking_id in db.scalars(booked).all():
        promise(
            "booking.reminder",
            key=f"booking.reminder:{booking_id}:8h",
            booking_id=booking_id,
            before_start="8h",
        )


def wait(session_id: str, name: str, number: str) -> str:
    """Put a family with a telephone on the waiting list of a session; return the reference of its booking."""
    made = Make({}).family("Tom Waiting", carer=name)
    made[0].phone = number
    return bookings.join(
        UUID(session_id),
        household_id=made[0].household_id,
        person_ids=[person.id for person in made],
        carer_id=made[0].id,
        channel=Channel.STAFF,
    ).reference


def families_who_want_news(number: int, *, postcode: str, approve_above: int) -> list[str]:
    """Make families with a baby in a place where nobody else lives, who agreed to news; return their addresses.

    An announcement to more than so many people then needs a second person's word.
    """
    hub = db.scalars(select(Hub.id).where(Hub.name == SEACROFT)).one()
    where = postcode.split(maxsplit=1)[0].lower()
    addresses = [f"{chr(ord('a') + one)}@{where}.example" for one in range(number)]
    for address in addresses:
        home = Make({}).household(postcode)
        carer = Make({}).carer(f"{address[0].upper()}va Newsome", household=home)
        carer.email = address
        Make({}).child("Baby Newsome", of=carer, born=today() - timedelta(days=60))
        db.add(Consent(household_id=home.id, kind=ConsentKind.NEWS, agreed=True, answered_at=now()))
        db.add(FamilyAtHub(hub_id=hub, household_id=home.id))
    channels.own_settings().approve_above = approve_above
    db.flush()
    return addresses


def _announce() -> None:
    """Write an announcement to those of Seacroft, which waits to be sent."""
    hub, author = (
        db.scalar(select(Hub.id).where(Hub.name == SEACROFT)),
        db.scalar(select(Account.id).limit(1)),
    )
    db.add(
        Announcement(
            topic="Opening times", words="We open later on Friday.", audience=Audience.HUB, wanted={}, hub_id=hub,
            written_at=now(), written_by=author,
        )
    )  # fmt: skip
    db.flush()


def ids() -> dict[str, list[str]]:
    """Return the ids of the council's things by table; of Seacroft, Paula's family and today come first."""
    paula = select(Person.household_id).where(Person.given_name == "Paula").scalar_subquery()
    seacroft = select(Hub.id).where(Hub.name == SEACROFT).scalar_subquery()
    links, own = _paulas_course()
    _announce()
    course = func.coalesce(Participation.course_id == own, false())
    asked = select(Participation.id).where(course)
    first: dict[type[TenantTable], Any] = {
        Hub: Hub.id == seacroft,
        Room: Room.hub_id == seacroft,
        Session: Session.on_date == today(),
        TimetableEntry: TimetableEntry.hub_id == seacroft,
        Household: Household.id == paula,
        Person: Person.household_id == paula,
        Booking: Booking.household_id == paula,
        Account: Account.name == "Will Grant",
        Activity: Activity.title == "Messy play",
        Programme: Programme.name_key == CALM,
        Edition: Edition.programme_id.in_(select(Course.programme_id).where(Course.id == own)),
        CourseContact: CourseContact.course_id == own,
        Participation: course,
        Task: Task.course_id == own,
        Asking: Asking.about_id.in_(asked),
        RiskAlert: RiskAlert.about_id.in_(asked),
    }
    others = [
        ApiKey,
        EmergencyContact,
        TermDates,
        Upload,
        Slot,
        Interest,
        Accreditation,
        Wording,
        CouncilBands,
        CouncilChangeRule,
        MessageWording,
        Announcement,
    ]
    kinds: list[type[TenantTable]] = [*first, *others]
    found = {
        kind.__tablename__: [
            str(one)
            for one in db.scalars(
                select(kind.id).order_by(*_first(first.get(kind)), kind.id.desc()).limit(60)
            )
        ]
        for kind in kinds
    }
    on_it, *rest = found["participations"]
    found["participations"] = [on_it] * 3 + rest  # with each of the contacts of the course
    messages = {"message_kinds": ["course-left", "reminder", "sign-in-link"], "languages": ["en", "ar", "so"]}
    messages["message_wordings"] = [_older_words()]
    messages |= _dead()
    messages["message_suppressions"] = _broken_addresses()
    messages["activity_kinds"] = ["every", "parent_baby_toddler_groups"]
    return {
        **found, **messages, "courses": [str(own)], "links": links, "questions": ["1"], "instruments": ["sdq"],
    }  # fmt: skip


def _older_words() -> str:
    """Let the council have had words of its own for somebody who leaves a course, once; return their id."""
    known = select(MessageWording.id).where(MessageWording.kind == "course-left").order_by(MessageWording.id)
    if db.scalar(known.limit(1)) is None:
        will = db.scalars(select(Account.id).where(Account.name == "Will Grant")).one()
        words = {"subject": "You have left ((course))", "body": "We are sorry to see you go.", "text": ""}
        db.add(MessageWording(kind="course-left", language="en", made_at=now(), made_by=will, **words))
        db.flush()
    return str(db.scalar(known.limit(1)))


def _broken_addresses() -> list[str]:
    """Let an address of Paula's not work, and one of nobody's, once; return their ids."""
    paula = db.scalars(select(Person).where(Person.given_name == "Paula").order_by(Person.id)).first()
    assert paula
    for address, person_id in (("old@people.example", paula.id), ("nobody@people.example", None)):
        messaging.suppress(address, Way.EMAIL, "the mail server knows no such address", person_id=person_id)
    known = select(Suppression.id).where(Suppression.lifted_at.is_(None)).order_by(Suppression.address.desc())
    return [str(one) for one in db.scalars(known)]


def _dead() -> dict[str, list[str]]:
    """Set something aside that cannot be done, once; return where it is and its number."""
    key = "cannot be done"
    known = select(Promise.id).where(Promise.dedup_key == key)
    if db.scalar(known) is None:
        failed = {"attempts": TRIES, "dead_at": now(), "error": "ConnectionRefusedError"}
        db.add(
            Promise(
                topic="booking.confirmed", payload={}, dedup_key=key, due_at=now(), in_bulk=False, **failed
            )
        )
        db.flush()
    return {"slugs": ["leeds"], "outbox": [str(db.scalar(known))]}


CALM = "calm parents paula"


def _paulas_course() -> tuple[list[str], UUID]:
    """Put Paula on a course that Asha runs at Seacroft, once; return her private links, and the course."""
    known = select(Course.id).join(Programme, Programme.id == Course.programme_id)
    own = db.scalar(known.where(Programme.name_key == CALM))
    if own is None:
        paula = db.scalars(select(Person).where(Person.given_name == "Paula").order_by(Person.id)).first()
        assert paula
        household = select(Person).where(
            Person.household_id == paula.household_id, Person.kind == PersonKind.CHILD
        )
        child = db.scalars(household.order_by(Person.id)).first()
        hub = db.scalars(select(Hub).where(Hub.name == SEACROFT)).one()
        room = db.scalars(select(Room).where(Room.hub_id == hub.id).order_by(Room.id)).first()
        asha = db.scalars(select(Account.id).where(Account.name == "Asha Patel")).one()
        assert child
        assert room
        furnish_course(Make({}), "paula", hub, room, [paula, child], asha, weeks=2)
        own = db.scalars(known.where(Programme.name_key == CALM)).one()
    asked = select(Asking).join(Participation, Participation.id == Asking.about_id)
    open_ones = asked.where(Participation.course_id == own, Asking.standing == AskingStanding.ASKED)
    return [path_of(one).rpartition("/")[2] for one in db.scalars(open_ones.order_by(Asking.id))], own


def interest_link() -> str:
    """Return the address at which somebody says that they want to hear of no more courses."""
    interest = db.scalars(select(Interest.id).order_by(Interest.id).limit(1)).one()
    return f"/programmes/interest/{messaging.one_step(LEAVE, interest)}"


def questions_link(instrument: str) -> str:
    """Ask Paula an instrument; return her private link."""
    _paulas_course()
    on_it = db.scalars(
        select(Participation).where(Participation.course_id.is_not(None)).order_by(Participation.id)
    ).first()
    assert on_it
    asked = ask(
        instrument=instrument, occasion=Occasion.BEFORE, respondent=Respondent.PARENT, respondent_id=on_it.person_id,
        subject_id=on_it.person_id, about_id=on_it.id, title="Calm evenings", opens_at=now(),
        closes_at=now() + timedelta(days=7),
    )  # fmt: skip
    assert asked
    return path_of(asked)


def _first(those: Any) -> list[Any]:
    return [] if those is None else [those.desc()]


def _book(session_id: UUID, party: list[Person]) -> Booking:
    return bookings.book(
        session_id,
        household_id=party[0].household_id,
        person_ids=[person.id for person in party],
        carer_id=party[0].id,
        channel=Channel.STAFF,
    )
