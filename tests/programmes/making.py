"""Makes courses directly as rows, for arranging; the tests act through services and doors."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from hubs.models import Activity, Session
from hubs.terms import BookingMode, CountedIn
from kernel.clock import at_wall_time, now, wall
from kernel.db import db, find
from programmes.models import (
    Course,
    CourseContact,
    Edition,
    EditionContact,
    Facilitator,
    Participation,
    Programme,
)
from programmes.service.standing import begin
from programmes.terms import (
    TOGETHER,
    ContactKind,
    CourseStanding,
    Part,
    Source,
    Standing,
    Unit,
    WayIn,
)
from tests.making import Make

BEGINS = time(10)


def programme(make: Make, name: str = "Calm Parenting", **parts: Any) -> Programme:
    """Return a programme with the activity that its sessions are, and an edition of a few group evenings."""
    activity = make.activity(
        name, mode=BookingMode.COURSE, counted_in=CountedIn.ADULTS, age_to_months=228, most_adults=None
    )
    usual: dict[str, Any] = {
        "summary": "Six mornings about calm at home.",
        "suits": "You want fewer rows at home.",
        "audience": "Parents and carers",
        "age_to_years": 12,
        "concerns": ["behaviour"],
    }
    return _add(
        Programme(
            name=name,
            name_key=name.casefold(),
            activity_id=activity.id,
            way_in=WayIn.BOTH,
            **{**usual, **parts},
        )
    )


def edition(
    of: Programme, contacts: int | Sequence[ContactKind] = 3, *, unit: Unit = Unit.PARENT, **parts: Any
) -> Edition:
    """Return an edition with so many group contacts, or with contacts of these kinds, one a week."""
    kinds = [ContactKind.GROUP] * contacts if isinstance(contacts, int) else list(contacts)
    number = (db.query(Edition).filter(Edition.programme_id == of.id).count()) + 1
    made = _add(Edition(programme_id=of.id, number=number, unit=unit, **parts))
    for place, kind in enumerate(kinds, start=1):
        _add(
            EditionContact(
                edition_id=made.id,
                number=place,
                kind=kind,
                title=f"{kind.label} {place}",
                minutes=120 if kind in TOGETHER else 30,
                weeks_after=0 if place == 1 else 1,
                checklist=["Welcome", "Practice"],
            )
        )
    db.refresh(made)
    return made


def course(
    make: Make, contacts: int | Sequence[ContactKind] = 3, places: int = 8, *, unit: Unit = Unit.PARENT,
    of: Programme | None = None, starts_in: timedelta = timedelta(days=7), led_by: Sequence[str] = ("asha",),
    late_start_until: int = 2, hub: Any = None, **parts: Any,
) -> Course:  # fmt: skip
    """Return an open course, from next week at ten, one contact a week."""
    of = of or programme(make)
    run = edition(of, contacts, unit=unit)
    hub = hub or make.hub()
    first = wall(now() + starts_in).date()
    count = len(run.contacts)
    usual: dict[str, Any] = {
        "title": f"{of.name}, Monday mornings",
        "way_in": WayIn.BOTH,
        "standing": CourseStanding.OPEN,
        "age_from_years": of.age_from_years,
        "age_to_years": of.age_to_years,
    }
    made = _add(
        Course(
            programme_id=of.id,
            edition_id=run.id,
            hub_id=hub.id,
            places=places,
            first_date=first,
            last_date=first + timedelta(weeks=max(count - 1, 0)),
            late_start_until=late_start_until,
            **{**usual, **parts},
        )
    )
    activity = find(Activity, of.activity_id) if of.activity_id else make.activity()
    for template in run.contacts:
        day = first + timedelta(weeks=template.number - 1)
        together = template.kind in TOGETHER
        session = _session(made, activity, day, template.minutes) if together else None
        _add(
            CourseContact(
                course_id=made.id,
                number=template.number,
                kind=template.kind,
                title=template.title,
                minutes=template.minutes,
                must_attend=template.must_attend,
                checklist=template.checklist,
                on_date=day if together else day - timedelta(days=day.weekday()),
                session_id=session.id if session else None,
            )
        )
    for who in led_by:
        _add(Facilitator(course_id=made.id, account_id=make.cast[who], part=Part.LEADS))
    db.refresh(made)
    return made


def participation(
    course: Course, person: Any, standing: Standing = Standing.BOOKED, **parts: Any
) -> Participation:
    """Return somebody on a course, without bookings of its sessions: for arranging what comes later."""
    at = now()
    usual: dict[str, Any] = {
        "source": Source.SELF,
        "referred_at": at,
        "booked_at": at if standing not in (Standing.REFERRED, Standing.OFFERED) else None,
        "started_at": at if standing in (Standing.STARTED, Standing.COMPLETED) else None,
    }
    return begin(
        Participation(
            programme_id=course.programme_id,
            course_id=course.id,
            household_id=person.household_id,
            person_id=person.id,
            standing=standing,
            **{**usual, **parts},
        )
    )


def _session(course: Course, activity: Activity, day: date, minutes: int) -> Session:
    starts: datetime = at_wall_time(day, BEGINS)
    return _add(
        Session(
            activity_id=activity.id,
            hub_id=course.hub_id,
            on_date=day,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=minutes),
        )
    )


def _add(row: Any) -> Any:
    db.add(row)
    db.flush()
    return row
