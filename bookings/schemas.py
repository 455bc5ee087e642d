"""What the API says about bookings, and what it is told."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from bookings.rules import MOST_DAYS, MOST_HOURS, MOST_REMINDERS
from bookings.terms import Standing
from kernel.web.fields import said
from kernel.web.paging import LAST_PAGE, MOST_PER_PAGE, PER_PAGE


class PartySchema(Schema):
    """Who would like to come to which session."""

    session_id = fields.UUID(required=True, metadata=said("The session."))
    person_ids = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(min=1, max=20),
        metadata=said("The adults and children who come. All of them get a place, or nobody."),
    )
    household_id = fields.UUID(
        metadata=said("The family. Staff name it; a parent's key always books for the parent's own family.")
    )


class BookingSchema(Schema):
    """A party's place in a session, or in the queue for one."""

    id = fields.UUID()
    reference = fields.String(metadata=said("What families and staff call the booking."))
    standing = fields.Enum(Standing, by_value=True)
    session_id = fields.UUID()
    household_id = fields.UUID()
    person_ids = fields.List(fields.UUID())
    adults = fields.Integer()
    children = fields.Integer()
    expires_at = fields.AwareDateTime(allow_none=True, metadata=said("Until when a place is kept."))
    confirmed_at = fields.AwareDateTime(allow_none=True)
    cancelled_at = fields.AwareDateTime(allow_none=True)
    coming_said_at = fields.AwareDateTime(
        allow_none=True, metadata=said("When the family said that it is coming, in answer to a reminder.")
    )


class DecisionSchema(Schema):
    """What was decided about a party that waits."""

    turn = fields.String(metadata=said("What happened: joined, offered, skipped, accepted, lapsed or left."))
    reason = fields.String(metadata=said("Why, in words for the family."))
    decided_at = fields.AwareDateTime()


class WaitingSchema(BookingSchema):
    """A party in the queue for a session."""

    position = fields.Integer(
        allow_none=True, metadata=said("Its place in the queue, from 1; none once a place is offered.")
    )


class WaitingWithReasonsSchema(WaitingSchema):
    """A party in the queue for a session, and what was decided about it, the newest first."""

    decisions = fields.List(fields.Nested(DecisionSchema))


class ListedSchema(Schema):
    """Which bookings are wanted."""

    session_id = fields.UUID(metadata=said("Only those of this session."))
    household_id = fields.UUID(metadata=said("Only those of this family."))
    page = fields.Integer(load_default=1, validate=validate.Range(1, LAST_PAGE), metadata=said("From 1."))
    page_size = fields.Integer(
        load_default=PER_PAGE, validate=validate.Range(1, MOST_PER_PAGE), metadata=said("Rows on a page.")
    )


class AvailabilitySchema(Schema):
    """What is left of a session."""

    session_id = fields.UUID()
    bookable = fields.Boolean(metadata=said("Whether somebody could book now."))
    may_wait = fields.Boolean(metadata=said("Whether the waiting list is open instead."))
    left = fields.Integer(
        allow_none=True,
        metadata=said("How many more fit, in what the session counts; none without a limit."),
    )
    counted_in = fields.String(metadata=said("What the session counts: families, children or adults."))
    waiting = fields.Integer(metadata=said("How many families wait."))
    words = fields.String(metadata=said("The same in words for families."))
    reasons = fields.List(fields.String(), metadata=said("Why nobody can book now."))


class ReminderSchema(Schema):
    """How long before a session families are reminded: so many hours, or at a time of day so many days before."""

    hours = fields.Integer(
        allow_none=True, validate=validate.Range(1, MOST_HOURS), metadata=said("Hours before the start.")
    )
    days = fields.Integer(
        allow_none=True,
        validate=validate.Range(0, MOST_DAYS),
        metadata=said("Days before; 0 is the day itself."),
    )
    at = fields.Time(
        "%H:%M", allow_none=True, metadata=said("The time of day, in England, so many days before.")
    )

    @validates_schema
    def _one_or_the_other(self, told: dict[str, Any], **_: Any) -> None:
        by_hours, by_days = told.get("hours") is not None, told.get("days") is not None
        if by_hours == by_days or by_days != (told.get("at") is not None):
            raise ValidationError("Give hours alone, or days and a time of day.", "hours")


class OwnRemindersSchema(Schema):
    """When families are to be reminded of sessions of a kind of activity."""

    own = fields.List(
        fields.Nested(ReminderSchema),
        required=True,
        validate=validate.Length(max=MOST_REMINDERS),
        metadata=said("The kind's own reminders; without any, those of every kind count."),
    )


class RemindersSchema(OwnRemindersSchema):
    """When families are reminded of sessions of a kind of activity."""

    in_force = fields.List(
        fields.Nested(ReminderSchema), metadata=said("Those that count, the kind's own or not.")
    )
