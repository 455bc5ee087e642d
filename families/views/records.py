"""Where staff find a family, open its record and register a new one."""

from typing import Any
from uuid import UUID

from flask import Response, flash, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from families import forms, queries, service
from families.models import EmergencyContact, Household
from families.rules import missing_from
from families.service import NewCarer, NewChild, NewContact, NewFamily
from families.terms import ConsentKind, Entered, Opened, PersonKind, Relationship
from families.views.door import asked, blueprint, shown
from families.views.filled import answer_all, child_told, consents_form, contact_told
from families.views.first_contact import with_hubs
from kernel.db import find
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import may, requires
from kernel.web.forms import accepted, choices
from kernel.web.navigation import in_navigation
from kernel.web.once import once
from kernel.web.pages import address_if_any, page, see

UPSTAIRS = (
    ("bookings.family_bookings", "Bookings of this family", Permission.MANAGE_BOOKINGS),
    ("correspondence.family_messages", "Messages", Permission.SEE_FAMILIES),
)
"""Pages of upper contexts about a family, when the house has them, and who may open them."""
BROKEN = "correspondence.addresses"
sees = requires(Permission.SEE_FAMILIES)
manages = requires(Permission.MANAGE_FAMILIES)
in_navigation("Families", "families.search", order=30, permission=Permission.SEE_FAMILIES)


@blueprint.route("/families", methods=["GET"])
@sees
def search() -> Response:
    """Show the search box: what is looked for is sent with POST, so that it stands in no address and no log."""
    return page("families/search.html", found=None, q="", broken=address_if_any(BROKEN))


@blueprint.post("/families/search")
@sees
def found() -> Response:
    """Show the families that are looked for."""
    text = request.form.get("q", "")[:100]
    return page(
        "families/search.html",
        region="results",
        found=queries.search(text),
        q=text,
        broken=address_if_any(BROKEN),
    )


@blueprint.get("/families/<uuid:household_id>")
@sees
def record(household_id: UUID) -> AnyResponse:
    """Show a family's record, and keep that it was shown."""
    household = find(Household, household_id)
    people = queries.people_in(household.id)
    if not people:
        raise NotFound("household")
    if not queries.may_open(current_user, household.id):
        return see("families.first_contact", household_id=household.id)
    elsewhere = queries.children_elsewhere(household.id)
    service.log_openings([person.id for person in (*people, *elsewhere)], Opened.RECORD)
    children = [person for person in (*people, *elsewhere) if person.kind == PersonKind.CHILD]
    contacts, consents = queries.contacts_of(household.id), queries.consents_now(household.id)
    return page(
        "families/record.html",
        household=household,
        carers=[person for person in people if person.kind == PersonKind.CARER],
        children=children,
        caring=queries.carers_of([child.id for child in children]),
        contacts=contacts,
        consents=consents,
        questions=ConsentKind,
        missing=[] if household.completed_at else missing_from(household, children, contacts, consents),
        openings=queries.openings_of(household.id),
        never=queries.never_of([person.id for person in people]),
        broken=queries.broken_addresses([person.id for person in people]),
        pages=_pages_of(household),
    )


def _pages_of(household: Household) -> list[tuple[str, str]]:
    """Return the pages of upper contexts that are open to whoever asks: what they are called, and where they are."""
    there = [
        (text, address_if_any(endpoint, household_id=household.id))
        for endpoint, text, permission in UPSTAIRS
        if may(permission)
    ]
    return [(text, address) for text, address in there if address]


def opened(household_id: UUID) -> Household:
    """Return a household that whoever asks may open, or raise NotFound."""
    household = find(Household, household_id)
    queries.ensure_may_open(current_user, household.id)
    return household


def _asked(household: Household, form: Any, do: Any, *, said: str, title: str, **context: Any) -> AnyResponse:
    home = url_for("families.record", household_id=household.id)
    return asked(form, do, then=home, said=said, title=title, back=home, **context)


@blueprint.route("/families/<uuid:household_id>/address", methods=["GET", "POST"])
@manages
def address(household_id: UUID) -> AnyResponse:
    """Give a household another address."""
    household = opened(household_id)
    form = forms.Address(obj=household)
    return _asked(
        household,
        form,
        lambda: service.move_household(
            household, address=form.address.data or "", postcode=form.postcode.data or ""
        ),
        said="The address was changed",
        title="Address",
    )


@blueprint.route("/families/<uuid:household_id>/carers", methods=["GET", "POST"])
@manages
@once
def add_carer(household_id: UUID) -> AnyResponse:
    """Add a carer to a household."""
    household = opened(household_id)
    form = forms.CarerDetails()
    return _asked(
        household,
        form,
        lambda: service.add_carer(household.id, _carer_told(form)),
        said="The parent or carer was added",
        title="Add a parent or carer",
    )


@blueprint.route("/families/<uuid:household_id>/children", methods=["GET", "POST"])
@manages
@once
def add_child(household_id: UUID) -> AnyResponse:
    """Add a child to a household."""
    household = opened(household_id)
    carers = [p for p in queries.people_in(household.id) if p.kind == PersonKind.CARER]
    form = forms.NewChildOfFamily()
    form.carer.choices = choices((str(carer.id), carer.name) for carer in carers)
    return _asked(
        household,
        form,
        lambda: service.add_child(household.id, child_told(form), told_by=UUID(form.carer.data)),
        said="The child was added",
        title="Add a child",
    )


@blueprint.route("/families/<uuid:household_id>/contacts", methods=["GET", "POST"])
@manages
@once
def add_contact(household_id: UUID) -> AnyResponse:
    """Add somebody to ring in an emergency."""
    household = opened(household_id)
    form = forms.NeededContact()
    return _asked(
        household,
        form,
        lambda: service.add_contact(household.id, contact_told(form)),
        said="The emergency contact was added",
        title="Add an emergency contact",
    )


@blueprint.post("/families/<uuid:household_id>/contacts/<uuid:contact_id>/removal")
@manages
def remove_contact(household_id: UUID, contact_id: UUID) -> AnyResponse:
    """Ring somebody no more."""
    contact = find(EmergencyContact, contact_id)
    if contact.household_id != opened(household_id).id:
        raise NotFound("contact")
    service.remove_contact(contact)
    flash("The emergency contact was removed", "success")
    return see("families.record", household_id=household_id)


@blueprint.route("/families/<uuid:household_id>/consents", methods=["GET", "POST"])
@manages
def consents(household_id: UUID) -> AnyResponse:
    """Show and change what a household has agreed to."""
    household = opened(household_id)
    form = consents_form(household.id)
    return _asked(
        household,
        form,
        lambda: answer_all(household.id, form),
        said="The answers were kept",
        title="What the family agrees to",
        lead="Read each question to the parent or carer.",
    )


@blueprint.post("/families/<uuid:household_id>/completion")
@manages
def completion(household_id: UUID) -> AnyResponse:
    """Say that a registration that began at the door is finished."""
    service.complete(opened(household_id))
    flash("The registration is finished", "success")
    return see("families.record", household_id=household_id)


@blueprint.get("/families/new")
@manages
def new_family() -> Response:
    """Show an empty form for a family."""
    return shown(with_hubs(forms.NewFamily()), "families/new.html")


@blueprint.post("/families")
@manages
@once
def register_family() -> AnyResponse:
    """Register a family, or show the form again with room for another child."""
    form = with_hubs(forms.NewFamily())
    if "another" in request.form:
        if len(form.children) < form.children.max_entries:
            form.children.append_entry()
        return page("families/new.html", form=form)
    kept: list[Household] = []
    do = lambda: kept.append(  # noqa: E731
        service.register(_family_told(form), entered=Entered.BY_STAFF, hub_id=UUID(form.hub.data))
    )
    if not accepted(form, do):
        return shown(form, "families/new.html")
    flash("The family is registered", "success")
    return see("families.record", household_id=kept[0].id)


def _family_told(form: Any) -> NewFamily:
    contact = NewContact(
        form.contact_name.data or "", form.contact_phone.data or "", form.contact_relationship.data or ""
    )
    return NewFamily(
        carer=_carer_told(form),
        children=tuple(_child_told(row.form) for row in form.children if not row.form.is_empty),
        address=form.address.data or "",
        postcode=form.postcode.data,
        contacts=(contact,) if contact.name else (),
        consents=form.consent_answers(),
    )


def _carer_told(form: Any) -> NewCarer:
    words = ("given_name", "family_name", "phone", "email", "language", "ethnicity")
    told: dict[str, Any] = {name: form[name].data or "" for name in words}
    return NewCarer(**told, needs_interpreter=bool(form.needs_interpreter.data))


def _child_told(row: Any) -> NewChild:
    return NewChild(
        given_name=row.given_name.data or "",
        family_name=row.family_name.data or "",
        date_of_birth=row.date_of_birth.data,
        due_date=None if row.date_of_birth.data else row.due_date.data,
        relationship=Relationship(row.relationship.data or Relationship.OTHER),
    )
