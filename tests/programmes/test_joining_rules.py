from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.rules import joining as rules
from programmes.rules.joining import Door, Meeting
from programmes.terms import CourseStanding, Unit, WayIn

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)


def door(**parts: object) -> Door:
    usual = {
        "standing": CourseStanding.OPEN,
        "way_in": WayIn.BOTH,
        "last_gone": 0,
        "late_start_until": 2,
        "places_left": 3,
        "creche_left": 1,
    }
    return Door(**{**usual, **parts})  # type: ignore[arg-type]


def test_a_contact_has_gone_when_its_session_has_begun_or_its_week_is_over():
    meetings = [
        Meeting(1, NOW - DAY, TODAY - DAY),
        Meeting(2, None, TODAY - timedelta(days=7)),
        Meeting(3, None, TODAY - timedelta(days=6)),
        Meeting(4, NOW + DAY, TODAY + DAY),
    ]

    assert rules.last_gone(meetings, now=NOW, today=TODAY) == 2
    assert rules.last_gone(meetings[:1], now=NOW, today=TODAY) == 1
    assert rules.last_gone([], now=NOW, today=TODAY) == 0


@given(gone=st.integers(0, 20), until=st.integers(0, 20))
def test_somebody_starts_at_the_last_contact_that_may_be_the_first_and_not_after(gone, until):
    too_late = rules.reasons_against(door(last_gone=gone, late_start_until=until)) != ()

    assert too_late == (gone + 1 > until)
    assert rules.reasons_against(door(last_gone=gone, late_start_until=until), elsewhere=True) == ()


@given(left=st.integers(-2, 5), places=st.integers(1, 2), kept=st.booleans())
def test_nobody_joins_without_a_place_unless_it_is_kept(left, places, kept):
    may = rules.reasons_against(door(places_left=left), places=places, kept=kept) == ()

    assert may == (kept or places <= left)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"creche_children": 2}, "There is 1 crèche place left on this course."),
        ({"places": 4}, "There are only 3 places left."),
    ],
)
def test_reasons_are_sentences(parts, said):
    assert rules.reasons_against(door(), **parts) == (said,)


def test_a_closed_course_says_only_that_it_is_closed():
    closed = door(standing=CourseStanding.CALLED_OFF, places_left=0, last_gone=9)

    assert rules.reasons_against(closed) == ("This course has been called off.",)


def test_an_offer_is_kept_for_a_week_or_until_the_group_meets():
    assert rules.offer_until(NOW, None) == NOW + 7 * DAY
    assert rules.offer_until(NOW, NOW + 3 * DAY) == NOW + 3 * DAY
    assert rules.offer_until(NOW, NOW + 9 * DAY) == NOW + 7 * DAY


def test_partners_take_a_place_each_where_each_person_counts():
    assert rules.places_needed(Unit.PARENT, with_partner=True) == 2
    assert rules.places_needed(Unit.COUPLE, with_partner=True) == 1
    assert rules.places_needed(Unit.FAMILY, with_partner=True) == 1
    assert rules.places_needed(Unit.PARENT, with_partner=False) == 1


def test_ages_and_ways_in_are_told_in_words():
    assert rules.ages(0, 12) == "Birth to 12 years"
    assert rules.ages(0, 1) == "Birth to 1 year"
    assert rules.suits_age(2, 11, 11)
    assert not rules.suits_age(2, 11, 12)
    assert rules.suits_age(2, 11, None)
    assert rules.families_book(WayIn.BOTH)
    assert not rules.families_book(WayIn.REFERRAL)
    assert date(2026, 3, 2) == TODAY
