"""Those who take part: referred, booked, moved, and which contacts they had. What is sealed is told elsewhere."""

from marshmallow import Schema, fields, validate

from kernel.web.fields import line, said, text, whole
from kernel.web.paging import LAST_PAGE, MOST_PER_PAGE, PER_PAGE
from programmes.terms import Presence, Source, Standing


class ParticipationSchema(Schema):
    """Somebody on a course, or on the way to one."""

    id = fields.UUID()
    programme_id = fields.UUID()
    course_id = fields.UUID(allow_none=True, metadata=said("Empty until a course is found."))
    hub_id = fields.UUID(
        allow_none=True, metadata=said("Where somebody without a course would like to come.")
    )
    household_id = fields.UUID()
    person_id = fields.UUID(metadata=said("The parent or carer who takes part."))
    partner_id = fields.UUID(allow_none=True)
    child_id = fields.UUID(allow_none=True, metadata=said("The child whom it is about."))
    standing = fields.Enum(Standing, by_value=True)
    source = fields.Enum(Source, by_value=True)
    referred_at = fields.AwareDateTime()
    offered_at = fields.AwareDateTime(allow_none=True)
    offer_until = fields.AwareDateTime(allow_none=True)
    booked_at = fields.AwareDateTime(allow_none=True)
    started_at = fields.AwareDateTime(allow_none=True)
    ended_at = fields.AwareDateTime(allow_none=True)
    creche_children = fields.Integer()
    transferred_to_id = fields.UUID(allow_none=True)


class ParticipationsWantedSchema(Schema):
    """Which participations are wanted."""

    course_id = fields.UUID(metadata=said("Only those of this course."))
    programme_id = fields.UUID(metadata=said("Only those of this programme."))
    household_id = fields.UUID(metadata=said("Only those of this family."))
    standing = fields.Enum(Standing, by_value=True)
    page = fields.Integer(load_default=1, validate=validate.Range(1, LAST_PAGE), metadata=said("From 1."))
    page_size = fields.Integer(
        load_default=PER_PAGE, validate=validate.Range(1, MOST_PER_PAGE), metadata=said("Rows on a page.")
    )


class ComesSchema(Schema):
    """Who comes, about which child."""

    household_id = fields.UUID(
        metadata=said("The family. Staff name it; a parent's key is always for the parent's own family.")
    )
    person_id = fields.UUID(metadata=said("The parent or carer; the parent of the key when nobody is named."))
    partner_id = fields.UUID(allow_none=True, metadata=said("Who takes part with them."))
    child_id = fields.UUID(allow_none=True, metadata=said("The child whom it is about."))


class NewParticipationSchema(ComesSchema):
    """A place on a course."""

    course_id = fields.UUID(required=True)
    creche_children = whole(0, 10, "How many children come to the crèche.", load_default=0)
    interpreter = line(
        80, "The language in which an interpreter is needed; as the person's record says when it is not told."
    )
    access_needs = text(
        2000, "What the facilitators should know. Kept sealed; reading it leaves a trace.", load_default=""
    )


class ReferralSchema(ComesSchema):
    """A referral to a programme, or to one of its courses."""

    programme_id = fields.UUID(required=True)
    course_id = fields.UUID(allow_none=True)
    hub_id = fields.UUID(allow_none=True, metadata=said("Where they would like to come."))
    source = fields.Enum(Source, by_value=True, required=True)
    referred_by = line(200, "Name and organisation.", load_default="")
    reason = text(4000, "Why. Kept sealed; reading it leaves a trace.", load_default="")


class PartnerSchema(Schema):
    """Who shares somebody's place."""

    partner_id = fields.UUID(
        required=True, metadata=said("Another carer of the family, or of the child whom it is about.")
    )


class NeedsChangeSchema(Schema):
    """What somebody needs who takes part; what is not named stays."""

    interpreter = line(60, "The language in which they need an interpreter; empty when they need none.")
    access_needs = text(2000, "What would help them. Kept encrypted; it is not told back here.")


class OfferSchema(Schema):
    """On which course a place is offered."""

    course_id = fields.UUID(required=True)


class WhySchema(Schema):
    """Why somebody leaves."""

    why = line(500, "Kept sealed; reading it leaves a trace.", load_default="")


class LeavingSchema(Schema):
    """Why somebody leaves, which must be said."""

    why = line(500, "Kept sealed; reading it leaves a trace.", least=1, required=True)


class TransferSchema(LeavingSchema):
    """To which other course of the programme somebody moves."""

    course_id = fields.UUID(required=True)


class DoseSchema(Schema):
    """What is known of somebody and one contact of their course."""

    contact_id = fields.UUID(dump_only=True)
    presence = fields.Enum(
        Presence, by_value=True, allow_none=True, required=True, metadata=said("Null: nothing is known yet.")
    )
    made_up_at_id = fields.UUID(
        allow_none=True, metadata=said("The contact of a parallel group at which it was made up.")
    )
    said_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class SlotSchema(Schema):
    """A time at which a facilitator can ring, visit or meet one participant."""

    id = fields.UUID()
    contact_id = fields.UUID()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
