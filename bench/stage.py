"""What is measured on: one council with sessions to book, families to book for, and people who are signed in."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from accounts import service as accounts
from accounts.terms import Role
from bench.families import stay_and_play
from bookings import service as bookings
from bookings.models import FamilyAtHub
from bookings.terms import Channel
from families.models import Caring, Household, Person
from families.terms import Entered, PersonKind
from hubs import service as hubs
from hubs.models import Session
from kernel.clock import at_wall_time, today
from kernel.db import db, here, unit_of_work
from kernel.ids import new_id
from kernel.permissions import Permission
from tenants import service as tenants

SESSIONS = 200
FAMILIES = 6000
RUSH_PLACES = 100
ROOMY = 1_000_000
"""Places enough for all that pgbench books in between."""


@dataclass(frozen=True)
class Stage:
    """The ids and tokens that the measurements need."""

    tenant: UUID
    sessions: list[UUID]
    hot: UUID
    rush: UUID
    parties: list[tuple[UUID, UUID, UUID]]
    """Household, carer and child of each family."""
    staff_key: str
    parent_token: str
    parent_bookings: int


def furnish() -> Stage:
    """Make the council and return what is there."""
    tenant = tenants.create_council("bench", "Bench Council", contact_email="hubs@bench.example")
    with unit_of_work(tenant):
        hub = hubs.add_hub("Bench hub", area="Centre")
        open_to_all = stay_and_play()
        worker = accounts.open_account("Wendy Worker", "wendy@bench.example", Role.HUB_WORKER)
        hubs.join_team(hub, worker.id)
        sessions = [_session(hub.id, open_to_all.id, n, ROOMY) for n in range(SESSIONS)]
        hot = _session(hub.id, open_to_all.id, SESSIONS, ROOMY)
        rush = _session(hub.id, open_to_all.id, SESSIONS + 1, RUSH_PLACES)
        parties = _families(hub.id)
        parent = accounts.open_account("Petra Parent", "petra@bench.example", Role.PARENT)
        household, carer, child = parties[0]
        db.get_one(Person, (tenant, carer)).account_id = parent.id
        db.flush()
        for session in sessions[:30]:
            bookings.book(
                session,
                household_id=household,
                person_ids=[carer, child],
                carer_id=carer,
                channel=Channel.WEB,
            )
        return Stage(
            tenant,
            sessions,
            hot,
            rush,
            parties[1:],
            accounts.make_api_key(worker, "bench", set(Permission)),
            accounts.sign_in(parent, device="bench", how="password"),
            30,
        )


def _session(hub: UUID, activity: UUID, number: int, places: int) -> UUID:
    day = today() + timedelta(days=1 + number // 8)
    starts = at_wall_time(day, time(9 + number % 8))
    session = Session(
        activity_id=activity,
        hub_id=hub,
        on_date=day,
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        most_families=places,
    )
    db.add(session)
    return session.id


def _families(hub: UUID) -> list[tuple[UUID, UUID, UUID]]:
    parties = [(new_id(), new_id(), new_id()) for _ in range(FAMILIES)]
    tenant = here()
    db.flush()
    _write(
        Household,
        [
            {
                "tenant_id": tenant,
                "id": h,
                "reference": f"F{n:06}",
                "postcode": "YO1 1AA",
                "postcode_key": "YO11AA",
                "entered": Entered.ONLINE,
            }
            for n, (h, _, _) in enumerate(parties)
        ],
    )
    born = today() - timedelta(days=800)
    people = [
        {"tenant_id": tenant, "id": person, "household_id": h, "kind": kind, "given_name": name, "name_key": name.casefold(), "date_of_birth": day}
        for h, carer, child in parties
        for person, kind, name, day in ((carer, PersonKind.CARER, "Carer", None), (child, PersonKind.CHILD, "Child", born))
    ]  # fmt: skip
    _write(Person, people)
    _write(
        Caring, [{"tenant_id": tenant, "id": new_id(), "carer_id": c, "child_id": k} for _, c, k in parties]
    )
    _write(
        FamilyAtHub,
        [{"tenant_id": tenant, "id": new_id(), "hub_id": hub, "household_id": h} for h, _, _ in parties],
    )
    return parties


def _write(table: type, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 2000):
        db.execute(insert(table), rows[start : start + 2000])
