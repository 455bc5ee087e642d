"""The unit of work: one council, one actor, one transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import Engine, Executable, create_engine, event
from sqlalchemy.orm import (
    LoaderCriteriaOption,
    ORMExecuteState,
    Session,
    sessionmaker,
    with_loader_criteria,
)

from kernel.errors import NotFound
from kernel.tables import TenantTable

Row = TypeVar("Row", bound=TenantTable)
S = TypeVar("S", bound=Executable)
NOWHERE = UUID(int=0)
"""The council of work that stands in none: it owns no rows."""
CONNECT_SECONDS = 3

_here: ContextVar[Session | None] = ContextVar("unit_of_work", default=None)
opened = sessionmaker(expire_on_commit=False)


class NoUnitOfWork(RuntimeError):
    """The database was reached for outside a unit of work."""


class UnitOfWorkUnderWay(RuntimeError):
    """A unit of work was opened inside another."""


class WrongCouncil(PermissionError):
    """A row of one council was carried into the work of another."""


def engine(url: str, *, prepared: bool = True, **kwargs: Any) -> Engine:
    """Return an engine that gives up connecting after a few seconds and tells no values in errors.

    ``prepared`` statements are planned once for each connection; a pooler between must then understand them
    (PgBouncer from 1.21, with ``max_prepared_statements``).
    """
    settings = {"connect_timeout": CONNECT_SECONDS, "prepare_threshold": 5 if prepared else None}
    return create_engine(_psycopg(url), connect_args=settings, hide_parameters=True, **kwargs)


def connect(to: Engine) -> None:
    """Bind the house to its database."""
    opened.configure(bind=to)


@contextmanager
def unit_of_work(
    tenant: UUID | None, *, actor: UUID | None = None, read_only: bool = False, among: Session | None = None
) -> Iterator[Session]:
    """Do one piece of work for one council: all of it is kept, or none. Without one, only shared tables are seen.

    ``among``: one of several that follow each other closely and read the same (``several``).
    """
    if _here.get():
        raise UnitOfWorkUnderWay
    with _work(tenant, actor, read_only, among) as session:
        yield session


@contextmanager
def several() -> Iterator[Session]:
    """Hold what a few units of work of one council have read, so that the next of them need not read it again.

    Each keeps its own changes. For work that sees what is a moment old as what is: letters, not places.
    """
    with opened() as session:
        yield session


@contextmanager
def apart() -> Iterator[Session]:
    """Do a short piece of work in a transaction of its own while another is under way: a trace that must stay."""
    outer = _current()
    with _work(outer.info["tenant"], outer.info["actor"], False) as session:
        yield session


@contextmanager
def founding(tenant: UUID) -> Iterator[Session]:
    """Do the first work of a council that is being set up, in a transaction of its own, wherever one stands."""
    with _work(tenant, None, False) as session:
        yield session


@contextmanager
def visiting(tenant: UUID, *, read_only: bool) -> Iterator[Session]:
    """Do a short piece of work for another council than the one that is under way: count what waits there.

    For those who run the house, who see no council's data. ``tests/house/test_walls.py`` lists who calls this.
    """
    outer = _here.get()
    with _work(tenant, outer.info["actor"] if outer else None, read_only) as session:
        yield session


@contextmanager
def _work(
    tenant: UUID | None, actor: UUID | None, read_only: bool, among: Session | None = None
) -> Iterator[Session]:
    with nullcontext(among) if among else opened() as session:
        session.info.update(tenant=tenant or NOWHERE, actor=actor, read_only=read_only, after=[])
        token = _here.set(session)
        try:
            with session.begin():
                yield session
        finally:
            _here.reset(token)
    for follow_up in session.info["after"]:
        follow_up()


def afterwards(follow_up: Callable[[], None]) -> None:
    """Call this once the unit of work is kept; forget it if it is not."""
    _current().info["after"].append(follow_up)


@contextmanager
def wholly() -> Iterator[None]:
    """Do a part of the work under way, or nothing of it: refused, it takes back what it wrote and promised."""
    session = _current()
    follow_ups = session.info["after"]
    before = len(follow_ups)
    try:
        with session.begin_nested():
            yield
    except BaseException:
        del follow_ups[before:]
        raise


def here() -> UUID:
    """Return the council in which the work under way stands."""
    return cast(UUID, _current().info["tenant"])


def actor() -> UUID | None:
    """Return who does the work under way, when somebody does."""
    return cast("UUID | None", _current().info["actor"])


def acts(who: UUID | None) -> None:
    """Say who does the work under way."""
    _current().info["actor"] = who


def kept(statement: S) -> S:
    """Return a statement that is built once, with ``bindparam`` for what changes, and asked often.

    Building a statement takes longer than sending it. What makes it one council's is put in once for each.
    """
    return statement.execution_options(kept=True)


def find(model: type[Row], id: UUID, *, lock: bool = False) -> Row:
    """Return the council's row with that id, or raise NotFound."""
    if row := db.get(model, (here(), id), with_for_update=lock or None, populate_existing=lock):
        return row
    raise NotFound(model.__name__)


class _Here:
    """Stands for the session of the unit of work that is under way."""

    def __getattr__(self, name: str) -> Any:
        return getattr(_current(), name)


db = cast(Session, _Here())


def _current() -> Session:
    if session := _here.get():
        return session
    raise NoUnitOfWork("open a unit_of_work() first")


def _psycopg(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1).replace(
        "postgres://", "postgresql+psycopg://", 1
    )


@event.listens_for(opened, "after_begin")
def _tell_postgres(session: Session, _transaction: Any, connection: Any) -> None:
    # SET takes no parameters: a real UUID is the escaping. Never set_config(): a distributed PostgreSQL forwards
    # only SET LOCAL.
    told = f"SET LOCAL app.tenant_id = '{UUID(str(session.info['tenant']))}'"
    if session.info["read_only"]:
        told += "; SET TRANSACTION READ ONLY"
    connection.exec_driver_sql(told)


@event.listens_for(opened, "do_orm_execute")
def _only_own_rows(state: ORMExecuteState) -> None:
    if state.is_column_load or state.is_relationship_load:
        return
    tenant = state.session.info["tenant"]
    if state.execution_options.get("kept"):
        state.statement = _kept_for(state.statement, tenant)
    else:
        state.statement = state.statement.options(_own_rows_of(tenant))  # type: ignore[attr-defined]


@lru_cache(maxsize=10_000)
def _kept_for(statement: Any, tenant: UUID) -> Any:
    return statement.options(_own_rows_of(tenant))


@lru_cache(maxsize=1000)
def _own_rows_of(tenant: UUID) -> LoaderCriteriaOption:
    return with_loader_criteria(
        TenantTable, lambda cls: cls.tenant_id == tenant, include_aliases=True, track_closure_variables=True
    )


@event.listens_for(opened, "before_attach")
def _stamp(session: Session, row: Any) -> None:
    if not isinstance(row, TenantTable):
        return
    if row.tenant_id is None:
        row.tenant_id = session.info["tenant"]
    elif row.tenant_id != session.info["tenant"]:
        raise WrongCouncil(type(row).__name__)
