"""A small course for the tests of those who run it: three evenings and a call, made as rows."""

from datetime import timedelta

from hubs.terms import BookingMode, CountedIn
from kernel.clock import now, today
from kernel.db import db
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
from programmes.terms import ContactKind, Part, Source, Standing, Unit, WayIn
from tests.attendance.conftest import book

WEEK = timedelta(days=7)
FIVE_MINUTES = timedelta(minutes=5)
KINDS = (ContactKind.GROUP, ContactKind.GROUP, ContactKind.PHONE, ContactKind.GROUP)


def add(row):
    db.add(row)
    db.flush()
    return row


def a_programme(make, name="Calm evenings", *, least=3, unit=Unit.PARENT):
    """A programme with an edition."""
    activity = make.activity(name, mode=BookingMode.COURSE, counted_in=CountedIn.ADULTS, age_to_months=228)
    programme = add(
        Programme(
            name=name, name_key=name.casefold(), concerns=[], activity_id=activity.id, way_in=WayIn.BOTH
        )
    )
    edition = add(
        Edition(programme_id=programme.id, number=1, unit=unit, least_contacts=least, measures=[], most=12)
    )
    for number, kind in enumerate(KINDS, start=1):
        add(
            EditionContact(
                edition_id=edition.id, number=number, kind=kind, title=f"Part {number}", minutes=90,
                checklist=["Welcome", "Role play"], must_attend=number == 1,
            )
        )  # fmt: skip
    return edition


def a_course(
    make, *, edition=None, title="Calm evenings on Mondays", runs=("asha",), starts_in=-FIVE_MINUTES, hub=None
):
    """A course whose first evening began five minutes ago, led by Asha; one contact each week."""
    edition = edition or a_programme(make)
    hub = hub or make.hub()
    first = today() + (starts_in if abs(starts_in) >= timedelta(days=1) else timedelta())
    course = add(
        Course(
            programme_id=edition.programme_id, edition_id=edition.id, hub_id=hub.id, title=title, first_date=first,
            last_date=first + 3 * WEEK, places=12, creche_places=4, age_from_years=0, age_to_years=12,
            way_in=WayIn.BOTH, late_start_until=2,
        )
    )  # fmt: skip
    for number, kind in enumerate(KINDS, start=1):
        session = None
        if kind == ContactKind.GROUP:
            session = make.session(
                hub=hub,
                activity=edition.programme.activity,
                starts_in=starts_in + (number - 1) * WEEK,
                families=None,
            )
        add(
            CourseContact(
                course_id=course.id, number=number, kind=kind, title=f"Part {number}", minutes=90,
                checklist=["Welcome", "Role play"], must_attend=number == 1, on_date=first + (number - 1) * WEEK,
                session_id=session.id if session else None,
            )
        )  # fmt: skip
    for who in runs:
        add(Facilitator(course_id=course.id, account_id=make.cast[who], part=Part.LEADS))
    db.refresh(course)
    return course


def joins(course, *people, standing=Standing.BOOKED, **parts):
    """Somebody is on the course, with a place in every evening; a second person is the partner."""
    person = people[0]
    participation = Participation(
        programme_id=course.programme_id, course_id=course.id, household_id=person.household_id, person_id=person.id,
        partner_id=people[1].id if len(people) > 1 else None, source=Source.SELF, standing=standing,
        referred_at=now() - 2 * WEEK, booked_at=now() - WEEK, **parts,
    )  # fmt: skip
    begin(participation)
    for contact in course.contacts:
        if contact.session:
            book(contact.session, *people)
    return participation
