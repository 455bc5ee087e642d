"""The words in which a council asks, and under which licence."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from kernel.db import db, find
from kernel.web.once import once
from kernel.web.paging import page_of
from outcomes import service
from outcomes.api.door import blueprint, keeps, named
from outcomes.models import Wording
from outcomes.queries.listed import listed_wordings
from outcomes.schemas.instruments import OfInstrumentSchema, WordingSchema

WORDING = ("id", "instrument", "language", "evidence", "attested_by", "attested_at", "withdrawn_at")


@blueprint.route("/wordings")
class Wordings(MethodView):
    """Words that a council is licensed to use."""

    @keeps
    @blueprint.arguments(OfInstrumentSchema, location="query")
    @blueprint.response(200, WordingSchema(many=True))
    @blueprint.paginate()
    def get(self, wanted: dict[str, str], pagination_parameters: Any) -> list[dict[str, Any]]:
        """List all words that the council ever put in, the newest first, with who attested them and when."""
        return [_told(one) for one in page_of(listed_wordings(**wanted), pagination_parameters)]

    @keeps
    @once
    @blueprint.arguments(WordingSchema)
    @blueprint.response(201, WordingSchema)
    def post(self, told: dict[str, Any]) -> dict[str, Any]:
        """Put in the words of a questionnaire, and say on whose word they may be used; they replace those before."""
        return _told(service.attest(**told))


@blueprint.route("/wordings/<uuid:wording_id>/withdrawal")
class WordingWithdrawal(MethodView):
    """The end of words."""

    @keeps
    @blueprint.response(200, WordingSchema)
    def post(self, wording_id: UUID) -> dict[str, Any]:
        """Ask in these words no longer. Asking again changes nothing."""
        wording = find(Wording, wording_id, lock=True)
        service.withdraw_words(wording)
        db.flush()
        return _told(wording)


def _told(wording: Wording) -> dict[str, Any]:
    return {**wording.words, **wording.words.get("page", {}), **named(wording, WORDING)}
