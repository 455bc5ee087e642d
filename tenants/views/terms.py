"""A council's school calendar."""

from datetime import date
from uuid import UUID

from flask import Response, current_app, flash, request
from werkzeug.wrappers import Response as AnyResponse

from kernel.clock import today
from kernel.db import find
from kernel.errors import Unacceptable
from kernel.permissions import Permission
from kernel.spreadsheets import CannotReadFile, read_sheet
from kernel.web.access import requires
from kernel.web.once import once
from kernel.web.pages import page, see
from tenants import queries, rules, service
from tenants.forms import CalendarFileForm, TermForm
from tenants.models import TermDates
from tenants.service import Dates
from tenants.terms import DatesKind
from tenants.views.door import blueprint

TIMETABLE_CHANGES = "hubs.calendar_changes"
MOST_ROWS = 300
NOTHING = "There is nothing in this file that can be used."


@blueprint.get("/settings/terms")
@requires(Permission.MANAGE_COUNCIL)
def terms() -> Response:
    """Show the school calendar, year by year, with England's bank holidays."""
    return page(
        "tenants/terms.html",
        years=_by_year(),
        changed="changed" in request.args,
        timetable=_timetable_knows(),
    )


@blueprint.get("/settings/terms/new")
@requires(Permission.MANAGE_COUNCIL)
def new_term() -> Response:
    """Ask for a term or a holiday."""
    return page("tenants/term.html", form=TermForm(kind=DatesKind.TERM))


@blueprint.post("/settings/terms")
@requires(Permission.MANAGE_COUNCIL)
@once
def add_term() -> AnyResponse:
    """Add a term or a holiday."""
    form = TermForm()
    if form.validate():
        try:
            service.add_term_dates(
                Dates(DatesKind(form.kind.data), str(form.name.data), form.first_day.data, form.last_day.data)
            )
        except Unacceptable as refusal:
            form.blame(refusal)
        else:
            flash(f"{form.name.data} has been added", "success")
            return see("tenants.terms", changed="yes")
    return page("tenants/term.html", form=form, status=422)


@blueprint.get("/settings/terms/<uuid:term_id>/removal")
@requires(Permission.MANAGE_COUNCIL)
def ask_to_remove(term_id: UUID) -> Response:
    """Ask whether a term or a holiday is to be removed."""
    return page("tenants/term_removal.html", dates=find(TermDates, term_id))


@blueprint.post("/settings/terms/<uuid:term_id>/removal")
@requires(Permission.MANAGE_COUNCIL)
def remove_term(term_id: UUID) -> AnyResponse:
    """Remove a term or a holiday."""
    dates = find(TermDates, term_id)
    service.remove_term_dates(dates)
    flash(f"{dates.name} has been removed", "success")
    return see("tenants.terms", changed="yes")


@blueprint.get("/settings/terms/import")
@requires(Permission.MANAGE_COUNCIL)
def ask_for_file() -> Response:
    """Ask for a file with a school calendar."""
    return page("tenants/terms_import.html", form=CalendarFileForm())


@blueprint.post("/settings/terms/import")
@requires(Permission.MANAGE_COUNCIL)
def preview_file() -> Response:
    """Show what a file says, row by row, and what would become of the calendar. Changes nothing."""
    form = CalendarFileForm()
    if not form.validate():
        return page("tenants/terms_import.html", form=form, status=422)
    try:
        sheet = read_sheet(form.file.data.read())
    except CannotReadFile as refusal:
        form.file.errors = [str(refusal)]
        return page("tenants/terms_import.html", form=form, status=422)
    read = rules.read_term_dates(sheet.lines)
    good = [row for row in read.rows if not row.problem]
    problem = read.problem or rules.overlap_problem(good) or ("" if good else NOTHING)
    if problem:
        form.file.errors = [problem]
        return page("tenants/terms_import.html", form=form, read=read, status=422)
    return page(
        "tenants/terms_preview.html",
        read=read,
        good=good,
        notes=sheet.notes,
        replaced=_replaced(good),
        packed=_packed,
    )


@blueprint.post("/settings/terms/imported")
@requires(Permission.MANAGE_COUNCIL)
@once
def import_terms() -> AnyResponse:
    """Put the rows that were shown into the calendar."""
    wanted = [_unpacked(row) for row in request.form.getlist("row")[:MOST_ROWS]]
    if problem := rules.overlap_problem(wanted):
        raise Unacceptable(problem)
    service.set_term_dates(wanted)
    flash("The school calendar has been imported", "success")
    return see("tenants.terms", changed="yes")


def _by_year() -> list[tuple[int, list[TermDates], list[tuple[date, str]]]]:
    rows = queries.term_dates()
    this_year = rules.school_year(today())
    years = sorted({this_year, *(rules.school_year(row.first_day) for row in rows)}, reverse=True)
    return [
        (
            year,
            [row for row in rows if rules.school_year(row.first_day) == year],
            [
                (day, name)
                for calendar_year in (year, year + 1)
                for day, name in rules.bank_holidays(calendar_year).items()
                if rules.school_year(day) == year
            ],
        )
        for year in years
    ]


def _replaced(good: list[rules.DatesRead]) -> list[TermDates]:
    first, last = min(d.first_day for d in good), max(d.last_day for d in good)
    return [row for row in queries.term_dates(first, last) if first <= row.first_day <= last]


def _packed(row: rules.DatesRead) -> str:
    return f"{row.kind}|{row.first_day}|{row.last_day}|{row.name}"


def _unpacked(row: str) -> Dates:
    try:
        kind, first, last, name = row.split("|", 3)
        dates = Dates(DatesKind(kind), name[:80], date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        raise Unacceptable from None
    if dates.last_day < dates.first_day:
        raise Unacceptable
    return dates


def _timetable_knows() -> bool:
    return TIMETABLE_CHANGES in current_app.view_functions
