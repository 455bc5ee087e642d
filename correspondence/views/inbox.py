"""The texts that families sent and that somebody has to read."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask import Response, flash, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from bookings.queries import looking
from correspondence import queries
from correspondence.service.reading import keep_that_shown
from correspondence.views.door import blueprint
from correspondence.views.telling import ELSEWHERE, about_told
from families import queries as reaching
from kernel.permissions import Permission
from kernel.web.access import may, requires
from kernel.web.navigation import in_navigation
from kernel.web.pages import page, see_address
from kernel.web.paging import paged
from messaging import queries as messaging
from messaging import service
from messaging.models import TextReply
from messaging.terms import Never, ReplyStanding, as_written


def _waiting() -> int:
    return queries.waiting_count(current_user._get_current_object())


in_navigation(
    "Answers by text",
    "correspondence.inbox",
    order=28,
    shown=lambda: may(Permission.MANAGE_BOOKINGS) or may(Permission.MANAGE_HUBS),
    waiting=_waiting,
)


class Answer(NamedTuple):
    """A text that came in, as staff read it."""

    id: UUID
    when: datetime
    who: str
    household_id: UUID | None
    number: str
    words: str
    answers: str
    tag: str
    colour: str
    outcome: str
    by_itself: bool
    """Whether what it asked for was done by itself; if not, the outcome says why."""
    is_ours: bool
    """Whether it waits for whoever reads it."""
    never: Collection[Never] = ()
    """What must not be done when whoever wrote it is answered."""


@blueprint.get("/answers-by-text")
@requires(Permission.MANAGE_BOOKINGS, Permission.MANAGE_HUBS)
def inbox() -> Response:
    """Show the texts that wait for whoever asks, with their words; that they were shown is kept."""
    listed = paged(queries.waiting(current_user), whole_rows=True)
    return page("correspondence/inbox.html", replies=listed, answers=read(listed.items))


@blueprint.post("/answers-by-text/<uuid:reply_id>/settlement")
@requires(Permission.MANAGE_BOOKINGS, Permission.MANAGE_HUBS)
def settlement(reply_id: UUID) -> AnyResponse:
    """Take a text out of the inbox: somebody has seen to it."""
    row = queries.find_reply(reply_id, reader=current_user)
    service.settle(row)
    kept = "stays with the family’s messages" if row.person_id else "is not in this list any more"
    flash(f"Done. The text {kept}", "success")
    return see_address(request.form.get("back") or url_for("correspondence.inbox"))


def read(rows: Sequence[Any]) -> list[Answer]:
    """Return texts with their words, and keep once for each new one that whoever asks was shown it."""
    keep_that_shown(rows, to=current_user)
    households = {row.household_id for row in rows if row.household_id}
    opened = (
        looking.known_to(current_user, households) if may(Permission.SEE_FAMILIES) and households else set()
    )
    ours = queries.ours(current_user, [row.TextReply.id for row in rows])
    never = reaching.never_of({row.TextReply.person_id for row in rows if row.household_id})
    return [_answer(row, opened, ours)._replace(never=never.get(row.TextReply.person_id, ())) for row in rows]


def _answer(row: Any, opened: set[UUID], ours: set[UUID]) -> Answer:
    reply: TextReply = row.TextReply
    known, openable = row.household_id is not None, row.household_id in opened
    name = f"{row.given_name} {row.family_name}".strip() if openable else ELSEWHERE if known else ""
    return Answer(
        id=reply.id,
        when=reply.received_at,
        who=name or "somebody whose number we do not know",
        household_id=row.household_id if openable else None,
        number=as_written(reply.number) if openable or not known else "",
        words=reply.words,
        answers=_answered(row),
        tag=reply.standing.label,
        colour="yellow" if reply.standing == ReplyStanding.WAITING else "grey",
        outcome=reply.outcome,
        by_itself=reply.standing == ReplyStanding.DONE,
        is_ours=reply.id in ours,
    )


def _answered(row: Any) -> str:
    if row.kind is None:
        return ""
    return ", ".join(part for part in (messaging.kind_name(row.kind), about_told(row)) if part)
