"""Making a contact up: in a parallel group, or with the facilitator; and the end of a course."""

from uuid import UUID

from flask import flash, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bookings.errors import CannotBook
from kernel import prose
from kernel.clock import today
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.once import once
from kernel.web.pages import page, see, see_address
from programmes import queries
from programmes.forms.running import MakeUpForm
from programmes.models import CourseContact, Participation
from programmes.queries import tonight
from programmes.service import running
from programmes.terms import Presence
from programmes.views.door import blueprint
from programmes.views.tonight import seen_contact

MAKE_UP = "programmes/running/make_up.html"
BY_WORD = "by-word"
PATH = "/courses/<uuid:course_id>/contacts/<uuid:course_contact_id>/people/<uuid:participation_id>/make-up"


@blueprint.get(PATH)
@requires(Permission.RUN_COURSES)
def make_up_form(course_id: UUID, course_contact_id: UUID, participation_id: UUID) -> Response:
    """Show where somebody could make a contact up that they miss."""
    contact, participation = _both(course_id, course_contact_id, participation_id)
    return _page(contact, participation, _form(contact))


@blueprint.post(PATH)
@requires(Permission.RUN_COURSES)
@once
def make_up(course_id: UUID, course_contact_id: UUID, participation_id: UUID) -> Response:
    """Book somebody into a session of a parallel group, or say that they have made it up with the facilitator."""
    contact, participation = _both(course_id, course_contact_id, participation_id)
    form = _form(contact)
    if not form.validate_on_submit():
        return _page(contact, participation, form, status=422)
    if form.where.data == BY_WORD:
        running.say(participation, contact, Presence.MADE_UP)
        flash("It is kept that they made this session up with you", "success")
        return _back(contact, participation)
    try:
        other = queries.find_course_contact(UUID(form.where.data))
        running.plan_make_up(participation, contact, other)
    except CannotBook as refusal:
        form.where.errors = list(refusal.reasons)
        return _page(contact, participation, form, status=409)
    flash("They are booked into that session, and are on its register", "success")
    return _back(contact, participation)


@blueprint.post(f"{PATH}/cancellation")
@requires(Permission.RUN_COURSES)
def drop_make_up(course_id: UUID, course_contact_id: UUID, participation_id: UUID) -> Response:
    """Give the place in the other session back."""
    contact, participation = _both(course_id, course_contact_id, participation_id)
    running.drop_make_up(participation, contact)
    flash("Their place in the other session is given back", "success")
    return _back(contact, participation)


@blueprint.get("/courses/<uuid:course_id>/ending")
@requires(Permission.RUN_COURSES)
def ending(course_id: UUID) -> Response:
    """Ask whether a course is over, and show what becomes of everybody."""
    course = queries.find_course(course_id, seen=current_user)
    return page(
        "programmes/running/ending.html",
        course=course,
        early=course.last_date > today(),
        prospects=running.prospects(course),
    )


@blueprint.post("/courses/<uuid:course_id>/ending")
@requires(Permission.RUN_COURSES)
def end(course_id: UUID) -> Response:
    """End a course."""
    course = queries.find_course(course_id, seen=current_user)
    running.end_course(course)
    flash(f"{course.title} has ended", "success")
    last = course.contacts[-1]
    return see("programmes.contact", course_id=course.id, course_contact_id=last.id)


def _both(
    course_id: UUID, course_contact_id: UUID, participation_id: UUID
) -> tuple[CourseContact, Participation]:
    contact = seen_contact(course_id, course_contact_id)
    participation = queries.find_participation(participation_id, seen=current_user)
    if participation.course_id != contact.course_id:
        raise NotFound("participation")
    return contact, participation


def _form(contact: CourseContact) -> MakeUpForm:
    form = MakeUpForm()
    form.where.choices = [
        *(
            (str(row.id), f"{prose.short_day(row.starts_at)}, {prose.times(row.starts_at, row.ends_at)}: "
             f"{row.title}. {row.course}, {row.hub}")
            for row in tonight.parallel_sessions(contact, contact.course.programme_id)
        ),
        (BY_WORD, "They made it up with a facilitator, in a call or a visit"),
    ]  # fmt: skip
    return form


def _page(
    contact: CourseContact, participation: Participation, form: MakeUpForm, *, status: int = 200
) -> Response:
    known = queries.known_of([participation.id])[participation.id]
    here = next(one for one in known if one.contact_id == contact.id)
    planned = tonight.contacts_by_id([here.make_up]).get(here.make_up) if here.make_up else None
    return page(
        MAKE_UP,
        status=status,
        contact=contact,
        course=contact.course,
        participation=participation,
        form=form,
        here=here,
        planned=planned,
        by_word=BY_WORD,
    )


def _back(contact: CourseContact, participation: Participation) -> Response:
    address = url_for(
        "programmes.contact",
        course_id=contact.course_id,
        course_contact_id=contact.id,
        _anchor=f"participant-{participation.id}",
    )
    return see_address(address)
