"""The courses of a council as staff see them: the list, and each course's own page."""

from uuid import UUID

from flask import Response, flash, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from hubs import queries as hubs
from kernel.clock import today
from kernel.permissions import Permission
from kernel.web.access import may, requires
from kernel.web.forms import accepted
from kernel.web.navigation import in_navigation
from kernel.web.pages import address_if_any, id_in_address, page, see
from kernel.web.paging import paged
from programmes.forms.courses import BecauseForm, CourseParts, FacilitatorsForm, as_typed, rows_for
from programmes.models import Course
from programmes.queries import asking, editions, find_course
from programmes.queries import courses as queries
from programmes.queries.courses import Stage
from programmes.rules import warning
from programmes.service import courses
from programmes.terms import BY_APPOINTMENT, CourseStanding
from programmes.views.door import blueprint
from programmes.views.setting_up import staff_of

in_navigation("Courses", "programmes.course_list", order=15, permission=Permission.RUN_COURSES)

ROOMS = (("programmes.participants", "Participants"), ("programmes.course_results", "Results"))
"""Pages that other rooms have about a course, when the house has them."""
BESIDE = (
    ("programmes.referrals", "Referrals", Permission.MANAGE_COURSES),
    ("programmes.tasks", "People to ring", Permission.RUN_COURSES),
)
"""Pages that other rooms have about all courses."""


@blueprint.get("/courses")
@requires(Permission.RUN_COURSES, Permission.MANAGE_COURSES)
def course_list() -> Response:
    """Show the courses that somebody sees: upcoming, running or ended."""
    stage = next((one for one in Stage if one == request.args.get("show")), None)
    hub_id, programme_id = id_in_address("hub"), id_in_address("programme")
    shown = stage or Stage.RUNNING
    listed = paged(queries.listed_courses(current_user, shown, hub_id=hub_id, programme_id=programme_id))
    return page(
        "programmes/courses/list.html",
        region="results",
        listed=listed,
        taken=queries.taken([course.id for course in listed.items]),
        stage=shown,
        stages=list(Stage),
        hubs=hubs.hubs_seen_by(current_user),
        programmes=editions.programmes(ended=True),
        hub_id=hub_id,
        programme_id=programme_id,
        rooms=[(text, address_if_any(name)) for name, text, permission in BESIDE if may(permission)],
        worrying=asking.courses_with_alerts(current_user),
    )


@blueprint.get("/courses/<uuid:course_id>")
@requires(Permission.RUN_COURSES, Permission.MANAGE_COURSES)
def course(course_id: UUID) -> Response:
    """Show a course: its dates, who runs it, its places, and the way to all else about it."""
    found = queries.whole_course(find_course(course_id, seen=current_user).id)
    assert found
    facilitators = queries.facilitators_of(found.id)
    what = found.programme.accreditation
    standings = (
        editions.accredited(what, [one.account_id for one in facilitators], on=today(), until=found.last_date)
        if what and facilitators
        else {}
    )
    contacts = queries.contacts_of(found.id)
    return page(
        "programmes/courses/course.html",
        course=found,
        contacts=contacts,
        facilitators=facilitators,
        standings=standings,
        warnings=[
            *warning.about_size(found.edition, found.places, len(facilitators)),
            *warning.about_ages(found.programme.code, (found.age_from_years, found.age_to_years)),
        ],
        taken=queries.taken([found.id])[found.id],
        creche=queries.creche_taken(found.id) if found.creche_places else 0,
        rooms=_rooms(found),
        contact_pages={one.id: _contact_page(found, one.id) for one in contacts},
        sees_hub=_sees(found.hub_id),
        ending=_ending(found),
        changes=may(Permission.MANAGE_COURSES) and _is_to_come(found),
        goes_on=_is_to_come(found),
        by_appointment=BY_APPOINTMENT,
    )


@blueprint.get("/courses/<uuid:course_id>/details")
@requires(Permission.MANAGE_COURSES)
def course_details(course_id: UUID) -> Response:
    """Show the form of a course."""
    found = find_course(course_id, seen=current_user)
    return _change_page(found, CourseParts(formdata=None, data=as_typed(found)))


@blueprint.post("/courses/<uuid:course_id>/details")
@requires(Permission.MANAGE_COURSES)
def change_course(course_id: UUID) -> AnyResponse:
    """Change what is said of a course, and its places."""
    found = find_course(course_id, seen=current_user)
    form = CourseParts()
    if not accepted(form, lambda: courses.change(found, **form.parts())):
        return _change_page(found, form, status=422)
    return _shown(found, "The course was changed")


@blueprint.post("/courses/<uuid:course_id>/opening")
@requires(Permission.MANAGE_COURSES)
def open_course(course_id: UUID) -> AnyResponse:
    """Let families find and join a course that was being prepared."""
    found = find_course(course_id, seen=current_user)
    courses.open_to_families(found)
    return _shown(found, "Families can find the course now")


@blueprint.get("/courses/<uuid:course_id>/facilitators")
@requires(Permission.MANAGE_COURSES)
def course_facilitators(course_id: UUID) -> Response:
    """Show who runs a course, to be changed."""
    found = find_course(course_id, seen=current_user)
    chosen = {one.account_id: one.part for one in queries.facilitators_of(found.id)}
    rows = rows_for(chosen, max(found.edition.facilitators, len(chosen)))
    return _facilitators_page(found, FacilitatorsForm(formdata=None, data={"facilitators": rows}))


@blueprint.post("/courses/<uuid:course_id>/facilitators")
@requires(Permission.MANAGE_COURSES)
def change_facilitators(course_id: UUID) -> AnyResponse:
    """Say who runs a course from now on."""
    found = find_course(course_id, seen=current_user)
    form = FacilitatorsForm()
    form.offer_staff(staff_of(found.hub))
    if not accepted(form, lambda: courses.staff(found, form.chosen())):
        return _facilitators_page(found, form, status=422)
    return _shown(found, "The facilitators were changed")


@blueprint.get("/courses/<uuid:course_id>/cancellation")
@requires(Permission.MANAGE_COURSES)
def confirm_call_off_course(course_id: UUID) -> Response:
    """Ask why a course is called off, and whether it really is."""
    return _call_off_page(find_course(course_id, seen=current_user), BecauseForm())


@blueprint.post("/courses/<uuid:course_id>/cancellation")
@requires(Permission.MANAGE_COURSES)
def call_off_course(course_id: UUID) -> AnyResponse:
    """Call a course off, and tell those who take part why."""
    found = find_course(course_id, seen=current_user)
    form = BecauseForm()
    if not accepted(form, lambda: courses.call_off(found, form.because.data or "")):
        return _call_off_page(found, form, status=422)
    return _shown(found, "The course was called off")


def _shown(found: Course, says: str) -> AnyResponse:
    flash(says, "success")
    return see("programmes.course", course_id=found.id)


def _change_page(found: Course, form: CourseParts, *, status: int = 200) -> Response:
    taken = queries.taken([found.id])[found.id]
    return page("programmes/courses/change.html", status=status, course=found, form=form, taken=taken)


def _facilitators_page(found: Course, form: FacilitatorsForm, *, status: int = 200) -> Response:
    form.offer_staff(staff_of(found.hub))
    return page("programmes/courses/facilitators.html", status=status, course=found, form=form)


def _call_off_page(found: Course, form: BecauseForm, *, status: int = 200) -> Response:
    taken = queries.taken([found.id])[found.id]
    return page("programmes/courses/call_off.html", status=status, course=found, form=form, taken=taken)


def _is_to_come(found: Course) -> bool:
    return found.standing not in (CourseStanding.ENDED, CourseStanding.CALLED_OFF)


def _rooms(found: Course) -> list[tuple[str, str]]:
    addresses = ((text, address_if_any(endpoint, course_id=found.id)) for endpoint, text in ROOMS)
    return [(text, address) for text, address in addresses if address]


def _contact_page(found: Course, contact_id: UUID) -> str | None:
    return address_if_any("programmes.contact", course_id=found.id, course_contact_id=contact_id)


def _sees(hub_id: UUID) -> bool:
    """Say whether whoever asks sees the sessions of a hub; somebody may run a course elsewhere."""
    ids = hubs.hub_ids_seen_by(current_user)
    return ids is None or hub_id in ids


def _ending(found: Course) -> str | None:
    """Return where a course is ended whose last day has come."""
    over = found.standing == CourseStanding.OPEN and found.last_date <= today()
    return address_if_any("programmes.ending", course_id=found.id) if over else None
