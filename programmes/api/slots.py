"""Times of calls and visits: which are free, and who picked them."""

from collections.abc import Sequence
from uuid import UUID

from flask.views import MethodView

from kernel.db import db, find
from kernel.errors import NotFound
from programmes.api.door import anybody, blueprint, find_participation
from programmes.models import CourseContact, Participation, Slot
from programmes.queries import mine
from programmes.schemas.taking_part import SlotSchema
from programmes.service import slots


@blueprint.route("/participations/<uuid:participation_id>/contacts/<uuid:course_contact_id>/slots")
class FreeSlots(MethodView):
    """Times that can be picked."""

    @anybody
    @blueprint.response(200, SlotSchema(many=True))
    def get(self, participation_id: UUID, course_contact_id: UUID) -> Sequence[Slot]:
        """List the times of a call or visit that nobody has picked, the earliest first."""
        contact = find(CourseContact, course_contact_id)
        _ensure_on(find_participation(participation_id), contact)
        return mine.free_slots(contact.id)


@blueprint.route("/participations/<uuid:participation_id>/slots/<uuid:slot_id>")
class PickedSlot(MethodView):
    """A time that is picked."""

    @anybody
    @blueprint.response(200, SlotSchema)
    def post(self, participation_id: UUID, slot_id: UUID) -> Slot:
        """Pick a time, instead of any other for the same call or visit. Picking it again changes nothing."""
        participation, slot = _both(participation_id, slot_id)
        slots.pick(slot, participation)
        db.flush()
        return slot

    @anybody
    @blueprint.response(204)
    def delete(self, participation_id: UUID, slot_id: UUID) -> None:
        """Let a time go that was picked."""
        participation, slot = _both(participation_id, slot_id)
        if slot.participation_id != participation.id:
            raise NotFound("slot")
        slots.let_go(slot)


def _both(participation_id: UUID, slot_id: UUID) -> tuple[Participation, Slot]:
    participation, slot = find_participation(participation_id), find(Slot, slot_id)
    _ensure_on(participation, find(CourseContact, slot.contact_id))
    return participation, slot


def _ensure_on(participation: Participation, contact: CourseContact) -> None:
    if participation.course_id != contact.course_id:
        raise NotFound("contact")
