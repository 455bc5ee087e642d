"""Certificates of attendance, as PDFs that everybody can read (PDF/UA)."""

import json
from pathlib import Path
from uuid import UUID

import structlog

from families.models import Person
from kernel import prose
from kernel.clock import today, wall
from kernel.db import find
from kernel.errors import NotFound
from programmes.errors import CannotWriteName, NotCompleted
from programmes.models import Course, Participation, Programme
from programmes.queries import own
from programmes.terms import Standing
from tenants import queries as tenants

TEMPLATE = Path(__file__).with_name("certificate.typ")
DARK = "#0f5c5a"

log = structlog.get_logger()


def certificate(participation: Participation, person_id: UUID | None = None) -> bytes:
    """Return the certificate of somebody who completed a course, as a PDF; NotCompleted before.

    Of two who share a place each has one in their own name; the first of them where nobody is named, and NotFound for
    whoever did not take part.
    """
    if participation.standing != Standing.COMPLETED or participation.course_id is None:
        raise NotCompleted
    return drawn(facts(participation, person_id))


def facts(participation: Participation, person_id: UUID | None = None) -> dict[str, str]:
    """Return what a certificate says of one of those who took part; what was attended is that of the place."""
    if person_id not in (None, *own.takers(participation)):
        raise NotFound("person")
    course = find(Course, participation.course_id) if participation.course_id else None
    assert course is not None
    programme, person = (
        find(Programme, participation.programme_id),
        find(Person, person_id or participation.person_id),
    )
    attended, council = own.attended(participation), tenants.settings()
    given_on = wall(participation.ended_at).date() if participation.ended_at else today()
    return {
        "name": person.name,
        "course": course.title,
        "programme": programme.name if programme.name != course.title else "",
        "hub": course.hub.name,
        "dates": f"{prose.date_only(course.first_date)} to {prose.date_only(course.last_date)}",
        "attended": f"{attended.contacts} of {prose.count(attended.of, 'session')}",
        "hours": hours(attended.minutes),
        "given_on": prose.date_only(given_on),
        "council": council.name if council else "",
        "colour": council.brand_colour[:7] if council else DARK,
    }


def drawn(told: dict[str, str]) -> bytes:
    """Return the certificate that says this; CannotWriteName when no font has a letter of it, never an empty box."""
    import typst  # 7 MB that a web process does without until somebody asks for a certificate

    try:
        made = typst.compile(
            str(TEMPLATE), format="pdf", sys_inputs={"facts": json.dumps(told)}, pdf_standards=["ua-1"]
        )
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        log.error("no font for a certificate")
        raise CannotWriteName from error
    assert isinstance(made, bytes)
    return made


def hours(minutes: int) -> str:
    """Return ``1 hour``, ``14 hours 30 minutes`` or ``45 minutes``."""
    whole, rest = divmod(minutes, 60)
    parts = [prose.count(whole, "hour")] if whole else []
    if rest or not whole:
        parts.append(prose.count(rest, "minute"))
    return " ".join(parts)
