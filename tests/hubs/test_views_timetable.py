"""The timetable as staff see and change it, through the door."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from html import unescape

import pytest
from sqlalchemy import event, select

from hubs.models import Session, Shift, TimetableEntry
from hubs.service import timetable
from hubs.terms import SessionStanding, ShiftPart, Weekday
from kernel.db import db
from kernel.ids import new_id

NASTY = "<script>alert(1)</script>"


@contextmanager
def counting(world) -> Iterator[list[str]]:
    said: list[str] = []

    def note(conn, cursor, statement, *rest):
        said.append(statement)

    event.listen(world.engine, "before_cursor_execute", note)
    yield said
    event.remove(world.engine, "before_cursor_execute", note)


def typed(answer):
    """Return the hidden inputs of a plan's first form, as a browser would send them."""
    form = answer.text.partition("data-prevent-double-click")[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    sent = {}
    for name, value in found:
        if name != "csrf_token":
            sent.setdefault(name, []).append(unescape(value))
    return sent


def repeats(activity_id=None, **parts):
    usual = {
        "weekday": "tuesday", "starts": "10am", "ends": "11.30am", "room_id": "", "every_weeks": "1",
        "last_date": ["", "", ""], "term_time_only": "no", "not_on_bank_holidays": "y",
    }  # fmt: skip
    new = {"activity_id": str(activity_id), "first_date": ["3", "3", "2026"]} if activity_id else {}
    return {**usual, **new, **parts}


@pytest.fixture
def tuesdays(set_up):
    """Return the id of an entry on Tuesdays at ten, laid out."""
    with set_up() as make:
        entry = timetable.add_entry(
            hub_id=make.hub().id,
            activity_id=make.activity().id,
            weekday=Weekday.TUESDAY,
            starts=time(10),
            ends=time(11, 30),
            first_date=date(2026, 3, 3),
        )
    return entry.id


def sessions_of(entry_id):
    return db.scalars(select(Session).where(Session.entry_id == entry_id).order_by(Session.starts_at)).all()


def test_the_week_shows_what_is_on_and_who_works(set_up, knock):
    with set_up() as make:
        session = make.session(room_id=make.room().id)
        db.add(Shift(session_id=session.id, account_id=make.cast["asha"], part=ShiftPart.LEADS))
        make.session(activity=make.activity(NASTY), starts_in=timedelta(days=2))
        make.session(starts_in=timedelta(days=9), activity=make.activity("Messy play"))
    asha = knock("asha")

    week = asha.get("/timetable").text
    for word in (
        "Week of 2 March 2026",
        "Stay and play",
        "Blue room",
        "Asha",
        "10am to 11:30am",
        "Nobody leads",
    ):
        assert word in week
    assert NASTY not in week
    assert "Messy play" not in week
    part = asha.get("/timetable?week=2026-03-09", htmx=True).text
    assert part.strip().startswith('<div id="week"')
    assert "Messy play" in part
    month = asha.get("/timetable/month").text
    assert "March 2026" in month
    assert "Messy play" in month
    assert NASTY not in month
    assert asha.get("/timetable/month?month=2026-04", htmx=True).text.strip().startswith('<div id="month"')
    assert asha.get("/timetable/month?month=9999-99").status_code == 200


def test_each_sees_their_hubs_and_nobody_elses(set_up, knock):
    with set_up() as make:
        other = make.hub("Harehills", team=())
        session = make.session(hub=other, activity=make.activity("Secret group"))
        make.session(hub=make.hub("Seacroft"))
    asha = knock("asha")
    assert "Secret group" not in asha.get("/timetable").text
    for path in (f"/timetable?hub={other.id}", f"/timetable/month?hub={other.id}", f"/timetable/entries?hub={other.id}",
                 f"/timetable/sessions/{session.id}", "/timetable?hub=rubbish"):  # fmt: skip
        assert asha.get(path).status_code == 404, path
        assert knock("carl").get(path).status_code == 404, path
    assert "Secret group" in knock("lena").get("/timetable").text
    assert "Secret group" in knock("adam").get(f"/timetable?hub={other.id}").text
    assert knock("paula").get("/timetable").status_code == 403


def test_every_verb_about_a_session_is_shut_to_other_hubs_and_councils(set_up, knock):
    with set_up() as make:
        session = make.session(hub=make.hub("Harehills", team=()))
        entry = TimetableEntry(hub_id=session.hub_id, activity_id=session.activity_id, weekday=Weekday.MONDAY,
                               starts=time(9), ends=time(10), first_date=date(2026, 3, 2))  # fmt: skip
        db.add(entry)
    base, repeated = f"/timetable/sessions/{session.id}", f"/timetable/entries/{entry.id}"
    for who in ("beth", "carl"):
        person = knock(who)
        for path in ("change", "cancellation", "places"):
            assert person.get(f"{base}/{path}").status_code == 404
        for path in ("", "/change", "/ending"):
            assert person.get(repeated + path).status_code == 404
        for path in (f"{base}/plan", f"{base}/change", f"{base}/cancellation", f"{base}/places", f"{base}/shifts",
                     f"{base}/shifts/{new_id()}/removal", f"{repeated}/plan", f"{repeated}/change",
                     f"{repeated}/ending", f"{repeated}/ending/plan", f"/hubs/{session.hub_id}/entries",
                     f"/hubs/{session.hub_id}/entries/plan", f"/hubs/{session.hub_id}/sessions"):  # fmt: skip
            assert person.post(path, {"because": "x"}).status_code == 404, path
    assert knock("asha").get(f"{base}/change").status_code == 403


def test_the_week_makes_as_many_statements_however_full_it_is(set_up, knock, world):
    with set_up() as make:
        make.session()
    asha = knock("asha")
    asha.get("/timetable")
    with counting(world) as few:
        asha.get("/timetable"), asha.get("/timetable/month"), asha.get("/timetable/entries")
    with set_up() as make:
        for n in range(6):
            session = make.session(starts_in=timedelta(hours=26 + n), activity=make.activity(f"A{n}"))
            db.add(Shift(session_id=session.id, account_id=make.cast["asha"], part=ShiftPart.LEADS))
    with counting(world) as many:
        asha.get("/timetable"), asha.get("/timetable/month"), asha.get("/timetable/entries")
    assert len(few) == len(many)


def test_an_entry_is_shown_before_it_is_added_and_added_once(set_up, knock):
    with set_up() as make:
        hub, activity = make.hub(), make.activity()
    beth = knock("beth")
    assert "Seacroft" in beth.get("/timetable/entries/new").text

    plan = beth.post(f"/hubs/{hub.id}/entries/plan", repeats(activity.id))
    assert plan.status_code == 200
    assert "Tuesday 10 March 2026" in plan.text
    with set_up():
        assert not db.scalars(select(TimetableEntry)).all()
    done = beth.post(f"/hubs/{hub.id}/entries", typed(plan))
    again = beth.post(f"/hubs/{hub.id}/entries", typed(plan))

    assert (done.status_code, again.status_code) == (303, 303)
    listed = beth.get(done.location).text
    assert "Every Tuesday, 10am to 11:30am" in listed
    with set_up():
        entry = db.scalars(select(TimetableEntry)).one()
        assert len(sessions_of(entry.id)) > 5
    assert "Tuesday 10 March 2026" in beth.get(f"/timetable/entries/{entry.id}").text


def test_going_back_from_a_plan_keeps_what_was_typed(set_up, knock):
    with set_up() as make:
        hub, activity = make.hub(), make.activity()
    back = knock("beth").post(
        f"/hubs/{hub.id}/entries/plan", repeats(activity.id, starts="9.15am", again="yes")
    )
    assert back.status_code == 200
    assert 'value="9.15am"' in back.text
    assert "There is a problem" not in back.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"starts": "later"}, "Enter a time"),
        ({"ends": "9am"}, "The end time must be after"),
        ({"activity_id": ""}, "Choose an activity"),
        ({"room_id": str(new_id())}, "Choose one of the rooms"),
        ({"first_date": ["31", "2", "2026"]}, "Enter a real date"),
        ({"first_date": ["3", "3", ""]}, "must include a year"),
        ({"first_date": ["1", "1", "9999"]}, "between 2000 and 2099"),
        ({"last_date": ["1", "1", "2026"]}, "The last date must be"),
        ({"weekday": "someday"}, "Choose a day of the week"),
    ],
)
def test_an_entry_that_cannot_be_is_shown_again_with_what_was_typed(set_up, knock, wrong, sentence):
    with set_up() as make:
        hub, activity = make.hub(), make.activity()
    answer = knock("beth").post(f"/hubs/{hub.id}/entries/plan", {**repeats(activity.id), **wrong})
    assert answer.status_code == 422
    assert sentence in unescape(answer.text)


def test_one_session_is_moved_alone(set_up, knock, tuesdays):
    with set_up():
        first, second = sessions_of(tuesdays)[:2]
    base = f"/timetable/sessions/{second.id}"
    beth = knock("beth")
    assert "Only this session" in beth.get(f"{base}/change").text
    assert beth.get(f"{base}/change?scope=rubbish").status_code == 422
    assert 'value="10:00"' in beth.get(f"{base}/change?scope=this_one").text

    asked = {
        "scope": "this_one",
        "on_date": ["11", "3", "2026"],
        "starts": "2pm",
        "ends": "3pm",
        "room_id": "",
    }
    plan = beth.post(f"{base}/plan", asked)
    assert "1 session moved" in plan.text
    assert "Wednesday 11 March 2026, 2pm to 3pm" in plan.text
    done = beth.post(f"{base}/change", typed(plan))

    assert done.location == base
    with set_up():
        moved = sessions_of(tuesdays)
    assert [s.on_date for s in moved[:3]] == [first.on_date, date(2026, 3, 11), date(2026, 3, 17)]


def test_this_and_those_that_follow_are_moved_together(set_up, knock, tuesdays):
    with set_up():
        second = sessions_of(tuesdays)[1]
    beth = knock("beth")
    base = f"/timetable/sessions/{second.id}"
    assert "Every week" in beth.get(f"{base}/change?scope=following").text
    plan = beth.post(f"{base}/plan", {"scope": "following", **repeats(weekday="thursday")})
    assert plan.status_code == 200
    done = beth.post(f"{base}/change", typed(plan))
    assert done.status_code == 303
    with set_up():
        days = [s.on_date.weekday() for s in db.scalars(select(Session).order_by(Session.starts_at)).all()]
    assert days[0] == 1
    assert set(days[1:]) == {3}


def test_a_plan_that_is_out_of_date_is_shown_again(set_up, knock, tuesdays):
    beth = knock("beth")
    plan = beth.post(f"/timetable/entries/{tuesdays}/plan", repeats(starts="9am"))
    with set_up():
        timetable.call_off(sessions_of(tuesdays)[2], "The boiler broke")
    again = beth.post(f"/timetable/entries/{tuesdays}/change", typed(plan))
    assert again.status_code == 422
    assert "has changed since you looked" in again.text
    done = beth.post(f"/timetable/entries/{tuesdays}/change", typed(again))
    assert done.status_code == 303


def test_a_room_that_is_taken_is_said_before_anything_changes(set_up, knock, tuesdays):
    with set_up() as make:
        session = sessions_of(tuesdays)[1]
        room = make.room()
        timetable.add_session(hub_id=session.hub_id, activity_id=make.activity("Messy play").id, room_id=room.id,
                              on_date=session.on_date, starts=time(10), ends=time(11))  # fmt: skip
    asked = {
        "scope": "this_one",
        "on_date": ["10", "3", "2026"],
        "starts": "10am",
        "ends": "11am",
        "room_id": str(room.id),
    }
    plan = knock("beth").post(f"/timetable/sessions/{session.id}/plan", asked)
    assert "This cannot be done" in plan.text
    assert "Messy play" in plan.text
    assert "Make this change" not in plan.text


def test_bookings_that_are_touched_are_counted_and_families_get_a_reason(
    set_up, knock, tuesdays, monkeypatch
):
    from hubs.service import drafts

    monkeypatch.setattr(drafts, "_countings", [lambda ids: dict.fromkeys(ids, 2)])
    beth = knock("beth")
    plan = beth.post(f"/timetable/entries/{tuesdays}/ending/plan", {"last_date": ["20", "3", "2026"]})
    assert "bookings are affected" in plan.text
    silent = beth.post(f"/timetable/entries/{tuesdays}/ending", typed(plan))
    assert silent.status_code == 422
    assert "Enter a reason" in silent.text
    done = beth.post(
        f"/timetable/entries/{tuesdays}/ending", {**typed(plan), "because": "The group has ended"}
    )
    assert done.status_code == 303
    with set_up():
        later = [s for s in sessions_of(tuesdays) if s.on_date > date(2026, 3, 20)]
    assert later
    assert {s.called_off_because for s in later} == {"The group has ended"}


def test_a_session_is_called_off_with_a_reason(set_up, knock):
    with set_up() as make:
        session = make.session()
    base = f"/timetable/sessions/{session.id}"
    beth = knock("beth")
    assert beth.get(f"{base}/cancellation").status_code == 200
    assert "Families are told this" in beth.post(f"{base}/cancellation", {"because": " "}).text
    done = beth.post(f"{base}/cancellation", {"because": f"The boiler {NASTY}"})
    page = beth.get(done.location).text
    assert "Called off" in page
    assert NASTY not in page
    assert "The boiler" in page
    twice = beth.post(f"{base}/cancellation", {"because": "Again"})
    assert twice.status_code == 409
    with set_up():
        assert db.scalars(select(Session.standing)).all() == [SessionStanding.CALLED_OFF]


def test_the_rota_warns_of_two_places_with_htmx_and_without(set_up, knock):
    with set_up() as make:
        one = make.session()
        make.session(activity=make.activity("Messy play"), starts_in=timedelta(hours=25))
        two = db.scalars(select(Session).where(Session.id != one.id)).one()
    beth, asha = knock("beth"), str(one.id)
    asha = str(make.cast["asha"])

    beth.post(f"/timetable/sessions/{one.id}/shifts", {"account_id": asha, "part": "leads"})
    part = beth.post(
        f"/timetable/sessions/{two.id}/shifts", {"account_id": asha, "part": "helps"}, htmx=True
    ).text

    assert part.strip().startswith('<section id="staff"')
    assert "is also at Stay and play" in part
    assert "is also at Messy play" in beth.get(f"/timetable/sessions/{one.id}").text
    assert "In two places" in beth.get("/timetable").text
    gone = beth.post(f"/timetable/sessions/{two.id}/shifts/{asha}/removal")
    assert gone.status_code == 303
    assert "is also at" not in beth.get(f"/timetable/sessions/{one.id}").text
    parent = beth.post(
        f"/timetable/sessions/{two.id}/shifts", {"account_id": str(make.cast["paula"]), "part": "leads"}
    )
    assert parent.status_code == 422
    nobody = beth.post(f"/timetable/sessions/{two.id}/shifts", {"part": "leads"})
    assert "Choose somebody who works for the council" in nobody.text


def test_a_worker_sees_the_rota_and_changes_nothing(set_up, knock):
    with set_up() as make:
        session = make.session()
    page = knock("asha").get(f"/timetable/sessions/{session.id}").text
    assert "Who works at this session" in page
    assert "Call off" not in page
    assert "Add somebody" not in page


def test_a_single_session_is_added_once_and_gets_other_places(set_up, knock):
    with set_up() as make:
        hub, activity = make.hub(), make.activity(most_families=9)
    beth = knock("beth")
    assert beth.get("/timetable/sessions/new").status_code == 200
    asked = {"activity_id": str(activity.id), "on_date": ["5", "3", "2026"], "starts": "10", "ends": "11",
             "room_id": "", "idempotency_key": "once"}  # fmt: skip
    first, again = (beth.post(f"/hubs/{hub.id}/sessions", asked) for _ in range(2))
    assert first.location == again.location
    assert (
        beth.post(
            f"/hubs/{hub.id}/sessions", {**asked, "on_date": ["1", "3", "2026"], "idempotency_key": "x"}
        ).status_code
        == 422
    )
    assert 'value="9"' in beth.get(f"{first.location}/places").text
    beth.post(f"{first.location}/places", {"most_families": "12", "most_children": "", "most_adults": ""})
    assert "Up to 12 families" in beth.get(first.location).text


def test_school_terms_that_changed_are_shown_and_applied_by_the_council(set_up, knock):
    from tenants import service as tenants
    from tenants.service import Dates
    from tenants.terms import DatesKind

    with set_up() as make:
        hub, activity = make.hub(), make.activity()
        term = Dates(DatesKind.TERM, "Spring term", date(2026, 1, 5), date(2026, 7, 17))
        tenants.set_term_dates([term])
        timetable.add_entry(hub_id=hub.id, activity_id=activity.id, weekday=Weekday.TUESDAY, starts=time(10),
                            ends=time(11), first_date=date(2026, 3, 3), term_time_only=True)  # fmt: skip
        tenants.set_term_dates(
            [term, Dates(DatesKind.HOLIDAY, "Easter", date(2026, 3, 30), date(2026, 4, 10))]
        )
    adam = knock("adam")
    assert knock("beth").get("/timetable/calendar-changes").status_code == 403
    plan = adam.get("/timetable/calendar-changes")
    assert "2 sessions removed" in plan.text
    done = adam.post("/timetable/calendar-changes", typed(plan))
    assert done.status_code == 303
    assert "Nothing changes" in adam.get("/timetable/calendar-changes").text
