"""The walls between councils, asked of PostgreSQL itself, and each taken down to see that it is missed."""

import subprocess
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, func, select, text
from sqlalchemy.exc import InternalError, ProgrammingError
from sqlalchemy.orm import Session as Connection

import app.models as house
from families.models import Household, Person
from hubs.models import Hub, Room
from kernel import db as kernel_db
from kernel.db import UnitOfWorkUnderWay, WrongCouncil, apart, db, find, unit_of_work, visiting
from kernel.errors import NotFound
from kernel.guards import holes
from kernel.ids import new_id
from kernel.tables import TenantTable
from kernel.walls import SHARED
from tenants.models import Tenant

COUNCIL_TABLES = sorted(name for name in house.metadata.tables if name not in SHARED)


def test_the_walls_stand_and_the_house_connects_as_nobody_special(world):
    with world.engine.connect() as connection:
        assert holes(connection) == []


@pytest.mark.parametrize("table", COUNCIL_TABLES)
def test_every_key_and_reference_of_a_council_table_names_the_council(table):
    table = house.metadata.tables[table]
    assert [column.name for column in table.primary_key][:2] == ["tenant_id", "id"]
    for constraint in table.foreign_key_constraints:
        if constraint.referred_table.name not in SHARED:
            assert constraint.column_keys[0] == "tenant_id", constraint.name
            assert constraint.ondelete in (None, "CASCADE", "RESTRICT"), constraint.name
    for index in table.indexes:
        assert next(iter(index.columns)).name == "tenant_id", index.name


@pytest.mark.parametrize(
    ("sabotage", "noticed"),
    [
        ("DROP POLICY own_rows ON people", "people has 0 policies for SELECT"),
        ("ALTER TABLE people DISABLE ROW LEVEL SECURITY", "people has no forced row security"),
        ("ALTER TABLE people NO FORCE ROW LEVEL SECURITY", "people has no forced row security"),
        ("CREATE POLICY more ON people TO hubs_app USING (true)", "people has 2 policies for SELECT"),
        (
            "CREATE POLICY less ON people AS RESTRICTIVE TO hubs_app USING (true)",
            "people.less is restrictive",
        ),
        ("ALTER POLICY own_rows ON people USING (true)", "people.own_rows does not compare the council"),
        ("CREATE TABLE secrets (id uuid PRIMARY KEY)", "secrets has no tenant_id"),
        ("CREATE UNIQUE INDEX leak ON people (email)", "leak does not begin with tenant_id"),
        ("ALTER TABLE people ADD FOREIGN KEY (id) REFERENCES hubs_by_id (id)", "leaves the council out"),
        ("CREATE TYPE mood AS ENUM ('good')", "enum type mood"),
        ("CREATE VIEW everyone AS SELECT * FROM people", "view everyone runs with its owner's rights"),
        ("CREATE MATERIALIZED VIEW heap AS SELECT 1", "materialised view or sequence heap"),
        ("GRANT TRUNCATE ON people TO hubs_app", "hubs_app may TRUNCATE people"),
        ("GRANT UPDATE ON journal TO hubs_app", "hubs_app may UPDATE journal"),
        ("GRANT CREATE ON SCHEMA public TO hubs_app", "who may create tables"),
    ],
)
def test_a_fallen_wall_is_noticed(world, sabotage, noticed):
    owner = create_engine(world.urls.owner.replace("postgresql://", "postgresql+psycopg://", 1))
    with owner.begin() as connection:
        if "hubs_by_id" in sabotage:
            connection.execute(text("CREATE TABLE hubs_by_id (tenant_id uuid NOT NULL, id uuid UNIQUE)"))
        connection.execute(text(sabotage))
    owner.dispose()

    with world.engine.connect() as connection:
        assert any(noticed in sentence for sentence in holes(connection))


def test_york_cannot_find_what_leeds_has(world, set_up):
    with set_up() as make:
        hub = make.hub()

    with unit_of_work(world.york):
        assert db.scalars(select(Hub)).all() == []
        with pytest.raises(NotFound):
            find(Hub, hub.id)


def test_row_security_alone_keeps_york_out(world, set_up):
    """With the ORM's own criteria off, PostgreSQL still answers with no rows."""
    with set_up() as make:
        make.hub()
    listener = kernel_db._only_own_rows
    event.remove(kernel_db.opened, "do_orm_execute", listener)
    try:
        with unit_of_work(world.york):
            assert db.scalars(select(Hub)).all() == []
            assert db.scalar(text("SELECT count(*) FROM hubs")) == 0
    finally:
        event.listen(kernel_db.opened, "do_orm_execute", listener)


def test_the_orm_alone_keeps_york_out(world, set_up):
    """With row security off, as for the owner of the tables, the ORM still asks for one council's rows."""
    with set_up() as make:
        make.hub()
    owner = kernel_db.engine(world.urls.owner)
    kernel_db.connect(owner)
    try:
        with unit_of_work(world.york):
            assert db.scalar(text("SELECT count(*) FROM hubs")) == 1
            assert db.scalars(select(Hub)).all() == []
            assert db.scalar(select(func.count()).select_from(Hub)) == 0
            assert db.query(Hub).update({"area": "taken"}) == 0
    finally:
        kernel_db.connect(world.engine)
        owner.dispose()


def test_a_row_cannot_point_into_another_council(world, set_up):
    with set_up() as make:
        hub = make.hub()

    with pytest.raises(Exception, match="rooms_tenant_id_hub_id_fkey"), unit_of_work(world.york):
        db.add(Room(hub_id=hub.id, name="Stolen"))
        db.flush()


def test_a_row_of_leeds_cannot_be_carried_into_york(world, set_up):
    with set_up() as make:
        hub = make.hub()

    with unit_of_work(world.york), pytest.raises(WrongCouncil):
        db.add(hub)


def test_nobody_stands_in_two_places(leeds):
    with pytest.raises(UnitOfWorkUnderWay), unit_of_work(leeds.york):
        pass


def test_outside_every_council_there_are_no_rows(world, set_up):
    with set_up() as make:
        make.hub()

    with unit_of_work(None):
        assert db.scalars(select(Hub)).all() == []
        assert db.scalars(select(Tenant.slug).order_by(Tenant.slug)).all() == ["leeds", "operators", "york"]


def test_a_connection_that_was_told_nothing_sees_nothing(world, set_up):
    with set_up() as make:
        make.hub()

    with Connection(world.engine) as bare:
        assert bare.scalars(select(Hub)).all() == []


def test_a_read_only_unit_cannot_write(world):
    with pytest.raises(InternalError, match="read-only"), unit_of_work(world.leeds, read_only=True):
        db.add(Hub(name="No", name_key="no"))
        db.flush()


def test_a_trace_can_be_left_while_reading(world):
    with unit_of_work(world.leeds, read_only=True), apart():
        db.add(Hub(name="Trace", name_key="trace"))

    with unit_of_work(world.leeds):
        assert db.scalar(select(func.count()).select_from(Hub)) == 1


def test_a_visit_sees_the_council_that_is_visited_and_the_work_under_way_goes_on(world, set_up):
    with set_up("york") as make:
        make.hub("Clifton", team=())
    hubs = select(func.count()).select_from(Hub)
    with unit_of_work(world.leeds):
        with visiting(world.york, read_only=True):
            assert db.scalar(hubs) == 1
        assert db.scalar(hubs) == 0
        with pytest.raises(InternalError, match="read-only"), visiting(world.york, read_only=True):
            db.add(Hub(name="Trace", name_key="trace"))


def test_only_those_who_run_the_house_visit_councils():
    """A new line here is a decision: what is told there must be numbers and ids."""
    callers = subprocess.run(
        ["git", "grep", "-l", "visiting(", "--", "*.py", ":!tests", ":!kernel/db.py"],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert set(callers) <= {
        "messaging/queries/standing.py", "messaging/views/queues.py", "messaging/cli.py",
    }  # fmt: skip


def test_nobody_rewrites_the_journal(world):
    with pytest.raises(ProgrammingError, match="permission denied"), unit_of_work(world.leeds):
        db.execute(text("DELETE FROM journal"))


def test_a_council_cannot_be_made_from_inside_another(world):
    with pytest.raises(ProgrammingError, match="row-level security"), unit_of_work(world.leeds):
        db.add(Tenant(id=new_id(), slug="bradford", name="Bradford"))
        db.flush()


def test_every_council_table_is_asked_for_by_council(world, set_up):
    """What the ORM sends names the council, so that one shard or partition answers."""
    asked = []
    event.listen(world.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    with set_up() as make:
        make.family()
        db.expire_all()
        db.scalars(select(Person).join(Household, Household.id == Person.household_id)).all()
        db.query(Person).update({"phone": "0113 496 0000"})

    about_rows = [s for s in asked if s.lstrip().startswith(("SELECT", "UPDATE", "DELETE"))]
    assert about_rows
    assert [s for s in about_rows if "tenant_id = " not in s] == []


def test_every_table_is_of_one_of_two_kinds():
    strays = {
        mapper.class_.__name__
        for mapper in house.Table.registry.mappers
        if not issubclass(mapper.class_, TenantTable) and mapper.local_table.name not in SHARED
    }
    assert strays == set(), "make it a TenantTable, or put it on the list in kernel/walls.py and say why"
