"""Where one contact of a course gets another date: a session that was called off, or the week of a call or visit."""

from uuid import UUID

from flask import flash
from werkzeug.wrappers import Response

from hubs import queries as hubs
from hubs.errors import RoomTaken
from kernel.clock import wall
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.prose import day, times
from kernel.web.access import requires
from kernel.web.forms import accepted
from kernel.web.once import once
from kernel.web.pages import page, see
from programmes.forms.courses import NO_ROOM
from programmes.forms.dates import NewDateForm, WeekForm
from programmes.models import CourseContact
from programmes.service import dates
from programmes.terms import BY_APPOINTMENT
from programmes.views import shown
from programmes.views.door import blueprint
from programmes.views.tonight import seen_contact

PATH = "/courses/<uuid:course_id>/contacts/<uuid:course_contact_id>"
runs = requires(Permission.RUN_COURSES, Permission.MANAGE_COURSES)


@blueprint.get(f"{PATH}/date")
@runs
def new_date(course_id: UUID, course_contact_id: UUID) -> Response:
    """Ask when the group meets for a session that was called off."""
    contact = _called_off(course_id, course_contact_id)
    return _date_page(contact, _date_form(contact, fresh=True))


@blueprint.post(f"{PATH}/date")
@runs
@once
def give_date(course_id: UUID, course_contact_id: UUID) -> Response:
    """Let the group meet on another day; what gives pause is said first, and done when it is sent again."""
    contact = _called_off(course_id, course_contact_id)
    form = _date_form(contact)
    if not form.validate_on_submit():
        return _date_page(contact, form, status=422)
    when = {"on_date": form.on_date.data, "starts": form.starts.data}
    pause = dates.worth_a_look(contact, **when)
    if not form.goes_ahead(pause):
        return _date_page(contact, form, pause=pause, status=409)
    try:
        done = accepted(form, lambda: dates.give_date(contact, **when, room_id=form.room_id.data))
    except RoomTaken as refusal:
        form.room_id.errors = [str(refusal)]
        return _date_page(contact, form, status=409)
    if not done:
        return _date_page(contact, form, status=422)
    session = contact.session
    assert session
    flash(
        f"“{contact.title}” is on {day(session.starts_at)}, {times(session.starts_at, session.ends_at)}",
        "success",
    )
    return see("programmes.course", course_id=course_id)


@blueprint.get(f"{PATH}/week")
@runs
def contact_week(course_id: UUID, course_contact_id: UUID) -> Response:
    """Ask in which week somebody is rung or met."""
    contact = _by_appointment(course_id, course_contact_id)
    return _week_page(contact, WeekForm(formdata=None, data={"on_date": contact.on_date}))


@blueprint.post(f"{PATH}/week")
@runs
def change_week(course_id: UUID, course_contact_id: UUID) -> Response:
    """Ring or meet those on the course in another week."""
    contact = _by_appointment(course_id, course_contact_id)
    form = WeekForm()
    if not accepted(form, lambda: dates.move_week(contact, form.on_date.data)):
        return _week_page(contact, form, status=422)
    flash(f"“{contact.title}” is in the week of {day(contact.on_date)}", "success")
    return see("programmes.course", course_id=course_id)


def _called_off(course_id: UUID, course_contact_id: UUID) -> CourseContact:
    contact = seen_contact(course_id, course_contact_id)
    if not dates.is_without_date(contact):
        raise NotFound("date")
    return contact


def _by_appointment(course_id: UUID, course_contact_id: UUID) -> CourseContact:
    contact = seen_contact(course_id, course_contact_id)
    if contact.kind not in BY_APPOINTMENT:
        raise NotFound("week")
    return contact


def _date_form(contact: CourseContact, *, fresh: bool = False) -> NewDateForm:
    session = contact.session
    usual = {"starts": wall(session.starts_at).time(), "room_id": session.room_id} if session else {}
    form = NewDateForm(formdata=None, data=usual) if fresh else NewDateForm()
    form.room_id.offer(hubs.rooms(contact.course.hub_id), nothing=NO_ROOM)
    return form


def _date_page(
    contact: CourseContact, form: NewDateForm, *, pause: list[str] | None = None, status: int = 200
) -> Response:
    return page(
        "programmes/running/new_date.html",
        status=status,
        contact=contact,
        course=contact.course,
        form=form,
        pause=pause or [],
        lasts=shown.lasts(contact.minutes),
    )


def _week_page(contact: CourseContact, form: WeekForm, *, status: int = 200) -> Response:
    return page(
        "programmes/running/week.html", status=status, contact=contact, course=contact.course, form=form
    )
