"""Programmes, their templates and editions."""

from marshmallow import Schema, fields, validate

from kernel.web.fields import line, said, text, whole
from outcomes.terms import Respondent
from programmes.terms import ContactKind, Unit, WayIn, When


class TemplateSchema(Schema):
    """A programme that the product knows and a council may take over."""

    code = fields.String(metadata=said("What to name when it is taken over."))
    name = fields.String()
    summary = fields.String()
    suits = fields.String()
    audience = fields.String()
    age_from_years = fields.Integer()
    age_to_years = fields.Integer()
    editions = fields.List(fields.String(), metadata=said("The published ways of running it."))


class AdoptionSchema(Schema):
    """Which template is taken over."""

    template = line(80, "The code of the template.", least=1, required=True)


class ProgrammeSchema(Schema):
    """A parenting programme as the council offers it."""

    id = fields.UUID(dump_only=True)
    name = line(120, "No two programmes of a council have one name.", least=1, required=True)
    code = fields.String(
        dump_only=True, metadata=said("The template that it came from; empty for the council's own.")
    )
    summary = text(8000, "What it is, for parents. Plain Markdown.")
    suits = text(2000, "Whom it suits, for parents.")
    audience = line(200)
    age_from_years = whole(0, 25, "The youngest child whom it is about.")
    age_to_years = whole(0, 25, "The oldest, included. Other ages are not refused.")
    concerns = fields.List(
        fields.String(validate=validate.Length(max=40)),
        validate=validate.Length(max=20),
        metadata=said("Codes of what it helps with."),
    )
    way_in = fields.Enum(WayIn, by_value=True)
    accreditation = line(200, "What its facilitators must be accredited in; empty when nothing is needed.")
    ended_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class ProgrammesWantedSchema(Schema):
    """Which programmes are wanted."""

    age_years = fields.Integer(
        validate=validate.Range(0, 25), metadata=said("Only those for a child of this age.")
    )
    concern = line(40, "Only those that help with this.")
    ended = fields.Boolean(load_default=False, metadata=said("Those that are offered no longer, too."))


class ProgrammeChangeSchema(ProgrammeSchema):
    """What is to change of a programme; what is not named stays."""

    renames = fields.Boolean(
        load_only=True,
        metadata=said("The accreditation is the same under a new name: change it on staff's records too."),
    )


class ContactSchema(Schema):
    """One contact of an edition, in order."""

    kind = fields.Enum(ContactKind, by_value=True, required=True)
    title = line(120, least=1, required=True)
    minutes = whole(5, 480, required=True)
    weeks_after = whole(0, 60, "Weeks after the contact before; 0 in the same week.", load_default=1)
    must_attend = fields.Boolean(load_default=False)
    checklist = fields.List(
        line(300, least=1),
        validate=validate.Length(max=30),
        load_default=list,
        metadata=said("What the facilitator covers."),
    )


class MeasureSchema(Schema):
    """What those who take part are asked, and when."""

    instrument = line(40, "The code of the questionnaire.", least=1, required=True)
    respondent = fields.String(required=True, validate=validate.OneOf([one.value for one in Respondent]))
    when = fields.List(
        fields.String(validate=validate.OneOf([one.value for one in When])),
        required=True,
        validate=validate.Length(min=1, max=3),
    )
    follow_up_weeks = whole(1, 104, "How many weeks after the end the follow-up is.")


class EditionSchema(Schema):
    """One way of running a programme. It is never changed: a change makes the next one."""

    id = fields.UUID(dump_only=True)
    programme_id = fields.UUID(dump_only=True)
    number = fields.Integer(dump_only=True)
    name = line(200, "What tells editions apart where sources disagree.")
    source = line(400, "Where this shape comes from.")
    unit = fields.Enum(Unit, by_value=True)
    fewest = whole(1, 500, "The smallest group, in units.")
    most = whole(1, 500, "The largest group, in units.")
    facilitators = whole(0, 20)
    prerequisites = line(400)
    least_contacts = whole(1, 60, "Whoever had so many contacts completed it.")
    late_start_until = whole(1, 60, "The last contact at which somebody may still start.")
    measures = fields.List(fields.Nested(MeasureSchema), validate=validate.Length(max=10))
    contacts = fields.List(
        fields.Nested(ContactSchema), required=True, validate=validate.Length(min=1, max=60)
    )
    retired_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class InterestSchema(Schema):
    """That somebody would like to know of the next course of a programme."""

    id = fields.UUID()
    programme_id = fields.UUID()
    household_id = fields.UUID()
    person_id = fields.UUID()
    since = fields.AwareDateTime()
    told_at = fields.AwareDateTime(allow_none=True, metadata=said("When they were last told of a course."))


class NewInterestSchema(Schema):
    """Who would like to know."""

    household_id = fields.UUID(
        metadata=said("The family. Staff name it; a parent's key is always for the parent's own family.")
    )
    person_id = fields.UUID(metadata=said("The parent or carer; the parent of the key when nobody is named."))
