"""The roles and databases that the harness makes."""

import psycopg
import pytest
from psycopg import sql

from app.demo import servers as machine
from tests.lending import Lender

RIGHTS = """
SELECT current_user, rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole
FROM pg_roles WHERE rolname = current_user
"""


def test_each_role_signs_in_as_itself_and_may_do_no_more(database):
    with psycopg.connect(database.app) as app, psycopg.connect(database.dispatch) as dispatch:
        assert app.execute(RIGHTS).fetchone() == ("hubs_app", False)
        assert dispatch.execute(RIGHTS).fetchone() == ("hubs_dispatch", False)


@pytest.mark.parametrize("role", ["app", "dispatch"])
def test_who_serves_people_cannot_make_anything(database, role):
    with psycopg.connect(getattr(database, role)) as served:
        for making in ("create table t (i int)", "create schema s", "create temporary table t (i int)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                served.execute(making)
            served.rollback()


def test_who_serves_people_does_not_wait_for_ever(servers, database):
    name = psycopg.conninfo.conninfo_to_dict(database.app)["dbname"]
    with psycopg.connect(servers.admin_url) as admin:  # the tests' databases are more patient
        admin.execute(sql.SQL("alter role hubs_app in database {} reset all").format(sql.Identifier(name)))
    with psycopg.connect(database.app) as app:
        limits = [app.execute(f"show {name}").fetchone()[0] for name in machine.CAUTION]

    assert limits == ["UTC", "15s", "3s", "30s"]


def test_providing_a_database_twice_gives_the_same_one(servers, database):
    name = psycopg.conninfo.conninfo_to_dict(database.app)["dbname"]

    assert machine.provide(servers.admin_url, name) == database


def test_a_free_port_is_free_and_below_those_of_outgoing_connections():
    port = machine.free_port()

    assert machine.is_free(port)
    assert port < 32768


def test_what_was_lent_comes_back_as_it_was(servers, world):
    rows = "SELECT (SELECT count(*) FROM tenants), (SELECT count(*) FROM accounts)"
    with Lender(servers, like=_left_alone(world)) as lender:
        with lender.lend() as lent, psycopg.connect(lent.owner) as owner:
            before = owner.execute(rows).fetchone()
            owner.execute("TRUNCATE tenants CASCADE")
        with lender.lend() as again, psycopg.connect(again.owner) as owner:
            assert owner.execute(rows).fetchone() == before != (0, 0)

    assert again == lent


def test_what_was_lent_and_altered_is_not_lent_again(servers, world):
    with Lender(servers, like=_left_alone(world)) as lender:
        with lender.lend() as lent, psycopg.connect(lent.owner) as owner:
            owner.execute("ALTER TABLE people DISABLE ROW LEVEL SECURITY")
        with lender.lend() as again:
            pass

    assert again != lent


def _left_alone(world):
    world.engine.dispose()
    return world.urls
