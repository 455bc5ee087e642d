"""What a parent takes home: dates for a calendar, their own progress, and the certificate."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.views import MethodView
from flask_login import current_user

from families import queries as families
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import requires
from programmes.api.door import anybody, blueprint, find_participation, is_staff, runs
from programmes.jobs import letters
from programmes.models import Participation
from programmes.queries import mine
from programmes.queries import own as takes
from programmes.schemas.told import CourseDateSchema, ProgressSchema
from programmes.service import certificates
from programmes.terms import ON_THE_COURSE

own = requires(Permission.BOOK_FOR_OWN_FAMILY)
FILE = {"type": "string", "format": "binary"}


@blueprint.route("/participations/<uuid:participation_id>/dates")
class Dates(MethodView):
    """When somebody's course is."""

    @anybody
    @blueprint.response(200, CourseDateSchema(many=True))
    def get(self, participation_id: UUID) -> list[dict[str, Any]]:
        """List the contacts of somebody's course in order, with the times that they picked themselves."""
        participation = find_participation(participation_id)
        rows = mine.dates_of(participation.course_id, participation.id) if participation.course_id else []
        return [
            {
                **row._mapping,
                "starts_at": row.starts_at or row.slot_starts_at,
                "ends_at": row.ends_at or row.slot_ends_at,
            }
            for row in rows
        ]


@blueprint.route("/participations/<uuid:participation_id>/calendar")
class Calendar(MethodView):
    """The dates of one's own course as a file."""

    @own
    @blueprint.response(200, FILE, content_type="text/calendar")
    def get(self, participation_id: UUID) -> Response:
        """Read all dates of your own course as appointments for a calendar."""
        participation = _own(participation_id)
        on_it = participation.standing in ON_THE_COURSE
        if not on_it or (file := letters.calendar(participation)) is None:
            raise NotFound("dates")
        return Response(file, mimetype="text/calendar")


@blueprint.route("/participations/<uuid:participation_id>/progress")
class Progress(MethodView):
    """What somebody attended, and what their own answers came to."""

    @own
    @blueprint.response(200, ProgressSchema)
    def get(self, participation_id: UUID) -> dict[str, Any]:
        """Read what you attended of your own course, and what your own answers came to; nobody else's."""
        participation = _own(participation_id)
        carer = families.carer_of(current_user.id)
        assert carer
        attended = takes.attended(participation)
        return {
            "contacts": attended.contacts,
            "of": attended.of,
            "minutes": attended.minutes,
            "scores": [
                {
                    "instrument": key.instrument,
                    "scale": key.scale,
                    "respondent": key.respondent,
                    "occasion": occasion,
                    "value": value,
                }
                for key, told in takes.own_scores(participation, carer.id).items()
                for occasion, value in told.items()
            ],
        }


@blueprint.route("/participations/<uuid:participation_id>/certificate")
class Certificate(MethodView):
    """The certificate of a course."""

    @anybody
    @blueprint.response(200, FILE, content_type="application/pdf")
    def get(self, participation_id: UUID) -> Response:
        """Read the certificate of somebody who completed a course, as a PDF; a parent's key reads the parent's own."""
        if is_staff():
            made = certificates.certificate(find_participation(participation_id))
        else:
            carer = families.carer_of(current_user.id)
            made = certificates.certificate(_own(participation_id), carer.id if carer else None)
        return Response(made, mimetype="application/pdf")


@blueprint.route("/participations/<uuid:participation_id>/people/<uuid:person_id>/certificate")
class CertificateOfOne(MethodView):
    """The certificate of one of two who share a place."""

    @runs
    @blueprint.response(200, FILE, content_type="application/pdf")
    def get(self, participation_id: UUID, person_id: UUID) -> Response:
        """Read the certificate of one of two parents who completed a course at one place, in that parent's name."""
        made = certificates.certificate(find_participation(participation_id), person_id)
        return Response(made, mimetype="application/pdf")


def _own(participation_id: UUID) -> Participation:
    return takes.find_own(participation_id, families.carer_of(current_user.id))
