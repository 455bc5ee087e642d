"""What a council learns of its programmes, on the web and as files."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Response, make_response, request, url_for
from flask_login import current_user

from hubs.queries import hub_ids_seen_by, hubs_seen_by
from kernel import sheets
from kernel.clock import today
from kernel.db import find
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.pages import page
from outcomes.queries import ruled
from programmes.forms.results import ResultsForm
from programmes.models import Programme
from programmes.queries import results
from programmes.rules import changes, overview
from programmes.rules.measures import COURSE_MEASURES, SCALE_MEASURES
from programmes.rules.overview import Overview
from programmes.rules.periods import under_way
from programmes.views.door import blueprint
from programmes.views.shapes import shaped

OVERVIEW, OF_PROGRAMME = "programmes/results/overview.html", "programmes/results/programme.html"
FILTERS = ("period", "hub", "programme")


@blueprint.get("/reports/programmes")
@requires(Permission.SEE_REPORTS)
def report() -> Response:
    """Compare programmes and hubs, in the courses that are over."""
    form = _form()
    if not form.validate():
        return page(OVERVIEW, region="results", status=422, form=form, found=None)
    found = _overview(_over(form))
    return page(
        OVERVIEW,
        region="results",
        form=form,
        found=found,
        waits=under_way(today()),
        tables=_tables(found, form.hub_id, form.programme_id),
        measures=COURSE_MEASURES,
        addresses=_addresses("report"),
        asked=_asked_again(),
    )


@blueprint.get("/reports/programmes/<any(csv, xlsx):kind>")
@requires(Permission.SEE_REPORTS)
def report_file(kind: str) -> Response:
    """Give the same figures as a file for spreadsheets."""
    form = _form()
    if not form.validate():
        return page(OVERVIEW, status=422, form=form, found=None)
    rows = overview.sheet(_overview(_over(form)), form.hub_id, form.programme_id)
    return as_file(rows, kind, f"programmes-{form.chosen.code}")


@blueprint.get("/reports/programmes/measures")
@requires(Permission.SEE_REPORTS, Permission.MANAGE_COURSES, Permission.RUN_COURSES)
def measures() -> Response:
    """Say what each measure counts."""
    return page(
        "programmes/results/measures.html", course_measures=COURSE_MEASURES, scale_measures=SCALE_MEASURES
    )


@blueprint.get("/reports/programmes/<uuid:programme_id>")
@requires(Permission.SEE_REPORTS)
def programme_report(programme_id: UUID) -> Response:
    """Show what became of those who took part in one programme."""
    programme, form = find(Programme, programme_id), _form(programme_id)
    if not form.validate():
        return page(OF_PROGRAMME, region="results", status=422, form=form, programme=programme, found=None)
    found = _over(form)
    compared = _overview(found)
    return page(
        OF_PROGRAMME,
        region="results",
        form=form,
        programme=programme,
        found=compared,
        waits=under_way(today()),
        tables=_tables(compared, form.hub_id, programme_id),
        measures=COURSE_MEASURES,
        changes=[shaped(change) for change in _changes(found, compared, programme_id, form.hub_id)],
        addresses=_addresses("programme_report", programme_id=programme_id),
    )


@blueprint.get("/reports/programmes/<uuid:programme_id>/<any(csv, xlsx):kind>")
@requires(Permission.SEE_REPORTS)
def programme_report_file(programme_id: UUID, kind: str) -> Response:
    """Give what became of the scores of one programme as a file for spreadsheets."""
    programme, form = find(Programme, programme_id), _form(programme_id)
    if not form.validate():
        return page(OF_PROGRAMME, status=422, form=form, programme=programme, found=None)
    found = _over(form)
    rows = changes.sheet(_changes(found, _overview(found), programme_id, form.hub_id))
    return as_file(rows, kind, f"programme-{form.chosen.code}")


def as_file(rows: Iterable[Iterable[object]], kind: str, name: str) -> Response:
    """Return rows as a CSV file or an Excel workbook."""
    answer = make_response(sheets.as_csv(rows) if kind == "csv" else sheets.as_workbook(rows, "Results"))
    answer.mimetype = sheets.CSV_TYPE if kind == "csv" else sheets.XLSX_TYPE
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _form(programme_id: UUID | None = None) -> ResultsForm:
    hubs = [(hub.id, hub.name) for hub in hubs_seen_by(current_user)]
    form = ResultsForm(
        request.args,
        hubs=hubs,
        programmes=results.all_programmes(),
        periods=results.told_of(),
    )
    if programme_id:
        form.programme.data = str(programme_id)
    return form


def _over(form: ResultsForm) -> results.Results:
    """Return all that the person may see, so that what a choice hides does not show by another choice."""
    return results.over(form.chosen, hub_ids=hub_ids_seen_by(current_user))


def _overview(found: results.Results) -> Overview:
    return overview.overview(found.hubs, found.programmes, found.journeys, found.runs)


def _changes(
    found: results.Results, compared: Overview, programme_id: UUID, hub_id: UUID | None
) -> list[changes.Change]:
    mine = [journey for journey in found.journeys if journey.programme_id == programme_id]
    hubs = [one for one in found.hubs if any(journey.hub_id == one[0] for journey in mine)]
    if hub_id and hub_id not in dict(hubs):
        return []
    silence = compared.silence(programme_id)
    return changes.changes(mine, hubs, results.bands(), ruled(), silence=silence, hub_id=hub_id)


def _asked_again() -> dict[str, Any]:
    return {name: value for name, value in request.args.items() if name in FILTERS and value}


def _addresses(endpoint: str, **values: Any) -> dict[str, str]:
    return {
        kind: url_for(f"programmes.{endpoint}_file", kind=kind, **{**_asked_again(), **values})
        for kind in ("csv", "xlsx")
    }


def _tables(found: Overview, hub_id: UUID | None, programme_id: UUID | None) -> dict[str, Any]:
    """Return the rows of the tables by programme and by hub, with their charts."""
    programmes = [
        one for one in found.programmes if programme_id in (None, one[0]) and found.ran_at(hub_id, one[0])
    ]
    hubs = [one for one in found.hubs if hub_id in (None, one[0]) and found.ran_at(one[0], programme_id)]
    return {
        "ran": found.ran_at(hub_id, programme_id),
        "not_run_at": [] if hub_id or not programme_id else found.not_run_at(programme_id),
        "by_programme": [_row(found, hub_id, programme) for programme, _ in programmes],
        "programmes": programmes,
        "programmes_total": _row(found, hub_id, None) if len(programmes) > 1 else None,
        "by_hub": [_row(found, hub, programme_id) for hub, _ in hubs],
        "hubs_total": _row(found, None, programme_id) if len(hubs) > 1 else None,
        "hub_names": [name for _, name in hubs],
        "programme_chart": _chart(found, [((hub_id, one), name) for one, name in programmes]),
        "hub_chart": _chart(found, [((one, programme_id), name) for one, name in hubs]),
        "total": {
            one.code: overview.cell(found.at(one.code, hub_id, programme_id), one) for one in COURSE_MEASURES
        },
    }


def _row(found: Overview, hub_id: UUID | None, programme_id: UUID | None) -> list[str]:
    return [overview.cell(found.at(one.code, hub_id, programme_id), one) for one in COURSE_MEASURES]


def _chart(found: Overview, spots: list[tuple[overview.Spot, str]]) -> dict[str, Any]:
    """Return the names and series of a chart: only of those whose figures are both shown."""
    lines = [
        (name, [found.percent(code, *spot) for code in ("retention", "completion")]) for spot, name in spots
    ]
    shown = [(name, shares) for name, shares in lines if None not in shares]
    return {
        "names": [name for name, _ in shown],
        "series": [
            ("of all who started", [shares[0] for _, shares in shown]),
            ("of all who booked", [shares[1] for _, shares in shown]),
        ],
    }
