"""A parent's own courses: the list, one of them with its dates, times to pick, and leaving it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response as Answer
from flask import current_app, flash, url_for
from werkzeug.wrappers import Response

from families import queries as families
from families.models import Person
from hubs.terms import SessionStanding
from kernel.clock import now
from kernel.db import find
from kernel.errors import NotFound, Refusal
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.navigation import in_navigation
from kernel.web.pages import page, see
from outcomes import queries as outcomes
from outcomes import service as asking
from programmes.forms.joining import WhyForm
from programmes.jobs import letters
from programmes.models import CourseContact, Participation, Slot
from programmes.queries import mine
from programmes.queries.own import takers
from programmes.service import joining, slots
from programmes.service.leaving import leave
from programmes.service.partners import come_alone
from programmes.terms import COUNTS, LIVE, ON_THE_COURSE, Standing
from programmes.views import shown
from programmes.views.door import blueprint
from programmes.views.finding import first_register, own_carer

in_navigation("My courses", "programmes.my_courses", order=25, permission=Permission.BOOK_FOR_OWN_FAMILY)

CERTIFICATE, PROGRESS = "programmes.own_certificate", "programmes.progress"
"""Pages of another room about what is somebody's own, when the house has them."""
PROGRESSES = (Standing.STARTED, Standing.COMPLETED, Standing.DROPPED_OUT)
own = requires(Permission.BOOK_FOR_OWN_FAMILY)


@blueprint.get("/my-courses")
@own
def my_courses() -> Response:
    """Show a parent's courses, and the programmes of whose next course they are told."""
    carer = own_carer()
    if carer is None:
        return first_register()
    courses = mine.courses_of(carer.id)
    waiting = mine.interests_of(carer.id)
    names = {programme.id: programme.name for programme in mine.on_offer()} if waiting else {}
    return page(
        "programmes/mine/list.html",
        now_on=[_line(one) for one in courses if one.standing in LIVE],
        over=[_line(one) for one in courses if one.standing not in LIVE],
        interests=[(one, names[one.programme_id]) for one in waiting if one.programme_id in names],
    )


@blueprint.get("/my-courses/<uuid:participation_id>")
@own
def my_course(participation_id: UUID) -> Response:
    """Show a parent's own course: dates, times to pick, questionnaires, progress."""
    return _show(participation_id)


@blueprint.get("/my-courses/<uuid:participation_id>/confirmation")
@own
def joined(participation_id: UUID) -> Response:
    """Say that the place is booked, and what comes next."""
    return _show(participation_id, template="programmes/mine/joined.html")


@blueprint.get("/my-courses/<uuid:participation_id>/dates.ics")
@own
def my_dates(participation_id: UUID) -> Answer:
    """Give all dates of a parent's course as appointments for a calendar."""
    participation, _ = _own(participation_id)
    file = letters.calendar(participation) if participation.standing in ON_THE_COURSE else None
    if file is None:
        raise NotFound("dates")
    answer = Answer(file, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="course.ics"'
    return answer


@blueprint.get("/my-courses/<uuid:participation_id>/leaving")
@own
def ask_to_leave(participation_id: UUID) -> Response:
    """Ask whether a parent wants to leave the course."""
    return _ask_to_leave(*_own(participation_id), WhyForm())


@blueprint.post("/my-courses/<uuid:participation_id>/leaving")
@own
def leave_course(participation_id: UUID) -> Response:
    """Let a parent leave the course, or turn the offer down; the second of two leaves the place to the first."""
    participation, carer = _own(participation_id)
    form = WhyForm()
    if not form.validate():
        return _ask_to_leave(participation, carer, form, status=422)
    why = form.why.data or ""
    if carer.id == participation.partner_id and participation.standing in LIVE:
        come_alone(participation)
        flash("You have left the course. The other parent keeps the place.", "success")
    elif participation.standing in (Standing.REFERRED, Standing.OFFERED):
        joining.decline(participation, why)
        flash("Thank you for telling us.", "success")
    elif participation.standing in ON_THE_COURSE:
        leave(participation, why)
        flash("You have left the course.", "success")
    return see("programmes.my_courses")


def _ask_to_leave(
    participation: Participation, carer: Person, form: WhyForm, *, status: int = 200
) -> Response:
    offered = participation.standing in (Standing.REFERRED, Standing.OFFERED)
    return page(
        "programmes/mine/leave.html",
        status=status,
        participation=participation,
        title=_title(participation),
        form=form,
        offered=offered,
        second=carer.id == participation.partner_id,
        live=participation.standing in LIVE,
    )


# Times of calls and visits


@blueprint.get("/my-courses/<uuid:participation_id>/contacts/<uuid:course_contact_id>/times")
@own
def my_times(participation_id: UUID, course_contact_id: UUID) -> Response:
    """Show the times of a call or visit from which a parent picks."""
    participation, contact = _own_contact(participation_id, course_contact_id)
    return _times(participation, contact)


@blueprint.post("/my-courses/<uuid:participation_id>/slots/<uuid:slot_id>")
@own
def pick_slot(participation_id: UUID, slot_id: UUID) -> Response:
    """Take a time for a parent, instead of any other for the same call or visit."""
    slot = find(Slot, slot_id)
    participation, contact = _own_contact(participation_id, slot.contact_id)
    try:
        slots.pick(slot, participation)
    except Refusal as refusal:
        return _times(participation, contact, problem=str(refusal), status=409)
    flash(f"We have kept {shown.when(slot.starts_at, slot.ends_at)} for you.", "success")
    return see("programmes.my_course", participation_id=participation.id)


@blueprint.post("/my-courses/<uuid:participation_id>/slots/<uuid:slot_id>/release")
@own
def release_slot(participation_id: UUID, slot_id: UUID) -> Response:
    """Let a time go that a parent picked."""
    slot = find(Slot, slot_id)
    participation, contact = _own_contact(participation_id, slot.contact_id)
    if slot.participation_id != participation.id:
        raise NotFound("slot")
    slots.let_go(slot)
    flash("The time is free again. Pick another when you are ready.", "success")
    return see("programmes.my_times", participation_id=participation.id, course_contact_id=contact.id)


def _times(
    participation: Participation, contact: CourseContact, *, problem: str = "", status: int = 200
) -> Response:
    rows = [row for row in mine.dates_of(contact.course_id, participation.id) if row.id == contact.id]
    return page(
        "programmes/mine/times.html",
        region="times",
        status=status,
        participation=participation,
        contact=contact,
        title=_title(participation),
        line=shown.date_line(rows[0], picks=True),
        picked=rows[0].slot_id,
        free=[(slot.id, shown.when(slot.starts_at, slot.ends_at)) for slot in mine.free_slots(contact.id)],
        problem=problem,
    )


# What the pages are made of


def _show(participation_id: UUID, *, template: str = "programmes/mine/course.html") -> Response:
    participation, carer = _own(participation_id)
    course = participation.course
    rows = mine.dates_of(course.id, participation.id) if course else []
    on_it = participation.standing in ON_THE_COURSE
    pickable = mine.contacts_with_free_slots(course.id) if course and on_it else set()
    had = sum(row.presence in COUNTS for row in rows)
    return page(
        template,
        participation=participation,
        course=course,
        title=_title(participation),
        where=shown.where(course) if course else "",
        standing=shown.own_standing(participation),
        dates=[shown.date_line(row, picks=on_it) for row in rows if _theirs(participation, row)],
        told_us=_told_us(participation) if participation.person_id == carer.id else [],
        next=_next(rows) if on_it else "",
        pickable=pickable,
        questionnaires=_questionnaires(participation, carer),
        had=had,
        of=len(rows),
        needed=course.edition.least_contacts if course else 0,
        on_it=on_it,
        has_dates=on_it and any(row.starts_at or row.slot_starts_at for row in rows),
        offered=bool(course and joining.is_kept(participation, course.id)),
        second=carer.id == participation.partner_id,
        live=participation.standing in LIVE,
        told=families.recipient(carer.id).written_to,
        certificate=_address(CERTIFICATE, participation, carer, Standing.COMPLETED),
        progress=_address(PROGRESS, participation, carer, *PROGRESSES),
    )


def _next(rows: Sequence[Any]) -> str:
    """Return what comes next of a course and when; nothing while no time of it is known."""
    known = [
        (row.starts_at or row.slot_starts_at, row)
        for row in rows
        if row.standing != SessionStanding.CALLED_OFF
    ]
    coming = [(starts_at, row) for starts_at, row in known if starts_at and starts_at > now()]
    if not coming:
        return ""
    _, row = min(coming, key=lambda one: one[0])
    return f"{shown.date_line(row)['when']}. {row.title}"


def _theirs(participation: Participation, row: Any) -> bool:
    """Say whether a date is one of somebody's own: after they left, those alone of which something is known."""
    return participation.standing in (*LIVE, Standing.COMPLETED) or row.presence is not None


def _told_us(participation: Participation) -> list[dict[str, str]]:
    """Return what somebody asked for when they joined, so that they can see that it was understood."""
    asked = {
        "Crèche places": str(participation.creche_children or ""),
        "Interpreter": participation.interpreter,
        "What would help": participation.access_needs or "",
    }
    return [{"key": key, "value": value} for key, value in asked.items() if value]


def _own(participation_id: UUID) -> tuple[Participation, Person]:
    carer = own_carer()
    if carer is None:
        raise NotFound("participation")
    return mine.find_own(participation_id, carer.id), carer


def _own_contact(participation_id: UUID, contact_id: UUID) -> tuple[Participation, CourseContact]:
    participation, _ = _own(participation_id)
    contact = find(CourseContact, contact_id)
    if contact.course_id != participation.course_id or participation.standing not in ON_THE_COURSE:
        raise NotFound("contact")
    return participation, contact


def _title(participation: Participation) -> str:
    return participation.course.title if participation.course else participation.programme.name


def _line(participation: Participation) -> dict[str, Any]:
    course = participation.course
    words, colour = shown.own_standing(participation)
    return {
        "href": url_for("programmes.my_course", participation_id=participation.id),
        "title": _title(participation),
        "dates": (course.first_date, course.last_date) if course else None,
        "hub": course.hub.name if course else "",
        "tag": words,
        "colour": colour,
        "until": participation.offer_until if participation.standing == Standing.OFFERED else None,
    }


def _questionnaires(participation: Participation, carer: Person) -> list[dict[str, Any]]:
    """Return what the parent is asked now, one of each occasion: the next follows by itself when one is answered.

    Never what a young person is asked.
    """
    open_ones = {
        one.occasion: one
        for one in reversed(outcomes.askings_of([participation.id]))
        if one.respondent_id == carer.id and outcomes.is_open(one, now=now())
    }
    return [
        {"href": asking.path_of(one), "occasion": occasion.label, "until": one.closes_at}
        for occasion, one in reversed(open_ones.items())
    ]


def _address(endpoint: str, participation: Participation, carer: Person, *standings: Standing) -> str | None:
    """Return another room's page about what is somebody's own, when the house has it."""
    its_time = participation.standing in standings and carer.id in takers(participation)
    if not its_time or endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, participation_id=participation.id)
