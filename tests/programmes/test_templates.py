"""Programmes and how they are run, as services."""

from datetime import date

import pytest
from sqlalchemy import func, select

from hubs.models import Activity
from hubs.terms import BookingMode
from kernel.db import db
from kernel.errors import NotFound, Unacceptable
from kernel.journal import Entry
from programmes import rules
from programmes.errors import NoLongerOffered
from programmes.models import Accreditation, Programme
from programmes.queries import editions as queries
from programmes.service import accreditations, templates
from programmes.terms import ContactKind, Unit

ONE = {"kind": "group", "title": "Evening", "minutes": 60}


@pytest.mark.parametrize("code", rules.templates())
def test_every_shipped_programme_can_be_adopted(leeds, code):
    programme = templates.adopt(code)
    template = rules.templates()[code]
    made = sorted(queries.editions_of(programme.id), key=lambda edition: edition.number)
    assert [edition.name for edition in made] == [edition.name for edition in template.editions]
    for edition, shipped in zip(made, template.editions, strict=True):
        assert [c.title for c in edition.contacts] == [c.title for c in shipped.contacts]
        assert edition.contacts[0].weeks_after == 0
        assert edition.source == shipped.source
    assert programme.activity.mode == BookingMode.COURSE
    assert templates.adopt(code) is programme


def test_nothing_unknown_is_adopted(leeds):
    with pytest.raises(NotFound):
        templates.adopt("astrology")


def test_an_activity_of_the_same_name_is_left_alone(make):
    make.activity("Group Triple P")
    programme = templates.adopt("triple-p-group")
    assert programme.activity.title == "Group Triple P course"
    assert db.scalar(select(func.count(Activity.id))) == 2


def test_a_programme_of_a_councils_own_is_checked(leeds):
    programme = templates.add_programme("Bumps to babies", concerns=["sleep"], age_to_years=1)
    assert programme.code == ""
    for name, parts in {
        " ": {}, "bumps  to BABIES": {}, "Old": {"age_from_years": 9, "age_to_years": 3}, "Odd": {"concerns": ["luck"]},
    }.items():  # fmt: skip
        with pytest.raises(Unacceptable):
            templates.add_programme(name, **parts)
    templates.change_programme(programme, summary="New words", age_to_years=2)
    assert programme.activity.description == "New words"
    assert "ProgrammeChanged" in db.scalars(select(Entry.kind)).all()
    with pytest.raises(TypeError):
        templates.change_programme(programme, ended_at=None)


@pytest.mark.parametrize(
    ("contacts", "parts"),
    [
        ([], {}),
        ([{**ONE, "title": " "}], {}),
        ([{**ONE, "minutes": 2}], {}),
        ([ONE, {**ONE, "weeks_after": 99}], {}),
        ([ONE, {**ONE, "weeks_after": 0}], {}),
        ([ONE], {"least_contacts": 2}),
        ([ONE], {"late_start_until": 2}),
        ([{**ONE, "must_attend": True}] * 2, {"least_contacts": 1}),
        ([ONE], {"fewest": 9, "most": 3}),
        ([ONE], {"facilitators": 99}),
        ([ONE] * 61, {}),
    ],
)
def test_an_edition_that_cannot_be_run_is_refused(leeds, contacts, parts):
    programme = templates.add_programme("Ours")
    with pytest.raises(Unacceptable):
        templates.make_edition(programme, contacts=contacts, **parts)
    assert queries.editions_of(programme.id) == []


def test_a_new_edition_is_beside_the_old_one(leeds):
    programme = templates.add_programme("Ours")
    first = templates.make_edition(programme, contacts=[ONE], unit=Unit.FAMILY)
    second = templates.make_edition(
        programme, contacts=[ONE, {**ONE, "kind": ContactKind.PHONE, "weeks_after": 0}]
    )
    assert (first.number, second.number) == (1, 2)
    templates.retire(first)
    assert [edition.id for edition in queries.editions_of(programme.id)] == [second.id, first.id]
    assert [edition.id for edition in queries.editions_to_run()] == [second.id]
    templates.end_programme(programme)
    assert queries.editions_to_run() == []
    with pytest.raises(NoLongerOffered):
        templates.make_edition(programme, contacts=[ONE])
    templates.resume_programme(programme)
    assert db.scalars(select(Programme.ended_at)).one() is None


def test_an_accreditation_under_a_new_name_is_renamed_on_staffs_records_when_asked(make):
    programme = templates.add_programme("Bumps to babies", accreditation="Bumps practitioner")
    for name in ("asha", "beth"):
        accreditations.note(make.cast[name], "Bumps practitioner", trained_on=date(2025, 1, 1))
    accreditations.note(make.cast["beth"], "Bumps accredited", trained_on=date(2025, 6, 1))

    def standing() -> list[tuple[str, bool]]:
        rows = db.execute(select(Accreditation.what, Accreditation.account_id == make.cast["beth"]))
        return sorted((what, hers) for what, hers in rows)

    templates.change_programme(programme, accreditation="Bumps practitioners")
    assert ("Bumps practitioner", False) in standing(), "another text may be another requirement"

    templates.change_programme(programme, accreditation="Bumps practitioner")
    templates.change_programme(programme, accreditation="Bumps accredited", renames=True)
    assert standing() == [
        ("Bumps accredited", False),
        ("Bumps accredited", True),
        ("Bumps practitioner", True),
    ], "nobody has one twice"
