"""Programmes, the templates that they come from, their editions, and who would like to know of the next course."""

from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from families import queries as families
from kernel.db import find
from kernel.errors import NotFound, Unacceptable
from kernel.permissions import Permission
from kernel.web.access import requires, signed_in
from kernel.web.once import once
from kernel.web.paging import page_of
from outcomes import queries as outcomes
from programmes import rules
from programmes.api.door import blueprint, either, is_staff, manages, own_carer, who_comes
from programmes.models import Edition, Interest, Programme
from programmes.queries import listed, mine
from programmes.schemas.programmes import (
    AdoptionSchema,
    EditionSchema,
    InterestSchema,
    NewInterestSchema,
    ProgrammeChangeSchema,
    ProgrammeSchema,
    ProgrammesWantedSchema,
    TemplateSchema,
)
from programmes.service import interest, templates

keeps = requires(Permission.MANAGE_PROGRAMMES)


@blueprint.route("/programme-templates")
class Templates(MethodView):
    """Programmes that the product knows."""

    @keeps
    @blueprint.response(200, TemplateSchema(many=True))
    def get(self) -> list[dict[str, Any]]:
        """List the templates that a council may take over."""
        return [
            {**vars(one), "editions": [edition.name or one.name for edition in one.editions]}
            for one in rules.templates().values()
        ]


@blueprint.route("/programmes")
class Programmes(MethodView):
    """Parenting programmes."""

    @signed_in
    @blueprint.arguments(ProgrammesWantedSchema, location="query")
    @blueprint.response(200, ProgrammeSchema(many=True))
    @blueprint.paginate()
    def get(self, wanted: dict[str, Any], pagination_parameters: Any) -> Any:
        """List the programmes that are offered, by name; those that suit a child, when an age or concern is told."""
        return page_of(listed.listed_programmes(**wanted), pagination_parameters)

    @keeps
    @once
    @blueprint.arguments(ProgrammeSchema)
    @blueprint.response(201, ProgrammeSchema)
    def post(self, programme: dict[str, Any]) -> Programme:
        """Offer a programme of the council's own."""
        return templates.add_programme(**programme)


@blueprint.route("/programmes/adoption")
class Adoption(MethodView):
    """The taking over of a template."""

    @keeps
    @once
    @blueprint.arguments(AdoptionSchema)
    @blueprint.response(201, ProgrammeSchema)
    def post(self, told: dict[str, str]) -> Programme:
        """Offer the programme of a template with all its editions; the one there is when it is offered already."""
        return templates.adopt(told["template"])


@blueprint.route("/programmes/<uuid:programme_id>")
class OneProgramme(MethodView):
    """A parenting programme."""

    @signed_in
    @blueprint.etag
    @blueprint.response(200, ProgrammeSchema)
    def get(self, programme_id: UUID) -> Programme:
        """Read what a programme is and whom it suits."""
        return find(Programme, programme_id)

    @keeps
    @blueprint.etag
    @blueprint.arguments(ProgrammeChangeSchema(partial=True))
    @blueprint.response(200, ProgrammeSchema)
    def patch(self, changes: dict[str, Any], programme_id: UUID) -> Programme:
        """Change what is said of a programme; what is not named stays."""
        programme = find(Programme, programme_id, lock=True)
        blueprint.check_etag(programme, ProgrammeSchema)
        return templates.change_programme(programme, **changes)


@blueprint.route("/programmes/<uuid:programme_id>/ending")
class ProgrammeEnding(MethodView):
    """The end of a programme."""

    @keeps
    @blueprint.response(200, ProgrammeSchema)
    def post(self, programme_id: UUID) -> Programme:
        """Offer a programme no longer; its courses go on. Asking again changes nothing."""
        programme = find(Programme, programme_id, lock=True)
        templates.end_programme(programme)
        return programme

    @keeps
    @blueprint.response(204)
    def delete(self, programme_id: UUID) -> None:
        """Offer a programme again."""
        templates.resume_programme(find(Programme, programme_id, lock=True))


@blueprint.route("/editions/<uuid:edition_id>/retirement")
class EditionRetirement(MethodView):
    """The end of a way of running a programme."""

    @keeps
    @blueprint.response(200, EditionSchema)
    def post(self, edition_id: UUID) -> Edition:
        """Set up no more courses in this way; those that run go on. Asking again changes nothing."""
        edition = find(Edition, edition_id, lock=True)
        templates.retire(edition)
        return edition


@blueprint.route("/programmes/<uuid:programme_id>/editions")
class Editions(MethodView):
    """The ways of running a programme."""

    @signed_in
    @blueprint.response(200, EditionSchema(many=True))
    @blueprint.paginate()
    def get(self, programme_id: UUID, pagination_parameters: Any) -> Any:
        """List the editions of a programme with their contacts, the newest first."""
        return page_of(listed.listed_editions(find(Programme, programme_id).id), pagination_parameters)

    @keeps
    @once
    @blueprint.arguments(EditionSchema)
    @blueprint.response(201, EditionSchema)
    def post(self, edition: dict[str, Any], programme_id: UUID) -> Edition:
        """Add another way of running a programme."""
        known = {instrument.code for instrument in outcomes.instruments()}
        if unknown := [m["instrument"] for m in edition.get("measures", []) if m["instrument"] not in known]:
            raise Unacceptable(measures=f"There is no questionnaire “{unknown[0]}”.")
        return templates.make_edition(find(Programme, programme_id), **edition)


@blueprint.route("/programmes/<uuid:programme_id>/interests")
class Interests(MethodView):
    """Who would like to know of the next course."""

    @manages
    @blueprint.response(200, InterestSchema(many=True))
    @blueprint.paginate()
    def get(self, programme_id: UUID, pagination_parameters: Any) -> Any:
        """List who would like to know of the next course, of the families known at your hubs."""
        programme = find(Programme, programme_id)
        return page_of(listed.listed_interests(programme.id, seen=current_user), pagination_parameters)

    @either
    @once
    @blueprint.arguments(NewInterestSchema)
    @blueprint.response(201, InterestSchema)
    def post(self, told: dict[str, Any], programme_id: UUID) -> Interest:
        """Keep that somebody would like to be told of the next course. Asking again changes nothing."""
        return interest.show_interest(find(Programme, programme_id).id, **who_comes(told))


@blueprint.route("/interests")
class OwnInterests(MethodView):
    """Programmes of whose next course one would like to know."""

    @requires(Permission.BOOK_FOR_OWN_FAMILY)
    @blueprint.response(200, InterestSchema(many=True))
    def get(self) -> Any:
        """List the programmes of whose next course you would like to know."""
        return mine.interests_of(own_carer().id)


@blueprint.route("/interests/<uuid:interest_id>")
class OneInterest(MethodView):
    """That somebody would like to know of the next course."""

    @either
    @blueprint.response(204)
    def delete(self, interest_id: UUID) -> None:
        """Take somebody off the list. Asking again changes nothing."""
        found = find(Interest, interest_id)
        if is_staff():
            families.ensure_may_open(current_user, found.household_id)
        elif found.person_id != own_carer().id:
            raise NotFound("interest")
        interest.leave(found)
