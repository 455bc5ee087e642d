"""How each contact of a course went, its register, and the times that are offered for it."""

from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from attendance import queries as registers
from attendance import service as attendance
from families.service import log_opening
from families.terms import Opened
from kernel.db import db, find
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.once import once
from kernel.web.paging import page_of
from programmes import queries
from programmes.api.door import blueprint
from programmes.errors import StaffElsewhere
from programmes.models import CourseContact, Participation, Slot
from programmes.queries import listed, tonight
from programmes.schemas.courses import CourseContactSchema
from programmes.schemas.running import (
    ClosureSchema,
    NeedsSchema,
    NewDateSchema,
    NewSlotsSchema,
    NotesSchema,
    OfferedSlotSchema,
    WeekSchema,
)
from programmes.service import dates, running, slots

runs = requires(Permission.RUN_COURSES)
dates_courses = requires(Permission.RUN_COURSES, Permission.MANAGE_COURSES)
PATH = "/courses/<uuid:course_id>/contacts/<uuid:course_contact_id>"


@blueprint.route(f"{PATH}/notes")
class Notes(MethodView):
    """How a contact went."""

    @runs
    @blueprint.etag
    @blueprint.response(200, NotesSchema)
    def get(self, course_id: UUID, course_contact_id: UUID) -> dict[str, Any]:
        """Read the checklist of a contact, which lines of it were covered, and the notes of those who ran it."""
        return _told(seen_contact(course_id, course_contact_id))

    @runs
    @blueprint.etag
    @blueprint.arguments(NotesSchema)
    @blueprint.response(200, NotesSchema)
    def put(self, told: dict[str, Any], course_id: UUID, course_contact_id: UUID) -> dict[str, Any]:
        """Keep what a contact covered, how long it took, and notes, instead of what was said before."""
        contact = find(CourseContact, seen_contact(course_id, course_contact_id).id, lock=True)
        blueprint.check_etag(_told(contact), NotesSchema)
        running.cover(contact, **{**told, "covered": told["covered"] or []})
        return _told(contact)


@blueprint.route(f"{PATH}/date")
class ContactDate(MethodView):
    """Another day for a session that was called off."""

    @dates_courses
    @once
    @blueprint.arguments(NewDateSchema)
    @blueprint.response(200, CourseContactSchema)
    def post(self, told: dict[str, Any], course_id: UUID, course_contact_id: UUID) -> CourseContact:
        """Let the group meet on another day; who still needs it is booked into it and told."""
        contact, room_id = seen_contact(course_id, course_contact_id), told.pop("room_id")
        if not told.pop("anyway") and (pause := dates.worth_a_look(contact, **told)):
            raise StaffElsewhere(" ".join(pause))
        return dates.give_date(contact, **told, room_id=room_id)


@blueprint.route(f"{PATH}/week")
class ContactWeek(MethodView):
    """The week of a call or visit."""

    @dates_courses
    @blueprint.arguments(WeekSchema)
    @blueprint.response(200, CourseContactSchema)
    def put(self, told: dict[str, Any], course_id: UUID, course_contact_id: UUID) -> CourseContact:
        """Make the calls, visits or meetings in another week; times that are picked stay as they are."""
        return dates.move_week(seen_contact(course_id, course_contact_id), told["on_date"])


@blueprint.route(f"{PATH}/closure")
class ContactClosure(MethodView):
    """The end of the register of a contact."""

    @runs
    @blueprint.response(200, ClosureSchema)
    def post(self, course_id: UUID, course_contact_id: UUID) -> dict[str, int]:
        """Close the register of the session when it is over: who was not marked did not come."""
        register = _register(seen_contact(course_id, course_contact_id))
        return {"absent": 0 if register.closed_at else attendance.close_register(register)}

    @runs
    @blueprint.response(204)
    def delete(self, course_id: UUID, course_contact_id: UUID) -> None:
        """Let the register of the session be changed again."""
        attendance.reopen(_register(seen_contact(course_id, course_contact_id)))


@blueprint.route(f"{PATH}/participations/<uuid:participation_id>/needs")
class NeedsAtContact(MethodView):
    """What somebody needs at a contact."""

    @runs
    @blueprint.response(200, NeedsSchema)
    def get(self, course_id: UUID, course_contact_id: UUID, participation_id: UUID) -> Participation:
        """Read what would help somebody on the course, or who makes the contact up there. That it was read is kept."""
        contact = seen_contact(course_id, course_contact_id)
        participation = tonight.find_one(contact, participation_id)
        log_opening(participation.person_id, Opened.REFERRAL)
        return participation


@blueprint.route(f"{PATH}/slots")
class OfferedSlots(MethodView):
    """Times that are offered."""

    @runs
    @blueprint.response(200, OfferedSlotSchema(many=True))
    @blueprint.paginate()
    def get(self, course_id: UUID, course_contact_id: UUID, pagination_parameters: Any) -> Any:
        """List the times of a call or visit, the earliest first, and who picked them."""
        contact = seen_contact(course_id, course_contact_id)
        return page_of(listed.listed_slots(contact.id), pagination_parameters)

    @runs
    @once
    @blueprint.arguments(NewSlotsSchema)
    @blueprint.response(201, OfferedSlotSchema(many=True))
    def post(self, told: dict[str, Any], course_id: UUID, course_contact_id: UUID) -> list[Slot]:
        """Offer times one after another on a day, which everybody on the course can pick."""
        contact, anyway = seen_contact(course_id, course_contact_id), told.pop("anyway")
        if not anyway and (pause := slots.worth_a_look(**told)):
            raise StaffElsewhere(" ".join(pause))
        return slots.offer_slots(contact, **told)


@blueprint.route(f"{PATH}/slots/<uuid:slot_id>")
class OfferedSlot(MethodView):
    """A time that is offered."""

    @runs
    @blueprint.response(204)
    def delete(self, course_id: UUID, course_contact_id: UUID, slot_id: UUID) -> None:
        """Offer a time no longer that nobody has picked."""
        slots.take_away(tonight.find_slot(seen_contact(course_id, course_contact_id), slot_id))


@blueprint.route(f"{PATH}/slots/<uuid:slot_id>/release")
class SlotRelease(MethodView):
    """The release of a time that somebody picked."""

    @runs
    @blueprint.response(200, OfferedSlotSchema)
    def post(self, course_id: UUID, course_contact_id: UUID, slot_id: UUID) -> Slot:
        """Let a time go that somebody had picked; they are told. Asking again changes nothing."""
        slot = tonight.find_slot(seen_contact(course_id, course_contact_id), slot_id)
        slots.let_go(slot)
        db.flush()
        return slot


def seen_contact(course_id: UUID, course_contact_id: UUID) -> CourseContact:
    """Return a contact of a course that whoever asks sees, or raise NotFound."""
    contact = queries.find_contact(course_contact_id, seen=current_user)
    if contact.course_id != course_id:
        raise NotFound("contact")
    return contact


def _register(contact: CourseContact) -> Any:
    if contact.session_id is None:
        raise NotFound("register")
    return registers.find_register(contact.session_id)


def _told(contact: CourseContact) -> dict[str, Any]:
    db.flush()
    return {
        "checklist": contact.checklist,
        "covered": contact.covered,
        "minutes": contact.took_minutes,
        "notes": contact.notes or "",
        "noted_at": contact.noted_at,
    }
