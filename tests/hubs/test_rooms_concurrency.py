"""Two sessions never have one room at once, however many people plan at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, time
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from hubs.errors import RoomTaken
from hubs.models import RoomSlot, Session, TimetableEntry, Upload
from hubs.service import imports, rooms, timetable
from hubs.service.rooms import Occupancy
from hubs.terms import Scope, Weekday
from kernel.db import db, find, unit_of_work
from kernel.ids import new_id

WRITERS = 8
MORNING = {"on_date": date(2026, 3, 10), "starts": time(10), "ends": time(11, 30)}


@pytest.fixture
def place(set_up: Any) -> dict[str, UUID]:
    """A hub, an activity and a room that everybody wants."""
    with set_up() as make:
        return {"hub_id": make.hub().id, "activity_id": make.activity().id, "room_id": make.room().id}


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sees what others have before they write: only the database can say no."""
    looked = rooms.occupancy
    calls: dict[int, int] = {}

    def look(wants: Any, *, but: Any = ()) -> Occupancy:
        # the first look of each thread finds nothing; the one that names who was quicker is true
        import threading

        calls[threading.get_ident()] = calls.get(threading.get_ident(), 0) + 1
        return Occupancy() if calls[threading.get_ident()] == 1 else looked(wants, but=but)

    monkeypatch.setattr(rooms, "occupancy", look)


def at_once(world: Any, *tasks: Callable[[], Any]) -> list[Any]:
    """Do each task in a thread and a unit of work of its own, all at once; return what came of each."""
    barrier = Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        try:
            with unit_of_work(world.leeds):
                db.scalar(select(func.count(Session.id)))
                barrier.wait(10)
                return task()
        except Exception as failure:
            return failure

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


@contextmanager
def looking(world: Any) -> Any:
    with unit_of_work(world.leeds, read_only=True):
        yield


def overlaps() -> int:
    """How many pairs of planned sessions have one room at one time."""
    planned = list(
        db.scalars(select(Session).where(Session.room_id.is_not(None), Session.called_off_at.is_(None)))
    )
    return sum(
        one.room_id == other.room_id and one.starts_at < other.ends_at and other.starts_at < one.ends_at
        for n, one in enumerate(planned)
        for other in planned[n + 1 :]
    )


@pytest.mark.usefixtures("blind")
def test_of_many_who_want_one_room_exactly_one_gets_it(world: Any, place: dict[str, UUID]) -> None:
    came = at_once(world, *(lambda: timetable.add_session(**place, **MORNING) for _ in range(WRITERS)))

    assert [type(one) for one in came].count(Session) == 1
    refused = [one for one in came if not isinstance(one, Session)]
    assert {type(one) for one in refused} == {RoomTaken}
    assert {str(one) for one in refused} == {
        "Blue room is taken: Stay and play, Tuesday 10 March 2026, 10am to 11:30am. "
        "Choose another room or another time."
    }
    with looking(world):
        assert db.scalar(select(func.count(Session.id))) == 1
        assert db.scalar(select(func.count(RoomSlot.id))) == 6


@pytest.mark.usefixtures("blind")
def test_entries_that_are_added_at_once_share_no_room(world: Any, place: dict[str, UUID]) -> None:
    def add(minute: int) -> Any:
        return timetable.add_entry(
            **place, weekday=Weekday.TUESDAY, starts=time(10, minute), ends=time(11, minute),
            first_date=date(2026, 3, 3),
        )  # fmt: skip

    came = at_once(world, *(lambda m=m: add(m) for m in (0, 15, 30, 45)))  # type: ignore[misc]

    assert sum(not isinstance(one, Exception) for one in came) == 1
    assert {type(one) for one in came if isinstance(one, Exception)} == {RoomTaken}
    with looking(world):
        assert overlaps() == 0
        assert db.scalar(select(func.count(Session.id))) == 14


@pytest.mark.usefixtures("blind")
def test_of_sessions_that_move_into_one_room_at_once_one_moves(
    world: Any, set_up: Any, place: dict[str, UUID]
) -> None:
    with set_up():
        moving = [
            timetable.add_session(**place, **{**MORNING, "on_date": date(2026, 3, day)}).id
            for day in (11, 12, 13)
        ]

    def move(session_id: UUID) -> Any:
        session = db.scalars(select(Session).where(Session.id == session_id)).one()
        return timetable.apply_change(session, Scope.THIS_ONE, {"on_date": date(2026, 3, 10)})

    came = at_once(world, *(lambda s=s: move(s) for s in moving))  # type: ignore[misc]

    assert sum(not isinstance(one, Exception) for one in came) == 1
    assert {type(one) for one in came if isinstance(one, Exception)} == {RoomTaken}
    with looking(world):
        assert overlaps() == 0
        assert db.scalar(select(func.count(RoomSlot.id))) == 18


def test_laying_out_at_once_lays_out_once(
    world: Any, set_up: Any, place: dict[str, UUID], clock: Any
) -> None:
    with set_up():
        for hour in (9, 11, 13):
            timetable.add_entry(
                **place,
                weekday=Weekday.TUESDAY,
                starts=time(hour),
                ends=time(hour + 1),
                first_date=date(2026, 3, 3),
            )
    clock.move_to(datetime.fromisoformat("2026-03-30T09:00+00:00"))

    came = at_once(world, *(timetable.lay_out for _ in range(4)))

    assert [one for one in came if isinstance(one, Exception)] == []
    assert sum(len(plan.add) for plan in came) == 12
    with looking(world):
        assert db.scalar(select(func.count(Session.id))) == 3 * 18
        assert overlaps() == 0


def test_a_file_that_is_imported_twice_at_once_is_imported_once(world: Any, set_up: Any) -> None:
    rows = b"Venue,Activity,Day,Time\nHall,Baby club,Wed,10-11am\nHall,Chess,Fri,10-11am\n"
    with set_up():
        kept = [imports.upload("timetable", "spring.csv", rows).id for _ in range(3)]

    came = at_once(world, *(lambda k=k: imports.apply(find(Upload, k)) for k in kept))  # type: ignore[misc]

    assert sorted(done.added for done in came) == [0, 0, 2]
    with looking(world):
        assert db.scalar(select(func.count(TimetableEntry.id))) == 2


def test_the_database_itself_refuses_a_quarter_of_an_hour_twice(
    world: Any, set_up: Any, place: dict[str, UUID]
) -> None:
    with set_up():
        first = timetable.add_session(**place, **MORNING)
        other = timetable.add_session(**{**place, "room_id": None}, **MORNING)

    with pytest.raises(IntegrityError), unit_of_work(world.leeds):
        db.add(
            RoomSlot(id=new_id(), room_id=place["room_id"], slot_start=first.starts_at, session_id=other.id)
        )
