"""Where staff import hubs and timetables from spreadsheets: send, look at every row, agree, see how far it is."""

from typing import Any
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from hubs import queries
from hubs.forms.imports import ImportForm
from hubs.models import ImportRun, Upload
from hubs.rules import Column, HubColumn, RowStanding
from hubs.service import imports as files
from hubs.service import uploads
from hubs.views.door import blueprint
from kernel.db import find
from kernel.errors import NotFound, Refusal
from kernel.permissions import Permission
from kernel.spreadsheets import MOST_COLUMNS
from kernel.web.access import requires
from kernel.web.once import once
from kernel.web.pages import page, see
from kernel.web.paging import Page, page_number

ROWS_A_PAGE = 100


@blueprint.get("/timetable/import")
@requires(Permission.MANAGE_COUNCIL)
def imports() -> Response:
    """Show the form with which a file is sent, and the files of late."""
    return page("hubs/import.html", form=ImportForm(), uploads=queries.uploads())


@blueprint.post("/timetable/imports")
@requires(Permission.MANAGE_COUNCIL)
def upload() -> AnyResponse:
    """Keep a file, and lead to what importing it would do."""
    form = ImportForm()
    kept = _kept(form) if form.validate_on_submit() else None
    if kept is None:
        return page("hubs/import.html", status=422, form=form, uploads=queries.uploads())
    return see("hubs.import_preview", upload_id=kept.id)


@blueprint.get("/timetable/imports/<uuid:upload_id>")
@requires(Permission.MANAGE_COUNCIL)
def import_preview(upload_id: UUID) -> Response:
    """Show what importing a file would do, row by row."""
    upload = find(Upload, upload_id)
    choices, venue = _choices(upload, request.args), request.args.get("venue", "")[:120]
    previewed = files.preview(upload, choices=choices, venue=venue)
    rows = sorted(previewed.rows, key=lambda one: (one.standing != RowStanding.UNREADABLE, one.row.line))
    shown = rows[(page_number() - 1) * ROWS_A_PAGE :][:ROWS_A_PAGE]
    return page(
        "hubs/import_preview.html",
        upload=upload,
        previewed=previewed,
        rows=Page(shown, page_number(), ROWS_A_PAGE, len(rows)),
        counts=[(standing, len(previewed.found.of(standing))) for standing in RowStanding],
        columns=_columns(upload),
        taken={index: column for column, index in previewed.columns.taken.items()},
        choices=choices,
        venue=venue,
        runs=queries.import_runs(upload.id),
    )


@blueprint.post("/timetable/imports/<uuid:upload_id>/runs")
@requires(Permission.MANAGE_COUNCIL)
@once
def run_import(upload_id: UUID) -> AnyResponse:
    """Import a file that was looked at."""
    upload = find(Upload, upload_id)
    choices, venue = _choices(upload, request.form), request.form.get("venue", "")[:120]
    run = uploads.begin(upload, choices=choices, venue=venue)
    return see("hubs.import_run", upload_id=upload.id, run_id=run.id)


@blueprint.get("/timetable/imports/<uuid:upload_id>/runs/<uuid:run_id>")
@requires(Permission.MANAGE_COUNCIL)
def import_run(upload_id: UUID, run_id: UUID) -> Response:
    """Show how far an import is, and in the end what it did."""
    run = find(ImportRun, run_id)
    if run.upload_id != upload_id:
        raise NotFound("import")
    return page("hubs/import_run.html", region="progress", run=run, upload=run.upload)


def _kept(form: ImportForm) -> Upload | None:
    try:
        return files.upload(form.kind.data, form.file.data.filename or "file", form.file.data.read())
    except Refusal as refusal:
        form.file.errors = [str(refusal)]
        return None


def _columns(upload: Upload) -> list[Any]:
    return list(HubColumn if upload.kind == files.HUBS else Column)


def _choices(upload: Upload, told: Any) -> dict[str, str]:
    """Return which heading somebody said is which column; what is no column is not listened to."""
    known = {"", *(column.value for column in _columns(upload))}
    pairs = zip(told.getlist("heading"), told.getlist("column"), strict=False)
    said = {heading[:80]: column for heading, column in pairs if column in known}
    return dict(list(said.items())[:MOST_COLUMNS])
