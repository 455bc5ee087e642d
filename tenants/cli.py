"""Commands about councils: ``flask --app wsgi tenants …``."""

from pathlib import Path
from uuid import UUID

import click
from flask import Blueprint

from kernel.db import unit_of_work
from kernel.errors import Refusal
from kernel.spreadsheets import read_sheet
from tenants import queries, rules, service
from tenants.service import Dates
from tenants.terms import Ground

blueprint = Blueprint("tenants_cli", __name__, cli_group="tenants")
PLATFORM_SLUG = "operators"


@blueprint.cli.command("create")
@click.argument("slug")
@click.argument("name")
@click.option("--contact", required=True, help="Email address that families can write to.")
@click.option("--admin-email", help="Email address of the first administrator, who is sent an invitation.")
@click.option("--admin-name", default="Administrator", show_default=True, help="What they are called.")
def create(slug: str, name: str, contact: str, admin_email: str | None, admin_name: str) -> None:
    """Set up a council and invite its first administrator."""
    try:
        first = (admin_name, admin_email) if admin_email else None
        service.create_council(slug, name, contact_email=contact, first=first)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{name} has joined.")


@blueprint.cli.command("list")
def list_councils() -> None:
    """List the councils."""
    with unit_of_work(None, read_only=True):
        for council in queries.councils():
            click.echo(f"{council.slug}\t{council.name}{' (closed)' if council.closed_at else ''}")


@blueprint.cli.command("operator")
@click.argument("name")
@click.argument("email")
def operator(name: str, email: str) -> None:
    """Invite somebody to operate the platform; sets up the platform's own house when it is missing."""
    with unit_of_work(None, read_only=True):
        platform = queries.platform()
    try:
        if platform is None:
            service.create_council(
                PLATFORM_SLUG, "Family Hubs", contact_email=email, ground=Ground.PLATFORM, first=(name, email)
            )
        else:
            with unit_of_work(platform.id):
                service.welcome(name, email, Ground.PLATFORM)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{name} has been sent an invitation.")


@blueprint.cli.command("terms")
@click.argument("slug")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def terms(slug: str, file: Path) -> None:
    """Import a council's school calendar from a CSV or XLSX file."""
    try:
        read = rules.read_term_dates(read_sheet(file.read_bytes()).lines)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    good = [row for row in read.rows if not row.problem]
    for row in read.rows:
        click.echo(f"line {row.line}: {row.problem or f'{row.name}, {row.first_day} to {row.last_day}'}")
    if problem := read.problem or rules.overlap_problem(good):
        raise click.ClickException(problem)
    with unit_of_work(_council(slug)):
        service.set_term_dates([Dates(r.kind, r.name, r.first_day, r.last_day) for r in good])
    click.echo(f"{len(good)} rows imported, {len(read.rows) - len(good)} left out.")


def _council(slug: str) -> UUID:
    with unit_of_work(None, read_only=True):
        council = queries.by_slug(slug)
    if council is None:
        raise click.ClickException(f"There is no council {slug}")
    return council.id
