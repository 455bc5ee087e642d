"""Who was asked, what it came to, and paper that is keyed in. Answers are never told."""

from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from kernel.clock import now
from kernel.db import db
from kernel.errors import NotFound, Unacceptable
from kernel.web.once import once
from outcomes import queries, service
from outcomes.api.door import blueprint, named, runs
from outcomes.models import Asking, Score
from outcomes.schemas.askings import AskingSchema, AskingsWantedSchema, PaperSchema, ScoreSchema

ASKING = (
    "id", "instrument", "version", "occasion", "respondent", "respondent_id", "subject_id", "about_id", "language",
    "large_print", "opens_at", "closes_at", "standing", "way", "answered_at",
)  # fmt: skip


@blueprint.route("/askings")
class Askings(MethodView):
    """What somebody was asked."""

    @runs
    @blueprint.arguments(AskingsWantedSchema, location="query")
    @blueprint.response(200, AskingSchema(many=True))
    def get(self, wanted: dict[str, UUID]) -> Any:
        """List what is asked for one participation that you see, in the order in which it opens."""
        if not queries.may_see(current_user, wanted["about_id"]):
            raise NotFound("participation")
        return [_told(one) for one in queries.askings_of([wanted["about_id"]])]


@blueprint.route("/askings/<uuid:asking_id>")
class OneAsking(MethodView):
    """What somebody was asked."""

    @runs
    @blueprint.etag
    @blueprint.response(200, AskingSchema)
    def get(self, asking_id: UUID) -> dict[str, Any]:
        """Read whether somebody answered a questionnaire, and whether it can be answered now."""
        return _told(queries.find_asking(asking_id, seen=current_user))


@blueprint.route("/askings/<uuid:asking_id>/scores")
class Scores(MethodView):
    """What the answers came to."""

    @runs
    @blueprint.response(200, ScoreSchema(many=True))
    def get(self, asking_id: UUID) -> list[Score]:
        """List what the answers came to on each scale; nothing before they are all there."""
        return _scores(queries.find_asking(asking_id, seen=current_user))


@blueprint.route("/askings/<uuid:asking_id>/paper")
class Paper(MethodView):
    """A sheet of paper."""

    @runs
    @once
    @blueprint.arguments(PaperSchema)
    @blueprint.response(200, ScoreSchema(many=True))
    def post(self, told: dict[str, Any], asking_id: UUID) -> list[Score]:
        """Key in what somebody answered on paper, and say what it came to; what was keyed in before is put right."""
        asking = queries.find_asking(asking_id, seen=current_user)
        answers = {one["item"]: one["answer"] for one in told["answers"]}
        if len(answers) < len(told["answers"]):
            raise Unacceptable(answers="Name each question once.")
        service.re_key(asking, answers)
        db.flush()
        return _scores(asking)


def _told(asking: Asking) -> dict[str, Any]:
    return {
        **named(asking, ASKING),
        "is_open": queries.is_open(asking, now=now()),
        "takes_paper": service.can_key_in(asking),
    }


def _scores(asking: Asking) -> list[Score]:
    found = queries.scores_of([asking.about_id])
    return [score for other, score in found if other.id == asking.id]
