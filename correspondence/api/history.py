"""What was sent and what became of it, and the texts that wait to be read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from bookings.queries import looking
from correspondence import queries
from correspondence.api.door import blueprint
from correspondence.schemas.history import ReadTextSchema, SentMessageSchema, WaitingTextSchema
from correspondence.service.reading import keep_that_shown
from families import queries as families
from families.models import Household
from hubs import queries as hubs
from kernel.db import find
from kernel.permissions import Permission
from kernel.web.access import may, requires
from kernel.web.paging import page_of
from messaging import service
from messaging.models import Message, TextReply

SEES = Permission.SEE_FAMILIES
MANAGES = Permission.MANAGE_BOOKINGS
SAME = (
    "id", "kind", "person_id", "session_id", "channel", "standing", "because", "sent_at", "late_seconds", "settled_at",
    "opened_at", "answered_at",
)  # fmt: skip


@blueprint.route("/families/<uuid:family_id>/messages")
class FamilyMessages(MethodView):
    """What was sent to the people of a family."""

    @requires(SEES)
    @blueprint.response(200, SentMessageSchema(many=True))
    @blueprint.paginate()
    def get(self, family_id: UUID, pagination_parameters: Any) -> list[dict[str, Any]]:
        """List what was sent to a family and what became of it, the newest first."""
        household = find(Household, family_id)
        families.ensure_may_open(current_user, household.id)
        rows = page_of(queries.to_family(household.id), pagination_parameters, whole_rows=True)
        return [_sent(row.Message, known=True) for row in rows]


@blueprint.route("/sessions/<uuid:session_id>/messages")
class SessionMessages(MethodView):
    """What was sent about a session."""

    @requires(MANAGES)
    @blueprint.response(200, SentMessageSchema(many=True))
    @blueprint.paginate()
    def get(self, session_id: UUID, pagination_parameters: Any) -> list[dict[str, Any]]:
        """List what was sent about a session and what became of it, the newest first."""
        session = hubs.find_session(session_id, seen_by=current_user)
        rows = page_of(queries.about_session(session.id), pagination_parameters, whole_rows=True)
        known = looking.known_to(current_user, {row.household_id for row in rows if row.household_id})
        return [_sent(row.Message, known=row.household_id in known) for row in rows]


@blueprint.route("/text-answers")
class TextAnswers(MethodView):
    """Texts that wait to be read."""

    @requires(MANAGES, Permission.MANAGE_HUBS)
    @blueprint.response(200, WaitingTextSchema(many=True))
    @blueprint.paginate()
    def get(self, pagination_parameters: Any) -> list[dict[str, Any]]:
        """List the texts that wait in your inboxes, without their words, the newest first."""
        rows = page_of(queries.waiting(current_user), pagination_parameters, whole_rows=True)
        return _answers(rows)


@blueprint.route("/text-answers/<uuid:reply_id>")
class OneTextAnswer(MethodView):
    """A text that came in."""

    @requires(MANAGES, Permission.MANAGE_HUBS)
    @blueprint.response(200, ReadTextSchema)
    def get(self, reply_id: UUID) -> dict[str, Any]:
        """Read a text of your inboxes. That you did is kept."""
        row = queries.find_reply_with_family(reply_id, reader=current_user)
        keep_that_shown([row], to=current_user)
        return {**_answers([row])[0], "words": row.TextReply.words}


@blueprint.route("/text-answers/<uuid:reply_id>/settlement")
class Settlement(MethodView):
    """That somebody has seen to a text."""

    @requires(MANAGES, Permission.MANAGE_HUBS)
    @blueprint.response(204)
    def post(self, reply_id: UUID) -> None:
        """Take a text out of the inbox."""
        service.settle(queries.find_reply(reply_id, reader=current_user))


def _sent(message: Message, *, known: bool) -> dict[str, Any]:
    return {name: getattr(message, name) for name in SAME} | {"address": message.address if known else None}


def _answers(rows: Sequence[Any]) -> list[dict[str, Any]]:
    households = {row.household_id for row in rows if row.household_id}
    opened = looking.known_to(current_user, households) if may(SEES) and households else set()
    return [_answer(row.TextReply, row.household_id, opened) for row in rows]


def _answer(reply: TextReply, household_id: UUID | None, opened: set[UUID]) -> dict[str, Any]:
    mine = household_id is None or household_id in opened
    told = ("id", "received_at", "hub_id", "message_id", "standing")
    return {name: getattr(reply, name) for name in told} | {
        "number": reply.number if mine else None,
        "person_id": reply.person_id if mine else None,
        "family_id": household_id if mine else None,
    }
