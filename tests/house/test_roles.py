"""The SQL that an operator runs on a new server makes what the demo makes, and the house opens on it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url

from app.demo import servers
from app.demo.migrations import upgrade
from kernel.guards import holes

SQL = Path(__file__).parents[2] / "docs" / "roles.sql"


@pytest.fixture(scope="module")
def admin_url() -> Iterator[str]:
    """A server of our own, on which no role has been made yet."""
    with tempfile.TemporaryDirectory(prefix="hubs-roles-") as home:
        Path(home).chmod(0o711)
        running = servers.start(Path(home), durable=False, given={"HUBS_REDIS_URL": "redis://none"})
        try:
            with psycopg.connect(running.admin_url, autocommit=True) as admin:
                for statement in SQL.read_text().split("\n\n"):
                    admin.execute(statement.encode())
            yield running.admin_url
        finally:
            running.stop()


def as_role(admin_url: str, role: str, driver: str = "postgresql") -> str:
    url = make_url(admin_url).set(username=role, database="hubs", drivername=driver)
    return url.render_as_string(hide_password=False)


def test_the_roles_are_those_of_the_demo(admin_url: str):
    with psycopg.connect(admin_url) as admin:
        made = admin.execute(
            "select rolname, rolcanlogin, rolbypassrls, rolsuper or rolcreaterole or rolcreatedb, rolconfig"
            " from pg_roles where starts_with(rolname, 'hubs_')"
        ).fetchall()

    assert {name: set(settings) for name, *_, settings in made} == {
        role: {f"{setting}={value}".replace("timezone=", "TimeZone=") for setting, value in settings.items()}
        for role, settings in servers.ROLE_SETTINGS.items()
    }
    assert {name: rights for name, *rights, _ in made} == {
        role: [True, "bypassrls" in attributes, False] for role, attributes in servers.ATTRIBUTES.items()
    }


def test_the_house_opens_on_what_it_makes(admin_url: str):
    upgrade(as_role(admin_url, servers.OWNER))

    engine = create_engine(as_role(admin_url, servers.APP, "postgresql+psycopg"))
    with engine.connect() as connection:
        assert holes(connection) == []
    engine.dispose()
    with psycopg.connect(as_role(admin_url, servers.DISPATCH)) as dispatch:
        assert dispatch.execute("select distinct tenant_id from outbox").fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            dispatch.execute("select * from households")
