"""Connections are cut while families book and cancel: what was answered stays, and nothing is broken."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import Event
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from bookings import service
from bookings.errors import CannotBook
from bookings.models import Booking, Place
from bookings.terms import LIVE, TAKES_ROOM, Channel, Standing
from kernel import once
from kernel.db import db, find, unit_of_work
from kernel.journal import Entry
from kernel.outbox import Promise
from tests.conftest import Stage

CUTS, EVERY, FAMILIES_EACH, WORKERS = 12, 0.3, 4, 8
MOST_TRIES = 60


class Client:
    """A browser that repeats a request with its key until it is answered, and remembers every answer."""

    def __init__(self, world: Stage, number: int, families: list[list[Any]], sessions: list[UUID]) -> None:
        self.world, self.families, self.sessions = world, families, sessions
        self.random = Random(number)
        self.number, self.asked, self.tries = number, 0, 0
        self.answers: dict[str, tuple[str, Any, str]] = {}
        self.mine: dict[UUID, Standing] = {}

    def work(self, stop: Event) -> None:
        while not stop.is_set():
            self.asked += 1
            key = f"{self.number}-{self.asked}"
            confirmed = [mine for mine, standing in self.mine.items() if standing == Standing.CONFIRMED]
            if confirmed and self.random.random() < 0.45:
                self.request(key, "cancel", self.random.choice(confirmed))
            else:
                self.request(
                    key, "book", (self.random.choice(self.sessions), self.random.choice(self.families))
                )
            if self.answers and self.random.random() < 0.3:
                self.repeat(self.random.choice(list(self.answers)))

    def request(self, key: str, what: str, about: Any) -> None:
        answer = self._until_answered(key, what, about)
        if answer == "refused":
            return
        self.answers[key] = (what, about, answer)
        self.mine[UUID(answer)] = Standing.CONFIRMED if what == "book" else Standing.CANCELLED

    def repeat(self, key: str) -> None:
        what, about, answered = self.answers[key]
        again = self._until_answered(key, what, about)
        assert again == answered, f"{key} was answered {answered} and then {again}"

    def _until_answered(self, key: str, what: str, about: Any) -> str:
        for _ in range(MOST_TRIES):
            try:
                with unit_of_work(self.world.leeds):
                    answer = self._once(key, what, about)
            except CannotBook:
                return "refused"
            except DBAPIError:
                self.tries += 1
            else:
                return answer  # only now: what was not kept was not answered
        raise AssertionError("never answered")

    def _once(self, key: str, what: str, about: Any) -> str:
        answer, first = once.ask("browser", key, f"{what} {about[0] if what == 'book' else about}")
        if not first and answer.status:
            return str(answer.body)
        booking = self._book(*about) if what == "book" else service.cancel(find(Booking, about))
        once.settle(answer, status=201, headers="{}", body=str(booking.id))
        return str(booking.id)

    def _book(self, session_id: UUID, family: list[Any]) -> Booking:
        return service.book(
            session_id,
            household_id=family[0].household_id,
            person_ids=[person.id for person in family],
            carer_id=family[0].id,
            channel=Channel.WEB,
        )


def cut_connections(owner_url: str, app_url: str, stop: Event) -> int:
    """Cut two connections of the application every so often; return how many were cut."""
    role, cut = psycopg.conninfo.conninfo_to_dict(app_url)["user"], 0
    with psycopg.connect(owner_url, autocommit=True) as owner:
        for _ in range(CUTS):
            stop.wait(EVERY)
            rows = owner.execute(
                "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE usename = %s"
                " AND datname = current_database() ORDER BY random() LIMIT 2) AS unlucky",
                [role],
            ).fetchall()
            cut += len(rows)
    stop.set()
    return cut


@pytest.fixture
def clients(set_up, world):
    with set_up() as make:
        sessions = [
            make.session(families=5, most_children=7, starts_in=timedelta(days=days)).id for days in (3, 4, 5)
        ]
        return [
            Client(
                world, n, [make.family(*["A B", "C D"][: 1 + m % 2]) for m in range(FAMILIES_EACH)], sessions
            )
            for n in range(WORKERS)
        ]


def test_nothing_that_was_answered_is_lost_when_connections_are_cut(clients, world, servers):
    stop = Event()
    with ThreadPoolExecutor(WORKERS + 1) as pool:
        working = [pool.submit(client.work, stop) for client in clients]
        try:
            cut = cut_connections(_as_owner(servers, world), world.urls.app, stop)
        finally:
            stop.set()
        for work in working:
            work.result(30)

    for client in clients:
        for key in list(client.answers):
            client.repeat(key)
    assert cut >= CUTS
    assert sum(client.tries for client in clients) > 0, "no request was hit"
    _look(world, clients)


def _look(world: Stage, clients: list[Client]) -> None:
    answered: dict[UUID, Standing] = {}
    for client in clients:
        answered |= client.mine
    with unit_of_work(world.leeds, read_only=True):
        bookings = {row.id: row.standing for row in db.execute(select(Booking.id, Booking.standing))}
        made = Counter(db.scalars(select(Entry.subject).where(Entry.kind == "BookingMade")))
        promised = Counter(db.scalars(select(Promise.dedup_key).where(Promise.topic == "booking.confirmed")))
        crowds = db.execute(
            select(func.count(), func.sum(Booking.children))
            .where(Booking.standing.in_(TAKES_ROOM))
            .group_by(Booking.session_id)
        ).all()
        uneven = db.execute(
            select(Booking.id)
            .join(Place, Place.booking_id == Booking.id)
            .group_by(Booking.tenant_id, Booking.id)
            .having(
                (func.count() != Booking.adults + Booking.children)
                | (func.count(Place.given_up_at) != 0) & Booking.standing.in_(LIVE)
            )
        ).all()

    assert bookings == answered
    assert made == Counter(bookings.keys())
    assert promised == Counter(f"booking.confirmed:{booked}" for booked in bookings)
    assert all(families <= 5 and children <= 7 for families, children in crowds)
    assert not uneven


def _as_owner(servers: Any, world: Stage) -> str:
    parts = psycopg.conninfo.conninfo_to_dict(servers.admin_url)
    parts["dbname"] = psycopg.conninfo.conninfo_to_dict(world.urls.app)["dbname"]
    return psycopg.conninfo.make_conninfo(**parts)
