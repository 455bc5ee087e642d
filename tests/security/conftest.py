"""The world of the attack tests: Leeds and York furnished with canaries, once; each test works on a copy."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests.conftest import MONDAY, Stage, working_in
from tests.lending import Lender
from tests.post import *  # noqa: F403
from tests.security.crawling import Crawler, Visitor, sign_in
from tests.security.furnished import Furniture, furnish
from tests.servers import TestServers

Councils = dict[str, Furniture]


@dataclass(frozen=True)
class _House:
    stage: Stage
    councils: Councils


@pytest.fixture(scope="session")
def _house(servers: TestServers, app: Flask, _furnished: Stage) -> Iterator[_House]:
    with servers.new_database(like=_furnished.urls) as urls:
        with working_in(urls) as engine, time_machine.travel(MONDAY, tick=False):
            councils = {
                "leeds": furnish("leeds", _furnished.leeds, _furnished.cast),
                "york": furnish("york", _furnished.york, {"carl": _furnished.cast["carl"]}),
            }
        cast = {**councils["leeds"].people, **_furnished.cast}
        yield _House(replace(_furnished, urls=urls, engine=engine, cast=cast), councils)


@pytest.fixture(scope="session")
def _house_lent(servers: TestServers, _house: _House) -> Iterator[Lender]:
    with Lender(servers, like=_house.stage.urls) as lent:
        yield lent


@pytest.fixture
def world(servers: TestServers, _house: _House, _house_lent: Lender, clock: Any) -> Iterator[Stage]:
    """The two furnished councils, in a database of the test's own."""
    servers.forget_redis()
    with _house_lent.lend() as urls, working_in(urls) as engine:
        yield replace(_house.stage, urls=urls, engine=engine)


@pytest.fixture
def councils(world: Stage, _house: _House) -> Councils:
    """What stands in each council: ``councils["leeds"].ids["bookings"]``."""
    return _house.councils


@pytest.fixture
def knock_as(app: Flask, world: Stage, councils: Councils) -> Callable[[Visitor], Crawler]:
    """Knock as a visitor, with a form token that works, at pages and (as the same person) at the API."""

    def knocking(visitor: Visitor) -> Crawler:
        crawler = Crawler(app, f"{visitor.host}.test" if visitor.host else "test")
        if visitor.signs_in:
            sign_in(crawler, visitor, world, councils)
        crawler.form_token = crawler.token()
        return crawler

    return knocking
