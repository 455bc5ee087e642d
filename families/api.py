"""Families for machines: the same verbs as the pages. Nothing personal stands in an address."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user
from flask_smorest import Blueprint

from families import queries, rules, service
from families.models import Household, Person
from families.queries import Found
from families.schemas import (
    AddressSchema,
    CarerSchema,
    CareSchema,
    ChildChangesSchema,
    ChildSchema,
    ContactRulesSchema,
    FamilySchema,
    ListedFamilySchema,
    NewChildSchema,
    NewFamilySchema,
    SearchSchema,
)
from families.service import NewCarer, NewChild, NewFamily
from families.terms import Entered, Opened, PersonKind
from kernel.clock import today
from kernel.db import db, find
from kernel.errors import NotFound, Unacceptable
from kernel.permissions import Permission
from kernel.web.access import may, requires
from kernel.web.once import once
from kernel.web.paging import page_of
from messaging.terms import Never

blueprint = Blueprint(
    "families_api", __name__, url_prefix="/families", description="Households, carers and children."
)


@blueprint.route("/")
class Families(MethodView):
    """The families of the council: names, children's first names and ages, and about where they live."""

    @requires(Permission.SEE_FAMILIES)
    @blueprint.response(200, ListedFamilySchema(many=True))
    @blueprint.paginate()
    def get(self, pagination_parameters: Any) -> Any:
        """List families, by name."""
        return _listed(queries.found(page_of(queries.listed(), pagination_parameters)))

    @requires(Permission.MANAGE_FAMILIES)
    @once
    @blueprint.arguments(NewFamilySchema)
    @blueprint.response(201, FamilySchema)
    def post(self, told: dict[str, Any]) -> dict[str, Any]:
        """Register a family that is known at one of the account's own hubs from then on."""
        if told["hub_id"] not in [hub_id for hub_id, _ in queries.hubs_of(current_user)]:
            raise Unacceptable(hub_id="Choose one of your own hubs")
        children = tuple(NewChild(**_without_none(child)) for child in told.pop("children"))
        hub_id = told.pop("hub_id")
        family = NewFamily(carer=NewCarer(**told.pop("carer")), children=children, **told)
        return _whole(service.register(family, entered=Entered.BY_STAFF, hub_id=hub_id))


@blueprint.route("/search")
class Search(MethodView):
    """Finding a family. The words are sent in the body, so that they stand in no log."""

    @requires(Permission.SEE_FAMILIES)
    @blueprint.arguments(SearchSchema)
    @blueprint.response(200, ListedFamilySchema(many=True))
    def post(self, wanted: dict[str, Any]) -> Any:
        """Find up to 20 families by a name, postcode, reference, telephone number or email address."""
        return _listed(queries.search(wanted["q"]))


@blueprint.route("/<uuid:family_id>")
class OneFamily(MethodView):
    """A family that is known at a hub of the account."""

    @requires(Permission.SEE_FAMILIES)
    @blueprint.etag
    @blueprint.response(200, FamilySchema)
    def get(self, family_id: UUID) -> dict[str, Any]:
        """Read a family's record, but care and safeguarding. That it was read is kept."""
        whole = _whole(_opened(family_id))
        service.log_openings(
            [*(carer["id"] for carer in whole["carers"]), *(child.id for child in whole["children"])],
            Opened.RECORD,
        )
        return whole

    @requires(Permission.MANAGE_FAMILIES)
    @blueprint.etag
    @blueprint.arguments(AddressSchema)
    @blueprint.response(200, FamilySchema)
    def patch(self, changes: dict[str, Any], family_id: UUID) -> dict[str, Any]:
        """Change a family's address; what is not named stays."""
        household = _opened(family_id, lock=True)
        blueprint.check_etag(_whole(household), FamilySchema)
        now = {"address": household.address, "postcode": household.postcode}
        service.move_household(household, **{**now, **changes})
        return _whole(household)


@blueprint.route("/<uuid:family_id>/children")
class Children(MethodView):
    """The children of a family."""

    @requires(Permission.SEE_FAMILIES)
    @blueprint.response(200, ChildSchema(many=True))
    def get(self, family_id: UUID) -> list[Person]:
        """List the children of a family. That they were read is kept."""
        people = queries.people_in(_opened(family_id).id)
        children = [person for person in people if person.kind == PersonKind.CHILD]
        _log(children)
        return children

    @requires(Permission.MANAGE_FAMILIES)
    @once
    @blueprint.arguments(NewChildSchema)
    @blueprint.response(201, ChildSchema)
    def post(self, told: dict[str, Any], family_id: UUID) -> Person:
        """Add a child to a family; what the first carer is to the child is told with it."""
        household = _opened(family_id)
        carers = db.scalars(queries.carer_ids_in(household.id).order_by(Person.id)).all()
        teller = carers[0] if carers else None
        return service.add_child(household.id, NewChild(**_without_none(told)), told_by=teller)


@blueprint.route("/<uuid:family_id>/children/<uuid:child_id>")
class OneChild(MethodView):
    """A child of a family."""

    @requires(Permission.SEE_FAMILIES)
    @blueprint.etag
    @blueprint.response(200, ChildSchema)
    def get(self, family_id: UUID, child_id: UUID) -> Person:
        """Read what is known about a child, but care and safeguarding. That it was read is kept."""
        child = _child(family_id, child_id)
        _log([child])
        return child

    @requires(Permission.MANAGE_FAMILIES)
    @blueprint.etag
    @blueprint.arguments(ChildChangesSchema)
    @blueprint.response(200, ChildSchema)
    def patch(self, changes: dict[str, Any], family_id: UUID, child_id: UUID) -> Person:
        """Change what is known about a child; what is not named stays."""
        child = _child(family_id, child_id, lock=True)
        blueprint.check_etag(child, ChildSchema)
        if changes.get("date_of_birth") and "due_date" not in changes:
            changes["due_date"] = None
        service.change_person(child, **changes)
        return child


@blueprint.route("/<uuid:family_id>/people/<uuid:person_id>/care")
class Care(MethodView):
    """What those who look after a person must know."""

    @requires(Permission.SEE_CARE)
    @blueprint.etag
    @blueprint.response(200, CareSchema)
    def get(self, family_id: UUID, person_id: UUID) -> dict[str, str]:
        """Read what must be known to look after a person. That it was read is kept."""
        person = _person(family_id, person_id)
        service.log_opening(person.id, Opened.CARE)
        return _care(person)

    @requires(Permission.SEE_CARE)
    @blueprint.etag
    @blueprint.arguments(CareSchema)
    @blueprint.response(200, CareSchema)
    def put(self, told: dict[str, str], family_id: UUID, person_id: UUID) -> dict[str, str]:
        """Replace what must be known to look after a person. Needs the right to manage families as well."""
        if not may(Permission.MANAGE_FAMILIES):
            raise NotFound("care")
        person = _person(family_id, person_id, lock=True)
        blueprint.check_etag(_care(person), CareSchema)
        service.set_care(person, **told)
        return _care(person)


@blueprint.route("/<uuid:family_id>/people/<uuid:person_id>/contact-rules")
class Rules(MethodView):
    """What must never be done when a carer is reached."""

    @requires(Permission.MANAGE_FAMILIES)
    @blueprint.etag
    @blueprint.response(200, ContactRulesSchema)
    def get(self, family_id: UUID, person_id: UUID) -> dict[str, Any]:
        """Read what must never be done; why is told with care:see alone, and that it was read is kept."""
        person = _carer(family_id, person_id)
        if may(Permission.SEE_CARE):
            service.log_opening(person.id, Opened.CONTACT)
        return _rules(person)

    @requires(Permission.MANAGE_FAMILIES)
    @blueprint.etag
    @blueprint.arguments(ContactRulesSchema)
    @blueprint.response(200, ContactRulesSchema)
    def put(self, told: dict[str, Any], family_id: UUID, person_id: UUID) -> dict[str, Any]:
        """Replace what must never be done when a carer is reached; the rules before stay as history."""
        person = _carer(family_id, person_id, lock=True)
        blueprint.check_etag(_rules(person), ContactRulesSchema)
        if "why" in told and not may(Permission.SEE_CARE):
            raise Unacceptable(why="Needs the right to see care.")
        service.set_contact_rules(person, told["never"], why=told.get("why"))
        return _rules(person)


def _opened(family_id: UUID, *, lock: bool = False) -> Household:
    household = find(Household, family_id, lock=lock)
    queries.ensure_may_open(current_user, household.id)
    return household


def _person(family_id: UUID, person_id: UUID, *, lock: bool = False) -> Person:
    household = _opened(family_id)
    person = find(Person, person_id, lock=lock)
    if person.household_id != household.id or person.left_at:
        raise NotFound("person")
    return person


def _child(family_id: UUID, child_id: UUID, *, lock: bool = False) -> Person:
    child = _person(family_id, child_id, lock=lock)
    if child.kind != PersonKind.CHILD:
        raise NotFound("child")
    return child


def _carer(family_id: UUID, person_id: UUID, *, lock: bool = False) -> Person:
    person = _person(family_id, person_id, lock=lock)
    if person.kind != PersonKind.CARER:
        raise NotFound("carer")
    return person


def _rules(person: Person) -> dict[str, Any]:
    rules = queries.rules_of(person.id)
    told: dict[str, Any] = {"never": [Never(word) for word in rules.never] if rules else []}
    return {**told, "why": (rules.why if rules else None) or ""} if may(Permission.SEE_CARE) else told


def _whole(household: Household) -> dict[str, Any]:
    people = queries.people_in(household.id)
    names = ("id", "reference", "entered", "completed_at", "address", "postcode")
    return {
        **{name: getattr(household, name) for name in names},
        "carers": _carers([person for person in people if person.kind == PersonKind.CARER]),
        "children": [person for person in people if person.kind == PersonKind.CHILD],
    }


def _carers(carers: Sequence[Person]) -> list[dict[str, Any]]:
    """Return carers with what must never be done with their numbers and addresses."""
    never = queries.never_of([carer.id for carer in carers])
    names = [name for name in CarerSchema().fields if name != "never"]
    return [
        {**{name: getattr(carer, name) for name in names}, "never": sorted(never.get(carer.id, ()))}
        for carer in carers
    ]


def _care(person: Person) -> dict[str, str]:
    care = queries.care_of(person.id)
    return {name: getattr(care, name, None) or "" for name in ("allergies", "medical", "needs")}


def _log(people: Sequence[Person]) -> None:
    service.log_openings([person.id for person in people], Opened.RECORD)


def _listed(families: list[Found]) -> list[dict[str, Any]]:
    on = today()
    return [
        {
            **vars(family),
            "children": [
                {"given_name": name, "age": rules.age_in_words(born, due, on=on)}
                for name, born, due in family.children
            ],
        }
        for family in families
    ]


def _without_none(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}
