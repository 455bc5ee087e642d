"""What the API says about registers, and what it is told."""

from marshmallow import Schema, fields, validate

from attendance.rules import MOST_HEADS
from attendance.terms import Mark, Tap
from families.terms import PersonKind
from kernel.web.fields import said

LONGEST_NOTES = 4000


def _heads(least: int, words: str) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(least, MOST_HEADS), metadata=said(words))


class AttendeeSchema(Schema):
    """A line of a register: somebody who has a place, or was marked."""

    person_id = fields.UUID()
    household_id = fields.UUID(metadata=said("With which family they come."))
    kind = fields.Enum(PersonKind, by_value=True)
    given_name = fields.String()
    family_name = fields.String()
    known_as = fields.String()
    age_months = fields.Integer(allow_none=True, metadata=said("A child's age on the day, in whole months."))
    booking_id = fields.UUID(allow_none=True, metadata=said("Empty for somebody who walked in."))
    mark = fields.Enum(Mark, by_value=True, allow_none=True, metadata=said("Empty: nothing is said yet."))
    arrived_at = fields.AwareDateTime(allow_none=True)
    left_at = fields.AwareDateTime(allow_none=True)
    marked_at = fields.AwareDateTime(allow_none=True)
    care_note = fields.Boolean(
        attribute="care", metadata=said("Whether there is an allergy or medical note, not what it says.")
    )


class MarkSchema(Schema):
    """What is said of somebody."""

    said = fields.Enum(
        Tap, by_value=True, required=True, metadata=said("What the button of the register says.")
    )


class WalkInSchema(Schema):
    """Who came without a place."""

    household_id = fields.UUID(required=True)
    person_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=50))


class RegisterSchema(Schema):
    """The register of a session, beside the marks of its people."""

    session_id = fields.UUID(dump_only=True)
    adults_counted = _heads(0, "Adults who came and are not on the list.")
    children_counted = _heads(0, "Children who came and are not on the list.")
    notes = fields.String(validate=validate.Length(max=LONGEST_NOTES))
    closed_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class HeadsSchema(Schema):
    """How many more heads, or fewer, were counted."""

    adults = _heads(-MOST_HEADS, "How many more adults; fewer when negative.")
    children = _heads(-MOST_HEADS, "How many more children; fewer when negative.")
