"""Runs the migrations, as the role that owns the tables."""

import os
from collections.abc import Iterable
from typing import Literal

from alembic import context
from alembic.operations.ops import CreateTableOp, ExecuteSQLOp, MigrationScript
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, NullPool, TypeDecorator, create_engine, make_url

import app.models  # noqa: F401 - every context's tables
from kernel.tables import Table
from kernel.walls import wall

# A migration that waits for others, or that others would wait for, gives up and is tried again later.
CAUTION = "SET lock_timeout = '4s'; SET statement_timeout = '5s'"


def raise_walls(
    _context: MigrationContext, _revision: Iterable[str | None], scripts: list[MigrationScript]
) -> None:
    """Have a revision that makes tables make their walls as well, so that no new table can forget its own."""
    for script in scripts:
        operations = script.upgrade_ops.ops if script.upgrade_ops else []
        made = [operation.table_name for operation in operations if isinstance(operation, CreateTableOp)]
        operations += [ExecuteSQLOp(sql) for name in made for sql in wall(Table.metadata.tables[name])]


def plain_type(kind: str, thing: object, _context: object) -> str | Literal[False]:
    """Have history say what a column is in PostgreSQL, not lean on a class that may change."""
    return f"sa.{thing.impl!r}" if kind == "type" and isinstance(thing, TypeDecorator) else False


def migrate(connection: Connection) -> None:
    """Bring the database that this connection reaches up to date."""
    connection.exec_driver_sql(CAUTION)
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        process_revision_directives=raise_walls,
        render_item=plain_type,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if given := context.config.attributes.get("connection"):
    migrate(given)
else:
    address = make_url(os.environ["HUBS_OWNER_DATABASE_URL"]).set(drivername="postgresql+psycopg")
    with create_engine(address, poolclass=NullPool).begin() as own:
        migrate(own)
