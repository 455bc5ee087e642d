"""Coming to stand elsewhere: offered, accepted, declined, withdrawn, dropped out, transferred."""

from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from families import queries as families
from kernel.db import db, find
from kernel.web.once import once
from programmes import queries
from programmes.api.door import anybody, blueprint, either, find_participation, is_second, manages
from programmes.models import Participation
from programmes.schemas.taking_part import (
    NeedsChangeSchema,
    OfferSchema,
    ParticipationSchema,
    PartnerSchema,
    TransferSchema,
    WhySchema,
)
from programmes.service import joining, needs, partners


@blueprint.route("/participations/<uuid:participation_id>/offer")
class Offer(MethodView):
    """A place that is kept for somebody."""

    @manages
    @once
    @blueprint.arguments(OfferSchema)
    @blueprint.response(200, ParticipationSchema)
    def post(self, told: dict[str, UUID], participation_id: UUID) -> Participation:
        """Offer somebody who was referred a place on a course, and keep it for them for a while."""
        participation = find_participation(participation_id)
        joining.offer(participation, queries.find_course(told["course_id"], seen=current_user).id)
        return _now(participation_id)


@blueprint.route("/participations/<uuid:participation_id>/acceptance")
class OfferAcceptance(MethodView):
    """The taking up of an offer."""

    @either
    @blueprint.response(200, ParticipationSchema)
    def post(self, participation_id: UUID) -> Participation:
        """Take up the place that is offered. Accepting again changes nothing."""
        joining.accept(find_participation(participation_id))
        return _now(participation_id)


@blueprint.route("/participations/<uuid:participation_id>/decline")
class Decline(MethodView):
    """The turning down of an offer or a referral."""

    @anybody
    @once
    @blueprint.arguments(WhySchema)
    @blueprint.response(200, ParticipationSchema)
    def post(self, told: dict[str, str], participation_id: UUID) -> Participation:
        """Turn the place or the referral down; the key of the second of two parents turns it down for that one."""
        participation = find_participation(participation_id)
        if is_second(participation):
            partners.come_alone(participation)
        else:
            joining.decline(participation, told["why"])
        return _now(participation_id)


@blueprint.route("/participations/<uuid:participation_id>/withdrawal")
class Withdrawal(MethodView):
    """The leaving of a course before it started for somebody."""

    @anybody
    @once
    @blueprint.arguments(WhySchema)
    @blueprint.response(200, ParticipationSchema)
    def post(self, told: dict[str, str], participation_id: UUID) -> Participation:
        """Leave a course before the start; the key of the second of two parents leaves the place to the first."""
        participation = find_participation(participation_id)
        if is_second(participation):
            partners.come_alone(participation)
        else:
            joining.withdraw(participation, told["why"])
        return _now(participation_id)


@blueprint.route("/participations/<uuid:participation_id>/partner")
class Partner(MethodView):
    """Who shares somebody's place."""

    @manages
    @blueprint.arguments(PartnerSchema)
    @blueprint.response(200, ParticipationSchema)
    def put(self, told: dict[str, UUID], participation_id: UUID) -> Participation:
        """Let a second parent share the place: booked for the sessions to come, and asked the same questions apart."""
        participation = find_participation(participation_id)
        families.ensure_may_open(current_user, participation.household_id)
        partners.bring_along(participation, told["partner_id"])
        return _now(participation_id)

    @manages
    @blueprint.response(204)
    def delete(self, participation_id: UUID) -> None:
        """Let the second parent take part no more; the place stays with the first."""
        partners.come_alone(find_participation(participation_id))


@blueprint.route("/participations/<uuid:participation_id>/needs")
class Needs(MethodView):
    """What somebody needs who takes part."""

    @manages
    @blueprint.arguments(NeedsChangeSchema)
    @blueprint.response(204)
    def put(self, told: dict[str, str], participation_id: UUID) -> None:
        """Say in which language somebody needs an interpreter, and what would help them."""
        needs.change(find_participation(participation_id), **told)


@blueprint.route("/participations/<uuid:participation_id>/drop-out")
class DropOut(MethodView):
    """The leaving of a course after it started for somebody."""

    @anybody
    @once
    @blueprint.arguments(WhySchema)
    @blueprint.response(200, ParticipationSchema)
    def post(self, told: dict[str, str], participation_id: UUID) -> Participation:
        """Leave a course that had started; the key of the second of two parents leaves the place to the first."""
        participation = find_participation(participation_id)
        if is_second(participation):
            partners.come_alone(participation)
        else:
            joining.drop_out(participation, told["why"])
        return _now(participation_id)


@blueprint.route("/participations/<uuid:participation_id>/transfer")
class Transfer(MethodView):
    """The move to another course."""

    @manages
    @once
    @blueprint.arguments(TransferSchema)
    @blueprint.response(201, ParticipationSchema)
    def post(self, told: dict[str, Any], participation_id: UUID) -> Participation:
        """Move somebody to another course of the programme; the answer is where they stand there."""
        course = queries.find_course(told["course_id"], seen=current_user)
        return joining.transfer(find_participation(participation_id), course.id, told["why"])


def _now(participation_id: UUID) -> Participation:
    db.flush()
    return find(Participation, participation_id)
