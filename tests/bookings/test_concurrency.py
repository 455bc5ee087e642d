"""Many at one door at the same moment, each with a connection of their own."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from bookings import queries, service
from bookings.errors import CannotBook, NoLongerHeld
from bookings.models import Booking, Place
from bookings.terms import Channel, Standing
from kernel import once
from kernel.db import db, find, unit_of_work
from kernel.ids import new_id

DAY = timedelta(days=1)


def wish(people: list[Any]) -> dict[str, Any]:
    return {
        "household_id": people[0].household_id,
        "person_ids": [person.id for person in people],
        "carer_id": people[0].id,
        "channel": Channel.WEB,
    }


@pytest.fixture
def at_once(world):
    """Do these at the same moment, each in a unit of work of its own; return what came of each."""

    def do(*works: Callable[[], Any]) -> list[Any]:
        barrier = Barrier(len(works))

        def one(work: Callable[[], Any]) -> Any:
            barrier.wait(20)
            try:
                with unit_of_work(world.leeds):
                    return work()
            except CannotBook as refusal:
                return refusal

        with ThreadPoolExecutor(len(works)) as pool:
            return list(pool.map(one, works))

    return do


def booked(outcomes: list[Any]) -> int:
    return sum(isinstance(outcome, Booking) for outcome in outcomes)


def test_the_last_places_go_to_as_many_as_there_are(set_up, at_once, world):
    with set_up() as make:
        session = make.session(families=3, most_children=4, starts_in=3 * DAY)
        families = [make.family("A B", "C D") if n % 2 else make.family("E F") for n in range(16)]

    outcomes = at_once(*(lambda f=f: service.book(session.id, **wish(f)) for f in families))

    with unit_of_work(world.leeds, read_only=True):
        taken = queries.taken(session.id)
        assert taken.families == booked(outcomes) in (2, 3)
        assert taken.children <= 4
        assert db.scalar(select(func.count(Place.id))) == taken.people


def test_a_family_that_books_in_two_browsers_has_one_booking(set_up, at_once):
    with set_up() as make:
        session, family = make.session(starts_in=3 * DAY), make.family("Mia Reyes", "Leo Reyes")
    twins = [[family[0], family[1]], [family[0], family[2]], family]

    outcomes = at_once(*(lambda party=party: service.book(session.id, **wish(party)) for party in twins * 2))

    assert booked(outcomes) == 1


def test_one_booking_a_day_holds_in_two_browsers_too(set_up, at_once):
    """Two sessions have two doors: what guards the day is that the family is asked about behind both."""
    with set_up() as make:
        activity = make.activity(one_per_day=True)
        sessions = [make.session(activity=activity, starts_in=timedelta(hours=h)) for h in (24, 28)]
        family = make.family()

    outcomes = at_once(*(lambda s=s: service.book(s.id, **wish(family)) for s in sessions * 3))

    assert booked(outcomes) == 1


def test_each_place_that_is_given_up_is_offered_once(set_up, at_once, world):
    with set_up() as make:
        session = make.session(families=5, starts_in=3 * DAY)
        placed = [service.book(session.id, **wish(make.family())).id for _ in range(5)]
        waiting = [service.join(session.id, **wish(make.family())).id for _ in range(7)]

    at_once(*(lambda which=which: service.cancel(find(Booking, which)) for which in placed[:4]))

    with unit_of_work(world.leeds, read_only=True):
        offered = [which for which in waiting if find(Booking, which).standing == Standing.OFFERED]
    assert offered == waiting[:4]


def test_those_who_join_at_once_stand_one_behind_the_other(set_up, at_once, world):
    with set_up() as make:
        session = make.session(families=1, starts_in=3 * DAY)
        service.book(session.id, **wish(make.family()))
        families = [make.family() for _ in range(8)]

    outcomes = at_once(*(lambda f=f: service.join(session.id, **wish(f)) for f in families))

    assert sorted(booking.queue_no for booking in outcomes) == list(range(1, 9))


def test_baskets_do_not_stand_in_each_others_way(set_up, at_once):
    with set_up() as make:
        ids = [make.session(families=3, starts_in=days * DAY).id for days in (3, 4, 5, 6)]
        families = [make.family() for _ in range(8)]

    outcomes = at_once(
        *(
            lambda f=f, n=n: service.book_several(ids[n % 4 :] + ids[: n % 4], **wish(f))
            for n, f in enumerate(families)
        )
    )

    assert sum(isinstance(outcome, list) for outcome in outcomes) == 3


def test_taking_up_and_cancelling_at_once_leaves_one_of_the_two(set_up, at_once, world):
    with set_up() as make:
        session = make.session(families=1, starts_in=3 * DAY)
        held = service.hold(session.id, **wish(make.family())).id

    def quietly(verb: Callable[[Booking], Booking]) -> None:
        with suppress(NoLongerHeld):
            verb(find(Booking, held))

    at_once(
        lambda: quietly(service.confirm), lambda: quietly(service.cancel), lambda: quietly(service.confirm)
    )

    with unit_of_work(world.leeds, read_only=True):
        booking = find(Booking, held)
        live = [place for place in booking.places if place.given_up_at is None]
        assert (booking.standing, len(live)) == (Standing.CANCELLED, 0)


def test_thirty_times_the_same_key_books_once_and_answers_alike(set_up, at_once):
    with set_up() as make:
        session, family = make.session(starts_in=3 * DAY), make.family()
    key = str(new_id())

    def ask() -> str:
        answer, first = once.ask("paula", key, "the same")
        if first:
            booking = service.book(session.id, **wish(family))
            db.flush()
            once.settle(answer, status=201, headers="{}", body=str(booking.id))
        return str(answer.body)

    assert max(Counter(at_once(*[ask] * 30)).values()) == 30
