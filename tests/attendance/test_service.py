"""Taking registers."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select

from attendance import queries, service
from attendance.errors import CalledOff, IsClosed, NobodyChosen, NotACount, NotesChanged, NotYet, StillRunning
from attendance.models import Attendance
from attendance.terms import Mark, Tap
from bookings.models import FamilyAtHub
from bookings.terms import Standing
from families import service as families
from families.models import Household, Person
from families.service import DoorChild
from families.terms import PersonKind
from hubs.terms import SessionStanding
from kernel.clock import now
from kernel.db import db
from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.journal import Entry
from tests.attendance.conftest import book

HOUR = timedelta(hours=1)


def say(session, person, tap=Tap.HERE):
    return service.mark(queries.find_spot(session.id, person.id), tap)


def register(session):
    return queries.find_register(session.id)


def said(session):
    rows = db.execute(
        select(Attendance.person_id, Attendance.mark).where(Attendance.session_id == session.id)
    ).all()
    return dict(rows)


def journal(session, kind="PersonMarked"):
    return db.scalars(
        select(Entry).where(Entry.subject == session.id, Entry.kind == kind).order_by(Entry.id)
    ).all()


def test_a_press_keeps_what_reports_need(make, session_now):
    session = session_now()
    paula, mia = make.family()
    booking = book(session, paula, mia)

    assert say(session, mia).arrived_at == now()
    row = db.scalars(select(Attendance)).one()
    assert (row.hub_id, row.on_date, row.kind) == (session.hub_id, session.on_date, PersonKind.CHILD)
    assert (row.age_months, row.booking_id, row.household_id) == (25, booking.id, paula.household_id)
    assert row.marked_at == now()
    assert [entry.facts for entry in journal(session)] == [
        {"person": str(mia.id), "said": "here", "of_course": False}
    ]
    assert journal(session, "RegisterOpened")


def test_the_last_press_counts_and_the_journal_keeps_both(make, session_now):
    session = session_now()
    paula, mia = make.family()
    book(session, paula, mia)

    say(session, mia, Tap.HERE)
    say(session, mia, Tap.APOLOGIES)
    assert said(session) == {mia.id: Mark.APOLOGIES}
    say(session, mia, Tap.UNDO)
    assert said(session) == {}
    assert {entry.facts["said"] for entry in journal(session)} == {"here", "apologies", "undo"}


def test_leaving_and_coming_back(make, session_now, clock):
    session = session_now()
    paula, mia = make.family()
    book(session, paula, mia)

    say(session, mia, Tap.LATE)
    came = now()
    clock.shift(HOUR)
    assert say(session, mia, Tap.LEFT).left_at == now()
    assert say(session, mia, Tap.UNDO) == (Mark.LATE, came, None)


def test_a_register_opens_on_the_day(make, clock):
    paula, mia = make.family()
    tomorrow = make.session()
    book(tomorrow, paula, mia)
    with pytest.raises(NotYet):
        say(tomorrow, mia)
    clock.move_to(now() + timedelta(hours=14, minutes=1))
    assert say(tomorrow, mia).mark == Mark.HERE


def test_a_session_that_was_called_off_has_no_register(make, session_now):
    session = session_now(standing=SessionStanding.CALLED_OFF, called_off_at=now())
    with pytest.raises(CalledOff):
        service.count_heads(register(session), adults=1)


def test_who_is_expected_has_a_place(make, session_now):
    session = session_now()
    for number, standing in enumerate(
        (Standing.CONFIRMED, Standing.OFFERED, Standing.CANCELLED, Standing.WAITING)
    ):
        book(session, *make.family(f"Kit {standing.name}", carer=f"Carer {number}"), standing=standing)
    names = {line.given_name + " " + line.family_name for line in queries.lines_of(session.id)}
    assert names == {"Carer 0", "Kit CONFIRMED"}


def test_somebody_who_is_here_stays_on_the_register_when_the_booking_is_cancelled(make, session_now):
    session = session_now()
    paula, mia = make.family()
    booking = book(session, paula, mia)
    say(session, mia)
    booking.standing, booking.cancelled_at = Standing.CANCELLED, now()
    db.flush()
    assert [(line.person_id, line.booking_id) for line in queries.lines_of(session.id)] == [(mia.id, None)]


def test_the_register_says_whether_there_is_a_note_and_not_what(make, session_now):
    session = session_now()
    paula, mia, noah = make.family("Mia Reyes", "Noah Reyes")
    book(session, paula, mia, noah)
    families.set_care(mia, allergies="Nuts")
    families.set_care(noah, needs="Quiet")
    lines = {line.person_id: line for line in queries.lines_of(session.id)}
    assert [lines[p.id].care for p in (paula, mia, noah)] == [False, True, False]
    assert "Nuts" not in repr(lines)


def test_everybody_who_is_left_is_marked_in_one_go(make, session_now):
    session = session_now()
    paula, mia = make.family()
    book(session, paula, mia)
    zoe, _ = other = make.family("Ali Zola", carer="Zoe Zola")
    book(session, *other)
    say(session, mia, Tap.APOLOGIES)

    assert service.mark_all_here(register(session), household_id=zoe.household_id) == 2
    assert service.mark_all_here(register(session)) == 1
    assert said(session)[mia.id] == Mark.APOLOGIES
    assert said(session)[paula.id] == Mark.HERE
    assert len(journal(session)) == 4
    assert service.mark_all_here(register(session)) == 0


def test_everybody_leaves_and_all_of_it_is_undone(make, session_now, clock):
    session = session_now()
    paula, mia = make.family()
    book(session, paula, mia)
    service.mark_all_here(register(session))
    clock.shift(HOUR)

    assert service.all_left(register(session)) == 2
    assert {line.left_at for line in queries.lines_of(session.id)} == {now()}
    assert service.undo_all(register(session), now()) == 2
    assert {line.left_at for line in queries.lines_of(session.id)} == {None}
    assert set(said(session).values()) == {Mark.HERE}


def test_to_undo_many_leaves_alone_what_was_said_since(make, session_now, clock):
    session = session_now()
    paula, mia = make.family()
    book(session, paula, mia)
    service.mark_all_here(register(session))
    moment = now()
    clock.shift(timedelta(seconds=5))
    say(session, mia, Tap.LATE)

    assert service.undo_all(register(session), moment) == 1
    assert said(session) == {mia.id: Mark.LATE}


def test_a_family_of_another_hub_walks_in_and_is_known_from_now_on(make, session_now):
    session = session_now()
    ann, bo, cy = make.family("Bo Ash", "Cy Ash", carer="Ann Ash")
    with pytest.raises(NotFound):
        say(session, bo)

    assert service.walk_in(register(session), ann.household_id, [ann.id, bo.id]) == 2
    rows = db.scalars(select(Attendance).order_by(Attendance.kind)).all()
    assert {row.booking_id for row in rows} == {None}
    assert {row.household_id for row in rows} == {ann.household_id}
    met = db.scalars(select(Entry).where(Entry.kind == "FamilyMet")).one()
    assert met.facts == {"hub": str(session.hub_id), "because": "here"}
    assert [entry.facts for entry in journal(session, "WalkedIn")] == [{"household": str(ann.household_id)}]
    assert service.walk_in(register(session), ann.household_id, [ann.id, cy.id]) == 1


def test_a_child_walks_in_with_a_carer_who_lives_elsewhere(make, session_now):
    session = session_now()
    _, mia = make.family("Mia Reyes", carer="Paula Reyes")
    dad = make.carer("Pete Reyes", household=make.household())
    families.set_caring(dad.id, mia.id, relationship="father", responsibility="yes")

    service.walk_in(register(session), dad.household_id, [dad.id, mia.id])
    assert {line.household_id for line in queries.lines_of(session.id)} == {dad.household_id}


def test_only_a_familys_own_people_walk_in_with_it(make, session_now):
    session = session_now()
    ann, _ = make.family("Bo Ash", carer="Ann Ash")
    stranger = make.child("Dee Else")
    with pytest.raises(NotFound):
        service.walk_in(register(session), ann.household_id, [ann.id, stranger.id])
    with pytest.raises(NotFound):
        service.walk_in(register(session), new_id(), [ann.id])
    with pytest.raises(NobodyChosen):
        service.walk_in(register(session), ann.household_id, [])


def test_a_new_family_with_twins_is_registered_and_here(make, session_now):
    session = session_now()
    born = date(2025, 3, 2)
    children = [DoorChild("Ava", born), DoorChild("Ada", born), DoorChild("Kit")]
    household = service.walk_in_new(register(session), "Sam Okoye", "LS14 6JB", children)

    rows = db.execute(
        select(Person.given_name, Person.family_name, Attendance.age_months, Attendance.mark)
        .join(Attendance, Attendance.person_id == Person.id)
        .where(Attendance.session_id == session.id)
        .order_by(Person.given_name)
    ).all()
    assert rows == [
        ("Ada", "Okoye", 12, Mark.HERE),
        ("Ava", "Okoye", 12, Mark.HERE),
        ("Kit", "Okoye", None, Mark.HERE),
        ("Sam", "Okoye", None, Mark.HERE),
    ]
    assert household.completed_at is None
    assert db.scalar(
        select(func.count()).select_from(FamilyAtHub).where(FamilyAtHub.household_id == household.id)
    )


def test_an_age_that_becomes_known_later_is_reckoned_on_the_day(make, session_now, clock):
    session = session_now()
    service.walk_in_new(register(session), "Sam Okoye", "LS14 6JB", [DoorChild("Kit")])
    kit = db.scalars(select(Person).where(Person.given_name == "Kit")).one()
    clock.shift(timedelta(days=60))
    families.change_person(kit, date_of_birth=date(2025, 3, 2))
    row = db.scalars(select(Attendance).where(Attendance.person_id == kit.id)).one()
    assert row.age_months == 12


def test_heads_are_counted_and_never_fewer_than_none(make, session_now):
    session = session_now()
    assert service.count_heads(register(session), children=3) == (0, 3)
    assert service.count_heads(register(session), adults=1, children=-5) == (1, 0)
    service.set_heads(register(session), adults=4, children=9)
    assert service.count_heads(register(session), adults=-1) == (3, 9)
    with pytest.raises(NotACount):
        service.count_heads(register(session), adults=1001)
    with pytest.raises(NotACount):
        service.count_heads(register(session), adults=998)


def test_nobody_overwrites_notes_that_they_have_not_read(make, session_now):
    session = session_now()
    service.note(register(session), "Loud.", before="")
    with pytest.raises(NotesChanged):
        service.note(register(session), "Quiet.", before="")
    service.note(register(session), "Loud. Quiet.", before="Loud.")
    assert register(session).notes == "Loud. Quiet."


def test_who_was_not_marked_when_the_register_closes_did_not_come(make, session_now, clock):
    session = session_now()
    paula, mia = make.family()
    book(session, paula, mia)
    book(session, *make.family("Off Erd", carer="Ola Erd"), standing=Standing.OFFERED)
    say(session, mia)
    with pytest.raises(StillRunning):
        service.close_register(register(session))

    clock.shift(2 * HOUR)
    assert service.close_register(register(session)) == 1
    assert said(session) == {mia.id: Mark.HERE, paula.id: Mark.ABSENT}
    with pytest.raises(IsClosed):
        say(session, mia, Tap.LATE)
    with pytest.raises(IsClosed):
        service.count_heads(register(session), adults=1)


def test_a_register_that_was_closed_can_be_opened_again(make, session_now, clock):
    session = session_now()
    paula, mia = make.family()
    book(session, paula, mia)
    clock.shift(2 * HOUR)
    service.close_register(register(session))
    service.reopen(register(session))
    assert say(session, mia).mark == Mark.HERE
    assert said(session)[paula.id] == Mark.ABSENT


def test_a_paper_register_is_keyed_in_and_only_what_is_new_is_said(make, session_now, clock):
    session = session_now()
    paula, mia = make.family()
    book(session, paula, mia)
    say(session, paula)
    clock.shift(3 * HOUR)
    taps = {paula.id: Tap.HERE, mia.id: Tap.APOLOGIES, new_id(): Tap.HERE}
    assert service.re_key(register(session), taps) == 1
    assert said(session) == {paula.id: Mark.HERE, mia.id: Mark.APOLOGIES}


def test_two_records_of_one_child_are_one_on_the_register(make, session_now):
    session, other = session_now(), session_now()
    _, mia = make.family()
    _, double = make.family("Mia Reyes")
    for one, person, tap in (
        (session, mia, Tap.APOLOGIES),
        (session, double, Tap.HERE),
        (other, double, Tap.HERE),
    ):
        book(one, person)
        say(one, person, tap)

    families.merge_people(mia, double)
    assert said(session) == {mia.id: Mark.HERE}
    assert said(other) == {mia.id: Mark.HERE}


def test_two_records_of_one_household_are_one_on_the_register(make, session_now):
    session = session_now()
    paula, _ = make.family()
    ann, bo = make.family("Bo Reyes", carer="Ann Reyes")
    book(session, ann, bo)
    say(session, bo)
    kept, gone = (db.get_one(Household, (p.tenant_id, p.household_id)) for p in (paula, ann))
    families.merge_households(kept, gone)
    assert db.scalars(select(Attendance.household_id)).all() == [kept.id]


def test_a_register_makes_as_many_statements_however_long_it_is(make, session_now, stage):
    counts = []
    for families_there in (1, 12):
        session = session_now()
        for number in range(families_there):
            book(session, *make.family(f"Kit {number}", f"Liv {number}", carer=f"Carer {number}"))
        service.mark_all_here(register(session))
        db.flush()
        with counting() as statements:
            register(session)
            lines = queries.lines_of(session.id)
        assert len(lines) == families_there * 3
        counts.append(len(statements))
    assert counts == [2, 2]


class counting:  # noqa: N801
    """Lists the statements that are made."""

    def __enter__(self):
        self.made = []
        self.on = db.get_bind().engine
        event.listen(self.on, "before_cursor_execute", self.note)
        return self.made

    def note(self, _conn, _cursor, statement, *_rest):
        self.made.append(statement)

    def __exit__(self, *_):
        event.remove(self.on, "before_cursor_execute", self.note)


def test_every_statement_names_the_council(make, session_now):
    session = session_now()
    paula, mia = make.family()
    book(session, paula, mia)
    with counting() as statements:
        register(session)
        queries.lines_of(session.id)
        queries.tally(session.id)
        queries.find_spot(session.id, mia.id)
        queries.people_of_families([paula.household_id])
        queries.standings([session.id])
    assert len(statements) == 6
    for statement in statements:
        tables = statement.count("FROM ") + statement.count("JOIN ") - statement.count("(SELECT")
        assert statement.count("tenant_id = ") >= tables, statement
