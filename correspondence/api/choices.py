"""What people are written to about, and addresses that do not work, for machines."""

from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from correspondence import queries
from correspondence.api.door import blueprint
from correspondence.forms.addresses import offered
from correspondence.schemas.choices import GROUPS, BrokenAddressSchema, ChoicesSchema, RestorationSchema
from families import queries as families
from families.models import Person
from families.terms import PersonKind
from kernel.db import find
from kernel.errors import NotFound, Unacceptable
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.once import once
from kernel.web.paging import page_of
from messaging import queries as messages
from messaging import service
from messaging.terms import Group, Way


@blueprint.route("/message-choices/mine")
class MyChoices(MethodView):
    """What the parent is written to about whom the key acts for."""

    @requires(Permission.BOOK_FOR_OWN_FAMILY)
    @blueprint.etag
    @blueprint.response(200, ChoicesSchema)
    def get(self) -> dict[str, Way | None]:
        """Read how the parent gets each group of messages."""
        return _choices(_me())

    @requires(Permission.BOOK_FOR_OWN_FAMILY)
    @blueprint.etag
    @blueprint.arguments(ChoicesSchema)
    @blueprint.response(200, ChoicesSchema)
    def patch(self, told: dict[str, Way | None]) -> dict[str, Way | None]:
        """Change how the parent gets messages. What must be told cannot be switched off."""
        return _change(_me(), told)


@blueprint.route("/message-choices/<uuid:person_id>")
class ChoicesOf(MethodView):
    """What a carer of a family is written to about that is known at a hub of the account."""

    @requires(Permission.MANAGE_FAMILIES)
    @blueprint.etag
    @blueprint.response(200, ChoicesSchema)
    def get(self, person_id: UUID) -> dict[str, Way | None]:
        """Read how a carer gets each group of messages."""
        return _choices(_carer(person_id))

    @requires(Permission.MANAGE_FAMILIES)
    @blueprint.etag
    @blueprint.arguments(ChoicesSchema)
    @blueprint.response(200, ChoicesSchema)
    def patch(self, told: dict[str, Way | None], person_id: UUID) -> dict[str, Way | None]:
        """Change how a carer gets messages, on their word."""
        return _change(_carer(person_id), told)


@blueprint.route("/broken-addresses")
class BrokenAddresses(MethodView):
    """Addresses and numbers at which messages do not arrive."""

    @requires(Permission.SEE_FAMILIES, Permission.MANAGE_ACCOUNTS)
    @blueprint.response(200, BrokenAddressSchema(many=True))
    @blueprint.paginate()
    def get(self, pagination_parameters: Any) -> Any:
        """List the addresses that do not work, the newest first: of families that the account may open, or of staff."""
        return page_of(queries.broken(current_user), pagination_parameters, whole_rows=True)


@blueprint.route("/broken-addresses/<uuid:suppression_id>/restoration")
class Restoration(MethodView):
    """Writing to an address again."""

    @requires(Permission.MANAGE_FAMILIES, Permission.MANAGE_ACCOUNTS)
    @once
    @blueprint.arguments(RestorationSchema)
    @blueprint.response(204)
    def post(self, told: dict[str, Any], suppression_id: UUID) -> None:
        """Write to an address again."""
        row = queries.find_broken(suppression_id, reader=current_user)
        if told["because"] not in offered(row.Suppression):
            raise Unacceptable(because="Choose how you know that it works")
        service.lift(row.Suppression, told["because"])


def _me() -> UUID:
    carer = families.carer_of(current_user.id)
    if carer is None:
        raise NotFound("family")
    return carer.id


def _carer(person_id: UUID) -> UUID:
    person = find(Person, person_id)
    if (
        person.left_at
        or person.kind != PersonKind.CARER
        or not families.may_open_person(current_user, person)
    ):
        raise NotFound("person")
    return person.id


def _choices(person_id: UUID) -> dict[str, Way | None]:
    wishes = messages.wishes_of(person_id)
    return {group.value: wishes.get(group) for group in GROUPS}


def _change(person_id: UUID, told: dict[str, Way | None]) -> dict[str, Way | None]:
    blueprint.check_etag(_choices(person_id), ChoicesSchema)
    service.choose(person_id, {Group(name): way for name, way in told.items()})
    return _choices(person_id)
