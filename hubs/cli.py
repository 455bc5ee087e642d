"""Commands about hubs and their timetable: ``flask --app wsgi hubs …``."""

from pathlib import Path
from uuid import UUID

import click
from flask import Blueprint

from hubs.models import Upload
from hubs.rules import RowStanding
from hubs.service import imports, timetable
from hubs.service.imports import HUBS, TIMETABLE, Imported, Previewed
from hubs.service.plans import LeftOut
from kernel import prose
from kernel.db import unit_of_work
from kernel.errors import Refusal
from tenants import queries as tenants

blueprint = Blueprint("hubs_cli", __name__, cli_group="hubs")
ROWS_REFUSED = 3
COLOURS = {RowStanding.NEW: "green", RowStanding.CHANGED: "yellow", RowStanding.UNREADABLE: "red"}


@blueprint.cli.command("import")
@click.argument("slug")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--kind", type=click.Choice([HUBS, TIMETABLE]), help="What is in the file; by its name if not said."
)
@click.option("--venue", default="", help="The place of rows that do not name one.")
@click.option("--yes", is_flag=True, help="Do not ask before importing.")
@click.option("--dry-run", is_flag=True, help="Only show what would be imported.")
def import_file(slug: str, file: Path, kind: str | None, venue: str, *, yes: bool, dry_run: bool) -> None:
    """Import a council's hubs or timetable from a CSV or XLSX file.

    SLUG is the council's short name, such as york. Shows first what each row would do. Exits with 1 when nothing was
    imported though something should be, and with 3 when some rows could not be.
    """
    tenant_id, kind = _council(slug), kind or _kind(file)
    content = file.read_bytes()
    try:
        with unit_of_work(tenant_id, read_only=True):
            found = imports.preview(Upload(kind=kind, name=file.name, content=content), venue=venue)
            _explain(found)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if found.problem:
        raise click.ClickException(found.problem)
    if dry_run or found.is_empty:
        return
    if not yes:
        click.confirm("Import this?", abort=True)

    with unit_of_work(tenant_id), click.progressbar(length=len(found.rows), label="Importing") as bar:
        done = imports.apply(imports.upload(kind, file.name, content), progress=bar.update, venue=venue)
    _report(done)


@blueprint.cli.command("lay-out")
@click.argument("slug")
def lay_out(slug: str) -> None:
    """Lay the timetable of a council out as sessions, as far ahead as its settings say."""
    with unit_of_work(_council(slug)):
        plan = timetable.lay_out()
    click.echo(plan.summary())
    _tell_left_out(plan.room_taken)


def _council(slug: str) -> UUID:
    with unit_of_work(None, read_only=True):
        council = tenants.by_slug(slug)
    if council is None:
        raise click.ClickException(f"There is no council with the short name {slug}.")
    return council.id


def _kind(file: Path) -> str:
    return (
        HUBS if any(word in file.stem.lower() for word in ("hub", "venue", "centre", "place")) else TIMETABLE
    )


def _explain(found: Previewed) -> None:
    """Say what was understood, row by row. Runs in a unit of work, for rows may look further."""
    for note in found.notes:
        click.echo(note)
    click.echo()
    for row in found.rows:
        label = click.style(f"{row.standing.label:<22}", fg=COLOURS.get(row.standing))
        click.echo(f"Line {row.row.line:>4}  {label} {' '.join(row.explanation)}")
        for sentence in dict.fromkeys((*row.row.notes, *row.warnings)):
            click.echo(f"{'':35}{sentence}")
    for entry in found.not_in_file:
        when = f"{entry.weekday.label}s, {prose.times(entry.starts, entry.ends)}"
        click.echo(f"Not in this file, left as it is: {entry.activity.title} at {entry.hub.name}, {when}.")
    click.echo()
    click.echo(found.summary())
    if not found.plan.is_empty:
        click.echo(f"Of the sessions that are planned already: {found.plan.summary()}")


def _report(done: Imported) -> None:
    made = [(done.hubs, "place"), (done.activities, "activity"), (done.sessions, "session")]
    said = [
        prose.count(number, one, "activities" if one == "activity" else None)
        for number, one in made
        if number
    ]
    click.echo(f"{prose.count(done.added, 'row')} added and {prose.count(done.changed, 'row')} changed.")
    if said:
        click.echo(f"New: {prose.listing(said)}.")
    _tell_left_out(done.left_out)
    for line, sentence in done.refused:
        click.secho(f"Line {line} was not imported: {sentence}", fg="red")
    if done.refused or done.unreadable:
        raise click.exceptions.Exit(ROWS_REFUSED)


def _tell_left_out(left_out: list[LeftOut]) -> None:
    for left in left_out:
        click.secho(
            f"{left.activity} at {left.hub} has no session on {prose.day(left.day)}: {left.reason}",
            fg="yellow",
        )
