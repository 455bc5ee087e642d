"""Who knocks at the doors of the attack tests, with what, and what a council holds."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy import inspect as inspect_mapper

import app.models as house
from accounts import service as accounts
from accounts.models import Account
from kernel.db import db, find, unit_of_work
from kernel.ids import new_id
from kernel.permissions import Permission
from kernel.tables import TenantTable
from kernel.walls import SHARED
from tests.conftest import Stage
from tests.knocking import Knocker
from tests.security.furnished import Furniture

SPECIMENS = {
    "account_id": "accounts", "activity_id": "activities", "booking_id": "bookings", "child_id": "people",
    "carer_id": "people", "contact_id": "emergency_contacts", "entry_id": "timetable_entries", "household_id": "households",
    "hub_id": "hubs", "key_id": "api_keys", "person_id": "people", "room_id": "rooms", "session_id": "sessions",
    "shift_id": "shifts", "sign_in_id": "sign_ins", "term_id": "term_dates", "upload_id": "uploads", "one_id": "people",
    "other_id": "people", "attendance_id": "attendances", "register_id": "registers", "opening_id": "opening_times",
    "caring_id": "caring", "note_id": "safeguarding_notes", "member_id": "team_members", "api_key_id": "api_keys",
    "place_id": "places", "family_id": "households", "run_id": "import_runs", "programme_id": "programmes",
    "edition_id": "editions", "course_id": "courses", "course_contact_id": "course_contacts",
    "participation_id": "participations", "slot_id": "course_slots", "task_id": "course_tasks", "interest_id": "interests",
    "accreditation_id": "accreditations", "asking_id": "askings", "alert_id": "risk_alerts", "wording_id": "wordings",
    "bands_id": "council_bands", "rule_id": "council_change_rules", "reply_id": "text_replies", "promise_id": "outbox",
    "announcement_id": "announcements", "suppression_id": "message_suppressions", "words_id": "message_wordings",
}  # fmt: skip
"""Which table an id in an address is of."""
WORDS = {
    "token": ["nonsense", "a.b.c"], "filename": ["hubs.css", "../wsgi.py"], "step": ["name", "nonsense"],
    "what": ["nonsense"], "kind": ["nonsense"], "measure": ["nonsense"], "index": ["0"], "number": ["0"], "slug": ["york"],
    "year": ["2026"], "month": ["3"], "part": ["nonsense"], "place": ["1"], "code": ["sdq", "nonsense"],
    "activity_kind": ["every", "nonsense"], "before": ["24h", "nonsense"],
    "message_kind": ["reminder", "nonsense"], "language": ["en", "xx"],
}  # fmt: skip
TRACES = {"answers", "registrations"}
"""Tables whose rows even a refusal may leave."""


@dataclass(frozen=True)
class Visitor:
    """Somebody at a council's door."""

    name: str
    signs_in: str | None
    home: str
    host: str


STRANGER = Visitor("a stranger", None, "", "leeds")
PARENT = Visitor("a parent", "paula", "leeds", "leeds")
OTHER_PARENT = Visitor("another parent", "pete", "leeds", "leeds")
PARENT_APART = Visitor("a parent who lives apart", "dan", "leeds", "leeds")
WORKER = Visitor("a hub worker", "asha", "leeds", "leeds")
OTHER_WORKER = Visitor("a worker of another hub", "will", "leeds", "leeds")
MANAGER = Visitor("a hub manager", "beth", "leeds", "leeds")
COORDINATOR = Visitor("a programme coordinator", "cora", "leeds", "leeds")
LEAD = Visitor("a council lead", "lena", "leeds", "leeds")
ADMIN = Visitor("a council administrator", "adam", "leeds", "leeds")
YORK = Visitor("everything in York, at York's door", "carl", "york", "york")
YORK_IN_LEEDS = Visitor("everything in York, at Leeds's door", "carl", "york", "leeds")
OPERATOR_IN_LEEDS = Visitor("an operator, at Leeds's door", "olga", "platform", "leeds")
OPERATOR = Visitor("an operator, at home", "olga", "platform", "")
VISITORS = [
    STRANGER, PARENT, OTHER_PARENT, PARENT_APART, WORKER, OTHER_WORKER, MANAGER, COORDINATOR, LEAD, ADMIN, YORK, YORK_IN_LEEDS,
    OPERATOR_IN_LEEDS, OPERATOR,
]  # fmt: skip
OF_LEEDS = [PARENT, WORKER, MANAGER, COORDINATOR, LEAD, ADMIN]


class Crawler(Knocker):
    """A knocker that shows the same person's key to the API, and looks at no page's quality."""

    api_key = "nobody's"
    form_token = ""

    def open(self, path: str, **kwargs: Any) -> Any:
        """Send anything, without a token."""
        headers = {"Authorization": f"Bearer {self.api_key}"} if path.startswith("/api/") else {}
        headers |= kwargs.pop("headers", {})
        environ = {"hubs.app": self.app}
        return self.client.open(
            path, base_url=self.base, headers=headers, environ_overrides=environ, **kwargs
        )

    def send(self, path: str, form: dict[str, Any]) -> Any:
        """Send a form with its token."""
        return self.open(path, method="POST", data={**form, "csrf_token": self.form_token})


def sign_in(crawler: Crawler, visitor: Visitor, world: Stage, councils: dict[str, Furniture]) -> None:
    """Give the crawler the visitor's cookie and key."""
    assert visitor.signs_in
    people = {**world.cast, **(councils[visitor.home].people if visitor.home in councils else {})}
    with unit_of_work(getattr(world, visitor.home)):
        account = find(Account, people[visitor.signs_in])
        crawler.carry(accounts.sign_in(account, device="Crawler", how="password"))
        crawler.api_key = accounts.make_api_key(account, "Crawler", set(Permission))


class State:
    """Looks at the rows of councils again and again, as the owner of the tables, who sees every council."""

    def __init__(self, world: Stage) -> None:
        self.world = world

    def __enter__(self) -> "State":
        self.owner = create_engine(self.world.urls.owner.replace("postgresql://", "postgresql+psycopg://", 1))
        return self

    def __exit__(self, *_: Any) -> None:
        self.owner.dispose()

    def of(self, council: str) -> dict[str, str]:
        """Return a fingerprint of each table's rows of a council."""
        with self.owner.connect() as connection:
            found = connection.execute(_FINGERPRINTS, {"t": getattr(self.world, council)}).all()
        return {row.name: row.print for row in found}


_FINGERPRINTS = text(
    " UNION ALL ".join(
        f"SELECT '{name}' AS name, md5(coalesce(string_agg(t::text, '' ORDER BY t.id), '')) AS print"
        f" FROM {name} t WHERE tenant_id = :t"
        for name in house.metadata.tables
        if name not in {*SHARED, *TRACES}
    )
)


def state(world: Stage, council: str) -> dict[str, str]:
    """Return a fingerprint of each table's rows of a council."""
    with State(world) as now:
        return now.of(council)


def words_in(world: Stage, council: str) -> str:
    """Return all that a council's rows hold, what is sealed unsealed."""
    said = []
    with unit_of_work(getattr(world, council)):
        for model in TENANT_TABLES:
            names = [attribute.key for attribute in inspect_mapper(model).column_attrs]
            said += [
                f"{model.__name__} {name} {getattr(row, name)!r}"
                for row in db.scalars(select(model))
                for name in names
            ]
    return "\n".join(said)


TENANT_TABLES = [m.class_ for m in house.Table.registry.mappers if issubclass(m.class_, TenantTable)]


def addresses(app: Flask, own: Furniture, *, pick: int = 0) -> list[str]:
    """Return an address for each page of the house, with the ids of a council's own things."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static" and not rule.rule.startswith("/api/"):
            values: dict[str, Any] = {}
            for name in sorted(rule.arguments):
                listed = getattr(rule._converters[name], "items", None)
                if name in SPECIMENS:
                    known = own.ids[SPECIMENS[name]] or [new_id()]
                    values[name] = known[min(pick, len(known) - 1)]
                else:
                    values[name] = sorted(listed)[0] if listed else WORDS[name][0]
            built = rule.build(values)
            assert built, rule
            found.append(built[1])
    return found
