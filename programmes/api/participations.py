"""Those who take part: listed, booked, referred, and the contacts that they had. What is sealed is never told."""

import json
from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user
from sqlalchemy import func, select

from families import queries as families
from families.models import Person
from hubs.models import Hub
from kernel.db import db, find
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import may
from kernel.web.once import once
from kernel.web.paging import page_of
from programmes import queries
from programmes.api.door import (
    anybody,
    blueprint,
    either,
    find_participation,
    is_staff,
    manages,
    own_carer,
    runs,
    who_comes,
)
from programmes.models import CourseContact, Dose, Participation
from programmes.queries import listed
from programmes.schemas.taking_part import (
    DoseSchema,
    NewParticipationSchema,
    ParticipationSchema,
    ParticipationsWantedSchema,
    ReferralSchema,
)
from programmes.service import joining, running

Listed = tuple[Any, int, dict[str, str]]


@blueprint.route("/participations")
class Participations(MethodView):
    """Those who take part."""

    @anybody
    @blueprint.arguments(ParticipationsWantedSchema, location="query")
    @blueprint.response(200, ParticipationSchema(many=True))
    def get(self, wanted: dict[str, Any]) -> Listed:
        """List who takes part in courses that you see, or your own. X-Pagination says how many."""
        number, size = wanted.pop("page"), wanted.pop("page_size")
        statement = listed.listed_participations(_whose(), **wanted)
        total = db.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
        rows = db.scalars(statement.limit(size).offset((number - 1) * size)).all()
        told = {"total": total, "page": number, "total_pages": max(1, -(-total // size))}
        return rows, 200, {"X-Pagination": json.dumps(told)}

    @either
    @once
    @blueprint.arguments(NewParticipationSchema)
    @blueprint.response(201, ParticipationSchema)
    def post(self, told: dict[str, Any]) -> Participation:
        """Book somebody a place on a course, and at all its group sessions to come."""
        parts = {**told, **who_comes(told)}
        parts.setdefault("interpreter", families.interpreter_for(find(Person, parts["person_id"])))
        if may(Permission.MANAGE_COURSES):
            queries.find_course(told["course_id"], seen=current_user)
            return joining.book(**parts)
        listed.shown_course(told["course_id"], to=current_user)
        return joining.book(**parts, by_family=True)


@blueprint.route("/referrals")
class Referrals(MethodView):
    """Referrals to programmes."""

    @manages
    @once
    @blueprint.arguments(ReferralSchema)
    @blueprint.response(201, ParticipationSchema)
    def post(self, told: dict[str, Any]) -> Participation:
        """Refer somebody to a programme, or to one of its courses."""
        parts = {**told, **who_comes(told)}
        if course_id := told.get("course_id"):
            queries.find_course(course_id, seen=current_user)
        if hub_id := told.get("hub_id"):
            find(Hub, hub_id)
        return joining.refer(**parts)


@blueprint.route("/participations/<uuid:participation_id>")
class OneParticipation(MethodView):
    """Somebody on a course, or on the way to one."""

    @anybody
    @blueprint.etag
    @blueprint.response(200, ParticipationSchema)
    def get(self, participation_id: UUID) -> Participation:
        """Read where somebody stands."""
        return find_participation(participation_id)


@blueprint.route("/participations/<uuid:participation_id>/doses")
class Doses(MethodView):
    """Which contacts somebody had."""

    @anybody
    @blueprint.response(200, DoseSchema(many=True))
    @blueprint.paginate()
    def get(self, participation_id: UUID, pagination_parameters: Any) -> Any:
        """List what is known of the contacts of somebody's course, in order."""
        participation = find_participation(participation_id)
        contacts = select(CourseContact.id).where(CourseContact.course_id == participation.course_id)
        ordered = contacts.order_by(CourseContact.number, CourseContact.id)
        return _told(participation, page_of(ordered, pagination_parameters))


@blueprint.route("/participations/<uuid:participation_id>/doses/<uuid:course_contact_id>")
class OneDose(MethodView):
    """Whether somebody had a contact."""

    @runs
    @blueprint.etag
    @blueprint.response(200, DoseSchema)
    def get(self, participation_id: UUID, course_contact_id: UUID) -> dict[str, Any]:
        """Read what is known of somebody and a contact of their course."""
        participation, contact = _both(participation_id, course_contact_id)
        return _told(participation, [contact.id])[0]

    @runs
    @blueprint.etag
    @blueprint.arguments(DoseSchema)
    @blueprint.response(200, DoseSchema)
    def put(self, told: dict[str, Any], participation_id: UUID, course_contact_id: UUID) -> dict[str, Any]:
        """Say whether somebody had a contact; null takes back what was said. Group contacts go through the register."""
        participation, contact = _both(participation_id, course_contact_id)
        blueprint.check_etag(_told(participation, [contact.id])[0], DoseSchema)
        other_id = told.get("made_up_at_id")
        other = queries.find_contact(other_id, seen=current_user) if other_id else None
        running.say(participation, contact, told["presence"], made_up_at=other)
        db.flush()
        return _told(participation, [contact.id])[0]


def _whose() -> Any:
    if is_staff():
        return listed.participations_seen_by(current_user)
    return listed.participations_of(own_carer().id)


def _both(participation_id: UUID, course_contact_id: UUID) -> tuple[Participation, CourseContact]:
    participation = queries.find_participation(participation_id, seen=current_user)
    contact = queries.find_contact(course_contact_id, seen=current_user)
    if contact.course_id != participation.course_id:
        raise NotFound("contact")
    return participation, contact


def _told(participation: Participation, contact_ids: Any) -> list[dict[str, Any]]:
    wanted = select(Dose).where(Dose.participation_id == participation.id, Dose.contact_id.in_(contact_ids))
    known = {dose.contact_id: dose for dose in db.scalars(wanted)}
    names = ("presence", "made_up_at_id", "said_at")
    return [
        {"contact_id": one, **{name: getattr(known.get(one), name, None) for name in names}}
        for one in contact_ids
    ]
