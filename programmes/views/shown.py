"""How courses and those who take part are written on pages."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import url_for

from hubs.terms import SessionStanding
from kernel import prose
from kernel.clock import now, today
from programmes.models import Course, Participation
from programmes.rules import joining as rules
from programmes.rules.joining import Door
from programmes.terms import BY_APPOINTMENT, COUNTS, ContactKind, CourseStanding, Presence, Standing, Unit

COLOURS = {
    Standing.REFERRED: "yellow",
    Standing.OFFERED: "orange",
    Standing.BOOKED: "blue",
    Standing.STARTED: "green",
    Standing.COMPLETED: "teal",
    Standing.DROPPED_OUT: "grey",
    Standing.TRANSFERRED: "grey",
    Standing.WITHDRAWN: "grey",
    Standing.DECLINED: "grey",
}
TO_THEM = {
    Standing.REFERRED: "Waiting for a place",
    Standing.DROPPED_OUT: "Not completed",
    Standing.WITHDRAWN: "You left before the start",
    Standing.DECLINED: "You said no",
}
"""What those who take part are told of where they stand, where staff say it more bluntly."""
WHERE = {
    ContactKind.PHONE: "By telephone",
    ContactKind.HOME_VISIT: "At your home",
    ContactKind.ONE_TO_ONE: "With you alone",
    ContactKind.ONLINE: "Online, when it suits you",
}
UNITS = {
    Unit.PARENT: "Each parent or carer takes a place. Two of you can come.",
    Unit.COUPLE: "Come alone or with your partner: it is one place.",
    Unit.FAMILY: "Come as a family: it is one place.",
}


def when(starts_at: Any, ends_at: Any) -> str:
    """Return when something is: ``Tuesday 3 March 2026, 10am to midday``."""
    return f"{prose.day(starts_at)}, {prose.times(starts_at, ends_at)}"


def where(course: Course) -> str:
    """Return where a course is."""
    hub = course.hub
    return ", ".join(filter(None, (hub.name, hub.address, hub.postcode)))


def ages(row: Any) -> str:
    """Return the ages of the children of a programme or course in words."""
    return rules.ages(row.age_from_years, row.age_to_years)


def places(course: Course, door: Door) -> tuple[str, str]:
    """Return in words, with a colour, whether somebody can join a course."""
    if course.standing == CourseStanding.CALLED_OFF:
        return "Called off", "red"
    if course.standing == CourseStanding.ENDED:
        return "Over", "grey"
    if door.too_late:
        return "Has started", "grey"
    if door.places_left <= 0:
        return "Full", "grey"
    return rules.places_words(door.places_left), "green"


def lines(courses: Iterable[Course], doors: dict[Any, Door], first: dict[Any, Any]) -> list[dict[str, Any]]:
    """Return courses as a list shows them."""
    told = []
    for course in courses:
        words, colour = places(course, doors[course.id])
        times = first.get(course.id)
        told.append(
            {
                "href": url_for("programmes.public_course", course_id=course.id),
                "title": course.title,
                "when": f"{prose.day(course.first_date)} to {prose.day(course.last_date)}",
                "times": prose.times(*times) if times else "",
                "hub": course.hub.name,
                "tag": words,
                "colour": colour,
            }
        )
    return told


def shape(rows: Iterable[Any]) -> str:
    """Return what a course is made of: ``4 group sessions and 3 telephone calls``."""
    numbers: dict[ContactKind, int] = {}
    for row in rows:
        numbers[row.kind] = numbers.get(row.kind, 0) + 1
    said = [prose.count(number, kind.label.lower()) for kind, number in numbers.items()]
    return prose.listing([words.replace("one to ones", "one to one meetings") for words in said])


def date_line(row: Any, *, picks: bool = False) -> dict[str, Any]:
    """Return a contact of a course as a list of dates shows it; ``picks``: for somebody who can pick a time."""
    by_appointment, gone = row.kind in BY_APPOINTMENT, row.on_date + timedelta(days=6) < today()
    if row.starts_at:
        time = when(row.starts_at, row.ends_at)
    elif row.slot_starts_at:
        time = when(row.slot_starts_at, row.slot_ends_at)
    elif by_appointment:
        time = f"Week of {prose.day(row.on_date)}{'' if gone else ', at a time that you pick'}"
    else:
        time = f"From {prose.day(row.on_date)}"
    return {
        "id": row.id,
        "number": row.number,
        "title": row.title,
        "kind": row.kind.label,
        "when": time,
        "where": WHERE.get(row.kind, row.room or ""),
        "lasts": lasts(row.minutes),
        "must": row.must_attend and not gone,
        "gone": gone,
        "off": row.standing == SessionStanding.CALLED_OFF,
        "tag": presence(row.presence),
        "slot_id": row.slot_id,
        "picks": picks and by_appointment and not (row.slot_starts_at and row.slot_starts_at <= now()),
        "over": bool((row.ends_at or row.slot_ends_at) and (row.ends_at or row.slot_ends_at) <= now()),
    }


def lasts(minutes: int) -> str:
    """Return how long something takes: ``2 hours``, ``1 hour 30 minutes``."""
    hours, rest = divmod(minutes, 60)
    said = [prose.count(hours, "hour")] * bool(hours) + [prose.count(rest, "minute")] * bool(rest)
    return " ".join(said)


def presence(value: Presence | None) -> tuple[str, str] | None:
    """Return what is known of somebody and a contact, with a colour."""
    if value is None:
        return None
    return value.label, "green" if value in COUNTS else "grey"


def standing(participation: Participation) -> tuple[str, str]:
    """Return where somebody stands in words, with a colour."""
    return participation.standing.label, COLOURS[participation.standing]


def own_standing(participation: Participation) -> tuple[str, str]:
    """Return where somebody stands, as they are told it themselves, with a colour."""
    words, colour = standing(participation)
    return TO_THEM.get(participation.standing, words), colour
