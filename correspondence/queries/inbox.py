"""The texts that came in and could not be done by themselves, for those whose inbox they are in."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from accounts.models import Account
from accounts.queries import Person as SignedIn
from correspondence.models import Announcement
from families.models import Person, RecordOpening
from families.terms import Opened
from hubs.models import Activity, Session, TeamMember
from hubs.queries import teams_of
from kernel.db import db
from kernel.errors import NotFound
from kernel.permissions import Permission
from messaging.models import Message, TextReply
from messaging.terms import ReplyStanding

MOST_FROM_FAMILY = 30


def waiting(reader: SignedIn) -> Select[Any]:
    """Return the statement for the texts that somebody of staff is to read, the newest first."""
    return _with_what_they_answer().where(TextReply.standing == ReplyStanding.WAITING, _inbox_of(reader))


def waiting_count(reader: SignedIn) -> int:
    """Return how many texts wait for somebody of staff."""
    wanted = select(func.count(TextReply.id)).where(
        TextReply.standing == ReplyStanding.WAITING, _inbox_of(reader)
    )
    return db.scalar(wanted) or 0


def from_family(household_id: UUID) -> Sequence[Any]:
    """Return the newest texts that came from the people of a household, whatever became of them."""
    wanted = _with_what_they_answer().where(Person.household_id == household_id).limit(MOST_FROM_FAMILY)
    return db.execute(wanted).all()


def ours(reader: SignedIn, reply_ids: Collection[UUID]) -> set[UUID]:
    """Return those of the texts that wait in an inbox of somebody of staff."""
    wanted = select(TextReply.id).where(
        TextReply.id.in_(reply_ids), TextReply.standing == ReplyStanding.WAITING, _inbox_of(reader)
    )
    return set(db.scalars(wanted)) if reply_ids else set()


def find_reply(reply_id: UUID, *, reader: SignedIn) -> TextReply:
    """Return a text that is in an inbox of somebody of staff, or raise NotFound."""
    if found := db.scalar(select(TextReply).where(TextReply.id == reply_id, _inbox_of(reader))):
        return found
    raise NotFound("text")


def find_reply_with_family(reply_id: UUID, *, reader: SignedIn) -> Any:
    """Return a text that is in an inbox of somebody of staff, beside its family, or raise NotFound."""
    wanted = _with_what_they_answer().where(TextReply.id == reply_id, _inbox_of(reader))
    if found := db.execute(wanted).first():
        return found
    raise NotFound("text")


def last_read(reader: SignedIn, person_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Return when somebody of staff was last shown texts of these people."""
    if not person_ids:
        return {}
    wanted = (
        select(RecordOpening.person_id, func.max(RecordOpening.opened_at).label("at"))
        .where(
            RecordOpening.account_id == reader.id,
            RecordOpening.person_id.in_(person_ids),
            RecordOpening.what == Opened.TEXTS,
        )
        .group_by(RecordOpening.person_id)
    )
    return {row.person_id: row.at for row in db.execute(wanted)}


def _inbox_of(reader: SignedIn) -> ColumnElement[bool]:
    """Return the condition for texts in the inboxes of somebody: their hubs', and the council's if they manage hubs.

    What came for a hub in whose team nobody is left is the council's, too: else nobody would read it.
    """
    own: list[ColumnElement[bool]] = [false()]
    if reader.may(Permission.MANAGE_BOOKINGS):
        at_hub = TextReply.hub_id.is_not(None)
        own.append(at_hub if reader.sees_all_hubs else TextReply.hub_id.in_(teams_of(reader)))
    if reader.may(Permission.MANAGE_HUBS):
        read = select(TeamMember.hub_id).join(Account, Account.id == TeamMember.account_id)
        own.append(TextReply.hub_id.is_(None))
        own.append(TextReply.hub_id.not_in(read.where(Account.disabled_at.is_(None))))
    return or_(*own)


def _with_what_they_answer() -> Select[Any]:
    return cast("Select[Any]", (
        select(
            TextReply, Person.given_name, Person.family_name, Person.household_id,
            Message.kind, Message.sent_at, Session.starts_at, Activity.title, Announcement.topic,
        )
        .outerjoin(Person, Person.id == TextReply.person_id)
        .outerjoin(Message, Message.id == TextReply.message_id)
        .outerjoin(Session, Session.id == Message.session_id)
        .outerjoin(Activity, Activity.id == Session.activity_id)
        .outerjoin(Announcement, Announcement.id == Message.about)
        .order_by(TextReply.received_at.desc(), TextReply.id.desc())
    ))  # fmt: skip
