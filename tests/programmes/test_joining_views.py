from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kernel.clock import now
from kernel.db import db, find, unit_of_work
from messaging import service as messaging
from messaging.models import Message
from programmes.jobs.openings import LEAVE
from programmes.models import Interest, Participation, Slot
from programmes.service import interest, joining
from programmes.terms import ContactKind, Source, Standing
from tests.programmes import making
from tests.programmes.cast import Cast

WEEK = timedelta(weeks=1)


@pytest.fixture
def cast(set_up: Any) -> Cast:
    return Cast(set_up)


def book(cast: Cast, person: Any = None, home: Any = None) -> Participation:
    return joining.book(course_id=cast.course, household_id=home or cast.home, person_id=person or cast.paula)


# Joining


def test_a_parent_joins_a_course_in_three_steps(cast, knock, set_up):
    paula = knock("paula")
    form = paula.get(f"/programmes/courses/{cast.course}/joining").text
    assert "Mia" in form
    assert "Me and Sam" in form

    checked = paula.post(f"/programmes/courses/{cast.course}/joining/check", cast.answers).text
    assert "Check before you join" in checked
    assert "A ramp" in checked
    changed = paula.post(
        f"/programmes/courses/{cast.course}/joining/check", {**cast.answers, "change": "y"}
    ).text
    assert "Polish" in changed
    assert "Which child is it about?" in changed

    done = paula.post(f"/programmes/courses/{cast.course}/joining", cast.answers, follow=True).text
    assert "You have a place" in done
    with set_up():
        one = db.scalars(select(Participation)).one()
        assert (one.standing, one.child_id, one.access_needs) == (Standing.BOOKED, cast.mia, "A ramp")


def test_a_double_press_joins_once(cast, knock, set_up):
    paula = knock("paula")
    told = {**cast.answers, "idempotency_key": "the-same-key"}

    one, two = (paula.post(f"/programmes/courses/{cast.course}/joining", told) for _ in range(2))

    assert one.location == two.location
    assert paula.get(f"/programmes/courses/{cast.course}/joining").status_code == 200


def test_the_form_says_what_is_missing(set_up, knock):
    cast = Cast(set_up, creche_places=4)
    answer = knock("paula").post(
        f"/programmes/courses/{cast.course}/joining/check", {"creche_children": "99"}
    )

    assert answer.status_code == 422
    assert "Choose a child" in answer.text
    assert "between 0 and 10" in answer.text


def test_too_little_room_is_told_before_the_answers_are_checked(set_up, knock):
    cast = Cast(set_up, creche_places=1)
    told = {**cast.answers, "creche_children": "2", "access_needs": "A ramp by the door"}

    answer = knock("paula").post(f"/programmes/courses/{cast.course}/joining/check", told)

    assert answer.status_code == 409
    assert "There is 1 crèche place left on this course." in answer.text
    assert "A ramp by the door" in answer.text
    assert "<title>Error: Join this course" in answer.text


def test_a_number_that_is_none_is_told_in_words(set_up, knock):
    cast = Cast(set_up, creche_places=1)

    answer = knock("paula").post(
        f"/programmes/courses/{cast.course}/joining/check", {**cast.answers, "creche_children": "lots"}
    )

    assert "Enter a whole number" in answer.text


def test_nobody_joins_with_another_familys_child(cast, knock, set_up):
    with set_up() as make:
        other = make.child("Kim Lee").id

    answer = knock("paula").post(
        f"/programmes/courses/{cast.course}/joining", {**cast.answers, "child": str(other)}
    )

    assert answer.status_code == 422


def test_a_full_course_is_said_to_be_full(set_up, knock):
    cast = Cast(set_up, places=1)
    with set_up():
        book(cast, cast.jo, cast.jo_home)
    paula = knock("paula")

    assert "no place left" in paula.get(f"/programmes/courses/{cast.course}").text
    answer = paula.post(f"/programmes/courses/{cast.course}/joining", cast.answers)
    assert answer.status_code == 409
    assert "no place left" in answer.text


def test_staff_and_strangers_do_not_join(cast, knock):
    assert knock().get(f"/programmes/courses/{cast.course}/joining").status_code in (302, 303)
    assert knock("asha").get(f"/programmes/courses/{cast.course}/joining").status_code == 403


# My courses


def test_a_parent_sees_her_own_courses_alone(cast, knock, set_up):
    with set_up():
        mine, theirs = book(cast).id, book(cast, cast.jo, cast.jo_home).id
    paula = knock("paula")

    assert f"/my-courses/{mine}" in paula.get("/my-courses").text
    page = paula.get(f"/my-courses/{mine}").text
    assert "0 of 3 dates" in page
    assert "Monday 9 March 2026, 10am to midday. Group session 1" in page
    for path in ("", "/confirmation", "/dates.ics", "/leaving"):
        assert paula.get(f"/my-courses/{mine}{path}").status_code == 200
        assert paula.get(f"/my-courses/{theirs}{path}").status_code == 404
    assert paula.post(f"/my-courses/{theirs}/leaving", {}).status_code == 404


def test_the_calendar_has_every_date_and_no_name(cast, knock, set_up):
    with set_up():
        mine = book(cast).id

    file = knock("paula").get(f"/my-courses/{mine}/dates.ics").text

    assert file.count("BEGIN:VEVENT") == 3
    assert "Mia" not in file
    assert "Paula" not in file


def test_a_parent_leaves_a_course(cast, knock, set_up):
    with set_up():
        mine = book(cast).id

    page = knock("paula").post(f"/my-courses/{mine}/leaving", {"why": "New job"}, follow=True).text

    assert "You have left the course" in page
    with set_up():
        assert find(Participation, mine).standing == Standing.WITHDRAWN


def test_a_parent_sees_what_she_asked_for_and_kind_words_when_it_is_over(cast, knock, set_up):
    with set_up():
        joining.book(
            course_id=cast.course, household_id=cast.home, person_id=cast.paula, child_id=cast.mia,
            interpreter="Polish", access_needs="A ramp",
        )  # fmt: skip
    paula = knock("paula")
    with set_up():
        mine = db.scalar(select(Participation))
        assert mine is not None
        path = f"/my-courses/{mine.id}"
    page = paula.get(path).text
    assert "Polish" in page
    assert "A ramp" in page
    assert "0 of 3 dates. It takes" in page

    paula.post(f"{path}/leaving", {"why": "We move house"})

    page = paula.get(path).text
    assert "You left before the start" in page
    assert "Group session 1" not in page
    assert "Withdrew" not in paula.get("/my-courses").text


def test_an_offer_is_taken_up_or_turned_down(cast, knock, set_up):
    with set_up():
        offered = joining.refer(
            programme_id=cast.programme, household_id=cast.home, person_id=cast.paula, source=Source.GP
        )
        joining.offer(offered, cast.course)
        which = offered.id
    paula = knock("paula")
    assert "We keep a place for you until" in paula.get(f"/my-courses/{which}").text
    assert "Take the place" in paula.get(f"/programmes/courses/{cast.course}").text

    taken = paula.post(f"/programmes/courses/{cast.course}/joining", cast.answers)
    assert taken.location.endswith(f"/my-courses/{which}/confirmation")


def test_an_offer_that_is_turned_down_frees_the_place(cast, knock, set_up):
    with set_up():
        offered = joining.refer(
            programme_id=cast.programme, household_id=cast.home, person_id=cast.paula, source=Source.GP
        )
        joining.offer(offered, cast.course)
        which = offered.id
    paula = knock("paula")
    assert "Turn this down?" in paula.get(f"/my-courses/{which}/leaving").text

    page = paula.post(f"/my-courses/{which}/leaving", {"why": ""}, follow=True).text

    assert "You said no" in page
    with set_up():
        assert find(Participation, which).standing == Standing.DECLINED
    assert "You are not on this course any more" in paula.get(f"/my-courses/{which}/leaving").text


def test_whoever_completed_a_course_finds_the_certificate(cast, knock, set_up):
    with set_up():
        one = book(cast)
        joining.move(one, Standing.STARTED)
        joining.complete(one)
        which = one.id

    page = knock("paula").get(f"/my-courses/{which}").text

    assert f"/my-courses/{which}/certificate.pdf" in page
    assert f"/my-courses/{which}/progress" in page


# Times


@pytest.fixture
def calls(set_up: Any) -> Cast:
    return Cast(set_up, contacts=[ContactKind.GROUP, ContactKind.PHONE])


def offered_times(set_up: Any, cast: Cast, number: int = 2) -> list[Any]:
    with set_up() as make:
        begin = now() + 2 * WEEK
        times = [begin + timedelta(minutes=30 * n) for n in range(number)]
        return [
            make._add(
                Slot(
                    contact_id=cast.contacts[1],
                    account_id=make.cast["asha"],
                    starts_at=starts,
                    ends_at=starts + timedelta(minutes=30),
                )
            ).id
            for starts in times
        ]


def test_a_parent_picks_a_time_changes_it_and_lets_it_go(calls, knock, set_up):
    with set_up():
        mine = book(calls).id
    first, second = offered_times(set_up, calls)
    paula = knock("paula")
    assert "Pick a time" in paula.get(f"/my-courses/{mine}").text
    times = f"/my-courses/{mine}/contacts/{calls.contacts[1]}/times"
    assert paula.get(times).text.count(">Pick<") == 2

    paula.post(f"/my-courses/{mine}/slots/{first}")
    page = paula.post(f"/my-courses/{mine}/slots/{second}", follow=True).text
    assert "Change the time" in page
    with set_up():
        assert (find(Slot, first).participation_id, find(Slot, second).participation_id) == (None, mine)

    paula.post(f"/my-courses/{mine}/slots/{second}/release")
    assert paula.get(times).text.count(">Pick<") == 2


def test_strangers_see_no_times_that_are_offered(calls, knock, set_up):
    offered_times(set_up, calls, number=3)

    page = knock().get(f"/programmes/courses/{calls.course}").text

    assert page.count("Telephone call 2") == 1
    assert "at a time that you pick" in page


def test_a_time_that_is_gone_is_told_plainly(calls, knock, set_up):
    with set_up():
        mine, theirs = book(calls).id, book(calls, calls.jo, calls.jo_home).id
    first, second = offered_times(set_up, calls)
    with set_up():
        find(Slot, first).participation_id = theirs

    for htmx in (False, True):
        answer = knock("paula").post(f"/my-courses/{mine}/slots/{first}", htmx=htmx)
        assert answer.status_code == 409
        assert "Somebody else has just taken this time" in answer.text
    assert knock("paula").post(f"/my-courses/{mine}/slots/{first}/release").status_code == 404
    assert knock("paula").post(f"/my-courses/{theirs}/slots/{second}").status_code == 404


# The next course


def test_a_parent_asks_to_be_told_and_leaves_the_list_again(cast, knock, set_up):
    paula = knock("paula")
    home = f"/programmes/{cast.programme}"
    assert paula.get(f"{home}/interest").status_code == 200

    assert "We will write to you" in paula.post(f"{home}/interest", follow=True).text
    assert "Calm Parenting" in paula.get("/my-courses").text
    paula.post(f"{home}/interest/end")

    with set_up():
        assert db.scalars(select(Interest)).one().left_at


def test_one_step_from_the_letter_leaves_the_list(cast, knock, set_up, world):
    with set_up():
        shown = interest.show_interest(cast.programme, cast.home, cast.paula).id
        token = messaging.one_step(LEAVE, shown)
        letter = Message(
            kind="course-opened", about=shown, key="letter", address="paula@people.example", sent_at=now()
        )
        db.add(letter)
    stranger = knock()

    assert "Leave the list?" in stranger.get(f"/programmes/interest/{token}").text
    with unit_of_work(world.leeds):
        assert find(Interest, shown).left_at is None
        assert find(Message, letter.id).opened_at == now()
    assert "You have left the list" in stranger.post(f"/programmes/interest/{token}").text
    assert stranger.get(f"/programmes/interest/{token}x").status_code == 404


def test_a_page_asks_as_many_questions_for_many_as_for_one(set_up, knock, world):
    from sqlalchemy import event

    cast = Cast(set_up, places=20)
    with set_up():
        mine_one = book(cast).id
    paths = {
        "paula": ["/my-courses", f"/my-courses/{mine_one}", f"/programmes/{cast.programme}", "/programmes"],
        "beth": [f"/courses/{cast.course}/participants", "/courses/referrals", f"/courses/participants/{mine_one}"],
    }  # fmt: skip

    def asked() -> dict[str, int]:
        numbers = {}
        for who, those in paths.items():
            knocker = knock(who)
            for path in those:
                said: list[str] = []

                def note(_c: Any, _cur: Any, statement: str, *_rest: Any, said: list[str] = said) -> None:
                    said.append(statement)

                event.listen(world.engine, "before_cursor_execute", note)
                assert knocker.get(path).status_code == 200
                event.remove(world.engine, "before_cursor_execute", note)
                numbers[path] = len(said)
        return numbers

    asked()
    before = asked()
    with set_up() as make:
        for n in range(4):
            parent = make.family("Kim Lee", carer=f"Parent {n}")[0]
            book(cast, parent.id, parent.household_id)
            waits = make.family(carer=f"Waiting {n}")[0]
            joining.refer(
                programme_id=cast.programme,
                household_id=waits.household_id,
                person_id=waits.id,
                source=Source.GP,
            )
            other = making.course(make, of=making.programme(make, f"Another {n}"))
            joining.book(course_id=other.id, household_id=cast.home, person_id=cast.paula)
            making.course(make, of=db.get_one(type(other.programme), (world.leeds, cast.programme)))

    assert asked() == before
