from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from accounts.models import Account
from kernel.db import acts, db, unit_of_work
from kernel.errors import Unacceptable
from kernel.journal import Entry
from tenants import queries, rules, service
from tenants.models import TermDates
from tenants.service import Dates
from tenants.terms import DatesKind, Ground

TERM, HOLIDAY = DatesKind.TERM, DatesKind.HOLIDAY
AUTUMN = Dates(TERM, "Autumn term 2025", date(2025, 9, 2), date(2025, 12, 19))
HALF_TERM = Dates(HOLIDAY, "Autumn half term", date(2025, 10, 27), date(2025, 10, 31))
SPRING = Dates(TERM, "Spring term 2026", date(2026, 1, 5), date(2026, 3, 27))


def names():
    return [row.name for row in queries.term_dates()]


def test_a_council_is_set_up_with_its_first_administrator_invited(stage):
    made = service.create_council(
        "bath", "Bath Council", contact_email="hubs@bath.example", first=("Bea Wells", "bea@bath.example")
    )

    with unit_of_work(made):
        assert queries.settings().name == "Bath Council"
        assert db.scalars(select(Account.name)).all() == ["Bea Wells"]
    with unit_of_work(None, read_only=True):
        assert "Bath Council" in [council.name for council in queries.councils()]


@pytest.mark.parametrize("slug", ["leeds", "www", "Bath", "bath spa", "-bath", "b", "bath.spa", "ä", ""])
def test_a_short_name_must_be_free_and_fit_for_an_address(stage, slug):
    with pytest.raises(Unacceptable):
        service.create_council(slug, "Bath Council", contact_email="hubs@bath.example")


def test_a_council_is_set_up_from_within_the_platform(stage):
    with unit_of_work(stage.platform):
        made = service.create_council("bath", "Bath Council", contact_email="x@bath.example")
        assert queries.by_slug("bath").id == made


def test_the_platform_is_not_listed_among_councils(stage):
    with unit_of_work(None, read_only=True):
        assert queries.platform().ground == Ground.PLATFORM
        assert queries.platform().id not in [council.id for council in queries.councils()]
        assert queries.platform().id in [house.id for house in queries.houses()]


def test_changed_settings_leave_a_history_in_plain_words(leeds, clock):
    acts(leeds.cast["adam"])
    for changes in ({"reminder_hours": 48, "waking_from": time(7)}, {"contact_phone": "0113 222 4444"}):
        clock.shift(timedelta(hours=1))
        service.change_settings(**changes)

    newest, middle, first = queries.settings_history()
    assert newest.set_by == leeds.cast["adam"]
    assert rules.changes_between(middle, newest) == ["Telephone number: nothing became 0113 222 4444"]
    assert rules.changes_between(first, middle) == [
        "Messages are sent from: 8am became 7am",
        "Reminder before a session: 24 hours became 48 hours",
    ]
    assert rules.changes_between(None, first) == ["The council joined"]


def test_settings_that_stay_the_same_leave_none(leeds):
    service.change_settings(reminder_hours=24)

    assert len(queries.settings_history()) == 1


def test_a_colour_on_which_nobody_can_read_is_refused(leeds):
    with pytest.raises(Unacceptable, match="White text cannot be read"):
        service.change_settings(brand_colour="#ffdd00")


def test_a_new_calendar_replaces_the_days_that_it_spans_and_no_others(leeds):
    service.set_term_dates([AUTUMN, HALF_TERM])
    service.set_term_dates([SPRING])
    assert names() == ["Autumn term 2025", "Autumn half term", "Spring term 2026"]

    moved = Dates(TERM, "Autumn term", date(2025, 9, 1), date(2025, 12, 19))
    service.set_term_dates([moved])

    assert names() == ["Autumn term", "Spring term 2026"]
    assert [e.kind for e in db.scalars(select(Entry).where(Entry.kind == "TermDatesChanged"))] == [
        "TermDatesChanged"
    ] * 3


def test_a_holiday_may_lie_within_a_term_but_not_on_a_holiday(leeds):
    service.add_term_dates(AUTUMN)
    service.add_term_dates(HALF_TERM)

    with pytest.raises(Unacceptable, match="overlap with Autumn half term"):
        service.add_term_dates(Dates(HOLIDAY, "Week off", date(2025, 10, 31), date(2025, 11, 2)))
    with pytest.raises(Unacceptable, match="last day must be"):
        service.add_term_dates(Dates(TERM, "Backwards", date(2026, 5, 2), date(2026, 5, 1)))
    service.remove_term_dates(db.scalars(select(TermDates).where(TermDates.name == "Autumn half term")).one())
    assert names() == ["Autumn term 2025"]
