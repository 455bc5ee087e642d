"""The test house: its servers, its councils, its cast, and a clock that stands still.

The cast: **Leeds** and **York** are councils. In Leeds there are Asha (hub worker at Seacroft), Beth (hub manager at
Seacroft), Lena (council lead), Adam (council administrator) and Paula (a parent); in York there is Carl (council
administrator, hub manager and all else), who must never get in. Olga operates the platform.
It is Monday 2 March 2026, ten in the morning, in term.
"""

import base64
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine

from accounts import service as accounts
from accounts.models import Account
from accounts.terms import Role
from app.factory import create_app
from kernel import db as kernel_db
from kernel import jobs, outbox
from kernel.db import unit_of_work
from kernel.permissions import Permission
from kernel.settings import Settings
from messaging.service import carriers, smtp
from tenants import queries as tenant_queries
from tenants import service as tenants
from tenants.terms import Ground
from tests.knocking import Knocker
from tests.lending import Lender
from tests.making import Make
from tests.screenshots import NO_BROWSER
from tests.servers import *  # noqa: F403
from tests.servers import Database, TestServers

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
FIELD_KEY = base64.urlsafe_b64encode(b"a key for tests, of 32 bytes....").decode()

hypothesis_settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
hypothesis_settings.register_profile("searching", hypothesis_settings.get_profile("house"), derandomize=False)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly when nobody looked at the pages."""
    if any(NO_BROWSER in str(one.longrepr) for one in terminalreporter.getreports("skipped")):
        terminalreporter.write_line(NO_BROWSER, red=True, bold=True)


@dataclass(frozen=True)
class Stage:
    """A database with two councils and the platform, and the ids of who plays."""

    urls: Database
    engine: Engine
    leeds: UUID
    york: UUID
    platform: UUID
    cast: dict[str, UUID]


@pytest.fixture(scope="session", autouse=True)
def _patience() -> None:
    """Wait long for servers that are there: a slow machine must not fail a test."""
    kernel_db.CONNECT_SECONDS = jobs.REDIS_SECONDS = 30


@pytest.fixture(scope="session")
def house_settings(servers: TestServers) -> Settings:
    """The settings of the test house."""
    return Settings(
        database_url="postgresql://nobody@127.0.0.1:1/none",
        redis_url=servers.redis_url,
        redis_prefix=servers.redis_prefix,
        secret_key="a secret for the tests, long enough to be one",
        field_keys=FIELD_KEY,
        base_domain="test",
        notify_url="http://127.0.0.1:1",  # nobody is there: what needs it has the fixture ``notify``
        public_scheme="http",
        insecure_cookies=True,
        argon2_time_cost=1,
        argon2_memory_kib=8,
        rate_limits=False,
        testing=True,
    )


@pytest.fixture(scope="session")
def app(house_settings: Settings) -> Flask:
    """The application. It is bound to a database by the fixtures below."""
    return create_app(house_settings)


@pytest.fixture(scope="session")
def _furnished(servers: TestServers, app: Flask) -> Iterator[Stage]:
    with _stage(servers) as stage:
        stage.engine.dispose()
        yield stage


@contextmanager
def _stage(servers: TestServers) -> Iterator[Stage]:
    with servers.new_database() as urls:
        engine = kernel_db.engine(urls.app, pool_size=4)
        kernel_db.connect(engine)
        tenant_queries.forget_hosts()
        with time_machine.travel(MONDAY, tick=False):
            stage = _furnish(urls, engine)
        yield stage
        engine.dispose()


def _furnish(urls: Database, engine: Engine) -> Stage:
    leeds = tenants.create_council("leeds", "Leeds City Council", contact_email="hubs@leeds.example")
    york = tenants.create_council("york", "City of York Council", contact_email="hubs@york.example")
    platform = tenants.create_council(
        "operators", "Family Hubs", contact_email="team@hubs.example", ground=Ground.PLATFORM
    )
    people = {
        "asha": (leeds, "Asha Patel", Role.HUB_WORKER),
        "beth": (leeds, "Beth O'Neill-Łukasz", Role.HUB_MANAGER),
        "lena": (leeds, "Lena Marsh", Role.COUNCIL_LEAD),
        "adam": (leeds, "Adam Firth", Role.COUNCIL_ADMIN),
        "paula": (leeds, "Paula Reyes", Role.PARENT),
        "carl": (
            york,
            "Carl Stray",
            Role.COUNCIL_ADMIN,
            Role.HUB_MANAGER,
            Role.COUNCIL_LEAD,
            Role.HUB_WORKER,
        ),
        "olga": (platform, "Olga Ops", Role.OPERATOR),
    }
    cast = {}
    for name, (tenant, full, *roles) in people.items():
        with unit_of_work(tenant):
            cast[name] = accounts.open_account(
                full, f"{name}@people.example", *roles, password=f"{name} likes long words"
            ).id
    return Stage(urls, engine, leeds, york, platform, cast)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """The clock, standing on a Monday of term: ``clock.shift(timedelta(hours=1))``, ``clock.move_to(…)``.

    The watches stand still that end a worker's turn, and what is remembered for a while: no test is about the machine.
    """
    for timed in (outbox, jobs, carriers, smtp, tenant_queries):
        monkeypatch.setattr(timed, "monotonic", lambda: 0.0)
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def rehearsed(servers: TestServers, _furnished: Stage) -> Iterator[Stage]:
    """The two councils in a database where nothing is ever kept: a copy, since what is undone leaves gaps in tables."""
    with servers.new_database(like=_furnished.urls) as urls:
        yield replace(_furnished, urls=urls)


@pytest.fixture
def stage(rehearsed: Stage, clock: Any) -> Iterator[Stage]:
    """The two councils, in a transaction that is thrown away: for services, quick and without threads."""
    engine = engine_for(rehearsed.urls, pool_size=1)
    with engine.connect() as connection, connection.begin() as outer:
        kernel_db.opened.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield rehearsed
        kernel_db.opened.configure(bind=engine, join_transaction_mode="conditional_savepoint")
        outer.rollback()
    engine.dispose()


@pytest.fixture
def leeds(stage: Stage) -> Iterator[Stage]:
    """Stand in Leeds, as nobody in particular."""
    with unit_of_work(stage.leeds):
        yield stage


@pytest.fixture
def make(leeds: Stage) -> Make:
    """Make things for a test of services that stands in Leeds."""
    return Make(leeds.cast)


@pytest.fixture(scope="session")
def _lent(servers: TestServers, _furnished: Stage) -> Iterator[Lender]:
    with Lender(servers, like=_furnished.urls) as lent:
        yield lent


@pytest.fixture
def world(servers: TestServers, _furnished: Stage, _lent: Lender, clock: Any) -> Iterator[Stage]:
    """The two councils in a database of the test's own, where work is committed: for doors, threads and crashes."""
    servers.forget_redis()  # tests that keep nothing wake workers all the same
    with _lent.lend() as urls, working_in(urls) as engine:
        yield replace(_furnished, urls=urls, engine=engine)


def engine_for(urls: Database, **pool: int) -> Engine:
    """Return an engine with listeners of its own, and with the statements that earlier tests have compiled."""
    return _engine(urls.app, **pool).execution_options()


@cache
def _engine(url: str, **pool: int) -> Engine:
    """Compiling statements anew would be a quarter of what a test does."""
    return kernel_db.engine(url, query_cache_size=5000, **pool)


@contextmanager
def working_in(urls: Database) -> Iterator[Engine]:
    """Work in a database, as a process that serves people does."""
    engine = engine_for(urls, pool_size=8, max_overflow=24)
    kernel_db.connect(engine)
    tenant_queries.forget_hosts()
    yield engine
    engine.dispose()


@pytest.fixture
def set_up(world: Stage) -> Callable[..., Any]:
    """Make things in a unit of work of their own: ``with set_up() as make`` in Leeds, ``with set_up("york")``."""

    @contextmanager
    def making(council: str = "leeds", *, actor: str | None = None) -> Iterator[Make]:
        with unit_of_work(getattr(world, council), actor=world.cast[actor] if actor else None):
            yield Make(world.cast)

    return making


@pytest.fixture
def knock(app: Flask, world: Stage) -> Callable[..., Knocker]:
    """Knock at a council's door: ``knock()`` as a stranger in Leeds, ``knock("asha")``, ``knock("carl", "york")``."""

    def knocking(who: str | None = None, council: str | None = None) -> Knocker:
        council = council or {"carl": "york", "olga": ""}.get(who or "", "leeds")
        knocker = Knocker(app, f"{council}.test" if council else "test")
        if who:
            home = {"carl": world.york, "olga": world.platform}.get(who, world.leeds)
            with unit_of_work(home):
                account = kernel_db.find(Account, world.cast[who])
                knocker.carry(accounts.sign_in(account, device="Test browser", how="password"))
        return knocker

    return knocking


@pytest.fixture
def api_key(world: Stage) -> Callable[..., str]:
    """Make an API key that acts for somebody: ``api_key("beth")``; all that they may do, or some scopes."""

    def making(who: str, *scopes: Permission) -> str:
        home = {"carl": world.york, "olga": world.platform}.get(who, world.leeds)
        with unit_of_work(home):
            account = kernel_db.find(Account, world.cast[who])
            return accounts.make_api_key(account, "test", set(scopes or Permission))

    return making
