"""People who might be one, side by side."""

from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from families import forms, queries, service
from families.models import Person
from families.rules import Looks, likeness
from families.terms import Opened, PersonKind
from families.views.door import blueprint, shown
from kernel.db import find
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.forms import accepted, choices
from kernel.web.pages import page, see

ONE_FAMILY, ONE_CHILD, TWO = "family", "child", "two"
manages = requires(Permission.MANAGE_FAMILIES)


@blueprint.get("/families/duplicates")
@manages
def duplicates() -> AnyResponse:
    """Show who might be one: names and ages, and nothing that a search would not show."""
    return page("families/duplicates.html", pairs=queries.possible_duplicates())


@blueprint.get("/families/duplicates/<uuid:one_id>/<uuid:other_id>")
@manages
def pair(one_id: UUID, other_id: UUID) -> AnyResponse:
    """Show two people side by side, and keep that their records were shown."""
    one, other = _pair(one_id, other_id)
    if not _known(one, other):
        return see("families.first_contact", household_id=one.household_id)
    service.log_openings([one.id, other.id], Opened.RECORD)
    return _show(forms.Same(), one, other)


@blueprint.post("/families/duplicates/<uuid:one_id>/<uuid:other_id>/answer")
@manages
def answer(one_id: UUID, other_id: UUID) -> AnyResponse:
    """Keep that two people are one, or that they are two."""
    one, other = _pair(one_id, other_id)
    if not _known(one, other):
        raise NotFound("pair")
    form = _with_choices(forms.Same(), one, other)
    if not accepted(form, lambda: _do(form, one, other)):
        service.log_openings([one.id, other.id], Opened.RECORD)
        return _show(form, one, other)
    flash("Your answer was kept", "success")
    return see("families.duplicates")


def _pair(one_id: UUID, other_id: UUID) -> tuple[Looks, Looks]:
    """Return two people who look alike, or raise NotFound."""
    one, other = queries.looks_of(one_id), queries.looks_of(other_id)
    if one.id == other.id or not likeness(one, other).alike:
        raise NotFound("pair")
    return one, other


def _known(one: Looks, other: Looks) -> bool:
    return any(queries.may_open(current_user, looks.household_id) for looks in (one, other))


def _with_choices(form: forms.Same, one: Looks, other: Looks) -> forms.Same:
    answers = [(ONE_FAMILY, "Yes, they are the same person, in one family")]
    if one.household_id == other.household_id:
        answers = [(ONE_CHILD, "Yes, they are the same person")]
    elif one.kind == PersonKind.CHILD:
        answers.append((ONE_CHILD, "Yes, they are the same child, whose carers live apart"))
    form.answer.choices = choices([*answers, (TWO, "No, they are two people")])
    form.kept.choices = choices([("one", "The record on the left"), ("other", "The record on the right")])
    form.kept.data = form.kept.data or "one"
    return form


def _show(form: forms.Same, one: Looks, other: Looks) -> AnyResponse:
    ids = [one.household_id, other.household_id]
    return shown(
        _with_choices(form, one, other),
        "families/pair.html",
        one=one,
        other=other,
        likeness=likeness(one, other),
        careful={home: _careful(home) for home in ids},
        families=dict(zip(ids, queries.found(ids), strict=False)),
        action=url_for("families.answer", one_id=one.id, other_id=other.id),
    )


def _careful(household_id: UUID) -> str:
    """Return what must not be done when the carers of a household are reached: ``Ana Reyes: Send nothing by post``."""
    carers = [one for one in queries.people_in(household_id) if one.kind == PersonKind.CARER]
    never = queries.never_of([one.id for one in carers])
    return "; ".join(
        f"{one.name}: {'. '.join(word.label for word in sorted(never[one.id]))}"
        for one in carers
        if one.id in never
    )


def _do(form: forms.Same, one: Looks, other: Looks) -> Any:
    if form.answer.data == TWO:
        return service.not_the_same(one.id, other.id)
    kept, gone = (other, one) if form.kept.data == "other" else (one, other)
    if form.answer.data == ONE_CHILD:
        return service.merge_people(find(Person, kept.id), find(Person, gone.id))
    return service.merge_families(find(Person, kept.id), find(Person, gone.id))
