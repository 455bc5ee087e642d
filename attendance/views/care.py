"""What must be known to look after somebody who is here."""

from uuid import UUID

from flask import Response

from attendance import queries
from attendance.views.door import blueprint, seen_register
from families import queries as families
from families.service import log_opening
from families.terms import Opened
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.pages import page


@blueprint.get("/registers/<uuid:session_id>/people/<uuid:person_id>/care")
@requires(Permission.SEE_CARE)
def care(session_id: UUID, person_id: UUID) -> Response:
    """Show the allergies and the health notes of somebody on the register. Opening them is logged."""
    register = seen_register(session_id)
    on_it = {line.person_id: line for line in queries.lines_of(session_id)}
    if person_id not in on_it:
        raise NotFound("person")
    log_opening(person_id, Opened.CARE)
    return page(
        "attendance/care.html",
        region="care",
        register=register,
        line=on_it[person_id],
        care=families.care_of(person_id),
    )
