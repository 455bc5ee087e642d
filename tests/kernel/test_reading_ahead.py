"""What a few promises in a row need is read at once, and each is kept for itself all the same."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from structlog.testing import capture_logs

from hubs.models import Hub
from kernel import outbox
from kernel.clock import now
from kernel.db import afterwards, db, find, several, unit_of_work
from kernel.ids import new_id
from kernel.outbox import Wanted, promise_all
from tenants.models import CouncilSettings

TOPIC = "test.ahead"


@pytest.fixture
def keeping():
    """Keep the promises of a topic with a function, and read ahead for them with another."""

    def register(keeper, reader):
        outbox.keeps(TOPIC)(keeper)
        outbox.reads_ahead(TOPIC)(reader)

    yield register
    del outbox._keepers[TOPIC], outbox._readers[TOPIC]


@contextmanager
def asked(engine):
    """List the statements that are made, but for those that begin a transaction."""
    made = []

    def note(*told):
        if not told[2].startswith("SET LOCAL"):
            made.append(told[2])

    event.listen(engine, "before_cursor_execute", note)
    yield made
    event.remove(engine, "before_cursor_execute", note)


def promised(council, number):
    things = [new_id() for _ in range(number)]
    with unit_of_work(council):
        promise_all(
            [
                Wanted(TOPIC, f"{TOPIC}:{thing}", now() - timedelta(seconds=number - place), {"thing": thing})
                for place, thing in enumerate(things)
            ]
        )
    return things


def test_what_is_read_ahead_is_there_for_each(world, keeping):
    read, found = [], []

    def reader(promises):
        read.append({one["thing"] for one in promises})
        outbox.memory()["names"] = {one["thing"]: str(one["thing"])[:4] for one in promises}

    keeping(lambda thing: found.append((thing, outbox.memory()["names"][thing])), reader)
    things = promised(world.leeds, 3)

    assert outbox.drain(world.leeds) == 3
    assert read == [set(things)]
    assert sorted(found) == sorted((thing, str(thing)[:4]) for thing in things)


def test_one_that_cannot_be_read_ahead_stops_none(world, keeping):
    kept = []

    def reader(promises):
        raise LookupError("one of them")

    keeping(lambda **ids: kept.append(ids["thing"]), reader)
    things = promised(world.leeds, 3)

    with capture_logs() as said:
        assert outbox.drain(world.leeds) == 3
    assert sorted(kept) == sorted(things)
    assert [(one["event"], one["kind"]) for one in said] == [("not read ahead", "LookupError")]


def test_one_that_fails_takes_back_its_own_changes_alone(world, set_up, keeping):
    """They share what they have read: what one of them changed and did not keep must not be among it."""
    told, seen = [], []

    def reader(promises):
        outbox.memory()["hub"] = find(Hub, hub_id)

    def keeper(thing):
        hub = find(Hub, hub_id)
        seen.append(hub.area)
        hub.area = f"moved by {thing}"
        db.flush()
        afterwards(lambda: told.append(thing))
        if thing == fails:
            raise RuntimeError

    with set_up() as make:
        hub_id = make.hub(area="Centre").id
    keeping(keeper, reader)
    fails, is_kept = promised(world.leeds, 2)

    outbox.drain(world.leeds)

    assert seen == ["Centre", "Centre"]
    assert told == [is_kept], "what should follow from the other does not"
    with unit_of_work(world.leeds):
        assert find(Hub, hub_id).area == f"moved by {is_kept}"


def test_what_one_of_several_read_the_next_need_not_read_again(world):
    with several() as shared:
        with unit_of_work(world.leeds, among=shared):
            held = db.scalars(select(CouncilSettings)).all()
        with asked(world.engine) as statements, unit_of_work(world.leeds, among=shared):
            again = [find(CouncilSettings, row.id) for row in held]
    assert held
    assert again == list(held)
    assert statements == []
