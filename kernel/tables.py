"""The two kinds of table: shared ones, and those that belong to one council."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Enum, ForeignKey, ForeignKeyConstraint, MetaData, Text, event, func
from sqlalchemy import Table as DatabaseTable
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    MappedColumn,
    declared_attr,
    mapped_column,
    relationship,
)

from kernel.ids import new_id

NAMES = {
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "ck": "%(table_name)s_%(constraint_name)s_check",
}


class Table(DeclarativeBase):
    """A row of the database. It has its id from the moment that it is made."""

    __abstract__ = True
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: DateTime(timezone=True), str: Text}

    def __init__(self, **values: Any) -> None:
        values.setdefault("id", new_id())
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no {name}")
            setattr(self, name, value)


class SharedTable(Table):
    """A row that belongs to the platform. Few tables are of this kind: see ``kernel/walls.py``."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=99)


class TenantTable(Table):
    """A row that belongs to one council, and that no other council can reach.

    No code writes ``tenant_id``: the unit of work stamps it, PostgreSQL checks it. ``__may__`` lists what the
    application may do with rows of the table.
    """

    __abstract__ = True
    __may__: tuple[str, ...] = ("SELECT", "INSERT", "UPDATE", "DELETE")

    @declared_attr
    def tenant_id(cls) -> Mapped[UUID]:  # noqa: N805
        """Return the council's half of the key."""
        return mapped_column(ForeignKey("tenants.id"), primary_key=True, sort_order=-2)

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=99)


def belongs_to(target: str, *, on_delete: str | None = None, **kwargs: Any) -> MappedColumn[Any]:
    """Return a column that points at a row of the same council: ``belongs_to("hubs")``."""
    return mapped_column(info={"belongs_to": target, "on_delete": on_delete}, **kwargs)


def link(one: str, column: str, **kwargs: Any) -> Any:
    """Return the relationship between class ``one`` and the ``"Many.one_id"`` that belongs to it, for either end.

    Both halves of the key are joined and only the id is written, so that the ORM never touches ``tenant_id``.
    """
    many = column.partition(".")[0]
    return relationship(
        primaryjoin=f"and_({one}.tenant_id == {many}.tenant_id, {one}.id == foreign({column}))", **kwargs
    )


def one_of(words: type[StrEnum], **kwargs: Any) -> MappedColumn[Any]:
    """Return a column that holds one of so many words, as text: native enums cannot be indexed under row security."""
    kind = Enum(
        words,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=words.__name__.lower(),
        values_callable=lambda those: [word.value for word in those],
    )
    return mapped_column(kind, **kwargs)


@event.listens_for(TenantTable, "instrument_class", propagate=True)
def _tie_references(_mapper: Any, cls: type[TenantTable]) -> None:
    table = cls.__table__
    if not isinstance(table, DatabaseTable) or "may" in table.info:
        return
    table.info["may"] = cls.__may__
    for column in table.columns:
        if target := column.info.get("belongs_to"):
            table.append_constraint(
                ForeignKeyConstraint(
                    ["tenant_id", column.name],
                    [f"{target}.tenant_id", f"{target}.id"],
                    ondelete=column.info["on_delete"],
                )
            )
