"""Puts what is encrypted at rest under the newest key, so that an old one can be dropped."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import click
from flask import Blueprint
from sqlalchemy import ColumnElement, Text, literal, select, type_coerce, update

from app.models import metadata
from kernel import vault
from kernel.db import db, unit_of_work
from kernel.tables import Table, TenantTable
from kernel.vault import SealedText
from tenants import queries as tenants

blueprint = Blueprint("keys", __name__, cli_group="keys")
BATCH = 200


@blueprint.cli.command("rotate")
def rotate() -> None:
    """Seal everything that is encrypted with the first key of HUBS_FIELD_KEYS."""
    with unit_of_work(None, read_only=True):
        houses = [(house.id, house.name) for house in tenants.houses()]
    for tenant, name in houses:
        click.echo(f"{name}: {reseal(tenant)} texts")


def reseal(tenant: UUID) -> int:
    """Seal all texts of one council with the newest key; return how many there were."""
    return sum(_reseal_column(tenant, model, column) for model, column in sealed_columns())


def sealed_columns() -> Iterator[tuple[type[TenantTable], str]]:
    """Return every column that is encrypted at rest."""
    assert metadata.tables, "the models are not loaded"
    for mapper in Table.registry.mappers:
        if issubclass(mapper.class_, TenantTable):
            for name, column in mapper.columns.items():
                if isinstance(column.type, SealedText):
                    yield mapper.class_, name


def _reseal_column(tenant: UUID, model: type[TenantTable], name: str) -> int:
    column = getattr(model, name)
    as_it_lies: ColumnElement[str] = type_coerce(column, Text)
    count, after = 0, UUID(int=0)
    while True:
        with unit_of_work(tenant):
            batch = (
                select(model.id, as_it_lies.label("sealed"))
                .where(column.is_not(None), model.id > after)
                .order_by(model.id)
                .limit(BATCH)
                .with_for_update()
            )
            rows = db.execute(batch).all()
            for row in rows:
                db.execute(_put(model, column, row.id, vault.reseal(row.sealed)))
        if not rows:
            return count
        count, after = count + len(rows), rows[-1].id


def _put(model: type[TenantTable], column: Any, row_id: UUID, sealed: str) -> Any:
    return (
        update(model)
        .where(model.id == row_id)
        .values({column: literal(sealed, Text)})
        .execution_options(synchronize_session=False)
    )
