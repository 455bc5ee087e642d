"""Setting courses up, changing them and calling them off."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select

from hubs.errors import RoomTaken
from hubs.models import RoomSlot, Shift
from hubs.service import one_session
from hubs.terms import BookingMode, SessionStanding
from kernel.clock import now, wall
from kernel.db import db
from kernel.errors import Unacceptable
from kernel.journal import Entry
from programmes.errors import CourseIsOver, NoDaysLeft, NoLongerOffered
from programmes.models import Accreditation, Course, Participation
from programmes.queries import courses as queries
from programmes.queries import editions as edition_queries
from programmes.service import accreditations, courses, templates
from programmes.terms import CourseStanding, Part, Source, Standing, WayIn
from tenants import service as tenants
from tenants.service import Dates
from tenants.terms import DatesKind

WEEKS = timedelta(weeks=8)
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


@pytest.fixture
def terms():
    """Say when schools are open."""
    tenants.set_term_dates(
        [
            Dates(DatesKind.TERM, "Spring term", date(2026, 1, 5), date(2026, 3, 27)),
            Dates(DatesKind.TERM, "Summer term", date(2026, 4, 13), date(2026, 7, 17)),
            Dates(DatesKind.HOLIDAY, "Half term", date(2026, 5, 25), date(2026, 5, 29)),
        ]
    )


@pytest.fixture
def look(make, group):
    """Look at what setting a course up would do."""

    def looking(**parts):
        usual = {
            "hub_id": make.hub().id,
            "room_id": None,
            "first_date": TUESDAY,
            "starts": time(10),
            "places": 8,
        }
        return courses.preview(group, **{**usual, **parts})

    return looking


def test_holidays_and_bank_holidays_are_left_out_and_said(look, terms):
    plan = look(first_date=date(2026, 3, 24), facilitators={})
    assert [contact.day for contact in plan.contacts][:3] == [
        date(2026, 3, 24), date(2026, 4, 14), date(2026, 4, 21),
    ]  # fmt: skip
    assert [left.day for left in plan.left_out] == [date(2026, 3, 31), date(2026, 4, 7), date(2026, 5, 26)]
    assert "the break between Spring term and Summer term" in plan.left_out[0].why
    (calls,) = look(first_date=date(2026, 4, 21)).left_out
    assert "Nothing in the week of Monday 25 May 2026" in calls.why
    assert "Half term" in calls.why

    easter_monday = look(first_date=date(2026, 4, 6), term_time_only=False)
    assert "Easter Monday" in easter_monday.left_out[0].why
    assert easter_monday.contacts[0].day == date(2026, 4, 13)
    assert look(first_date=date(2026, 4, 7), term_time_only=False).contacts[0].day == date(2026, 4, 7)


def test_days_whose_terms_are_unknown_are_laid_and_said(look, terms):
    plan = look(first_date=date(2026, 7, 7))
    assert plan.contacts[-1].day > date(2026, 8, 1)
    assert any("No school terms have been entered" in sentence for sentence in plan.warnings)


def test_without_terms_a_course_can_be_planned(look):
    plan = look()
    assert plan.is_possible
    assert any("No school terms have been entered" in sentence for sentence in plan.warnings)


def test_what_is_impossible_is_refused(make, look, group):
    with pytest.raises(Unacceptable, match="today or later"):
        look(first_date=date(2026, 3, 1))
    with pytest.raises(Unacceptable, match="before midnight"):
        look(starts=time(23))
    other = make.room("Elsewhere", hub=make.hub("Harehills", team=()))
    with pytest.raises(Unacceptable, match="a room of Seacroft"):
        look(room_id=other.id)
    make.hub().closed_at = now()
    with pytest.raises(Unacceptable, match="closed"):
        look()
    templates.retire(group)
    with pytest.raises(NoLongerOffered):
        look()


def test_a_course_that_finds_no_days_is_refused(look, monkeypatch):
    tenants.set_term_dates(
        [
            Dates(DatesKind.TERM, "Spring term", date(2026, 1, 5), date(2026, 3, 6)),
            *(
                Dates(
                    DatesKind.HOLIDAY,
                    f"Closed {n}",
                    date(2026, 3, 7) + n * WEEKS,
                    date(2026, 3, 6) + (n + 1) * WEEKS,
                )
                for n in range(9)
            ),
        ]
    )
    with pytest.raises(NoDaysLeft):
        look()


def test_clashes_of_rooms_and_people_are_shown(make, look, set_one_up):
    room, asha = make.room(), make.cast["asha"]
    set_one_up(room_id=room.id, title="The other", facilitators={asha: Part.LEADS})
    plan = look(
        room_id=room.id, starts=time(11), facilitators={asha: Part.HELPS, make.cast["beth"]: Part.LEADS}
    )
    assert not plan.is_possible
    assert [contact.number for contact in plan.room_clashes] == [1, 2, 3, 4, 8]
    assert "Group Triple P, Tuesday 10 March 2026, 10am to midday" in str(plan.contacts[0].clashes[0])
    assert list(plan.elsewhere) == [asha]
    assert len(plan.elsewhere[asha]) == 5
    assert look(room_id=room.id, starts=time(12)).is_possible


def test_accreditations_sizes_and_ages_are_warned_of(make, look):
    asha, beth = make.cast["asha"], make.cast["beth"]
    accreditations.note(asha, "Group Triple P", accredited_on=date(2023, 1, 1), expires_on=date(2026, 4, 20))
    said = look(facilitators={asha: Part.LEADS, beth: Part.HELPS}, places=14, ages=(2, 14)).warnings
    text = " ".join(said)
    for words in (
        "accreditation in Group Triple P expires on 20 April 2026",
        "has no accreditation in Group Triple P on record",
        "groups of up to 12 parents or carers", "made for families of children aged 0 to 12",
    ):  # fmt: skip
        assert words in text
    accreditations.change(
        db.scalars(select(Accreditation)).one(), trained_on=None, accredited_on=date(2020, 1, 1),
        expires_on=date(2026, 1, 1),
    )  # fmt: skip
    assert "expired on 1 January 2026" in " ".join(look(facilitators={asha: Part.LEADS}).warnings)


def test_a_room_that_is_taken_stops_it_all(make, set_one_up):
    room = make.room()
    set_one_up(room_id=room.id, first_date=date(2026, 3, 24))
    before = db.scalar(select(func.count(RoomSlot.id)))
    with pytest.raises(RoomTaken), db.begin_nested():
        set_one_up(room_id=room.id, title="Another", starts=time(11))
    assert db.scalar(select(func.count(Course.id))) == 1
    assert db.scalar(select(func.count(RoomSlot.id))) == before


def test_facilitators_are_on_the_rota(make, set_one_up):
    asha, beth = make.cast["asha"], make.cast["beth"]
    course = set_one_up(facilitators={asha: Part.LEADS})
    assert db.scalar(select(func.count(Shift.id)).where(Shift.account_id == asha)) == 5
    courses.staff(course, {beth: Part.LEADS})
    assert db.scalars(select(Shift.account_id).distinct()).all() == [beth]
    assert [one.account_id for one in queries.facilitators_of(course.id)] == [beth]
    with pytest.raises(Unacceptable):
        courses.staff(course, {make.cast["paula"]: Part.LEADS})


def test_a_course_of_the_past_can_be_told(make, set_one_up):
    course = set_one_up(
        first_date=date(2026, 2, 10),
        history=True,
        room_id=make.room().id,
        facilitators={make.cast["asha"]: Part.LEADS},
    )
    sessions = queries.sessions_of(course.id)
    assert sessions[0].on_date == date(2026, 2, 10)
    assert sessions[-1].on_date == date(2026, 3, 31)
    assert db.scalar(select(func.count(Shift.id))) == 5
    assert set(db.scalars(select(RoomSlot.session_id))) == {sessions[3].id, sessions[4].id}


def test_a_programme_of_appointments_has_no_sessions(set_one_up):
    programme = templates.adopt("triple-p-standard")
    edition = edition_queries.editions_of(programme.id)[0]
    course = set_one_up(edition=edition)
    assert queries.sessions_of(course.id) == []
    assert course.first_date == date(2026, 3, 9)
    assert course.last_date == date(2026, 5, 15)


def taken_by(make, course, standing=Standing.BOOKED, creche=0):
    carer, _ = make.family()
    db.add(
        Participation(
            programme_id=course.programme_id, course_id=course.id, household_id=carer.household_id,
            person_id=carer.id, standing=standing, source=Source.SELF, referred_at=now(), creche_children=creche,
        )
    )  # fmt: skip
    db.flush()


def test_a_course_is_changed_but_never_below_its_places(make, set_one_up):
    course = set_one_up(creche_places=3)
    for standing in (
        Standing.BOOKED,
        Standing.OFFERED,
        Standing.COMPLETED,
        Standing.WITHDRAWN,
        Standing.REFERRED,
    ):
        taken_by(make, course, standing, creche=1)
    assert queries.taken([course.id]) == {course.id: 3}
    with pytest.raises(Unacceptable, match="3 places of this course are taken"):
        courses.change(course, places=2)
    with pytest.raises(Unacceptable, match="3 crèche places are taken"):
        courses.change(course, creche_places=2)
    with pytest.raises(Unacceptable):
        courses.change(course, age_from_years=9, age_to_years=3)
    with pytest.raises(TypeError):
        courses.change(course, first_date=TUESDAY)
    courses.change(course, title=" Mornings ", places=3, way_in=WayIn.REFERRAL)
    assert (course.title, course.places, course.way_in) == ("Mornings", 3, WayIn.REFERRAL)
    assert {session.most_adults for session in queries.sessions_of(course.id)} == {5}


def test_a_course_is_called_off_with_its_sessions_to_come(make, set_one_up, clock):
    course = set_one_up()
    clock.shift(timedelta(days=10))
    with pytest.raises(Unacceptable, match="Say why"):
        courses.call_off(course, " ")
    courses.call_off(course, "Nobody can lead it")
    assert course.standing == CourseStanding.CALLED_OFF
    standings = [session.standing for session in queries.sessions_of(course.id)]
    assert standings == [SessionStanding.PLANNED] + [SessionStanding.CALLED_OFF] * 4
    for verb in (lambda: courses.call_off(course, "Again"), lambda: courses.change(course, places=9)):
        with pytest.raises(CourseIsOver):
            verb()


def test_those_who_take_part_leave_before_the_sessions_are_called_off(set_one_up, monkeypatch):
    course, said = set_one_up(), []
    monkeypatch.setattr(courses, "record", lambda happening: said.append(type(happening).__name__))
    monkeypatch.setattr(one_session, "call_off", lambda session, because: said.append(because))
    courses.call_off(course, "Snow")
    assert said == ["CourseCalledOff"] + ["Snow"] * 5


def test_a_contact_follows_its_session_to_another_day(set_one_up):
    course = set_one_up()
    last = queries.contacts_of(course.id)[-1]
    one_session.move(last.session, {"on_date": date(2026, 4, 30)})
    assert queries.contacts_of(course.id)[-1].on_date == date(2026, 4, 30)
    assert course.last_date == date(2026, 4, 30)
