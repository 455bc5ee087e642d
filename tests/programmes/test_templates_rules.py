"""The templates that are shipped, and the days that a course is laid over."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes import rules
from programmes.errors import NoDaysLeft
from programmes.rules import layout, warning
from programmes.rules.accrediting import AccreditationStanding, standing_of
from programmes.rules.shipped import read_template
from programmes.terms import TOGETHER, ContactKind, Unit

TUESDAY = date(2026, 3, 10)
KINDS = st.sampled_from(list(ContactKind))
CONTACTS = st.lists(
    st.builds(SimpleNamespace, kind=KINDS, weeks_after=st.integers(0, 5)), min_size=1, max_size=15
)
FIRST = st.dates(date(2026, 1, 1), date(2027, 12, 31))
CLOSED = st.sets(st.integers(0, 400), max_size=120)


def contact(kind=ContactKind.GROUP, weeks_after=1):
    return SimpleNamespace(kind=kind, weeks_after=weeks_after)


def test_the_programmes_that_councils_run_are_shipped():
    shipped = rules.templates()
    assert len(shipped) == 14
    assert list(shipped)[-1] == "blank"
    shapes = {
        (code, edition.name): "".join(c.kind.value[0] for c in edition.contacts)
        for code, template in shipped.items()
        for edition in template.editions
    }
    assert shapes["triple-p-group", "5 group sessions and 3 calls"] == "ggggpppg"
    assert shapes["triple-p-group", "4 group sessions, 3 calls and a closing session"] == "ggggpppg"
    assert shapes["triple-p-group-teen", "5 group sessions and 3 calls"] == "ggggpppg"
    assert shapes["triple-p-group-teen", "4 group sessions and 3 calls"] == "ggggppp"
    assert shapes["triple-p-stepping-stones", ""] == "ggggggpppg"
    assert shapes["solihull-understanding-your-child", ""] == "h" + "g" * 10
    assert shapes["sfp-10-14", ""] == "g" * 7 + "b" * 4
    assert shapes["incredible-years-preschool", "18 weekly sessions"] == "g" * 18
    assert shapes["incredible-years-preschool", "20 weekly sessions"] == "g" * 20
    assert shapes["triple-p-standard", ""] == "o" * 10
    assert shapes["triple-p-seminars", ""] == "ggg"


def test_what_is_not_sourced_is_named_so():
    fear_less = rules.templates()["triple-p-fear-less"].editions[0]
    assert "for your council to check" in fear_less.name
    assert "no published source" in fear_less.source
    for code, template in rules.templates().items():
        for edition in template.editions:
            assert edition.source, code
            assert edition.source_keys or code == "blank"
            assert "check" in edition.source or edition.least_contacts == 1, code


def test_templates_say_to_families_what_they_need_to_know():
    for code, template in rules.templates().items():
        if code == "blank":
            continue
        assert template.summary
        assert template.suits
        assert template.audience
        assert template.concerns, code
        titles = [c.title for edition in template.editions for c in edition.contacts]
        assert not [title for title in titles if "{" in title]


def template(**changes):
    contacts = [{"kind": "group", "title": "Session {n}", "times": 2, "minutes": 60}]
    edition = {
        "source": "Ours",
        "group": [1, 5],
        "least_contacts": 1,
        "late_start_until": 1,
        "contacts": contacts,
    }
    return {
        "name": "Ours", "summary": "", "suits": "", "audience": "", "ages": [0, 5], "concerns": [],
        "editions": [{**edition, **changes}],
    }  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"least_contacts": 3},
        {"late_start_until": 0},
        {"group": [5, 1]},
        {"contacts": []},
        {"measures": [{"instrument": "astrology", "respondent": "parent", "when": ["before"]}]},
        {"contacts": [{"kind": "group", "title": "One", "minutes": 60, "must_attend": True}] * 2},
        {"contacts": [{"kind": "group", "title": "One", "minutes": 60, "weeks_after": 0}] * 2},
    ],
)
def test_a_template_that_contradicts_itself_is_refused(wrong):
    assert read_template("ours", template()).editions[0].contacts[1].title == "Session 2"
    with pytest.raises(ValueError, match="ours"):
        read_template("ours", template(**wrong))


def test_unknown_concerns_are_refused():
    with pytest.raises(ValueError, match="luck"):
        read_template("ours", {**template(), "concerns": ["luck"]})


def test_a_course_skips_closed_days_and_says_why():
    closed = {date(2026, 3, 17): "A holiday"}
    found = rules.lay_out([contact()] * 3, first_date=TUESDAY, why_not=lambda day: closed.get(day, ""))
    assert found.days == (date(2026, 3, 10), date(2026, 3, 24), date(2026, 3, 31))
    assert [(left.day, left.why) for left in found.left_out] == [(date(2026, 3, 17), "A holiday")]


def test_appointments_fall_into_their_week_and_skip_only_whole_weeks():
    phone = contact(ContactKind.PHONE)
    monday = date(2026, 3, 16)
    found = rules.lay_out(
        [contact(), phone], first_date=TUESDAY, why_not=lambda day: "A bank holiday" if day == monday else ""
    )
    assert found.days == (TUESDAY, monday)
    week = {monday + timedelta(days=n) for n in range(5)}
    found = rules.lay_out(
        [contact(), phone, contact(weeks_after=0)],
        first_date=TUESDAY,
        why_not=lambda day: "Closed" if day in week else "",
    )
    assert found.days == (TUESDAY, date(2026, 3, 23), date(2026, 3, 24))


def test_without_a_day_within_a_year_there_is_no_course():
    with pytest.raises(NoDaysLeft):
        rules.lay_out([contact()], first_date=TUESDAY, why_not=lambda day: "Closed")


@given(contacts=CONTACTS, first=FIRST, closed=CLOSED)
def test_laid_days_keep_order_spacing_and_holidays(contacts, first, closed):
    shut = {first + timedelta(days=n) for n in closed}
    found = rules.lay_out(contacts, first_date=first, why_not=lambda day: "Closed" if day in shut else "")

    assert len(found.days) == len(contacts)
    weeks = [day - timedelta(days=day.weekday()) for day in found.days]
    groups = [day for c, day in zip(contacts, found.days, strict=True) if c.kind in TOGETHER]
    for c, day, week in zip(contacts, found.days, weeks, strict=True):
        if c.kind in TOGETHER:
            assert day not in shut
            assert day.weekday() == first.weekday()
        else:
            assert day == week
            assert any(week + timedelta(days=n) not in shut for n in range(5))
    for c, before, after in zip(contacts[1:], weeks, weeks[1:], strict=False):
        assert after - before >= c.weeks_after * layout.WEEK
    assert groups == sorted(set(groups))
    assert not {left.day for left in found.left_out} & set(groups)
    assert all(left.why for left in found.left_out)


@given(contacts=CONTACTS, first=FIRST)
def test_when_nothing_is_closed_nothing_is_left_out(contacts, first):
    found = rules.lay_out(contacts, first_date=first, why_not=lambda day: "")
    assert found.left_out == ()
    assert found.days[0] in {first, first - timedelta(days=first.weekday())}
    assert (found.days[-1] - found.days[0]).days // 7 <= rules.weeks_needed(contacts)


def test_where_an_accreditation_stands():
    on = date(2026, 3, 2)
    say = lambda **parts: standing_of(**{"accredited_on": on, "expires_on": None, "on": on, **parts})  # noqa: E731
    assert say() == AccreditationStanding.VALID
    assert say(accredited_on=None) == AccreditationStanding.MISSING
    assert say(expires_on=on - timedelta(days=1)) == AccreditationStanding.EXPIRED
    assert say(expires_on=on) == AccreditationStanding.EXPIRING
    assert say(expires_on=on + timedelta(days=60)) == AccreditationStanding.EXPIRING
    assert say(expires_on=on + timedelta(days=61)) == AccreditationStanding.VALID
    assert (
        say(expires_on=on + timedelta(days=90), until=on + timedelta(days=91))
        == AccreditationStanding.EXPIRING
    )


def test_what_is_unusual_is_said():
    edition = SimpleNamespace(unit=Unit.PARENT, fewest=4, most=12, facilitators=2)
    assert warning.about_size(edition, 12, 2) == []
    assert warning.about_size(edition, 13, 1) == [
        "This programme is meant for groups of up to 12 parents or carers.",
        "This programme needs 2 facilitators. So far you chose 1.",
    ]
    assert "at least 4" in warning.about_size(edition, 3, 2)[0]
    assert warning.about_ages("triple-p-standard", (2, 11)) == []
    assert "aged 0 to 12" in warning.about_ages("triple-p-standard", (2, 13))[0]
    assert warning.about_ages("", (2, 18)) == []
