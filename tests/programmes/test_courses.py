"""Setting courses up, changing them and calling them off."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from hubs.terms import BookingMode
from kernel.clock import wall
from kernel.db import db
from kernel.journal import Entry
from programmes.queries import courses as queries
from programmes.queries import editions as edition_queries
from programmes.service import courses, templates
from tenants import service as tenants
from tenants.service import Dates
from tenants.terms import DatesKind

TUESDAY = date(2026, 3, 10)


@pytest.fixture
def group(make):
    """Return the first edition of Group Triple P: 5 group sessions and 3 calls."""
    programme = templates.adopt("triple-p-group")
    return next(e for e in edition_queries.editions_of(programme.id) if e.number == 1)


@pytest.fixture
def set_one_up(make, group):
    """Set a course up on Tuesdays at ten, from 10 March."""

    def setting(**parts):
        usual = {
            "hub_id": make.hub().id, "room_id": None, "title": "Group Triple P, Tuesdays", "first_date": TUESDAY,
            "starts": time(10), "places": 8,
        }  # fmt: skip
        return courses.set_up(parts.pop("edition", group), **{**usual, **parts})

    return setting


def test_a_course_has_its_contacts_sessions_and_limits(set_one_up, group):
    course = set_one_up()
    contacts = queries.contacts_of(course.id)

    assert [c.kind.value for c in contacts] == ["group"] * 4 + ["phone"] * 3 + ["group"]
    assert [c.on_date for c in contacts][:5] == [
        date(2026, 3, 10), date(2026, 3, 17), date(2026, 3, 24), date(2026, 3, 31), date(2026, 4, 6),
    ]  # fmt: skip
    assert [bool(c.session_id) for c in contacts] == [True] * 4 + [False] * 3 + [True]
    assert (course.first_date, course.last_date) == (date(2026, 3, 10), date(2026, 4, 28))
    session = contacts[0].session
    assert session.activity.mode == BookingMode.COURSE
    assert wall(session.starts_at).time() == time(10)
    assert session.ends_at - session.starts_at == timedelta(hours=2)
    assert (session.most_adults, session.most_families) == (10, None)
    assert "CourseSetUp" in db.scalars(select(Entry.kind)).all()


def test_families_are_counted_where_a_family_takes_a_place(make, set_one_up):
    couples = templates.make_edition(
        templates.add_programme("For couples"),
        contacts=[{"kind": "group", "title": "Evening", "minutes": 60}],
        unit="couple",
    )
    course = set_one_up(edition=couples, places=4)
    session = queries.sessions_of(course.id)[0]
    assert (session.most_adults, session.most_families) == (None, 6)


def test_holidays_and_bank_holidays_are_left_out_and_said(make, group):
    tenants.add_terms(
        [
            Dates(DatesKind.TERM, "Spring term", date(2026, 1, 5), date(2026, 3, 27)),
            Dates(DatesKind.TERM, "Summer term", date(2026, 4, 13), date(2026, 7, 20)),
        ]
    ) if hasattr(tenants, "add_terms") else None
    plan = courses.preview(
        group, hub_id=make.hub().id, room_id=None, first_date=date(2026, 4, 6), starts=time(10), places=8
    )
    assert "Easter Monday" in plan.left_out[0].why
    assert plan.contacts[0].day > date(2026, 4, 6)
