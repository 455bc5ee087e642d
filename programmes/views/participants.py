"""Those who take part in a course, for staff: the list, one of them, and where they may go."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bookings.errors import CannotBook
from families import queries as families
from families.service import log_opening
from families.terms import Opened
from kernel import prose
from kernel.clock import now, today, wall
from kernel.errors import Refusal
from kernel.permissions import Permission
from kernel.web.access import may, requires
from kernel.web.forms import choices
from kernel.web.once import once
from kernel.web.pages import page, see, see_address
from kernel.web.paging import paged
from programmes.errors import CrecheIsFull
from programmes.forms.joining import CourseChoiceForm, TelephoneForm, WhyForm, chosen
from programmes.models import Course, Participation
from programmes.queries import find_course, find_participation
from programmes.queries import joining as queries
from programmes.queries import participants as listed
from programmes.rules import AFTER
from programmes.rules import joining as rules
from programmes.service import joining
from programmes.service.leaving import leave
from programmes.terms import LIVE, ON_THE_COURSE, Standing
from programmes.views import shown
from programmes.views.door import blueprint
from programmes.views.partners import may_share

sees = requires(Permission.MANAGE_COURSES, Permission.RUN_COURSES)
manages = requires(Permission.MANAGE_COURSES)


@blueprint.get("/courses/<uuid:course_id>/participants")
@sees
def participants(course_id: UUID) -> Response:
    """Show who takes part in a course, what they need, and who has left it."""
    course = find_course(course_id, seen=current_user)
    here = paged(listed.on_course(course.id), whole_rows=True)
    door = queries.door(course)
    return page(
        "programmes/participants/list.html",
        region="people",
        course=course,
        contacts=len(course.contacts),
        here=[_line(row) for row in here.items],
        pages=here,
        over=[_line(row) for row in queries.rows(listed.on_course(course.id, over=True))],
        places=rules.places_words(door.places_left),
        creche=door.creche_left if course.creche_places else None,
        manages=may(Permission.MANAGE_COURSES),
    )


@blueprint.get("/courses/participants/<uuid:participation_id>")
@sees
def participant(participation_id: UUID) -> Response:
    """Show where somebody stands, how they came there, and where they may go."""
    return _show(find_participation(participation_id, seen=current_user))


@blueprint.get("/courses/participants/<uuid:participation_id>/confidential")
@sees
def confidential(participation_id: UUID) -> Response:
    """Show what was told in confidence: why somebody was referred or left, and what they need. Opening it is logged."""
    participation = find_participation(participation_id, seen=current_user)
    log_opening(participation.person_id, Opened.REFERRAL)
    return page(
        "programmes/participants/confidential.html",
        region="confidential",
        participation=participation,
        steps=listed.reasons_of(participation.id),
    )


@blueprint.get("/courses/participants/<uuid:participation_id>/leaving")
@sees
def ask_participant_to_leave(participation_id: UUID) -> Response:
    """Ask why somebody leaves."""
    return _ask_to_leave(find_participation(participation_id, seen=current_user), WhyForm())


@blueprint.post("/courses/participants/<uuid:participation_id>/leaving")
@sees
def let_participant_leave(participation_id: UUID) -> Response:
    """Let somebody leave a course, or turn a referral or an offer down for them."""
    participation = find_participation(participation_id, seen=current_user)
    form = WhyForm()
    if not form.validate():
        return _ask_to_leave(participation, form, status=422)
    if participation.standing in (Standing.REFERRED, Standing.OFFERED):
        joining.decline(participation, form.why.data or "")
    else:
        leave(participation, form.why.data or "")
    flash(f"{participation.person.name} is not on the course any more.", "success")
    return see("programmes.participant", participation_id=participation.id)


@blueprint.get("/courses/participants/<uuid:participation_id>/offer")
@manages
def ask_offer(participation_id: UUID) -> Response:
    """Ask which course somebody is offered."""
    return _ask_course(participation_id, "offer")


@blueprint.post("/courses/participants/<uuid:participation_id>/offer")
@manages
def offer_place(participation_id: UUID) -> Response:
    """Offer somebody a place on a course, and write to them."""
    return _with_course(participation_id, "offer", lambda one, course_id, _: joining.offer(one, course_id))


@blueprint.get("/courses/participants/<uuid:participation_id>/booking")
@manages
def ask_booking(participation_id: UUID) -> Response:
    """Ask which course somebody is booked on, say on the telephone."""
    return _ask_course(participation_id, "booking")


@blueprint.post("/courses/participants/<uuid:participation_id>/booking")
@manages
@once
def book_participant(participation_id: UUID) -> Response:
    """Book somebody on a course who said yes on the telephone."""
    return _with_course(participation_id, "booking", _book)


@blueprint.get("/courses/participants/<uuid:participation_id>/transfer")
@manages
def ask_transfer(participation_id: UUID) -> Response:
    """Ask to which course somebody moves."""
    return _ask_course(participation_id, "transfer")


@blueprint.post("/courses/participants/<uuid:participation_id>/transfer")
@manages
@once
def transfer_participant(participation_id: UUID) -> Response:
    """Move somebody to another course of the programme."""
    return _with_course(
        participation_id,
        "transfer",
        lambda one, course_id, form: joining.transfer(one, course_id, form.why.data or ""),
    )


def _book(participation: Participation, course_id: UUID, form: Any) -> Participation:
    return joining.book(
        course_id=course_id,
        household_id=participation.household_id,
        person_id=participation.person_id,
        child_id=participation.child_id,
        partner_id=participation.partner_id,
        creche_children=form.creche_children.data or 0,
        interpreter=form.interpreter.data or "",
        access_needs=form.access_needs.data or participation.access_needs or "",
    )


ASKED = {
    "offer": ("Offer a place", "Which course do you offer?", "Offer the place", "A place is offered."),
    "booking": ("Book a place", "Which course are they booked on?", "Book the place", "The place is booked."),
    "transfer": (
        "Move to another course",
        "To which course?",
        "Move them",
        "They have moved to the other course.",
    ),
}


def _ask_course(
    participation_id: UUID,
    verb: str,
    *,
    form: CourseChoiceForm | None = None,
    status: int = 200,
) -> Response:
    participation = find_participation(participation_id, seen=current_user)
    courses = _courses(participation, verb)
    form = form or _course_form(participation, verb)
    form.course.choices = choices([(str(course.id), course.title) for course, _ in courses])
    title, question, yes, _ = ASKED[verb]
    return page(
        "programmes/participants/choose.html",
        status=status,
        participation=participation,
        form=form,
        hints={str(course.id): _hint(course, door) for course, door in courses},
        title=title,
        question=question,
        yes=yes,
        why=verb == "transfer",
        needs=verb == "booking",
        action=url_for(f"programmes.{ENDPOINTS[verb]}", participation_id=participation.id),
    )


ENDPOINTS = {"offer": "offer_place", "booking": "book_participant", "transfer": "transfer_participant"}


def _with_course(
    participation_id: UUID, verb: str, do: Callable[[Participation, UUID, Any], Any]
) -> Response:
    participation = find_participation(participation_id, seen=current_user)
    form = _course_form(participation, verb)
    form.course.choices = choices(
        [(str(course.id), course.title) for course, _ in _courses(participation, verb)]
    )
    if not form.validate():
        return _ask_course(participation_id, verb, form=form, status=422)
    course_id = chosen(form.course)
    assert course_id
    try:
        made = do(participation, course_id, form)
    except CannotBook as refusal:
        form.course.errors = [" ".join(refusal.reasons)]
        return _ask_course(participation_id, verb, form=form, status=409)
    except Refusal as refusal:
        creche = isinstance(form, TelephoneForm) and isinstance(refusal, CrecheIsFull)
        (form["creche_children"] if creche else form.course).errors = [str(refusal)]
        return _ask_course(participation_id, verb, form=form, status=409)
    flash(ASKED[verb][3], "success")
    return see_address(url_for("programmes.participant", participation_id=(made or participation).id))


def _course_form(participation: Participation, verb: str) -> CourseChoiceForm:
    if verb != "booking":
        return CourseChoiceForm()
    told = participation.interpreter or families.interpreter_for(participation.person)
    # What would help them is told in confidence: it is not shown here, and stays when nothing is entered.
    known = {"creche_children": participation.creche_children, "interpreter": told}
    return TelephoneForm(data=known)


def _courses(participation: Participation, verb: str) -> list[tuple[Course, rules.Door]]:
    """Return the courses to which somebody may go: it is too late for those that have gone far, except for a move."""
    there = listed.open_courses(participation.programme_id, current_user)
    doors = queries.doors(there)
    if verb == "transfer":
        return [(course, doors[course.id]) for course in there if course.id != participation.course_id]
    return [(course, doors[course.id]) for course in there if not doors[course.id].too_late]


def _hint(course: Course, door: rules.Door) -> str:
    words, _ = shown.places(course, door)
    return f"{course.hub.name}, from {prose.day(course.first_date)}. {words}"


def _ask_to_leave(participation: Participation, form: WhyForm, *, status: int = 200) -> Response:
    return page(
        "programmes/participants/leave.html",
        status=status,
        participation=participation,
        form=form,
        before=participation.standing in (Standing.REFERRED, Standing.OFFERED),
        started=participation.standing == Standing.STARTED,
        live=participation.standing in LIVE,
    )


def _show(participation: Participation) -> Response:
    names = listed.names([participation.partner_id, participation.child_id])
    after = AFTER[participation.standing]
    manages_courses = may(Permission.MANAGE_COURSES)
    return page(
        "programmes/participants/participant.html",
        participation=participation,
        standing=shown.standing(participation),
        partner=names.get(participation.partner_id) if participation.partner_id else None,
        child=names.get(participation.child_id) if participation.child_id else None,
        steps=listed.steps_of(participation.id),
        waited=_days_waited(participation),
        told=bool(participation.reason or participation.access_needs),
        may_offer=manages_courses and participation.standing in (Standing.REFERRED, Standing.OFFERED),
        may_move=manages_courses and participation.standing in ON_THE_COURSE,
        may_leave=participation.standing in LIVE and bool(after),
        lapsed=participation.standing == Standing.OFFERED
        and participation.offer_until is not None
        and participation.offer_until <= now(),
        may_share=manages_courses and may_share(participation),
        may_say_needs=manages_courses and participation.standing in LIVE,
        family=may(Permission.SEE_FAMILIES) and families.may_open(current_user, participation.household_id),
    )


def _days_waited(participation: Participation) -> int:
    """Return for how many days somebody waits, or waited until they started or did not want to any more."""
    until = participation.started_at or participation.ended_at
    return ((wall(until).date() if until else today()) - wall(participation.referred_at).date()).days


def _line(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": f"{row.given_name} {row.family_name}".strip(),
        "partner": row.partner,
        "child": row.child,
        "tag": row.standing.label,
        "colour": shown.COLOURS[row.standing],
        "until": row.offer_until if row.standing == Standing.OFFERED else None,
        "creche": row.creche_children,
        "interpreter": row.interpreter,
        "has_needs": row.has_needs,
        "dose": row.dose,
        "counts": row.standing not in (Standing.REFERRED, Standing.OFFERED),
    }
