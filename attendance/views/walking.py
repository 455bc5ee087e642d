"""Families that come without a place: found, or new."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from attendance import queries, service
from attendance.errors import NobodyChosen
from attendance.forms import FamilyForm
from attendance.views.door import blueprint, seen_register
from families import queries as families
from kernel.db import wholly
from kernel.errors import NotFound, Unacceptable
from kernel.permissions import Permission
from kernel.prose import count, listing
from kernel.web.access import requires
from kernel.web.once import once
from kernel.web.pages import page, see_address

MOST_FOUND = 8


# A search is sent by POST, so that nobody's name stands in an address.
@blueprint.post("/registers/<uuid:session_id>/walk-ins/search")
@requires(Permission.TAKE_REGISTERS)
def find_family(session_id: UUID) -> Response:
    """Show the families that match a name, so that the one at the door can be put on the register."""
    return _found(seen_register(session_id), request.form.get("name", "").strip()[:100])


@blueprint.post("/registers/<uuid:session_id>/walk-ins")
@requires(Permission.TAKE_REGISTERS)
@once
def walk_in(session_id: UUID) -> Response:
    """Put people of a family that was found on the register."""
    register = seen_register(session_id)
    household_id, person_ids = _id(request.form.get("household_id", "")), request.form.getlist("person_id")
    try:
        new = service.walk_in(register, household_id, [_id(person) for person in person_ids])
    except NobodyChosen as refusal:
        return _found(register, request.form.get("name", "")[:100], problem=str(refusal), about=household_id)
    flash(
        f"{count(new, 'person was', 'people were')} added to the register"
        if new
        else "They were on the register",
        "success",
    )
    return _back(session_id, household_id)


@blueprint.get("/registers/<uuid:session_id>/walk-ins/new")
@requires(Permission.TAKE_REGISTERS)
def new_family(session_id: UUID) -> Response:
    """Show the short form for a family that nobody knows yet."""
    return page("attendance/family.html", register=seen_register(session_id), form=FamilyForm())


@blueprint.post("/registers/<uuid:session_id>/walk-ins/new")
@requires(Permission.TAKE_REGISTERS)
@once
def register_family(session_id: UUID) -> Response:
    """Register a family with a name and a postcode, and put all of it on the register."""
    register = seen_register(session_id)
    form = FamilyForm()
    household = _registered(register, form) if form.validate_on_submit() else None
    if household is None:
        return page("attendance/family.html", status=422, register=register, form=form)
    names = listing([person.called for person in household.people])
    flash(f"{names} {'are' if len(household.people) > 1 else 'is'} registered and here", "success")
    return _back(session_id, household.id)


def _registered(register: Any, form: FamilyForm) -> Any:
    try:
        with wholly():
            return service.walk_in_new(
                register, form.name.data or "", form.postcode.data or "", form.children_named()
            )
    except Unacceptable as refusal:
        form.form_errors.append(str(refusal))
        return None


def _found(register: Any, name: str, *, problem: str | None = None, about: UUID | None = None) -> Response:
    found = families.search(name, limit=MOST_FOUND) if name else []
    people: dict[UUID, list[Any]] = {}
    for person in queries.people_of_families([family.id for family in found]) if found else []:
        people.setdefault(person.household_id, []).append(person)
    return page(
        "attendance/walk_in.html",
        region="found",
        status=422 if problem else 200,
        register=register,
        name=name,
        found=found,
        people=people,
        problem=problem,
        about_id=about,
        most=MOST_FOUND,
    )


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise NotFound("id") from None


def _back(session_id: UUID, household_id: UUID) -> Response:
    return see_address(
        url_for("attendance.register", session_id=session_id, _anchor=f"family-{household_id}")
    )
