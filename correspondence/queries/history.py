"""What was sent to a family, and about a session, and what became of it."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, func, select

from correspondence.models import Announcement
from families.models import Person
from hubs.models import Activity, Session
from kernel.db import db
from messaging.models import Message
from messaging.terms import MessageStanding


def to_family(household_id: UUID) -> Select[Any]:
    """Return the statement for what was sent to the people of a household, the newest first."""
    return _told().where(Person.household_id == household_id)


def about_session(session_id: UUID) -> Select[Any]:
    """Return the statement for what was sent about a session, the newest first."""
    return _told().where(Message.session_id == session_id)


def counted(session_id: UUID) -> dict[str, int]:
    """Return how many messages about a session went and came to what, by the name of what: sent, opened, answered."""
    sums = select(
        *(func.count().filter(Message.standing == standing).label(standing.name) for standing in MessageStanding),
        func.count(Message.opened_at).label("OPENED"),
        func.count(Message.answered_at).label("ANSWERED"),
    ).where(Message.session_id == session_id)  # fmt: skip
    return dict(db.execute(sums).one()._mapping)


def _told() -> Select[Any]:
    columns = (
        Message, Person.given_name, Person.family_name, Person.household_id,
        Session.starts_at, Activity.title, Announcement.topic,
    )  # fmt: skip
    wanted = (
        select(*columns)
        .outerjoin(Person, Person.id == Message.person_id)
        .outerjoin(Session, Session.id == Message.session_id)
        .outerjoin(Activity, Activity.id == Session.activity_id)
        .outerjoin(Announcement, Announcement.id == Message.about)
        .order_by(Message.sent_at.desc(), Message.id.desc())
    )
    return cast("Select[Any]", wanted)
