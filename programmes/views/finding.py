"""What families see of programmes: which suits them, what it is, and the courses to come."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import flash, request
from flask_login import current_user
from werkzeug.wrappers import Response

from families import queries as families
from families.models import Person
from kernel.clock import today
from kernel.db import apart, find
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import may, public, requires
from kernel.web.limits import GUESSES
from kernel.web.navigation import in_navigation
from kernel.web.once import once
from kernel.web.pages import page, see, see_address
from messaging import service as messaging
from programmes.forms.joining import AGES, CONCERN_CHOICES, Search
from programmes.jobs.openings import LEAVE
from programmes.models import Course, Interest, Participation, Programme
from programmes.queries import joining, mine
from programmes.rules import CONCERNS
from programmes.rules import joining as rules
from programmes.service import interest
from programmes.service import joining as joining_service
from programmes.terms import ON_THE_COURSE, CourseStanding, Standing
from programmes.views import shown
from programmes.views.door import blueprint

in_navigation(
    "Parenting courses", "programmes.programmes", order=45, shown=lambda: not may(Permission.SEE_ROTA)
)


def own_carer() -> Person | None:
    """Return the carer who is signed in, when there is one who books for a family."""
    if not may(Permission.BOOK_FOR_OWN_FAMILY):
        return None
    return families.carer_of(current_user.id)


@blueprint.get("/programmes")
@public
def programmes() -> Response:
    """Show which programmes suit somebody, by the child's age and what worries them."""
    search = Search(request.args)
    offered = mine.on_offer()
    found = [programme for programme in offered if _suits(programme, search)]
    coming = mine.courses_to_come([programme.id for programme in found])
    doors = joining.doors(coming)
    still = [course for course in coming if not doors[course.id].too_late]
    return page(
        "programmes/find/index.html",
        region="results",
        form=search,
        found=[_line(programme, coming, still) for programme in found],
        any_offered=bool(offered),
        AGES=AGES,
        CONCERNS=CONCERN_CHOICES,
    )


def _suits(programme: Programme, search: Search) -> bool:
    fits = rules.suits_age(programme.age_from_years, programme.age_to_years, search.years)
    return fits and (not search.concern or search.concern in programme.concerns)


def _line(programme: Programme, coming: Sequence[Course], still: Sequence[Course]) -> dict[str, Any]:
    """Return a programme as the list shows it; ``still``: of its courses to come, those not too late to join."""
    own = [course for course in still if course.programme_id == programme.id]
    return {
        "id": programme.id,
        "name": programme.name,
        "suits": programme.suits or programme.summary,
        "ages": shown.ages(programme),
        "concerns": [CONCERNS[code] for code in programme.concerns if code in CONCERNS],
        "courses": len(own),
        "next": next((course.first_date for course in own if course.first_date >= today()), None),
        "running": any(course.programme_id == programme.id for course in coming),
    }


@blueprint.get("/programmes/<uuid:programme_id>")
@public
def programme(programme_id: UUID) -> Response:
    """Show what a programme is, what it asks, and the courses to come."""
    programme = mine.find_offered(programme_id)
    courses = mine.courses_to_come([programme.id])
    carer = own_carer()
    doors = joining.doors(courses, asked_by=carer)
    times = mine.first_times([course.id for course in courses])
    still = [course for course in courses if not doors[course.id].too_late]
    return page(
        "programmes/find/programme.html",
        programme=programme,
        ages=shown.ages(programme),
        concerns=[CONCERNS[code] for code in programme.concerns if code in CONCERNS],
        courses=shown.lines(still, doors, times),
        gone=shown.lines([course for course in courses if course not in still], doors, times),
        families_book=rules.families_book(programme.way_in),
        interested=interest.interest_of(programme.id, carer.id) if carer else None,
        may_ask=carer is not None or not current_user.is_authenticated,
    )


@blueprint.get("/programmes/courses/<uuid:course_id>")
@public
def public_course(course_id: UUID) -> Response:
    """Show a course: its dates and place, what it asks, and whether somebody can join."""
    course = mine.find_public(course_id)
    rows = mine.dates_of(course.id)
    carer = own_carer()
    door = joining.door(course, asked_by=carer)
    standing = next(iter(joining.live_of(course.programme_id, carer.id)), None) if carer else None
    return page(
        "programmes/find/course.html",
        course=course,
        where=shown.where(course),
        ages=shown.ages(course),
        shape=shown.shape(rows),
        unit=shown.UNITS[course.edition.unit],
        dates=[shown.date_line(row) for row in rows],
        places=shown.places(course, door),
        reasons=rules.reasons_against(door),
        open=course.standing == CourseStanding.OPEN,
        families_book=rules.families_book(course.way_in),
        referrals=course.way_in != "self",
        standing=standing,
        may_still=standing is None or (standing.standing not in ON_THE_COURSE and _own(standing, carer)),
        stands=_stands(standing, course) if standing else "",
        here=standing is not None and standing.course_id == course.id,
        kept=joining_service.is_kept(standing, course.id) and _own(standing, carer),
        may_join=carer is not None or not current_user.is_authenticated,
    )


def _own(standing: Participation | None, carer: Person | None) -> bool:
    """Say whether it is this carer's own standing, rather than one to which a partner is brought along."""
    return bool(standing and carer and standing.person_id == carer.id)


def _stands(standing: Participation, course: Course) -> str:
    """Return in a sentence where somebody stands who looks at a course of the same programme."""
    here = standing.course_id == course.id
    if standing.standing in ON_THE_COURSE:
        return "You are on this course." if here else "You are on another course of this programme."
    if standing.standing == Standing.OFFERED:
        return f"A place on {'this' if here else 'another'} course is offered to you."
    return "You have been referred to this programme."


# The next course


@blueprint.get("/programmes/<uuid:programme_id>/interest")
@requires(Permission.BOOK_FOR_OWN_FAMILY)
def ask_interest(programme_id: UUID) -> Response:
    """Ask whether somebody wants to be told of the next course."""
    programme = mine.find_offered(programme_id)
    carer = own_carer()
    if carer is None:
        return first_register()
    return page(
        "programmes/find/interest.html",
        programme=programme,
        interested=interest.interest_of(programme.id, carer.id),
    )


@blueprint.post("/programmes/<uuid:programme_id>/interest")
@requires(Permission.BOOK_FOR_OWN_FAMILY)
@once
def show_interest(programme_id: UUID) -> Response:
    """Keep that somebody wants to be told of the next course."""
    programme = mine.find_offered(programme_id)
    carer = own_carer()
    if carer is None:
        return first_register()
    interest.show_interest(programme.id, carer.household_id, carer.id)
    flash("We will write to you when the next course can be booked.", "success")
    return see("programmes.programme", programme_id=programme.id)


@blueprint.post("/programmes/<uuid:programme_id>/interest/end")
@requires(Permission.BOOK_FOR_OWN_FAMILY)
def end_interest(programme_id: UUID) -> Response:
    """Take whoever is signed in off the list."""
    carer = own_carer()
    shown_one = interest.interest_of(programme_id, carer.id) if carer else None
    if shown_one is None:
        raise NotFound("interest")
    interest.leave(shown_one)
    flash("We will not write to you about this any more.", "success")
    return see("programmes.programme", programme_id=programme_id)


@blueprint.get("/programmes/interest/<token>")
@public
@GUESSES
def interest_link(token: str) -> Response:
    """Ask whoever holds the letter whether they want no more of them."""
    found = _interest(token)
    with apart():  # to look changes nothing, but that the letter was opened is seen by staff
        messaging.opened(found.id)
    return _interest_page(found)


@blueprint.post("/programmes/interest/<token>")
@public
@GUESSES
def follow_interest_link(token: str) -> Response:
    """Take whoever holds the letter off the list."""
    found = _interest(token)
    interest.leave(found)
    return _interest_page(found)


def _interest(token: str) -> Interest:
    interest_id = messaging.read_one_step(LEAVE, token)
    if interest_id is None:
        raise NotFound("link")
    return find(Interest, interest_id)


def _interest_page(found: Interest) -> Response:
    programme = find(Programme, found.programme_id)
    answer = page("programmes/find/interest_link.html", name=programme.name, left=found.left_at is not None)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def first_register() -> Response:
    """Send somebody who has told us of no family to do so."""
    flash("Tell us about your family first. Then you can join a course.")
    return see_address("/register")
