"""Joining a course: whom it is about and who comes, check, done."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from bookings.errors import CannotBook
from families import queries as families
from families.models import Person
from families.terms import PersonKind
from kernel import prose
from kernel.errors import Refusal
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.once import once
from kernel.web.pages import page, see
from programmes.forms.joining import JoinForm
from programmes.models import Course, Participation
from programmes.queries import joining as queries
from programmes.queries import mine
from programmes.rules import joining as rules
from programmes.service import joining
from programmes.terms import Standing, Unit
from programmes.views import shown
from programmes.views.door import blueprint
from programmes.views.finding import first_register, own_carer


@blueprint.get("/programmes/courses/<uuid:course_id>/joining")
@requires(Permission.BOOK_FOR_OWN_FAMILY)
def join(course_id: UUID) -> Response:
    """Ask whom it is about, who comes and what they need."""
    course, carer = mine.find_public(course_id), own_carer()
    if carer is None:
        return first_register()
    form, waits = _form(carer, course), _offered(course, carer)
    form.interpreter.data = (waits.interpreter if waits else "") or families.interpreter_for(carer)
    if waits:
        form.child.data = str(waits.child_id) if waits.child_id else None
        form.partner.data = str(waits.partner_id) if waits.partner_id else form.partner.data
    return _ask(course, carer, form)


@blueprint.post("/programmes/courses/<uuid:course_id>/joining/check")
@requires(Permission.BOOK_FOR_OWN_FAMILY)
def check_joining(course_id: UUID) -> Response:
    """Show what is about to be booked, or the form again to change it."""
    course, carer = mine.find_public(course_id), own_carer()
    if carer is None:
        return first_register()
    form = _form(carer, course)
    if "change" in request.form:
        return _ask(course, carer, form)
    if not form.validate():
        return _ask(course, carer, form, status=422)
    if refused := _reasons(course, carer, form):
        return _ask(course, carer, form, status=409, refused=refused)
    return _checked(course, carer, form)


@blueprint.post("/programmes/courses/<uuid:course_id>/joining")
@requires(Permission.BOOK_FOR_OWN_FAMILY)
@once
def book_course(course_id: UUID) -> Response:
    """Give whoever is signed in, and the partner, a place."""
    course, carer = mine.find_public(course_id), own_carer()
    if carer is None:
        return first_register()
    form = _form(carer, course)
    if not form.validate():
        return _ask(course, carer, form, status=422)
    try:
        booked = joining.book(
            course_id=course.id,
            household_id=carer.household_id,
            person_id=carer.id,
            child_id=form.child_id,
            partner_id=form.partner_id,
            creche_children=form.creche_children.data or 0,
            interpreter=form.interpreter.data or "",
            access_needs=form.access_needs.data or "",
            by_family=True,
        )
    except CannotBook as refusal:
        return _ask(course, carer, form, status=409, refused=refusal.reasons)
    except Refusal as refusal:
        return _ask(course, carer, form, status=409, refused=[str(refusal)])
    return see("programmes.joined", participation_id=booked.id)


def _form(carer: Person, course: Course) -> JoinForm:
    family = families.own_family(carer)
    children = [person for person in family if person.kind == PersonKind.CHILD]
    form = JoinForm()
    form.offer(children, partners_of(carer, family))
    if not course.creche_places:
        form.creche_children.data = 0
    return form


def partners_of(carer: Person, family: Sequence[Person]) -> list[Person]:
    """Return whom a carer can bring along: others of the household who do not hide where they go."""
    carers = [person for person in family if person.kind == PersonKind.CARER and person.id != carer.id]
    unseen = families.others_unseen(carer) if carers else ()
    return [person for person in carers if person.id not in unseen]


def _reasons(course: Course, carer: Person, form: JoinForm) -> tuple[str, ...]:
    """Return why there is no room for so many, before anybody checks an answer that cannot be booked."""
    door, kept = queries.door(course, asked_by=carer), _offered(course, carer) is not None
    needed = rules.places_needed(course.edition.unit, with_partner=form.partner_id is not None)
    children = form.creche_children.data or 0
    return rules.reasons_against(door, places=needed, creche_children=children, kept=kept)


def _ask(
    course: Course, carer: Person, form: JoinForm, *, status: int = 200, refused: Sequence[str] = ()
) -> Response:
    door, offered = queries.door(course, asked_by=carer), _offered(course, carer)
    live = queries.live_of(course.programme_id, carer.id)
    there = next((one for one in live if one.standing in (Standing.BOOKED, Standing.STARTED)), None)
    by_referral = not rules.families_book(course.way_in) and offered is None
    return page(
        "programmes/find/join.html",
        status=status,
        course=course,
        form=form,
        refused=refused,
        reasons=rules.reasons_against(door, kept=offered is not None),
        there=there,
        by_referral=by_referral,
        unit=course.edition.unit,
        alone=course.edition.unit == Unit.PARENT,
        creche=max(door.creche_left, 0) if course.creche_places else None,
        back=url_for("programmes.public_course", course_id=course.id),
    )


def _checked(course: Course, carer: Person, form: JoinForm) -> Response:
    creche = form.creche_children.data or 0
    told = {
        "Course": course.title,
        "When": f"{prose.day(course.first_date)} to {prose.day(course.last_date)}",
        "Where": shown.where(course),
        "Who is coming": dict(_pairs(form.partner)).get(form.partner.data or "none", "Just me"),
        "About": dict(_pairs(form.child)).get(form.child.data, ""),
        "Crèche places": str(creche) if course.creche_places else "",
        "Interpreter": form.interpreter.data or "None",
        "What would help": form.access_needs.data or "Nothing to tell",
    }
    return page(
        "programmes/find/check.html",
        course=course,
        form=form,
        rows=[{"key": key, "value": value} for key, value in told.items() if value],
    )


def _pairs(field: Any) -> list[tuple[str, str]]:
    return [(choice.value, choice.label) for choice in field.choices]


def _offered(course: Course, carer: Person) -> Participation | None:
    """Return the offer of a place on this course that somebody can still take up."""
    live = queries.live_of(course.programme_id, carer.id)
    return next((one for one in live if one.person_id == carer.id and joining.is_kept(one, course.id)), None)
