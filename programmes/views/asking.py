"""What a participant was asked, whether they answered, and the alerts on the page of a course."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_login import current_user

from kernel.clock import now
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.pages import page
from outcomes import queries as outcomes
from outcomes import service as asking
from programmes import queries
from programmes.queries.asking import alerts_of_course, names_of
from programmes.views.door import blueprint


@blueprint.get("/courses/participants/<uuid:participation_id>/questionnaires")
@requires(Permission.RUN_COURSES, Permission.MANAGE_COURSES)
def questionnaires(participation_id: UUID) -> Response:
    """Show what a participant and their child were asked, and the ways to answer it. The answers are not shown."""
    participation = queries.find_participation(participation_id, seen=current_user)
    asked = outcomes.askings_of([participation.id])
    others = [participation.partner_id] if participation.partner_id else []
    names = names_of([*(one.respondent_id for one in asked), *others])
    return page(
        "programmes/asking/questionnaires.html",
        participation=participation,
        asked=[
            (
                one,
                outcomes.find_instrument(one.instrument).name,
                outcomes.is_open(one, now=now()),
                asking.can_key_in(one),
            )
            for one in asked
        ],
        names=names,
        partner=names.get(participation.partner_id) if participation.partner_id else None,
        alerts=outcomes.open_alerts([participation.id]),
    )


def _name(instrument: str) -> str:
    return outcomes.find_instrument(instrument).name


@blueprint.context_processor
def _alerts() -> dict[str, Any]:
    return {"alerts_of_course": alerts_of_course}
