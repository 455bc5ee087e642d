"""The schema's history: brought to a database, checked against the models, and continued.

``check`` and ``new "Add the waiting list"`` work on a throw-away database, and need nothing that is running.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, NullPool, create_engine, make_url

from app.demo import servers


def upgrade(owner_url: str) -> None:
    """Bring a database up to date."""
    with _connected(owner_url) as connection:
        command.upgrade(_history(connection), "head")


def check() -> None:
    """Fail unless the history has one end, and what it makes is what the models say."""
    heads = ScriptDirectory.from_config(_history()).get_heads()
    if len(heads) != 1:
        raise CommandError(f"There should be one newest migration, not {len(heads)}: {', '.join(heads)}")

    with throw_away_database() as database, _connected(database.owner) as connection:
        command.upgrade(_history(connection), "head")
        command.check(_history(connection))


def new(message: str) -> None:
    """Write the migration that brings the schema from where its history ends to what the models say."""
    with throw_away_database() as database, _connected(database.owner) as connection:
        command.upgrade(_history(connection), "head")
        command.revision(_history(connection), message, autogenerate=True)


@contextmanager
def throw_away_database() -> Iterator[servers.Database]:
    """Give an empty database that is gone afterwards."""
    name = f"hubs_check_{os.getpid()}"
    with servers.throw_away() as running:
        try:
            yield servers.provide(running.admin_url, name)
        finally:
            servers.drop(running.admin_url, name)


@contextmanager
def _connected(owner_url: str) -> Iterator[Connection]:
    engine = create_engine(make_url(owner_url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.begin() as connection:
        yield connection


def _history(connection: Connection | None = None) -> Config:
    config = Config(toml_file="pyproject.toml")
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    try:
        match sys.argv[1:]:
            case ["upgrade"]:
                upgrade(os.environ["HUBS_OWNER_DATABASE_URL"])
            case ["check"]:
                check()
            case ["new", message]:
                new(message)
            case _:
                sys.exit(__doc__)
    except (CommandError, servers.ServerFailed) as failure:
        sys.exit(str(failure))
