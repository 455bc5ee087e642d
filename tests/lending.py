"""Databases that one test after another borrows: putting rows back is ten times as quick as copying a database."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from app.demo.servers import Database
from app.models import metadata
from tests.servers import TestServers

SHAPE = """
SELECT md5(string_agg(part, '|' ORDER BY part)) FROM (
  SELECT p::text FROM pg_policy p
  UNION ALL SELECT (oid, relname, relowner, relrowsecurity, relforcerowsecurity, relacl)::text FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT (attrelid, attname, atttypid, attnotnull, attacl)::text FROM pg_attribute
    WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
  UNION ALL SELECT (oid, conname, convalidated)::text FROM pg_constraint
  UNION ALL SELECT (indexrelid, indisunique, indisvalid)::text FROM pg_index
  UNION ALL SELECT (oid, tgname, tgenabled)::text FROM pg_trigger
  UNION ALL SELECT (oid, typname, typtype)::text FROM pg_type WHERE typnamespace = 'public'::regnamespace
  UNION ALL SELECT (oid, proname, proacl)::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT (nspname, nspacl)::text FROM pg_namespace WHERE nspname !~ '^pg_(temp|toast)'
) AS parts (part)
"""
"""Everything about a database but its rows, in one word."""

LEFT_BEHIND = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
TABLES = [table.name for table in metadata.sorted_tables]
"""Every table, what is referred to before what refers to it."""
FILLED = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in TABLES)
"""The tables that hold anything: asking is ten times as quick as emptying those that are empty."""


class Lender:
    """Lends a copy of a database that nobody is connected to, and puts it right when it comes back."""

    def __init__(self, servers: TestServers, like: Database) -> None:
        self._servers, self._like = servers, like
        self._copy = ExitStack()
        self._database: Database | None = None

    @contextmanager
    def lend(self) -> Iterator[Database]:
        """Give a database that is like it. What a test does to its tables themselves costs a new copy."""
        database = self._database or self._take_copy()
        try:
            yield database
        finally:
            self._put_right(database)

    def __enter__(self) -> "Lender":
        return self

    def __exit__(self, *_: object) -> None:
        self._remove_copy()

    def _remove_copy(self) -> None:
        self._database = None
        self._copy.close()

    def _take_copy(self) -> Database:
        database = self._database = self._copy.enter_context(self._servers.new_database(self._like))
        with psycopg.connect(database.owner) as owner:
            self._shape = owner.execute(SHAPE).fetchone()
            self._rows = {name: rows for name in TABLES if (rows := _read(owner, name))}
        return database

    def _put_right(self, database: Database) -> None:
        name = conninfo_to_dict(database.owner)["dbname"]
        with psycopg.connect(self._servers.admin_url, autocommit=True) as admin:
            admin.execute(LEFT_BEHIND, [name])
        with psycopg.connect(database.owner) as owner:
            as_it_was = owner.execute(SHAPE).fetchone() == self._shape
            if as_it_was:
                filled = {table for (table,) in owner.execute(FILLED)}
                for table in reversed(TABLES):
                    if table in filled:
                        owner.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
                for table, rows in self._rows.items():
                    _write(owner, table, rows)
        if not as_it_was:
            self._remove_copy()


def _read(owner: psycopg.Connection, table: str) -> bytes:
    with owner.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
        return b"".join(map(bytes, copy))


def _write(owner: psycopg.Connection, table: str, rows: bytes) -> None:
    with owner.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
        copy.write(rows)
