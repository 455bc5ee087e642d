"""What those who run the house see of the queues, through the door."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel import outbox, standing
from kernel.clock import now
from kernel.db import db, unit_of_work
from kernel.ids import new_id
from kernel.journal import Entry
from kernel.outbox import Promise, drain, keeps, promise
from messaging.models import Message
from messaging.terms import Channel, MessageStanding, NotSent
from tests.knocking import Knocker

PATIENCE = ["fails", "fails"]


@keeps("test.heavy")
def fail_until_told(note_id):
    """Fail as often as PATIENCE says; say which attempt it is."""
    if PATIENCE:
        raise OSError(str(note_id))
    return f"attempt {outbox.attempt()}"


@pytest.fixture
def dead(world):
    """Something of Leeds that was set aside, and something of York's."""
    PATIENCE[:] = ["fails"]
    ids = {}
    for council in ("leeds", "york"):
        with unit_of_work(getattr(world, council)):
            promise("test.heavy", key="heavy", note_id=new_id())
            row = db.scalars(select(Promise).where(Promise.topic == "test.heavy")).one()
            row.attempts, ids[council] = outbox.TRIES - 1, row.id
        drain(getattr(world, council))
    with unit_of_work(world.leeds):
        promise("test.failing", key="failing", note_id=new_id())
    drain(world.leeds)
    with unit_of_work(world.leeds):
        promise("test.later", key="later", due_at=now() + timedelta(days=3), note_id=new_id())
        promise("test.unknown", key="old", due_at=now() - timedelta(minutes=50), note_id=new_id())
        for standing_, because in (
            (MessageStanding.FAILED, None),
            (MessageStanding.NOT_SENT, NotSent.REFUSED),
            (MessageStanding.SENT, None),
        ):
            db.add(
                Message(
                    kind="reminder", about=new_id(), channel=Channel.TEXT, address="+447700900123", key=str(new_id()),
                    standing=standing_, because=because, sent_at=now() - timedelta(hours=1), late_seconds=3600,
                )
            )  # fmt: skip
    return ids


def kept(world, council="leeds"):
    with unit_of_work(getattr(world, council)):
        return db.scalars(select(Promise).where(Promise.topic == "test.heavy")).one()


def test_operators_see_how_it_stands_with_each_council_and_no_family(dead, knock):
    olga = knock("olga")

    councils = olga.get("/queues").text
    leeds = olga.get("/queues/leeds").text

    assert councils.index("/queues/leeds") < councils.index("/queues/operators"), "trouble first"
    assert "50 minutes" in councils
    for said in (
        "50 minutes",
        "A reminder of a session",
        "Fail as often as PATIENCE says; say which attempt it is",
        "test.heavy",
        "OSError",
        str(dead["leeds"]),
        "60 minutes</dd>",
        "To be tried again</td>",
        "Set aside</td>",
    ):
        assert said in leeds, said
    assert "+447700900123" not in leeds
    assert str(dead["york"]) not in leeds


def test_what_is_tried_again_counts_as_tried_once_and_is_in_the_councils_journal(dead, knock, world):
    PATIENCE.clear()

    knock("olga").post(f"/queues/leeds/dead-letters/{dead['leeds']}/revival")
    drain(world.leeds)

    assert kept(world).outcome == "attempt 2", "so that the carrier is asked whether it took it before"
    assert kept(world, "york").dead_at
    with unit_of_work(world.leeds):
        entry = db.scalars(select(Entry).where(Entry.kind == "DeadLetterRevived")).one()
    assert (entry.actor, entry.subject, entry.facts) == (
        world.cast["olga"],
        dead["leeds"],
        {"topic": "test.heavy"},
    )


def test_all_are_tried_again_or_one_is_forgotten(dead, knock, world):
    olga = knock("olga")

    assert "Forget this?" in olga.get(f"/queues/york/dead-letters/{dead['york']}/removal").text
    olga.post(f"/queues/york/dead-letters/{dead['york']}/removal")
    olga.post("/queues/leeds/revival")

    assert kept(world, "york").outcome == standing.FORGOTTEN
    assert (kept(world).dead_at, kept(world).attempts) == (None, 1)
    with unit_of_work(world.leeds):
        assert standing.standing().dead == 0
        assert db.scalars(select(Entry.facts).where(Entry.kind == "DeadLettersRevived")).one() == {
            "number": 1
        }


def test_who_was_slower_than_a_colleague_is_told_so(dead, knock):
    olga, letter = knock("olga"), f"/queues/leeds/dead-letters/{dead['leeds']}"
    olga.post(f"{letter}/revival")

    for asked in ("revival", "removal"):
        answer = olga.post(f"{letter}/{asked}")
        assert (answer.status_code, "not set aside any more" in answer.text) == (409, True), asked


def test_a_dead_letter_is_found_in_its_own_council_alone_and_by_operators_alone(app, dead, knock, world):
    olga = knock("olga")
    for path in (
        f"/queues/york/dead-letters/{dead['leeds']}/revival",
        f"/queues/leeds/dead-letters/{new_id()}/revival",
        "/queues/nowhere/revival",
    ):
        assert olga.post(path).status_code == 404, path
    for who in ("adam", "beth", "carl"):
        assert knock(who).get("/queues").status_code == 404, "not a page of councils"
    assert Knocker(app, "test").get("/queues").status_code == 303
    assert kept(world).dead_at


def test_a_page_of_dead_letters_that_is_no_more_shows_the_last(dead, knock):
    page = knock("olga").get("/queues/leeds?page=3").text

    assert str(dead["leeds"]) in page
    assert "Nothing is set aside" not in page


def test_daily_work_that_nobody_did_is_told(world, clock):
    with unit_of_work(world.leeds):
        undone, late = standing.chores(since=now() - timedelta(days=9))
        newly = standing.chores(since=now() - timedelta(minutes=5))
    assert undone
    assert late > timedelta(hours=1)
    assert newly.late == timedelta(minutes=5), "a council that has just joined"


@pytest.mark.parametrize(("on_time", "late"), [(True, timedelta()), (False, timedelta(hours=8))])
def test_what_waits_for_the_morning_is_not_late_then_and_what_waits_for_the_far_side_is(
    world, clock, on_time, late
):
    heard, ages = [], []

    @keeps("test.waits")
    def wait(note_id):
        if not heard:
            heard.append(None)
            raise outbox.NotYet(now() + timedelta(hours=8), "waits", on_time=on_time)
        heard.append(outbox.lateness())

    with unit_of_work(world.leeds):
        promise("test.waits", key="w", note_id=new_id())
    drain(world.leeds)
    for _ in range(2):
        clock.shift(timedelta(hours=4))
        with unit_of_work(world.leeds):
            ages.append(standing.standing().age)
    assert ages == [late / 2, late]
    drain(world.leeds)

    assert heard == [None, late]
