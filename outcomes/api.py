"""Questionnaires for machines: which there are, who was asked, and what answers came to. Answers are never told."""

from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user
from flask_smorest import Blueprint

from kernel.db import db
from kernel.errors import NotFound, Unacceptable
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.once import once
from outcomes import queries, service
from outcomes.models import Asking, Score
from outcomes.schemas import (
    AskingSchema,
    AskingsWantedSchema,
    InstrumentSchema,
    PaperSchema,
    ScoreSchema,
    WordingSchema,
)

blueprint = Blueprint("outcomes_api", __name__, description="Questionnaires, and what answers came to.")
runs = requires(Permission.MANAGE_COURSES, Permission.RUN_COURSES)
keeps = requires(Permission.MANAGE_PROGRAMMES)
INSTRUMENT = (
    "code", "version", "name", "about", "respondents", "age_from", "age_to", "scales", "licence", "licence_note",
    "citation",
)  # fmt: skip
WORDING = ("id", "instrument", "language", "evidence", "attested_at")


@blueprint.route("/instruments")
class Instruments(MethodView):
    """Questionnaires that the product knows."""

    @requires(Permission.MANAGE_PROGRAMMES, Permission.MANAGE_COURSES, Permission.RUN_COURSES)
    @blueprint.response(200, InstrumentSchema(many=True))
    def get(self) -> list[dict[str, Any]]:
        """List the questionnaires by name, with their scales and licences, without their words."""
        sources = queries.sources()
        return [
            {**_named(one, INSTRUMENT), "items": len(one.items), "words_from": sources[one.code]}
            for one in queries.instruments()
        ]


@blueprint.route("/wordings")
class Wordings(MethodView):
    """Words that a council is licensed to use."""

    @keeps
    @once
    @blueprint.arguments(WordingSchema)
    @blueprint.response(201, WordingSchema)
    def post(self, told: dict[str, Any]) -> dict[str, Any]:
        """Put in the words of a questionnaire, and say on whose word they may be used; they replace those before."""
        wording = service.attest(**told)
        return {**wording.words, **_named(wording, WORDING)}


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
        return queries.askings_of([wanted["about_id"]])


@blueprint.route("/askings/<uuid:asking_id>")
class OneAsking(MethodView):
    """What somebody was asked."""

    @runs
    @blueprint.etag
    @blueprint.response(200, AskingSchema)
    def get(self, asking_id: UUID) -> Asking:
        """Read whether somebody answered a questionnaire."""
        return queries.find_asking(asking_id, seen=current_user)


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


def _named(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _scores(asking: Asking) -> list[Score]:
    found = queries.scores_of([asking.about_id])
    return [score for other, score in found if other.id == asking.id]
