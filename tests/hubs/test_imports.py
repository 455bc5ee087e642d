"""Importing files of hubs and timetables."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from hubs import jobs
from hubs.models import Activity, Hub, Room, Session, TimetableEntry, Upload
from hubs.rules import RowStanding
from hubs.service import drafts, imports
from hubs.service.imports import HUBS, TIMETABLE, Imported
from hubs.service.timetable import end_entry
from hubs.terms import BookingMode, HubKind, SessionStanding, Weekday
from kernel.clock import wall
from kernel.db import db
from kernel.errors import NotFound, Refusal
from kernel.spreadsheets import CannotReadFile
from tests.making import Make

YORK = Path(__file__).parent.parent / "data" / "york"
HEADINGS = "Venue,Activity,Day,Time,First date,Term time only,Ages,Booking,Cost,Room,Places\n"

pytestmark = pytest.mark.usefixtures("make")


def bring(kind: str, content: str | bytes) -> Imported:
    """Upload a file and import it."""
    return imports.apply(uploaded(kind, content))


def uploaded(kind: str, content: str | bytes) -> Upload:
    return imports.upload(kind, "a file.csv", content.encode() if isinstance(content, str) else content)


def york() -> Imported:
    bring(HUBS, (YORK / "hubs.csv").read_bytes())
    return bring(TIMETABLE, (YORK / "timetable.csv").read_bytes())


def count(model: Any) -> int:
    return db.scalar(select(func.count(model.id))) or 0


def entries() -> list[TimetableEntry]:
    return list(db.scalars(select(TimetableEntry).order_by(TimetableEntry.first_date, TimetableEntry.id)))


def test_yorks_files_become_a_timetable_of_sessions() -> None:
    done = york()

    assert (done.added, done.unreadable, done.refused, done.hubs) == (10, 0, [], 0)
    assert (count(Hub), count(TimetableEntry)) == (8, 10)
    assert done.sessions == count(Session) > 100
    hob_moor = db.scalars(select(Hub).where(Hub.name_key.like("hob moor%"))).one()
    assert (hob_moor.kind, hob_moor.area) == (HubKind.FAMILY_HUB, "Acomb and Westfield")


def test_yorks_sessions_are_at_their_times_through_march_and_october(clock: Any) -> None:
    york()
    march = list(db.scalars(select(Session)))
    clock.move_to(datetime(2026, 9, 28, 9, tzinfo=UTC))
    jobs.lay_out()
    every = list(db.scalars(select(Session)))

    assert len(every) > len(march)
    for session in every:
        entry = session.entry
        assert entry
        assert (wall(session.starts_at).time(), wall(session.ends_at).time()) == (entry.starts, entry.ends)
        assert Weekday.of(session.on_date) == entry.weekday
    offsets = {(s.on_date.month, wall(s.starts_at).utcoffset()) for s in every}
    assert {
        (3, timedelta(0)),
        (4, timedelta(hours=1)),
        (10, timedelta(hours=1)),
        (11, timedelta(0)),
    } <= offsets


def test_yorks_fortnights_are_counted_from_2023() -> None:
    york()

    [fortnightly] = [entry for entry in entries() if entry.every_weeks == 2]

    assert fortnightly.first_date == date(2023, 8, 16)
    days = db.scalars(select(Session.on_date).where(Session.entry_id == fortnightly.id)).all()
    assert days
    assert {(day - fortnightly.first_date).days % 14 for day in days} == {0}


def test_importing_yorks_files_again_does_nothing() -> None:
    york()
    before = (count(Hub), count(Activity), count(TimetableEntry), count(Session))

    again = york()

    assert (again.added, again.changed, again.unchanged, again.sessions) == (0, 0, 10, 0)
    assert (count(Hub), count(Activity), count(TimetableEntry), count(Session)) == before


def test_an_upload_that_was_imported_can_be_imported_again_and_does_nothing() -> None:
    kept = uploaded(TIMETABLE, (YORK / "timetable.csv").read_bytes())

    imports.apply(kept)
    again = imports.apply(kept)

    assert (again.added, again.unchanged) == (0, 10)
    assert kept.applied_at


def test_looking_at_a_file_changes_nothing() -> None:
    kept = uploaded(TIMETABLE, (YORK / "timetable.csv").read_bytes())

    found = imports.preview(kept)

    assert [row.standing for row in found.rows] == [RowStanding.NEW] * 10
    assert "the place" in " ".join(found.rows[0].explanation)
    assert found.summary() == "10 rows to add."
    assert found.columns.names
    assert (count(Hub), count(TimetableEntry)) == (0, 0)


def test_a_timetable_brings_its_places_rooms_and_activities_with_it() -> None:
    row = "St Luke's Hall,Baby club,Mondays and Thursdays,10-11.30am,,yes,0-18 months,must book,£2,Green room,12\n"

    done = bring(TIMETABLE, HEADINGS + row)

    assert (done.added, done.hubs, done.activities) == (2, 1, 1)
    hub, room, activity = (db.scalars(select(one)).one() for one in (Hub, Room, Activity))
    assert (hub.name, hub.kind) == ("St Luke's Hall", HubKind.COMMUNITY_VENUE)
    assert (room.name, room.hub_id) == ("Green room", hub.id)
    assert (activity.mode, activity.price_pence, activity.most_families) == (BookingMode.BOOKABLE, 200, 12)
    assert (activity.age_from_months, activity.age_to_months) == (0, 18)
    assert [(e.weekday, e.starts, e.term_time_only, e.room_id) for e in entries()] == [
        (Weekday.MONDAY, time(10), True, room.id),
        (Weekday.THURSDAY, time(10), True, room.id),
    ]


def test_an_empty_first_date_is_this_week() -> None:
    bring(TIMETABLE, HEADINGS + "Hall,Baby club,Wed,10-11am,,no,,,,,\n")

    assert [entry.first_date for entry in entries()] == [date(2026, 3, 4)]


def test_a_row_that_cannot_be_read_does_not_stop_the_others() -> None:
    done = bring(
        TIMETABLE, HEADINGS + "Hall,Baby club,Wed,10-11am,,,,,,,\nHall,Chess,Someday,10-11am,,,,,,,\n"
    )

    assert (done.added, done.unreadable, count(TimetableEntry)) == (1, 1, 1)


def test_a_row_that_is_refused_leaves_nothing_behind(make: Make) -> None:
    make.activity("Old club").ended_at = datetime(2026, 1, 1, tzinfo=UTC)
    rows = "Hall,Old club,Wed,10-11am,,,,,,,\nHall,Baby club,Wed,10-11am,,,,,,,\n"

    done = bring(TIMETABLE, HEADINGS + rows)

    assert done.refused == [(2, "Old club is no longer offered")]
    assert (done.added, done.hubs, count(Hub), count(TimetableEntry)) == (1, 1, 1, 1)


def test_a_changed_row_moves_sessions_and_says_how_many_bookings_it_touches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bring(TIMETABLE, HEADINGS + "Hall,Baby club,Wed,10-11am,,,,,,,\nHall,Chess,Fri,10-11am,,,,,,,\n")
    first = db.scalars(select(Session).order_by(Session.starts_at)).first()
    assert first
    monkeypatch.setattr(drafts, "_countings", [lambda ids: {first.id: 3}])
    later = HEADINGS + "Hall,Baby club,Wed,10am-noon,,,,,,,\nHall,Chess,Fri,2-3pm,,,,,,,\n"

    shown = imports.preview(uploaded(TIMETABLE, later))
    done = bring(TIMETABLE, later)

    assert [row.standing for row in shown.rows] == [RowStanding.CHANGED] * 2
    assert shown.rows[0].explanation == ("10am to midday instead of 10am to 11am.",)
    assert "not in this file" in shown.rows[1].warnings[-1]
    assert (len(shown.plan.move), shown.plan.touches) == (27, 3)
    assert (done.changed, done.added, count(TimetableEntry)) == (2, 0, 2)
    assert {(wall(s.starts_at).hour, wall(s.ends_at).hour) for s in db.scalars(select(Session))} == {
        (10, 12),
        (14, 15),
    }
    assert imports.preview(uploaded(TIMETABLE, later)).is_empty


def test_a_file_of_additions_moves_nothing() -> None:
    bring(TIMETABLE, HEADINGS + "Hall,Baby club,Wed,10-11am,,,,,,,\n")

    done = bring(TIMETABLE, HEADINGS + "Hall,Baby club,Wed,2-3pm,,,,,,,\n")

    assert (done.added, done.changed, count(TimetableEntry)) == (1, 0, 2)


def test_rows_that_the_file_lacks_are_said_and_left_alone() -> None:
    both = "Hall,Baby club,Wed,10-11am,,,,,,,\nHall,Chess,Fri,10-11am,,,,,,,\n"
    bring(TIMETABLE, HEADINGS + both)
    shorter = HEADINGS + both.splitlines()[0]

    found = imports.preview(uploaded(TIMETABLE, shorter))
    bring(TIMETABLE, shorter)

    assert [entry.activity.title for entry in found.not_in_file] == ["Chess"]
    assert db.scalar(select(func.count(Session.id)).where(Session.standing == SessionStanding.PLANNED)) == 27


def test_an_entry_that_was_ended_comes_back_with_the_file() -> None:
    text = HEADINGS + "Hall,Baby club,Wed,10-11am,,,,,,,\n"
    bring(TIMETABLE, text)
    end_entry(entries()[0], date(2026, 3, 2))

    assert bring(TIMETABLE, text).added == 1


def test_two_rows_that_contradict_each_other_do_not_change_an_activity_to_and_fro() -> None:
    rows = "Hall,Baby club,Wed,10-11am,,,0-1 years,,£2,,\nHall,Baby club,Fri,10-11am,,,0-4 years,,free,,\n"

    bring(TIMETABLE, HEADINGS + rows)

    assert imports.preview(uploaded(TIMETABLE, HEADINGS + rows)).is_empty
    assert db.scalars(select(Activity)).one().price_pence == 200


def test_days_on_which_a_room_is_taken_are_said() -> None:
    rows = "Hall,Baby club,Wed,10-11am,,,,,,Green,\nHall,Chess,Wed,10.30-11.30am,,,,,,Green,\n"

    done = bring(TIMETABLE, HEADINGS + rows)

    assert len(done.left_out) == 14
    assert done.left_out[0].reason == "Green is taken: Baby club, Wednesday 4 March 2026, 10am to 11am."


def test_hubs_are_changed_by_their_file() -> None:
    bring(HUBS, "Name,Area,Phone\nSeacroft,East,\n")

    done = bring(HUBS, "Name,Area,Phone\nSEACROFT,North,0113 496 0000\nGipton,,\nGipton,,\n")

    assert (done.added, done.changed, done.duplicate) == (1, 1, 1)
    seacroft = db.scalars(select(Hub).where(Hub.name_key == "seacroft")).one()
    assert (seacroft.area, seacroft.phone, seacroft.name) == ("North", "0113 496 0000", "Seacroft")


def test_a_new_hub_opens_as_its_file_says() -> None:
    text = "Name,Opening times\nSeacroft,Mon-Thurs 9am-5pm; Fri 9am-1pm; by appointment\n"

    [row] = imports.preview(uploaded(HUBS, text)).rows
    bring(HUBS, text)

    assert "We cannot read when it is open from ‘by appointment’." in row.warnings
    seacroft = db.scalars(select(Hub)).one()
    times = {one.weekday: (one.starts, one.ends) for one in seacroft.opening_times}
    assert len(times) == 5
    assert times[Weekday.FRIDAY] == (time(9), time(13))
    assert "new places only" in imports.preview(uploaded(HUBS, text)).rows[0].warnings[-1]


def test_columns_can_be_chosen_and_a_place_be_given() -> None:
    text = "Thing,Day,Time,Whatever\nBaby club,Wed,10-11am,x\n"
    kept = uploaded(TIMETABLE, text)
    assert imports.preview(kept).problem

    done = imports.apply(kept, choices={"Thing": "activity"}, venue="Seacroft")

    assert (done.added, db.scalars(select(Hub)).one().name) == (1, "Seacroft")


def test_a_file_that_cannot_be_used_is_refused() -> None:
    with pytest.raises(CannotReadFile, match="PDF"):
        uploaded(TIMETABLE, "%PDF-1.7 and so on")
    with pytest.raises(NotFound):
        uploaded("families", HEADINGS)
    with pytest.raises(Refusal, match="headings"):
        bring(TIMETABLE, "one,two\n1,2\n")


def test_progress_is_told_row_by_row() -> None:
    told: list[int] = []

    imports.apply(uploaded(TIMETABLE, (YORK / "timetable.csv").read_bytes()), progress=told.append)

    assert sum(told) == 10


def test_uploads_are_forgotten_after_a_week(clock: Any) -> None:
    uploaded(HUBS, "Name\nSeacroft\n")
    clock.shift(timedelta(days=6))
    assert jobs.forget_uploads() == "0 files deleted"

    clock.shift(timedelta(days=2))

    assert jobs.forget_uploads() == "1 file deleted"
    assert count(Upload) == 0
