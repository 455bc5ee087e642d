"""What became of one course, and what a parent takes home from it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Response, make_response, url_for
from flask_login import current_user

from families import queries as families
from families.models import Person
from kernel import prose
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.pages import page
from outcomes.queries import ruled
from outcomes.rules import Instrument, band_of
from outcomes.terms import Changed, Occasion, Respondent
from programmes.models import Participation
from programmes.queries import find_course, find_participation, own, results
from programmes.queries.asking import names_of
from programmes.rules import changes
from programmes.rules.changes import Change, became
from programmes.rules.measures import COURSE_MEASURES, Journey, Key, figures, written
from programmes.service import certificates
from programmes.terms import Standing
from programmes.views.door import blueprint
from programmes.views.results import as_file
from programmes.views.shapes import shaped

RUNNERS = (Permission.MANAGE_COURSES, Permission.RUN_COURSES)
People = Sequence[tuple[Sequence[UUID], Journey]]
"""Who shares a place, one or two, and their way through the course."""
PLAIN = {
    Changed.IMPROVED: "This is a clear change for the better.",
    Changed.NO_CHANGE: "A difference of this size can come about by chance, so we say: about the same.",
    Changed.WORSE: "Things look harder than before. Talk to us: we would like to help.",
}


@blueprint.get("/courses/<uuid:course_id>/results")
@requires(*RUNNERS)
def course_results(course_id: UUID) -> Response:
    """Show what became of those on a course: together, and each."""
    course = find_course(course_id, seen=current_user)
    found = results.of_course(course_id)
    compared = _compared(found)
    counted, people = figures(found.journeys), _people(found, course_id)
    names = _names(people)
    return page(
        "programmes/results/course.html",
        course=course,
        anybody=bool(counted.offered),
        counted={one.code: written(counted.of(one.code), one.kind) for one in COURSE_MEASURES},
        measures=COURSE_MEASURES,
        people=_doses(people, names, own.contacts_of(course_id)),
        changes=[(shaped(change), _each(change, people, names)) for change in compared],
        addresses={
            kind: url_for("programmes.course_results_file", course_id=course_id, kind=kind)
            for kind in ("csv", "xlsx")
        },
    )


@blueprint.get("/courses/<uuid:course_id>/results/<any(csv, xlsx):kind>")
@requires(*RUNNERS)
def course_results_file(course_id: UUID, kind: str) -> Response:
    """Give each participant's dose and scores as a file for spreadsheets: of two who share a place, a line each."""
    find_course(course_id, seen=current_user)
    found = results.of_course(course_id)
    compared = _compared(found)
    heads = [
        f"{change.name}: {what}"
        for change in compared
        for what in ("before", change.occasion.label.lower(), "became")
    ]
    rows: list[list[object]] = [["Name", "Stands at", "Came to", "Of", *heads]]
    whole, people = own.contacts_of(course_id), _people(found, course_id)
    names = _names(people)
    for takers, journey in people:
        for person_id in _lines_of(takers, journey):
            scores = [
                cell for change in compared for cell in _scores_in_file(change, journey, person_id, takers[0])
            ]
            rows.append(
                [names.get(person_id, ""), journey.standing.label, len(journey.contacts), whole, *scores]
            )
    return as_file(rows, kind, "course-results")


@blueprint.get("/my-courses/<uuid:participation_id>/progress")
@requires(Permission.BOOK_FOR_OWN_FAMILY)
def progress(participation_id: UUID) -> Response:
    """Show a parent what they attended, and what their own answers came to."""
    mine, carer = _own(participation_id)
    attended, instruments = own.attended(mine), ruled()
    return page(
        "programmes/results/progress.html",
        participation=mine,
        course=mine.course,
        attended=attended,
        hours=certificates.hours(attended.minutes),
        completed=mine.standing == Standing.COMPLETED,
        shared=mine.partner_id is not None,
        scales=[
            one
            for key, told in own.own_scores(mine, carer.id).items()
            if (one := _told(key, dict(told), instruments))
        ],
    )


@blueprint.get("/my-courses/<uuid:participation_id>/certificate.pdf")
@requires(Permission.BOOK_FOR_OWN_FAMILY)
def own_certificate(participation_id: UUID) -> Response:
    """Give a parent the certificate of a course that they completed, in their own name."""
    mine, carer = _own(participation_id)
    return _pdf(mine, carer.id)


@blueprint.get("/courses/participants/<uuid:participation_id>/certificate.pdf")
@requires(*RUNNERS)
def certificate(participation_id: UUID) -> Response:
    """Give somebody of staff the certificate of a participant."""
    participation = find_participation(participation_id, seen=current_user)
    return _pdf(participation, participation.person_id)


@blueprint.get("/courses/participants/<uuid:participation_id>/people/<uuid:person_id>/certificate.pdf")
@requires(*RUNNERS)
def certificate_of(participation_id: UUID, person_id: UUID) -> Response:
    """Give somebody of staff the certificate of one of two who shared a place."""
    return _pdf(find_participation(participation_id, seen=current_user), person_id)


def _own(participation_id: UUID) -> tuple[Participation, Person]:
    carer = families.carer_of(current_user.id)
    if carer is None:
        raise NotFound("participation")
    return own.find_own(participation_id, carer), carer


def _pdf(participation: Participation, person_id: UUID) -> Response:
    answer = make_response(certificates.certificate(participation, person_id))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = 'inline; filename="certificate.pdf"'
    return answer


def _compared(found: results.Results) -> list[Change]:
    return changes.changes(found.journeys, found.hubs, results.bands(), ruled(), everyone=True)


def _people(found: results.Results, course_id: UUID) -> People:
    """Return those on a course by name, one or two at a place, with their way through it."""
    ways = {journey.id: journey for journey in found.journeys}
    return [(own.takers(one), ways[one.id]) for one in own.participants(course_id) if one.id in ways]


def _names(people: People) -> dict[UUID, str]:
    """Return what those are called who take part, and those who answered."""
    told = {person_id for _, way in people for some in way.who.values() for person_id in some}
    return names_of(sorted({person_id for takers, _ in people for person_id in takers} | told))


def _doses(
    people: People, names: Mapping[UUID, str], whole: int
) -> list[tuple[list[str], list[tuple[UUID, UUID, str]]]]:
    """Return where each stands and what they had, and whose certificates there are: place, person and name."""
    return [
        (
            [
                prose.listing([names.get(one, "") for one in takers]),
                way.standing.label,
                f"{len(way.contacts)} of {whole}",
            ],
            [(way.id, one, names.get(one, "")) for one in takers if way.standing == Standing.COMPLETED],
        )
        for takers, way in people
    ]


def _each(change: Change, people: People, names: Mapping[UUID, str]) -> list[list[str]]:
    """Return the scores of each who answered, by name: before, afterwards, and what became of them."""
    return [
        [names.get(who, ""), _score(change, before), _score(change, after), _became(change, before, after)]
        for _, journey in people
        for who, before, after in _both(change, journey)
        if after is not None or change.occasion == Occasion.AFTER
    ]


def _both(change: Change, journey: Journey) -> list[tuple[UUID, Decimal | None, Decimal | None]]:
    return [
        (who, scores.get(Occasion.BEFORE), scores.get(change.occasion))
        for who, scores in journey.told_by(change.key)
    ]


def _lines_of(takers: Sequence[UUID], journey: Journey) -> list[UUID]:
    """Return who has a line in the file: those who take part, and a parent who answered and does so no more."""
    told = [who for key, some in journey.who.items() if key.respondent == Respondent.PARENT for who in some]
    return list(dict.fromkeys([*takers, *told]))


def _score(change: Change, value: Decimal | None) -> str:
    if value is None:
        return "–"
    band = band_of(change.bands, value)
    return f"{plain(value)} ({band.name})" if band else plain(value)


def _became(change: Change, before: Decimal | None, after: Decimal | None) -> str:
    found = became(change.scale, before, after)
    return found.label if found else "–"


def _scores_in_file(change: Change, journey: Journey, person_id: UUID, first: UUID) -> list[object]:
    """Return one person's scores; what the young person told stands on the line of the first parent."""
    young = change.key.respondent != Respondent.PARENT and person_id == first
    own_scores = (
        (before, after) for who, before, after in _both(change, journey) if young or who == person_id
    )
    before, after = next(own_scores, (None, None))
    return [before, after, _became(change, before, after)]


def plain(value: Decimal) -> str:
    """Return a score without noughts at its end."""
    return f"{value.normalize():f}"


def _told(
    key: Key, told: dict[Occasion, Decimal], instruments: Mapping[str, Instrument]
) -> dict[str, Any] | None:
    """Return somebody's own scores on a scale, in plain words; None for a scale that the product does not know."""
    known = results.find_scale(key, instruments)
    if known is None:
        return None
    instrument, scale = known
    before = told.get(Occasion.BEFORE)
    later = next((told[one] for one in (Occasion.FOLLOW_UP, Occasion.AFTER) if one in told), None)
    what = became(scale, before, later)
    name = instrument.name if len(instrument.scales) == 1 else f"{instrument.name}: {scale.name}"
    return {
        "name": name,
        "range": f"{plain(scale.lowest)} to {plain(scale.highest)}",
        "better": "higher" if scale.direction == "higher" else "lower",
        "rows": [[one.label, plain(told[one])] for one in Occasion if one in told],
        "bars": [float(told[one]) for one in Occasion if one in told],
        "labels": [one.label for one in Occasion if one in told],
        "waits": before is not None and later is None,
        "words": _words(before, later),
        "became": PLAIN[what] if what and before != later else "",
    }


def _words(before: Decimal | None, later: Decimal | None) -> str:
    if before is None or later is None:
        return ""
    if before == later:
        return "Your score stayed the same."
    way = "went up" if later > before else "went down"
    return f"Your score {way} by {plain(abs(later - before))}."
