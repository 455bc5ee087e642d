"""Commands about accounts: ``flask --app wsgi accounts …``."""

import click
from flask import Blueprint

from accounts import service
from accounts.terms import Role
from kernel.db import unit_of_work
from kernel.errors import Refusal
from tenants import queries as tenants

blueprint = Blueprint("accounts_cli", __name__, cli_group="accounts")
CHOICES = click.Choice([role.value for role in Role if role not in (Role.PARENT, Role.OPERATOR)])


@blueprint.cli.command("invite")
@click.argument("slug")
@click.argument("name")
@click.argument("email")
@click.option(
    "--role", "roles", multiple=True, required=True, type=CHOICES, help="What they do; more than once."
)
def invite(slug: str, name: str, email: str, roles: tuple[str, ...]) -> None:
    """Invite somebody to a council's staff."""
    with unit_of_work(None, read_only=True):
        council = tenants.by_slug(slug)
    if council is None:
        raise click.ClickException(f"There is no council {slug}")
    try:
        with unit_of_work(council.id):
            service.invite(name, email, {Role(role) for role in roles})
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{name} has been sent an invitation.")
