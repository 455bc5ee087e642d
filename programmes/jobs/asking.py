"""Questionnaires at the end of a course and later, and the letter to facilitators when somebody needs them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from accounts.models import Account
from kernel.clock import today
from kernel.db import db, find
from kernel.outbox import keeps
from messaging import service as messaging
from messaging.terms import Letter, Recipient
from outcomes import queries as outcomes
from programmes.models import Facilitator, Participation
from programmes.service import asking
from tenants import queries as tenants

OVERTAKEN = "overtaken"


@keeps("programmes.after")
def ask_after(participation_id: UUID) -> str:
    """Ask whoever is still on the course what is asked at its end."""
    return _told(asking.ask_after(find(Participation, participation_id)))


@keeps("programmes.follow_up")
def ask_follow_up(participation_id: UUID) -> str:
    """Ask whoever completed the course what is asked some weeks later."""
    return _told(asking.ask_follow_up(find(Participation, participation_id)))


@keeps("programmes.risk")
def tell_facilitators(participation_id: UUID) -> str:
    """Ask those who run the course to look at its page today. It says nothing of whom or why."""
    participation = find(Participation, participation_id)
    course = participation.course
    alerts = outcomes.open_alerts([participation_id])
    if course is None or not alerts:
        return OVERTAKEN
    letter = Letter(
        kind="course-needs-you",
        says={"course": course.title},
        action=("Open the course", f"/courses/{course.id}"),
    )
    addresses = _facilitators(course.id) or _council()
    for address in addresses:
        # All that are open: when the second of two parents answers on the same day, they are told again.
        key = f"course-needs-you:{'+'.join(sorted(str(one.id) for one in alerts))}:{today()}:{address}"
        messaging.send(letter, to=Recipient(email=address), about=course.id, key=key, of_several=True)
    return f"{len(addresses)} told"


def _told(asked: int) -> str:
    return f"{asked} asked" if asked else OVERTAKEN


def _facilitators(course_id: UUID) -> Sequence[str]:
    running = (
        select(Account.email)
        .join(Facilitator, Facilitator.account_id == Account.id)
        .where(Facilitator.course_id == course_id, Account.disabled_at.is_(None), Account.email != "")
    )
    return db.scalars(running.order_by(Account.email).limit(20)).all()


def _council() -> Sequence[str]:
    """Return where the council is written to: somebody must read it when a course has no facilitator."""
    council = tenants.settings()
    return [council.contact_email] if council and council.contact_email else []
