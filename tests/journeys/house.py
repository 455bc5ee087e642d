"""The live house: the whole platform on a port, run by a process of its own whose clock tells Monday in term.

``python -m tests.journeys.house`` takes its settings from the environment (``HUBS_…``), says on one line of JSON where
it is and who can sign in, and then obeys orders, a line of JSON each.
"""

import json
import logging
import os
import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, time, timedelta
from math import inf
from threading import Thread
from typing import Any

import time_machine
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from accounts import queries as account_queries
from accounts import service as accounts
from app.demo import seed
from app.demo.furnishing import Furnishing
from app.demo.parenting.story import ProgrammeStory, RunStory
from app.demo.personas import Persona
from app.demo.servers import free_port
from app.demo.story import (
    FEEDING,
    MASSAGE,
    MESSY,
    MON,
    SONGS,
    THU,
    TUE,
    CouncilStory,
    Trend,
    weekly,
)
from app.factory import create_app
from kernel import db as kernel_db
from kernel import outbox
from kernel.clock import now
from kernel.db import unit_of_work
from kernel.settings import Settings, from_environment
from tenants import queries as tenant_queries
from tenants import service as tenants
from tests.journeys import arranging

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TERMS = ("term-dates/staffordshire-2025-2026.csv", "term-dates/buckinghamshire-2026-2027.csv")
SEACROFT, HAREHILLS, CLIFTON = "Seacroft Family Hub", "Harehills Family Hub", "Clifton Children's Centre"

LEEDS = CouncilStory(
    "leeds", "Leeds City Council", "hubs@leeds.example", "01632 960500", "#5b2a86", ("LS14 1", "LS8 4"), 8,
    ((SEACROFT, "East"), (HAREHILLS, "East")), (), TERMS,
    (
        *weekly(SEACROFT, (MESSY, TUE, "10:00", "11:30"), (FEEDING, MON, "13:00", "15:00")),
        *weekly(HAREHILLS, (SONGS, THU, "10:00", "11:00"), (MASSAGE, TUE, "13:00", "14:00")),
    ),
    {SEACROFT: Trend.GROWING, HAREHILLS: Trend.NO_SHOWS},
    (
        ("council_admin", "Adam Firth", ""), ("council_lead", "Lena Marsh", ""),
        ("hub_manager", "Beth O'Neill-Łukasz", SEACROFT), ("hub_worker", "Asha Patel", SEACROFT),
        ("hub_worker", "Will Grant", HAREHILLS), ("parent", "Paula Reyes", SEACROFT),
        ("coordinator", "Cora Bevan", SEACROFT),
    ),
    (
        ProgrammeStory(
            "Group Triple P", "triple-p-group", (RunStory(SEACROFT, MON, time(18), 10),),
            {"bpses": 3.0, "core10": -6.0}, ages=(2, 11), distress=True,
        ),
    ),
)  # fmt: skip
YORK = CouncilStory(
    "york", "City of York Council", "hubs@york.example", "01632 960100", "#1d5b4f", ("YO30 6",), 0, (),
    (("hubs", "york/hubs.csv"),), TERMS, (), {},
    (
        ("council_admin", "Ruth Adeyemi", ""), ("hub_manager", "Sunita Rao", CLIFTON),
        ("hub_worker", "Jess Thackray", CLIFTON), ("parent", "Marta Kowalczyk", CLIFTON),
    ),
)  # fmt: skip


class Handler(WSGIRequestHandler):
    """Keeps connections, and dates answers by the real clock, so that browsers trust what they have kept."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(timestamp or time_machine.escape_hatch.time.time())


class House:
    """What can be asked of the live house from outside, beside what its pages offer."""

    def __init__(self, app: Flask, people: list[Persona]) -> None:
        self.app, self.people = app, people

    def drain(self, hours: float = 0, at_most: float = inf) -> int:
        """Keep what is due in every council, or what will be due in so many hours; of each some at most."""
        later = time_machine.travel(now() + timedelta(hours=hours)) if hours else nullcontext()
        with later:
            with unit_of_work(None, read_only=True):
                houses = [tenant.id for tenant in tenant_queries.houses()]
            return sum(outbox.drain(tenant, at_most=at_most) for tenant in houses)

    def sign_in(self, council: str, email: str) -> str:
        """Return the cookie of a fresh sign-in."""
        with unit_of_work(_tenant(council)):
            account = account_queries.by_email(email)
            assert account, f"nobody is {email}"
            return accounts.sign_in(account, device="Chromium", how="password")

    def arrange(self, what: str, council: str = "leeds", **told: Any) -> Any:
        """Do one of the things of ``arranging``, as the council itself."""
        with unit_of_work(_tenant(council)):
            return getattr(arranging, what)(**told)


def _tenant(council: str) -> Any:
    with unit_of_work(None, read_only=True):
        found = tenant_queries.by_slug(council)
    assert found, council
    return found.id


def furnish(settings: Settings) -> list[Persona]:
    """Make the platform, a council with a year behind it, and one that is new."""
    people = [seed.make_operator(settings), *seed.make_council(LEEDS, settings)]
    york = tenants.create_council(YORK.slug, YORK.name, contact_email=YORK.email)
    with unit_of_work(york):
        new = Furnishing(YORK, settings)
        new.make_settings()
        new.make_places()
        new.open_accounts()
        arranging.round_off()
    with unit_of_work(_tenant(LEEDS.slug)):
        arranging.round_off()
    return [*people, *new.personas]


def main() -> None:
    """Open the house, and obey until nobody gives orders any more."""
    told, sys.stdout = sys.stdout, sys.stderr
    os.environ["HUBS_PUBLIC_PORT"] = str(free_port())
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    settings = from_environment()
    with time_machine.travel(MONDAY):
        app = create_app(settings)
        house = House(app, furnish(settings))
        port = settings.public_port or 0
        server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Handler)
        Thread(target=server.serve_forever, daemon=True).start()
        print(json.dumps({"port": port, "people": [p.told() for p in house.people]}), file=told, flush=True)
        _obey(house, told)
        kernel_db.opened.kw["bind"].dispose()


def _obey(house: House, told: Any) -> None:
    for line in sys.stdin:
        order: dict[str, Any] = json.loads(line)
        verb: Callable[..., Any] = getattr(house, order.pop("do"))
        try:
            answer = {"answer": verb(**order)}
        except Exception as failure:  # told to the test that asked
            logging.exception("an order failed")
            answer = {"failed": repr(failure)}
        print(json.dumps(answer, default=str), file=told, flush=True)


if __name__ == "__main__":
    main()
