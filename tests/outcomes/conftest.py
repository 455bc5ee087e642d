from datetime import timedelta

import pytest

from kernel.clock import now, today
from kernel.ids import new_id
from outcomes import service
from outcomes.terms import Occasion, Respondent
from programmes.models import Course, CourseContact, Edition, Facilitator, Participation, Programme
from programmes.terms import ContactKind, Standing, WayIn
from tests.post import *  # noqa: F403


def asked(person, *, instrument="bpses", about_id=None, **parts):
    """Ask somebody of a course."""
    usual = {
        "occasion": Occasion.BEFORE, "respondent": Respondent.PARENT, "respondent_id": person.id,
        "subject_id": person.id, "about_id": about_id or new_id(), "title": "Calm parents", "opens_at": now(),
        "closes_at": now() + timedelta(days=14),
    }  # fmt: skip
    return service.ask(instrument=instrument, **{**usual, **parts})


@pytest.fixture
def paula(make):
    """A parent who is asked."""
    person = make.carer("Paula Reyes", household=make.household())
    person.email = "paula@people.example"
    return person


def on_a_course(make, person, *, facilitator="asha", measures=(), contacts=(1, 8, 15), child=None, **parts):
    """Put somebody on a course at Seacroft whose evenings are so many days from now."""
    stem = new_id().hex[-6:]
    programme = make._add(Programme(name=f"Calm parents {stem}", name_key=stem))
    edition = make._add(Edition(programme_id=programme.id, number=1, measures=list(measures)))
    day = {number: today() + timedelta(days=days) for number, days in enumerate(contacts, start=1)}
    course = make._add(
        Course(
            programme_id=programme.id, edition_id=edition.id, hub_id=make.hub().id, title="Calm parents",
            first_date=day[1], last_date=day[len(day)], places=8, age_from_years=0, age_to_years=18,
            way_in=WayIn.BOTH, late_start_until=2,
        )
    )  # fmt: skip
    for number, on_date in day.items():
        session = make.session(starts_in=timedelta(days=contacts[number - 1]), lasts=timedelta(hours=2))
        make._add(
            CourseContact(
                course_id=course.id, number=number, kind=ContactKind.GROUP, title=f"Evening {number}", minutes=120,
                on_date=on_date, session_id=session.id,
            )
        )  # fmt: skip
    make._add(Facilitator(course_id=course.id, account_id=make.cast[facilitator]))
    usual = {"standing": Standing.BOOKED, "referred_at": now(), "booked_at": now()}
    return make._add(
        Participation(
            programme_id=programme.id, course_id=course.id, household_id=person.household_id, person_id=person.id,
            child_id=child.id if child else None, **{**usual, **parts},
        )
    )  # fmt: skip
