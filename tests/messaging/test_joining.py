"""Several messages that are due to one person at once, and messages that are due in the night, through the outbox."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel import outbox
from kernel.clock import now
from kernel.db import db, unit_of_work
from kernel.ids import new_id
from kernel.outbox import Promise, promise
from messaging import service
from messaging.models import Message, MessageSettings, MessageWording
from messaging.service import joining, sending
from messaging.service.carriers import Handed
from messaging.terms import Channel, Group, Letter, MessageStanding, Never, NotSent, Recipient, Way
from tests.conftest import MONDAY
from tests.post import words

PAULA = Recipient(id=new_id(), email="paula@people.example", phone="07700 900111")
ZOFIA = Recipient(id=new_id(), email="zofia@people.example", phone="07700 900333")
NIGHT = MONDAY.replace(hour=23)
MORNING = MONDAY.replace(day=3, hour=8)
SESSIONS = ["Stay and play", "Messy play", "Baby massage"]


@pytest.fixture
def told(monkeypatch):
    """What is told of each thing that is promised: ``told[id] = (to, letter)``, a word, or what goes wrong."""
    letters = {}

    def write(thing):
        found = letters[thing]
        if isinstance(found, Exception):
            raise found
        return found if isinstance(found, str) else found[1]

    def keep(thing):
        letter = write(thing)
        return (
            letter
            if isinstance(letter, str)
            else service.send(letter, to=letters[thing][0], about=thing, key=f"reminding:{thing}")
        )

    monkeypatch.setitem(outbox._keepers, "reminding", keep)
    monkeypatch.setitem(joining._joining, "reminding", write)
    return letters


@pytest.fixture
def remind(stage, told):
    """Promise somebody a message about each of these sessions, due now: the ids of what they are about."""

    def reminding(*sessions, to=PAULA, kind="reminder", useless_in=timedelta(days=1)):
        ids = [new_id() for _ in sessions]
        with unit_of_work(stage.leeds):
            for thing, session in zip(ids, sessions, strict=True):
                says = {"session": session} if session else {}
                told[thing] = (to, Letter(kind=kind, says=says, useless_after=now() + useless_in))
                promise("reminding", key=f"reminding:{thing}", for_id=to.id, thing=thing)
        return ids

    return reminding


@pytest.fixture
def drain(stage):
    """Keep what is due: how many promises were tried."""
    return lambda: outbox.drain(stage.leeds)


@pytest.fixture
def carried(monkeypatch):
    """What was handed to whoever carries it, texts too; ``fails`` after it was taken; ``knows`` says what was taken."""

    class Carrier(list):
        fails, knows = 0, True

        def carry(self, parcel):
            self.append(parcel)
            if self.fails:
                self.fails -= 1
                raise TimeoutError
            return Handed(f"ref-{len(self)}")

        def find(self, parcel):
            return Handed("found") if self.knows and parcel.key in {one.key for one in self} else None

    carrier = Carrier()
    monkeypatch.setattr(sending, "carrier_of", lambda channel, settings: carrier)
    return carrier


def rows(stage):
    with unit_of_work(stage.leeds):
        return db.scalars(select(Promise).order_by(Promise.id)).all()


def messages(stage):
    with unit_of_work(stage.leeds):
        return db.scalars(select(Message).order_by(Message.id)).all()


def texts(stage):
    with unit_of_work(stage.leeds):
        db.add(MessageSettings(texts=True, ways={}))


@pytest.mark.parametrize("number", [2, 3])
def test_several_that_are_due_at_once_become_one_email(stage, post, remind, drain, number):
    things = remind(*SESSIONS[:number])
    remind("Walking group", to=ZOFIA)

    drain()

    hers, zofias = sorted(post.letters, key=lambda letter: letter["To"])
    assert [hers["To"], zofias["To"]] == ["paula@people.example", "zofia@people.example"]
    assert str(number) in hers["Subject"]
    assert all(session in words(hers) for session in SESSIONS[:number])
    assert "Walking group" in words(zofias)
    assert "Walking group" not in words(hers)
    assert {row.outcome for row in rows(stage)} == {"sent", "sent with others"}
    kept = [note for note in messages(stage) if note.person_id == PAULA.id]
    assert {note.about for note in kept} == set(things), "each is seen as told"
    assert len({note.reference for note in kept}) == 1


def test_several_become_one_text_that_is_paid_once_and_asks_nothing(stage, carried, remind, drain):
    texts(stage)
    remind(*SESSIONS[:2])

    drain()

    [parcel] = carried
    assert (parcel.channel, parcel.to) == (Channel.TEXT, "+447700900111")
    assert "2" in parcel.message.text
    kept = messages(stage)
    assert sorted(note.parts > 0 for note in kept) == [False, True]
    assert not any(note.asks for note in kept), "nobody knows to which of them YES would be"


def test_what_is_overtaken_is_left_out_what_is_dead_stays_so_and_what_fails_is_tried_alone(
    stage, post, told, remind, drain, clock
):
    first, overtaken, dead, poisoned, last = remind(
        "Stay and play", "Called off", "Dead", "Poison", "Baby massage"
    )
    told[overtaken] = "called off"
    told[poisoned] = LookupError("nothing there")
    with unit_of_work(stage.leeds):
        db.scalars(select(Promise).where(Promise.payload["thing"].astext == str(dead))).one().dead_at = now()

    drain()

    [letter] = post.letters
    assert "2" in letter["Subject"]
    for word in ("Called off", "Dead", "Poison"):
        assert word not in words(letter)
    outcomes = {row.payload["thing"]: (row.outcome, row.error) for row in rows(stage)}
    assert {outcomes.pop(str(one)) for one in (first, last)} == {("sent", None), ("sent with others", None)}
    assert outcomes == {
        str(overtaken): ("called off", None), str(dead): (None, None), str(poisoned): (None, "LookupError"),
    }  # fmt: skip


@pytest.mark.parametrize("knows", [True, False])
def test_a_failure_in_the_middle_leaves_all_to_be_told_together_again(
    stage, carried, remind, drain, clock, knows
):
    carried.fails, carried.knows = 1, knows
    remind(*SESSIONS)

    assert drain() == 1
    assert messages(stage) == []
    assert all(row.done_at is None and row.due_at > now() for row in rows(stage)), "none goes alone meanwhile"
    clock.shift(timedelta(minutes=1))
    drain()

    assert len(carried) == (1 if knows else 2), "sent again only where nobody can tell"
    assert len({parcel.key for parcel in carried}) == 1, "and then it is known for the same"
    assert {row.outcome for row in rows(stage)} == {"sent", "sent with others"}
    assert len(messages(stage)) == 3


def test_where_there_are_no_words_for_a_text_of_several_each_goes_alone(stage, carried, remind, drain):
    texts(stage)
    with unit_of_work(stage.leeds):
        db.add(
            MessageWording(
                kind="several", language="en", subject="Soon", body="Soon", text="", made_at=now(), made_by=new_id()
            )
        )  # fmt: skip
    remind(*SESSIONS[:2])

    drain()

    assert [parcel.channel for parcel in carried] == [Channel.TEXT] * 2
    assert all(parcel.message.text for parcel in carried)


def test_at_night_a_message_waits_till_the_council_wakes_and_no_attempt_is_counted(
    stage, post, remind, drain, clock
):
    clock.move_to(NIGHT)
    remind("Stay and play")

    drain()

    [row] = rows(stage)
    assert (row.attempts, row.outcome, row.due_at, row.error) == (0, sending.MORNING, MORNING, None)
    assert post.letters == messages(stage) == []
    clock.move_to(MORNING)
    drain()
    assert len(post.letters) == 1
    assert messages(stage)[0].late_seconds == 0, "the night is nobody's fault"


def test_what_the_morning_would_be_too_late_for_says_so_and_what_was_asked_for_goes_at_once(
    stage, post, remind, drain, clock
):
    clock.move_to(NIGHT)
    texts(stage)
    [late] = remind(
        "Breakfast club", to=Recipient(id=PAULA.id, phone=PAULA.phone), useless_in=timedelta(hours=9)
    )
    remind("", to=ZOFIA, kind="booking-confirmed")

    drain()

    assert [letter["To"] for letter in post.letters] == ["zofia@people.example"]
    [note] = [note for note in messages(stage) if note.about == late]
    assert (note.standing, note.because) == (MessageStanding.NOT_SENT, NotSent.TOO_LATE)
    assert {row.outcome for row in rows(stage)} == {"sent", "too late"}


@pytest.mark.parametrize("number", [1, 2])
def test_what_did_not_arrive_at_a_number_that_is_gone_goes_by_email_once(
    stage, carried, remind, drain, number
):
    texts(stage)
    remind(*SESSIONS[:number])
    drain()
    assert [parcel.channel for parcel in carried] == [Channel.TEXT]

    for _ in range(2):
        with unit_of_work(stage.leeds):
            assert service.failed("ref-1", "no such number", address_is_bad=True)
        drain()

    assert [parcel.channel for parcel in carried] == [Channel.TEXT, Channel.EMAIL]
    assert all(session in str(carried[1].message) for session in SESSIONS[:number])
    assert len(messages(stage)) == 2 * number


@pytest.mark.parametrize("number", [1, 2])
def test_what_notify_has_lost_goes_by_email_once_and_the_next_by_text(stage, carried, remind, drain, number):
    texts(stage)
    remind(*SESSIONS[:number])
    drain()

    for _ in range(2):
        with unit_of_work(stage.leeds):
            assert service.lost("ref-1")
        drain()
    remind("Walking group")
    drain()

    assert [parcel.channel for parcel in carried] == [Channel.TEXT, Channel.EMAIL, Channel.TEXT]
    assert all(session in str(carried[1].message) for session in SESSIONS[:number])

    with unit_of_work(stage.leeds):
        assert service.lost("ref-2")
    assert drain() == 0, "it has no other way left"


def test_what_notify_has_lost_is_not_written_where_that_is_not_meant(stage, carried, remind, drain):
    texts(stage)
    with unit_of_work(stage.leeds):
        db.scalars(select(MessageSettings)).one().falls_back = False
    remind("Stay and play")
    drain()

    with unit_of_work(stage.leeds):
        service.lost("ref-1")
    drain()

    assert [parcel.channel for parcel in carried] == [Channel.TEXT]
    assert [note.standing for note in messages(stage)] == [MessageStanding.FAILED]


def test_what_went_by_another_way_too_is_not_told_again(stage, carried, remind, drain):
    texts(stage)
    with unit_of_work(stage.leeds):
        service.choose(PAULA.id, {Group.REMINDERS: Way.BOTH})
    remind("Stay and play")
    drain()
    assert [parcel.channel for parcel in carried] == [Channel.EMAIL, Channel.TEXT]

    with unit_of_work(stage.leeds):
        service.failed("ref-2", "no such number", address_is_bad=True)
    assert drain() == 0


def test_what_did_not_arrive_goes_no_other_way_where_that_is_not_meant_safe_or_of_use(
    stage, carried, remind, drain, clock
):
    texts(stage)
    unsafe = replace(PAULA, never=frozenset({Never.EMAIL}))
    remind("Stay and play", to=unsafe)
    drain()
    remind("Messy play", to=ZOFIA)
    drain()

    with unit_of_work(stage.leeds):
        service.failed("ref-1", "no such number", address_is_bad=True)
        service.failed("ref-2", "the phone was off", address_is_bad=False)
    drain()
    assert [parcel.channel for parcel in carried] == [Channel.TEXT] * 2

    remind("Baby massage", to=ZOFIA, useless_in=timedelta(hours=1))
    drain()
    clock.shift(timedelta(hours=1))
    with unit_of_work(stage.leeds):
        service.failed("ref-3", "no such number", address_is_bad=True)
    drain()
    assert [parcel.channel for parcel in carried] == [Channel.TEXT] * 3
    assert {row.done_at is not None for row in rows(stage)} == {True}


@pytest.mark.parametrize("later", [1, 3], ids=["due before the second attempt", "due after it"])
def test_what_went_by_one_way_already_takes_nothing_along(world, carried, told, clock, monkeypatch, later):
    def remind(session):
        thing = new_id()
        told[thing] = (
            PAULA,
            Letter(kind="reminder", says={"session": session}, useless_after=now() + timedelta(days=1)),
        )
        with unit_of_work(world.leeds):
            promise("reminding", key=f"reminding:{thing}", for_id=PAULA.id, thing=thing)

    texts(world)
    with unit_of_work(world.leeds):
        service.choose(PAULA.id, {Group.REMINDERS: Way.BOTH})
    carry, failing = carried.carry, [Channel.TEXT]

    def fails_once(parcel):
        if parcel.channel in failing:
            failing.clear()
            raise TimeoutError
        return carry(parcel)

    monkeypatch.setattr(carried, "carry", fails_once)
    carried.knows = False
    remind("Stay and play")
    outbox.drain(world.leeds)
    assert [parcel.channel for parcel in carried] == [Channel.EMAIL]

    clock.shift(timedelta(seconds=later))
    remind("Messy play")
    clock.shift(timedelta(seconds=5))
    outbox.drain(world.leeds)

    went = sorted((parcel.channel.value, parcel.message.subject.split(",")[0]) for parcel in carried)
    assert went == [
        (way, f"Reminder: {session}")
        for way in ("email", "text")
        for session in ("Messy play", "Stay and play")
    ]
