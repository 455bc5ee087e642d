"""Which questionnaires there are, and the bands in which a council reads their scores."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from kernel.db import db, find
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.once import once
from kernel.web.paging import page_of
from outcomes import queries, service
from outcomes.api.door import blueprint, keeps, named
from outcomes.models import CouncilBands
from outcomes.queries.listed import bands_in, listed_bands
from outcomes.rules import Band, Instrument
from outcomes.schemas.instruments import (
    BandsSchema,
    InstrumentSchema,
    InstrumentWithBandsSchema,
    OfInstrumentSchema,
)

INSTRUMENT = (
    "code", "version", "name", "about", "respondents", "age_from", "age_to", "scales", "licence", "licence_note",
    "citation",
)  # fmt: skip
BANDS = ("id", "instrument", "scale", "respondent", "source", "entered_by", "entered_at", "withdrawn_at")


@blueprint.route("/instruments")
class Instruments(MethodView):
    """Questionnaires that the product knows."""

    @requires(Permission.MANAGE_PROGRAMMES, Permission.MANAGE_COURSES, Permission.RUN_COURSES)
    @blueprint.response(200, InstrumentSchema(many=True))
    def get(self) -> list[dict[str, Any]]:
        """List the questionnaires by name, with their scales and licences, without their words."""
        sources = queries.sources()
        return [_told(one, sources) for one in queries.instruments()]


@blueprint.route("/instruments/<code>")
class OneInstrument(MethodView):
    """A questionnaire that the product knows."""

    @keeps
    @blueprint.response(200, InstrumentWithBandsSchema)
    def get(self, code: str) -> dict[str, Any]:
        """Read a questionnaire, with the languages that it can be asked in and the bands that hold."""
        known = queries.find_instrument(code)
        return {
            **_told(known, queries.sources()),
            "languages": queries.languages_of(code),
            "bands": [
                {"scale": scale, "respondent": respondent, "bands": [parts_of(band) for band in held]}
                for respondent in known.respondents
                for scale, held in queries.all_bands(code, respondent).items()
                if held
            ],
        }


@blueprint.route("/bands")
class CouncilsBands(MethodView):
    """Bands that a council entered."""

    @keeps
    @blueprint.arguments(OfInstrumentSchema, location="query")
    @blueprint.response(200, BandsSchema(many=True))
    @blueprint.paginate()
    def get(self, wanted: dict[str, str], pagination_parameters: Any) -> list[dict[str, Any]]:
        """List all bands that the council ever entered, the newest first."""
        return [_bands(one) for one in page_of(listed_bands(**wanted), pagination_parameters)]

    @keeps
    @once
    @blueprint.arguments(BandsSchema)
    @blueprint.response(201, BandsSchema)
    def post(self, told: dict[str, Any]) -> dict[str, Any]:
        """Enter the bands of a scale with their source, instead of those before; they hold for answers to come."""
        bands = [Band(**one) for one in told.pop("bands")]
        return _bands(service.enter_bands(bands=bands, **told))


@blueprint.route("/bands/<uuid:bands_id>/withdrawal")
class BandsWithdrawal(MethodView):
    """The end of bands."""

    @keeps
    @blueprint.response(200, BandsSchema)
    def post(self, bands_id: UUID) -> dict[str, Any]:
        """Use bands no longer. Asking again changes nothing."""
        bands = find(CouncilBands, bands_id, lock=True)
        service.withdraw_bands(bands)
        db.flush()
        return _bands(bands)


def _told(known: Instrument, sources: Any) -> dict[str, Any]:
    return {**named(known, INSTRUMENT), "items": len(known.items), "words_from": sources[known.code]}


def _bands(row: CouncilBands) -> dict[str, Any]:
    return {**named(row, BANDS), "bands": [parts_of(band) for band in bands_in(row)]}


def parts_of(band: Band) -> dict[str, Any]:
    """Return the parts of a band, by name."""
    return named(band, ("from_", "to", "name", "clinical"))
