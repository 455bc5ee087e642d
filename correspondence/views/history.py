"""What was sent to a family, and about a session."""

from uuid import UUID

from flask import Response
from flask_login import current_user

from bookings.queries import looking
from correspondence import queries
from correspondence.views.door import blueprint
from correspondence.views.inbox import read
from correspondence.views.telling import told
from families import queries as families
from families.models import Household
from hubs import queries as hubs
from kernel.db import find
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.pages import page
from kernel.web.paging import page_number, paged


@blueprint.get("/families/<uuid:household_id>/messages")
@requires(Permission.SEE_FAMILIES)
def family_messages(household_id: UUID) -> Response:
    """Show what was sent to a family and what became of it, and the texts that came from it."""
    household = find(Household, household_id)
    families.ensure_may_open(current_user, household.id)
    listed = paged(queries.to_family(household.id), whole_rows=True)
    return page(
        "correspondence/history_family.html",
        household=household,
        messages=listed,
        told=[told(row) for row in listed.items],
        answers=read(queries.from_family(household.id)) if page_number() == 1 else [],
        most_answers=queries.MOST_FROM_FAMILY,
    )


@blueprint.get("/timetable/sessions/<uuid:session_id>/messages")
@requires(Permission.MANAGE_BOOKINGS)
def session_messages(session_id: UUID) -> Response:
    """Show what was sent about a session and what became of it."""
    session = hubs.find_session(session_id, seen_by=current_user)
    listed = paged(queries.about_session(session.id), whole_rows=True)
    households = {row.household_id for row in listed.items if row.household_id}
    opened = looking.known_to(current_user, households) if households else set()
    return page(
        "correspondence/history_session.html",
        session=session,
        messages=listed,
        told=[told(row, address_too=row.household_id in opened) for row in listed.items],
        counted=queries.counted(session.id),
    )
