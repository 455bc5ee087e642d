"""What the doctor says, and the commands about dead letters."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel import jobs, outbox
from kernel.clock import now
from kernel.db import db, unit_of_work
from kernel.ids import new_id
from kernel.journal import Entry
from kernel.outbox import Promise, promise
from messaging import queries, service
from messaging.service.addresses import connected


@pytest.fixture
def ask(app, world):
    """Run a command of messages: ``ask("doctor", "leeds")``."""
    return lambda *args: app.test_cli_runner().invoke(args=["messaging", *map(str, args)])


def set_aside(world):
    with unit_of_work(world.leeds):
        promise("test.unknown", key="old", due_at=now() - timedelta(hours=1), note_id=new_id())
        row = db.scalars(select(Promise).where(Promise.topic == "test.unknown")).one()
        row.attempts = outbox.TRIES - 1
    outbox.drain(world.leeds)
    return row.id


def test_the_doctor_finds_a_council_well(ask, world, notify):
    with unit_of_work(world.leeds):
        notify.serves()
        queries.settings().callback_hash = "known"
    jobs.swept()

    said = ask("doctor", "leeds").output

    for line in (
        "ok     the house: The mail server answers.", "ok     the house: Redis answers.",
        "ok     the house: A scheduler last looked under a minute ago.",
        "ok     leeds: GOV.UK Notify takes the key and knows the template for text messages.",
        "ok     leeds: Notify has been given a word", "ok     leeds: No dead letters.",
        "WRONG  the house: No worker runs.",
    ):  # fmt: skip
        assert line in said, line


def test_the_doctor_says_what_is_wrong(ask, world, notify):
    set_aside(world)
    with unit_of_work(world.leeds):
        notify.serves(text_template=str(new_id()))
    with unit_of_work(world.york):
        notify.serves(notify_key="york-" + str(new_id()) + "-" + str(new_id()))
    service.connect(**connected()._replace(smtp_url="smtp://127.0.0.1:1")._asdict())

    answer = ask("doctor")

    assert answer.exit_code == 1
    for line in (
        "WRONG  the house: The mail server does not answer as it should: ConnectionRefusedError.",
        "WRONG  leeds: Text messages: GOV.UK Notify does not know the template",
        "WRONG  york: Text messages: GOV.UK Notify does not accept the council’s key.",
        "WRONG  leeds: Notify cannot tell us what arrived", "WRONG  leeds: 1 dead letter: see",
        "WRONG  the house: No scheduler runs.",
    ):  # fmt: skip
        assert line in answer.output, line


def test_dead_letters_are_listed_and_tried_again_by_command(ask, world):
    number = set_aside(world)

    assert f"leeds\t{number}\ttest.unknown\t2026-03-02 10:00\t{outbox.TRIES}\tKeyError" in ask("dead").output
    assert ask("retry", "york", number).exit_code == 1
    assert ask("retry", "leeds", number).output == "1 will be tried again.\n"
    assert ask("retry", "leeds").output == "0 will be tried again.\n"
    assert ask("retry", "nowhere").exit_code == 1

    with unit_of_work(world.leeds):
        assert db.scalars(select(Entry.subject).where(Entry.kind == "DeadLetterRevived")).all() == [number]
