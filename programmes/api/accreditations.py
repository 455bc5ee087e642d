"""Who is trained and accredited to run what."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from kernel.clock import today
from kernel.db import find
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.once import once
from kernel.web.paging import page_of
from programmes.api.door import blueprint
from programmes.models import Accreditation
from programmes.queries.editions import listed_accreditations
from programmes.rules.accrediting import standing_of
from programmes.schemas.running import (
    AccreditationDatesSchema,
    AccreditationSchema,
    AccreditationsWantedSchema,
)
from programmes.service import accreditations

keeps = requires(Permission.MANAGE_PROGRAMMES)
DATES = ("trained_on", "accredited_on", "expires_on", "note")


@blueprint.route("/accreditations")
class Accreditations(MethodView):
    """Who is accredited in what."""

    @keeps
    @blueprint.arguments(AccreditationsWantedSchema, location="query")
    @blueprint.response(200, AccreditationSchema(many=True))
    @blueprint.paginate()
    def get(self, wanted: dict[str, str], pagination_parameters: Any) -> list[dict[str, Any]]:
        """List who is accredited in what, the soonest to expire first."""
        return [_told(one) for one in page_of(listed_accreditations(**wanted), pagination_parameters)]

    @keeps
    @once
    @blueprint.arguments(AccreditationSchema)
    @blueprint.response(201, AccreditationSchema)
    def post(self, told: dict[str, Any]) -> dict[str, Any]:
        """Keep that somebody of staff was trained or accredited."""
        return _told(accreditations.note(**told))


@blueprint.route("/accreditations/<uuid:accreditation_id>")
class OneAccreditation(MethodView):
    """That somebody is accredited."""

    @keeps
    @blueprint.etag
    @blueprint.response(200, AccreditationSchema)
    def get(self, accreditation_id: UUID) -> dict[str, Any]:
        """Read when somebody was trained and accredited, and until when."""
        return _told(find(Accreditation, accreditation_id))

    @keeps
    @blueprint.etag
    @blueprint.arguments(AccreditationDatesSchema)
    @blueprint.response(200, AccreditationSchema)
    def patch(self, changes: dict[str, Any], accreditation_id: UUID) -> dict[str, Any]:
        """Change the dates of an accreditation; what is not named stays."""
        found = find(Accreditation, accreditation_id, lock=True)
        blueprint.check_etag(_told(found), AccreditationSchema)
        return _told(accreditations.change(found, **{**_dates(found), **changes}))

    @keeps
    @blueprint.response(204)
    def delete(self, accreditation_id: UUID) -> None:
        """Take an accreditation off the record that was entered by mistake."""
        accreditations.remove(find(Accreditation, accreditation_id, lock=True))


def _dates(row: Accreditation) -> dict[str, Any]:
    return {name: getattr(row, name) for name in DATES}


def _told(row: Accreditation) -> dict[str, Any]:
    standing = standing_of(accredited_on=row.accredited_on, expires_on=row.expires_on, on=today())
    return {
        "id": row.id,
        "account_id": row.account_id,
        "what": row.what,
        **_dates(row),
        "standing": standing,
    }
