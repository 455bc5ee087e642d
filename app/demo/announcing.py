"""Announcements of the demonstration: one that has gone, and one that waits for a second person."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from zlib import crc32

from sqlalchemy import select

from accounts.queries import Person as SignedIn
from accounts.queries import roles_of
from accounts.rules import permissions_of
from accounts.terms import Role
from app.demo.personas import Persona
from correspondence.models import Announcement
from correspondence.queries import announcements, audience
from correspondence.service import announcements as service
from correspondence.terms import AnnouncementStanding, Audience, Wanted
from families.models import Consent, Household
from families.queries import recipients
from families.terms import ConsentKind
from hubs.models import Hub
from kernel.clock import now
from kernel.db import db
from messaging.models import Message, MessageSettings
from messaging.terms import MessageStanding, NotSent, Way

LONG_AGO, SENT = timedelta(days=400), timedelta(days=9)
APPROVE_ABOVE = 50
"""So few, because the council of the demonstration is small."""


def answer_about_news() -> None:
    """Let four of five families that have not answered agree to news about activities."""
    answered = select(Consent.household_id).where(Consent.kind == ConsentKind.NEWS)
    waiting = select(Household.id, Household.reference).where(Household.id.not_in(answered))
    db.add_all(
        Consent(
            household_id=household_id,
            kind=ConsentKind.NEWS,
            agreed=crc32(reference.encode()) % 5 != 0,
            answered_at=now() - LONG_AGO,
        )
        for household_id, reference in db.execute(waiting).all()
    )
    db.flush()


def announce(personas: Sequence[Persona], hubs: Mapping[str, Hub]) -> None:
    """Write an announcement that went last week, and one that a second person is to approve."""
    settings = db.scalar(select(MessageSettings)) or MessageSettings(ways={})
    settings.approve_above = APPROVE_ABOVE
    db.add(settings)
    manager = _signed_in(next(one for one in personas if one.role == Role.HUB_MANAGER))
    admin = _signed_in(next(one for one in personas if one.role == Role.COUNCIL_ADMIN))
    clifton = next(hub for name, hub in sorted(hubs.items()) if name.startswith("Clifton"))
    gone = service.write(
        topic="Clifton opens an hour later on Friday",
        words="On Friday Clifton **opens at 10am**, because the boiler is looked after.\n\n"
        "All sessions of the afternoon take place.",
        way=Way.EMAIL,
        wanted=Wanted(audience=Audience.HUB, hub_id=clifton.id),
        by=manager,
    )
    _let_it_have_gone(gone, asked_by=manager, approved_by=admin)
    waiting = service.write(
        topic="New: Saturday mornings for dads and babies",
        words="From next month there is a **Saturday morning** for dads, grandads and babies:\n\n"
        "- 9:30am to 11:30am\n- no need to book\n- free, with bacon rolls",
        way=Way.BOTH,
        wanted=Wanted(audience=Audience.CHILDREN, hub_id=clifton.id, to_months=47, expected=True),
        by=manager,
    )
    service.ask(waiting, by=manager)


def _let_it_have_gone(announcement: Announcement, *, asked_by: SignedIn, approved_by: SignedIn) -> None:
    """Write what sending it would have left behind last week."""
    began = now() - SENT
    people = audience.people(announcements.wanted_of(announcement), after=None, limit=1000)
    reached = recipients(people)
    for number, person in enumerate(people):
        to = reached[person].email
        standing = MessageStanding.DELIVERED if number % 40 else MessageStanding.FAILED
        db.add(
            Message(
                kind=service.KIND, about=announcement.id, person_id=person, address=to,
                key=f"announcement:{announcement.id}:{person}", reference="", sent_at=began + timedelta(seconds=number),
                standing=standing if to else MessageStanding.NOT_SENT, because=None if to else NotSent.NO_ADDRESS,
            )
        )  # fmt: skip
    announcement.written_at = announcement.asked_at = announcement.approved_at = began
    announcement.asked_by, announcement.approved_by = asked_by.id, approved_by.id
    announcement.people = announcement.copies = len(people)
    announcement.approve_above = APPROVE_ABOVE
    announcement.spread_at = began
    announcement.finished_at = began + timedelta(seconds=len(people))
    announcement.standing = AnnouncementStanding.SENT
    db.flush()


def _signed_in(persona: Persona) -> SignedIn:
    roles = roles_of(persona.account_id)
    return SignedIn(persona.account_id, persona.name, persona.email, roles, permissions_of(set(roles)))
