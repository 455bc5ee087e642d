"""Who knocks at the doors of the attack tests, with what, and what a council holds."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import create_engine, text

import app.models as house
from accounts import service as accounts
from accounts.models import Account
from kernel.db import find, unit_of_work
from kernel.permissions import Permission
from kernel.walls import SHARED
from tests.conftest import Stage
from tests.knocking import Knocker
from tests.security.furnished import Furniture

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
WORKER = Visitor("a hub worker", "asha", "leeds", "leeds")
OTHER_WORKER = Visitor("a worker of another hub", "will", "leeds", "leeds")
MANAGER = Visitor("a hub manager", "beth", "leeds", "leeds")
LEAD = Visitor("a council lead", "lena", "leeds", "leeds")
ADMIN = Visitor("a council administrator", "adam", "leeds", "leeds")
YORK = Visitor("everything in York, at York's door", "carl", "york", "york")
YORK_IN_LEEDS = Visitor("everything in York, at Leeds's door", "carl", "york", "leeds")
OPERATOR_IN_LEEDS = Visitor("an operator, at Leeds's door", "olga", "platform", "leeds")
OPERATOR = Visitor("an operator, at home", "olga", "platform", "")
VISITORS = [
    STRANGER, PARENT, OTHER_PARENT, WORKER, OTHER_WORKER, MANAGER, LEAD, ADMIN, YORK, YORK_IN_LEEDS, OPERATOR_IN_LEEDS,
    OPERATOR,
]  # fmt: skip
OF_LEEDS = [PARENT, WORKER, MANAGER, LEAD, ADMIN]


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


def state(world: Stage, council: str) -> dict[str, str]:
    """Return a fingerprint of each table's rows of a council."""
    names = [name for name in house.metadata.tables if name not in {*SHARED, *TRACES}]
    prints = " UNION ALL ".join(
        f"SELECT '{name}' AS name, md5(coalesce(string_agg(t::text, '' ORDER BY t.id), '')) AS print"
        f" FROM {name} t WHERE tenant_id = :t"
        for name in names
    )
    return dict(_ask_owner(world, prints, t=getattr(world, council)))


def everything_in(world: Stage, council: str) -> str:
    """Return all rows of a council as text, as they lie on the disk."""
    rows = " UNION ALL ".join(
        f"SELECT '{name} ' || t::text FROM {name} t WHERE tenant_id = :t"
        for name in house.metadata.tables
        if name not in SHARED
    )
    return "\n".join(row for (row,) in _ask_owner(world, rows, t=getattr(world, council)))


def _ask_owner(world: Stage, question: str, **told: UUID) -> list[Any]:
    """Ask as the owner of the tables, who sees every council."""
    owner = create_engine(world.urls.owner.replace("postgresql://", "postgresql+psycopg://", 1))
    with owner.connect() as connection:
        found = connection.execute(text(question), told).all()
    owner.dispose()
    return list(found)
