"""Where a course is set up: what and where, the form, what it would do, and done."""

from typing import Any
from uuid import UUID

from flask import Response, flash, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from accounts import queries as accounts
from hubs import queries as hubs
from hubs.errors import RoomTaken
from hubs.models import Hub
from kernel.db import find, wholly
from kernel.errors import NotFound, Refusal, Unacceptable
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.once import once
from kernel.web.pages import id_in_address, page, see
from programmes.forms.courses import NO_ROOM, CourseForm, usual
from programmes.models import Edition
from programmes.queries import editions as queries
from programmes.service import courses
from programmes.service.planning import CoursePlan
from programmes.views.door import blueprint

ASIDE = ("csrf_token", "idempotency_key", "again")


@blueprint.get("/courses/new")
@requires(Permission.MANAGE_COURSES)
def new_course() -> Response:
    """Ask which programme and where, and then show the form of a course."""
    edition_id, hub_id = id_in_address("edition"), id_in_address("hub")
    seen = hubs.hubs_seen_by(current_user)
    if hub_id is None and len(seen) == 1:
        hub_id = seen[0].id
    if edition_id is None or hub_id is None:
        return page(
            "programmes/courses/choose.html",
            hubs=seen,
            editions=queries.editions_to_run(),
            edition_id=edition_id,
            hub_id=hub_id,
            asked="chosen" in request.args,
            status=422 if "chosen" in request.args else 200,
        )
    edition, hub = queries.find_edition(edition_id), _hub(hub_id)
    return _form_page(edition, hub, _form(edition, hub, fresh=True))


@blueprint.post("/courses/plan")
@requires(Permission.MANAGE_COURSES)
def plan_course() -> Response:
    """Show what setting a course up would do, before it is done."""
    edition, hub = _chosen()
    form = _form(edition, hub)
    if request.form.get("again"):
        return _form_page(edition, hub, form)
    plan = _plan(edition, hub, form) if form.validate_on_submit() else None
    if plan is None:
        return _form_page(edition, hub, form, status=422)
    return _plan_page(edition, hub, form, plan)


@blueprint.post("/courses")
@requires(Permission.MANAGE_COURSES)
@once
def set_up_course() -> AnyResponse:
    """Set a course up, with its sessions and shifts: all of it, or nothing."""
    edition, hub = _chosen()
    form = _form(edition, hub)
    if not form.validate_on_submit():
        return _form_page(edition, hub, form, status=422)
    parts = form.parts()
    ages = (parts.pop("age_from_years"), parts.pop("age_to_years"))
    try:
        with wholly():
            course = courses.set_up(
                edition,
                hub_id=hub.id,
                ages=ages,
                facilitators=form.chosen(),
                standing=form.standing(),
                **parts,
                **form.when(),
            )
    except RoomTaken as refusal:
        form.form_errors.append(str(refusal))
        return _form_page(edition, hub, form, status=409)
    except Unacceptable as refusal:
        form.blame(refusal)
        return _form_page(edition, hub, form, status=422)
    flash(f"{course.title} was set up", "success")
    return see("programmes.course", course_id=course.id)


def _chosen() -> tuple[Edition, Hub]:
    try:
        edition_id, hub_id = UUID(request.form.get("edition", "")), UUID(request.form.get("hub", ""))
    except ValueError:
        raise NotFound("edition or hub") from None
    return queries.find_edition(edition_id), _hub(hub_id)


def _hub(hub_id: UUID) -> Hub:
    hubs.ensure_sees(current_user, hub_id)
    return find(Hub, hub_id)


def _form(edition: Edition, hub: Hub, *, fresh: bool = False) -> CourseForm:
    form = CourseForm(formdata=None, data=usual(edition, hub)) if fresh else CourseForm()
    form.room_id.offer(hubs.rooms(hub.id), nothing=NO_ROOM)
    form.offer_staff(staff_of(hub))
    return form


def staff_of(hub: Hub) -> dict[str, list[Any]]:
    """Return the staff whom a course at a hub can have: its team, and others."""
    team = list(hubs.team(hub.id))
    there = {member.id for member in team}
    return {
        f"Team of {hub.name}": team,
        "Others": [person for person in hubs.staff() if person.id not in there],
    }


def _plan(edition: Edition, hub: Hub, form: CourseForm) -> CoursePlan | None:
    try:
        return courses.preview(
            edition,
            hub_id=hub.id,
            places=form.places.data,
            facilitators=form.chosen(),
            ages=(form.age_from_years.data or 0, form.age_to_years.data or 0),
            **form.when(),
        )
    except Unacceptable as refusal:
        form.blame(refusal)
    except Refusal as refusal:
        form.form_errors.append(str(refusal))
    return None


def _form_page(edition: Edition, hub: Hub, form: CourseForm, *, status: int = 200) -> Response:
    return page("programmes/courses/form.html", status=status, edition=edition, hub=hub, form=form)


def _plan_page(edition: Edition, hub: Hub, form: CourseForm, plan: CoursePlan) -> Response:
    chosen = form.chosen()
    typed = [(name, value) for name, values in request.form.lists() for value in values if name not in ASIDE]
    return page(
        "programmes/courses/plan.html",
        edition=edition,
        hub=hub,
        form=form,
        plan=plan,
        typed=typed,
        chosen=chosen,
        names=accounts.names(chosen),
    )
