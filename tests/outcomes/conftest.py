from datetime import timedelta

import pytest

from kernel.clock import now
from kernel.ids import new_id
from outcomes import service
from outcomes.terms import Occasion, Respondent
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
