"""Comparisons, on the web."""

import csv
from datetime import date
from io import StringIO
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, request, url_for
from flask_login import current_user

from hubs.queries import hub_ids_seen_by
from hubs.terms import ActivityKind
from kernel.clock import today
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.navigation import in_navigation
from kernel.web.pages import page
from reports import queries, rules
from reports.forms import ComparisonForm
from reports.rules import Comparison, Wanted
from reports.terms import AgeBand, Measure

blueprint = Blueprint("reports", __name__)
in_navigation("Reports", "reports.comparison", order=50, permission=Permission.SEE_REPORTS)


@blueprint.get("/reports")
@requires(Permission.SEE_REPORTS)
def comparison() -> Response:
    """Compare the hubs that the person sees, month by month."""
    form, wanted = _asked()
    if not form.validate():
        return page(
            "reports/comparison.html", region="results", status=422, form=form, comparison=None, measure=None
        )
    found = queries.comparison(wanted)
    measure = _measure()
    return page(
        "reports/comparison.html",
        region="results",
        form=form,
        comparison=found,
        measure=measure,
        measures=list(Measure),
        tables=_tables(found, measure),
        addresses=_addresses(),
    )


@blueprint.get("/reports/comparison.csv")
@requires(Permission.SEE_REPORTS)
def comparison_file() -> Response:
    """Give the same comparison as a file for spreadsheets."""
    form, wanted = _asked()
    if not form.validate():
        return page("reports/comparison.html", status=422, form=form, comparison=None, measure=None)
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rules.sheet(queries.comparison(wanted)))
    answer = make_response("\ufeff" + text.getvalue())
    answer.mimetype = "text/csv"
    name = f"hubs-{wanted.first:%Y-%m}-to-{wanted.last:%Y-%m}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.get("/reports/definitions")
@requires(Permission.SEE_REPORTS)
def definitions() -> Response:
    """Say what each measure counts."""
    return page("reports/definitions.html", measures=list(Measure))


def _asked() -> tuple[ComparisonForm, Wanted]:
    seen = hub_ids_seen_by(current_user)
    now = today()
    hubs = queries.hubs(seen)
    earliest = queries.first_day() or now
    form = ComparisonForm(request.args, hubs=hubs, earliest=min(earliest, now), today=now)
    chosen = next((hub for hub, _ in hubs if str(hub) == form.hub.data), None)
    return form, _wanted(form, frozenset({chosen}) if chosen else seen)


def _wanted(form: ComparisonForm, hub_ids: frozenset[UUID] | None) -> Wanted:
    return Wanted(
        first=_month(form.first.data),
        last=_month(form.last.data),
        kind=next((kind for kind in ActivityKind if kind == form.kind.data), None),
        band=next((band for band in AgeBand if band == form.band.data), None),
        hub_ids=hub_ids,
    )


def _month(told: str) -> date:
    try:
        return rules.month_of(date.fromisoformat(told))
    except ValueError:
        return rules.month_of(today())


def _measure() -> Measure:
    told = request.args.get("measure")
    return next((measure for measure in Measure if measure == told), Measure.VISITS)


def _addresses() -> dict[str, str]:
    """Return the address of this page for each measure, and of its file."""
    asked: dict[str, Any] = {
        name: value
        for name, value in request.args.items()
        if name in {"first", "last", "hub", "kind", "band"}
    }
    links = {
        measure.value: url_for("reports.comparison", **asked, measure=measure.value) for measure in Measure
    }
    return {**links, "file": url_for("reports.comparison_file", **asked)}


def _tables(found: Comparison, measure: Measure) -> dict[str, Any]:
    """Return the rows of the two tables: every measure by hub, and one measure by month and hub."""
    hubs = [*found.hubs]
    everything = [(None, "All hubs")] if len(hubs) > 1 else []
    by_hub = [
        [name, *(rules.written(m, found.value(m, hub, None)) for m in Measure)]
        for hub, name in [*hubs, *everything]
    ]
    by_month = [
        [
            rules.short_month(month),
            *(rules.written(measure, found.value(measure, hub, month)) for hub, _ in [*hubs, *everything]),
        ]
        for month in found.wanted.months
    ]
    total = [
        "All months",
        *(rules.written(measure, found.value(measure, hub, None)) for hub, _ in [*hubs, *everything]),
    ]
    return {
        "by_hub": by_hub[: len(hubs)],
        "hubs_total": by_hub[-1] if everything else None,
        "by_month": by_month,
        "months_total": total,
        "hub_names": [name for _, name in [*hubs, *everything]],
        "labels": [rules.short_month(month) for month in found.wanted.months],
        "lines": found.lines(measure),
        "more_hubs": len(hubs) > rules.MOST_LINES,
    }
