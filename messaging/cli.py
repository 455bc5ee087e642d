"""Commands for those who run the house: ``flask --app wsgi messaging …``."""

import os
import sys
from collections.abc import Iterable
from typing import BinaryIO
from uuid import UUID

import click
from flask import Blueprint
from sqlalchemy.exc import OperationalError

from kernel import standing
from kernel.db import db, unit_of_work, visiting
from kernel.errors import NotFound
from messaging import rules
from messaging.queries.standing import of_council
from messaging.service import bounces, checking, queues
from messaging.service.checking import Finding
from tenants import queries as tenants
from tenants.models import Tenant

blueprint = Blueprint("messaging_cli", __name__, cli_group="messaging")
SHOWN = 1000
LONGEST = 5_000_000
"""How much of a letter that came back is read, in bytes."""


@blueprint.cli.command("doctor")
@click.argument("slug", required=False)
def doctor(slug: str | None) -> None:
    """Look whether messages can go, everywhere or in one council. Ends with 1 when something is wrong."""
    wrong = _say("the house", checking.house())
    for house in _houses(slug):
        told = of_council(house)
        with visiting(house.id, read_only=True):
            wrong += _say(house.slug, checking.council(told))
    click.echo(f"{wrong} wrong" if wrong else "All is well.")
    sys.exit(1 if wrong else 0)


@blueprint.cli.command("dead")
@click.argument("slug", required=False)
def dead(slug: str | None) -> None:
    """List the dead letters, everywhere or of one council: number, topic, when, attempts, failure."""
    for house in _houses(slug):
        with visiting(house.id, read_only=True):
            for row in db.scalars(standing.dead().limit(SHOWN)):
                since = f"{row.dead_at:%Y-%m-%d %H:%M}"
                click.echo(f"{house.slug}\t{row.id}\t{row.topic}\t{since}\t{row.attempts}\t{row.error}")


@blueprint.cli.command("retry")
@click.argument("slug")
@click.argument("number", required=False, type=click.UUID)
def retry(slug: str, number: UUID | None) -> None:
    """Try one dead letter of a council again, or all of them. It is kept in the council's journal."""
    (house,) = _houses(slug)
    try:
        with visiting(house.id, read_only=False):
            if number:
                queues.revive(number)
            many = 1 if number else queues.revive_all()
    except (NotFound, standing.NotSetAside):
        raise click.ClickException(f"{slug} has no such dead letter") from None
    click.echo(f"{many} will be tried again.")


@blueprint.cli.command("bounced")
@click.argument("letter", type=click.File("rb"), default="-")
def bounced(letter: BinaryIO) -> None:
    """Read a letter that came back, as a mail server pipes it, and note that its message did not arrive."""
    bounce = rules.bounce(letter.read(LONGEST))
    try:
        ours = bounce is not None and _noted(bounce)
    except OperationalError:
        sys.exit(os.EX_TEMPFAIL)  # by which a mail server knows that it should pipe it again
    click.echo("Noted." if ours else "Nothing of ours came back.")


def _noted(bounce: rules.Bounce) -> bool:
    slug = bounces.council_of(bounce)
    with unit_of_work(None, read_only=True):
        council = next((one.id for one in tenants.houses() if slug and one.slug == slug), None)
    if council is None:
        return False
    with unit_of_work(council):
        return bounces.came_back(bounce)


def _say(where: str, findings: Iterable[Finding]) -> int:
    wrong = 0
    for well, words in findings:
        click.echo(f"{'ok   ' if well else 'WRONG'}  {where}: {words}")
        wrong += not well
    return wrong


def _houses(slug: str | None) -> list[Tenant]:
    with unit_of_work(None, read_only=True):
        houses = [one for one in tenants.houses() if one.closed_at is None and slug in (None, one.slug)]
    if not houses:
        raise click.ClickException(f"There is no council {slug}")
    return houses
