"""What was told in confidence of those who take part, and how they came to stand where they stand."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from families.service import log_opening
from families.terms import Opened
from programmes import queries
from programmes.api.door import blueprint, runs
from programmes.queries import participants
from programmes.schemas.told import ReasonsSchema, StepSchema


@blueprint.route("/participations/<uuid:participation_id>/steps")
class Steps(MethodView):
    """How somebody came to stand where they stand."""

    @runs
    @blueprint.response(200, StepSchema(many=True))
    def get(self, participation_id: UUID) -> Sequence[Any]:
        """List where somebody stood since when, and who said so, without why."""
        return participants.steps_of(queries.find_participation(participation_id, seen=current_user).id)


@blueprint.route("/participations/<uuid:participation_id>/reasons")
class Reasons(MethodView):
    """What was told in confidence."""

    @runs
    @blueprint.response(200, ReasonsSchema)
    def get(self, participation_id: UUID) -> dict[str, Any]:
        """Read why somebody was referred or left, and what would help them. That it was read is kept."""
        participation = queries.find_participation(participation_id, seen=current_user)
        log_opening(participation.person_id, Opened.REFERRAL)
        names = ("referred_by", "reason", "interpreter", "access_needs")
        return {
            **{name: getattr(participation, name) or "" for name in names},
            "steps": participants.reasons_of(participation.id),
        }
