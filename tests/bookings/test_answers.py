"""A family that says by text whether it comes, or takes the place that it is offered."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

from sqlalchemy import select

from attendance import queries as registers
from attendance import service as attendance
from attendance.models import Attendance
from attendance.terms import Mark
from bookings import service
from bookings.models import Booking
from bookings.rules import Before
from bookings.terms import Channel, Standing
from families import queries as families
from families.models import Person
from kernel.clock import now
from kernel.db import db, find, unit_of_work
from kernel.ids import new_id
from messaging import service as messaging
from messaging.models import Message
from messaging.terms import Channel as By
from messaging.terms import Letter, MessageStanding, NotSent, ReplyStanding, Way
from tests.bookings.reminded import *  # noqa: F403
from tests.bookings.reminded import ANN, BEA, DAY, Reminded
from tests.conftest import Stage
from tests.knocking import Knocker
from tests.texting import Notify


def test_no_frees_the_place_which_is_on_its_way_to_the_next_family_at_once(
    reminded: Reminded, texting: Notify, drain: Any
):
    assert reminded.says("No sorry") == ReplyStanding.DONE

    assert reminded.standings() == (Standing.CANCELLED, Standing.OFFERED)
    assert reminded.promised("booking.offered") == [str(reminded.bea)], "nothing waits for a timer"
    drain()
    told = {text.to: text.body for text in texting.texts}
    assert told[ANN].startswith("Your booking is cancelled")
    assert told[BEA].startswith("A place is free for you")
    assert "Reply YES to take it" in told[BEA]


def test_no_is_an_apology_and_not_somebody_who_did_not_come(reminded: Reminded, set_up: Any, clock: Any):
    reminded.says("NO")

    clock.shift(DAY + timedelta(hours=4))
    with set_up():
        attendance.close_register(registers.find_register(reminded.session))
        said = db.scalars(select(Attendance.mark).where(Attendance.session_id == reminded.session)).all()
    assert said == [Mark.APOLOGIES, Mark.APOLOGIES]


def test_yes_is_seen_on_the_register_and_in_the_list_of_the_session(
    reminded: Reminded, knock: Callable[..., Knocker]
):
    assert reminded.says("Yes please") == ReplyStanding.DONE

    assert reminded.standings() == (Standing.CONFIRMED, Standing.WAITING)
    beth = knock("beth")
    assert "Said they are coming" in beth.get(f"/registers/{reminded.session}").text
    assert "said that they are coming" in beth.get(f"/timetable/sessions/{reminded.session}/bookings").text


def test_yes_takes_an_offer_and_no_gives_it_to_the_next(reminded: Reminded, texting: Notify, drain: Any):
    reminded.says("NO")
    drain()
    texting.kept.clear()

    assert reminded.says("Yes", BEA) == ReplyStanding.DONE
    assert reminded.standings() == (Standing.CANCELLED, Standing.CONFIRMED)
    drain()
    assert [text.body[:20] for text in texting.texts] == ["Your place is booked"]
    assert reminded.says("no", BEA) == ReplyStanding.WAITING, (
        "a place that was taken is not given up by an old offer"
    )


def test_an_offer_is_turned_down_by_text(reminded: Reminded, texting: Notify, drain: Any):
    reminded.says("NO")
    drain()
    texting.kept.clear()

    assert reminded.says("No", BEA) == ReplyStanding.DONE
    assert reminded.standings() == (Standing.CANCELLED, Standing.CANCELLED)
    drain()
    assert [text.body[:38] for text in texting.texts] == ["You are no longer on the waiting list "]
    assert reminded.says("Yes", BEA) == ReplyStanding.WAITING
    assert "has been cancelled" in reminded.inbox()[0][1]


def test_no_frees_the_place_that_other_people_of_the_family_have_by_now(
    reminded: Reminded, set_up: Any, drain: Any, clock: Any
):
    with set_up() as make:
        booking = find(Booking, reminded.ann)
        ann, child = booking.carer, next(one for one in booking.places if one.person_id != booking.carer_id)
        assert ann
        ann.email = "ann@people.example"
        granny = make.carer("Gwen Smith", household=booking.household)
        changed = service.change_party(booking, [granny.id, child.person_id]).id
    drain()

    assert reminded.says("yes") == ReplyStanding.DONE
    with set_up():
        assert find(Booking, changed).coming_said_at
    assert reminded.says("No") == ReplyStanding.DONE

    assert reminded.standings() == (Standing.CANCELLED, Standing.OFFERED)
    with set_up():
        assert find(Booking, changed).standing == Standing.CANCELLED
        marks = db.scalars(select(Attendance.mark).where(Attendance.session_id == reminded.session)).all()
    assert marks == [Mark.APOLOGIES, Mark.APOLOGIES]
    assert reminded.says("No") == ReplyStanding.DONE, "it is cancelled already"


def test_no_twice_is_no_once(reminded: Reminded, texting: Notify, drain: Any):
    assert [reminded.says("No"), reminded.says("NO")] == [ReplyStanding.DONE, ReplyStanding.DONE]
    drain()

    assert len([text for text in texting.texts if text.to == ANN]) == 1
    assert reminded.inbox() == []


def test_no_again_from_who_has_another_place_in_the_session_is_read_by_somebody(
    reminded: Reminded, set_up: Any, drain: Any, clock: Any
):
    with set_up() as make:
        booking = find(Booking, reminded.ann)
        booking.session.most_families = 3
        granny = make.carer("Gwen Smith", household=booking.household)
        nephew = make.child("Ned Smith", household=booking.household)
        other = service.book(
            reminded.session, household_id=booking.household_id, person_ids=[granny.id, nephew.id],
            carer_id=booking.carer_id, channel=Channel.STAFF,
        ).id  # fmt: skip
        assert booking.carer
        booking.carer.email = "ann@people.example"
    drain()
    clock.shift(timedelta(minutes=1))

    assert [reminded.says("No"), reminded.says("No")] == [ReplyStanding.DONE, ReplyStanding.WAITING]

    with set_up():
        assert find(Booking, other).standing == Standing.CONFIRMED
    assert "they have another in this session" in reminded.inbox()[0][1]


def test_no_twice_at_the_same_moment_is_no_once(
    reminded: Reminded, texting: Notify, drain: Any, world: Stage
):
    both = Barrier(2)

    def says(reference: str) -> ReplyStanding | None:
        both.wait(20)
        with unit_of_work(world.leeds):
            return messaging.received(ANN, "NO", reference=reference)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(says, ["one", "other"])) == [ReplyStanding.DONE] * 2
    drain()

    assert reminded.standings() == (Standing.CANCELLED, Standing.OFFERED)
    assert sorted(text.to for text in texting.texts) == [ANN, BEA]
    assert reminded.inbox() == []


def test_no_after_the_start_is_read_by_the_hub(reminded: Reminded, clock: Any):
    clock.shift(DAY + timedelta(minutes=5))

    assert reminded.says("NO") == ReplyStanding.WAITING
    assert reminded.standings()[0] == Standing.CONFIRMED
    ((words, why, hub),) = reminded.inbox()
    assert (words, hub) == ("NO", reminded.hub)
    assert "has started" in why


def test_yes_to_an_offer_that_has_lapsed_is_read_by_the_hub(reminded: Reminded, drain: Any, clock: Any):
    reminded.says("NO")
    drain()
    clock.shift(DAY - timedelta(minutes=1))
    drain()

    assert reminded.says("Yes", BEA) == ReplyStanding.WAITING
    assert reminded.standings()[1] == Standing.EXPIRED
    ((_, why, hub),) = reminded.inbox()
    assert hub == reminded.hub
    assert "no longer kept" in why


def test_an_answer_over_which_something_breaks_is_read_by_the_hub(reminded: Reminded, monkeypatch: Any):
    def breaks(*_: Any) -> None:
        raise KeyError("Ann Smith of 1 High Street")

    monkeypatch.setattr("bookings.service.tell_by_text", breaks)

    assert reminded.says("NO") == ReplyStanding.WAITING
    assert reminded.standings()[0] == Standing.CONFIRMED, "nothing is done by half"
    assert reminded.inbox() == [("NO", "something went wrong on our side", reminded.hub)]


def test_no_to_two_questions_is_read_by_somebody(set_up: Any, texting: Notify, drain: Any, clock: Any):
    played = Reminded(set_up, bea=ANN)  # two parents who share a telephone
    with set_up() as make:
        other = make.session(starts_in=2 * DAY + timedelta(hours=5))
        family = db.scalars(select(Person).where(Person.given_name == "Bea")).one()
        cy = db.scalars(select(Person).where(Person.given_name == "Cy")).one()
        service.book(
            other.id, household_id=family.household_id, person_ids=[family.id, cy.id], carer_id=family.id,
            channel=Channel.WEB,
        )  # fmt: skip
    drain()
    clock.shift(DAY + timedelta(hours=5))
    drain()

    assert played.says("NO") == ReplyStanding.WAITING
    assert played.standings()[0] == Standing.CONFIRMED
    assert played.inbox() == [
        ("NO", "it is not clear which of our messages this answers", played.hub),
    ]


def test_who_has_said_yes_to_one_session_can_say_no_to_the_next(
    reminded: Reminded, set_up: Any, texting: Notify, drain: Any, clock: Any
):
    assert reminded.says("YES") == ReplyStanding.DONE
    with set_up() as make:
        first = find(Booking, reminded.ann)
        people = [place.person_id for place in first.places]
        second = service.book(
            make.session(starts_in=DAY + timedelta(hours=1)).id, household_id=first.household_id, person_ids=people,
            carer_id=first.carer_id, channel=Channel.WEB,
        ).id  # fmt: skip
    drain()
    clock.shift(timedelta(hours=1))
    drain()
    assert texting.texts[-1].body.startswith("Reminder")

    assert reminded.says("No") == ReplyStanding.DONE

    with set_up():
        assert find(Booking, second).standing == Standing.CANCELLED
    assert reminded.standings()[0] == Standing.CONFIRMED


def test_who_has_said_yes_can_still_say_no(reminded: Reminded):
    assert [reminded.says("Yes"), reminded.says("Yes"), reminded.says("No")] == [ReplyStanding.DONE] * 3

    assert reminded.standings() == (Standing.CANCELLED, Standing.OFFERED)


def test_no_to_a_newer_text_that_asks_nothing_is_read_by_somebody(
    reminded: Reminded, set_up: Any, texting: Notify, clock: Any
):
    clock.shift(timedelta(minutes=1))
    with set_up():
        ann = find(Booking, reminded.ann).carer_id
        assert ann
        tea = Letter(kind="announcement", says={"words": "Can you help with the tea?"}, way=Way.TEXT)
        messaging.send(tea, to=families.recipient(ann), about=new_id())
    assert texting.texts[-1].to == ANN

    assert reminded.says("No sorry") == ReplyStanding.WAITING
    assert reminded.standings()[0] == Standing.CONFIRMED


def test_no_to_several_reminders_in_one_is_read_by_somebody_though_one_asked_before(
    set_up: Any, texting: Notify, drain: Any, clock: Any
):
    with set_up():
        service.set_reminders(None, [Before(hours=24), Before(hours=3)])
    played = Reminded(set_up)
    drain()
    clock.shift(DAY + timedelta(hours=4))
    drain()
    assert "Reply YES if you are coming" in texting.texts[-1].body
    with set_up() as make:
        first = find(Booking, played.ann)
        people = [place.person_id for place in first.places]
        service.book(
            make.session(starts_in=timedelta(hours=25)).id, household_id=first.household_id, person_ids=people,
            carer_id=first.carer_id, channel=Channel.WEB,
        )  # fmt: skip
    clock.shift(timedelta(hours=22))
    drain()
    assert "2" in texting.texts[-1].body
    assert "Reply" not in texting.texts[-1].body

    assert played.says("NO") == ReplyStanding.WAITING
    assert played.standings()[0] == Standing.CONFIRMED


def test_a_text_that_was_refused_is_not_what_somebody_answers(reminded: Reminded, set_up: Any, clock: Any):
    clock.shift(timedelta(minutes=1))
    with set_up():
        db.add(
            Message(
                kind="announcement", about=new_id(), channel=By.TEXT, address=ANN, key="refused",
                standing=MessageStanding.NOT_SENT, because=NotSent.REFUSED, sent_at=now(),
            )
        )  # fmt: skip

    assert reminded.says("NO") == ReplyStanding.DONE


def test_no_from_a_number_that_nobody_was_asked_at_changes_nothing_and_waits(reminded: Reminded):
    assert reminded.says("NO", "+447700900999") == ReplyStanding.WAITING

    assert reminded.standings()[0] == Standing.CONFIRMED
    assert [(words, hub) for words, _, hub in reminded.inbox()] == [("NO", None)]


def test_who_says_stop_gets_no_more_texts_and_keeps_the_place(
    reminded: Reminded, texting: Notify, drain: Any, set_up: Any
):
    assert reminded.says("STOP") == ReplyStanding.DONE

    assert reminded.standings()[0] == Standing.CONFIRMED
    with set_up():
        service.cancel(find(Booking, reminded.ann))
    drain()
    assert [text.to for text in texting.texts] == [BEA]


def test_whoever_books_again_is_expected_again_and_comes_after_all(
    reminded: Reminded, set_up: Any, clock: Any
):
    reminded.says("NO")
    with set_up():
        service.decline(find(Booking, reminded.bea))
        people = registers.given_up(reminded.ann)
        household = find(Booking, reminded.ann).household_id
        service.book(
            reminded.session, household_id=household, person_ids=[one.person_id for one in people],
            carer_id=None, channel=Channel.STAFF,
        )  # fmt: skip
    clock.shift(DAY)
    with set_up():
        register = registers.find_register(reminded.session)
        assert [line.mark for line in registers.lines_of(reminded.session)] == [None, None]
        assert attendance.mark_all_here(register) == 2
        said = db.scalars(select(Attendance.mark).where(Attendance.session_id == reminded.session)).all()
    assert said == [Mark.HERE, Mark.HERE]


def test_who_gave_the_place_up_and_comes_walks_in(reminded: Reminded, set_up: Any, clock: Any):
    reminded.says("NO")
    clock.shift(DAY)
    with set_up():
        register = registers.find_register(reminded.session)
        people = [one.person_id for one in registers.given_up(reminded.ann)]
        assert attendance.walk_in(register, find(Booking, reminded.ann).household_id, people) == 2
        assert {line.mark for line in registers.lines_of(reminded.session)} == {Mark.HERE}
