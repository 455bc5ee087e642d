"""Running a course: who runs it, who may join, how its contacts went, whom to ring."""

from marshmallow import Schema, fields, validate

from kernel.web.fields import day, line, said, text, wall_time, whole
from programmes.rules.accrediting import AccreditationStanding
from programmes.schemas.courses import FacilitatorSchema
from programmes.schemas.taking_part import SlotSchema
from programmes.terms import TaskKind

ANYWAY = "Also when facilitators should be elsewhere then. Without it, the answer is 409 and says where."


class FacilitatorsSchema(Schema):
    """Who runs a course."""

    facilitators = fields.List(
        fields.Nested(FacilitatorSchema), required=True, validate=validate.Length(max=20)
    )


class DoorSchema(Schema):
    """How a course stands for somebody who would like to join it."""

    can_join = fields.Boolean()
    because = fields.List(fields.String(), metadata=said("Why nobody can join, when nobody can."))
    places_left = fields.Integer(metadata=said("In the unit of its edition."))
    creche_left = fields.Integer()
    families_book = fields.Boolean(metadata=said("Whether families book themselves; else by referral."))


class ProspectsSchema(Schema):
    """What would become of how many if a course ended now."""

    completed = fields.Integer()
    dropped_out = fields.Integer()
    withdrawn = fields.Integer()


class CourseAlertSchema(Schema):
    """That somebody on a course must be looked after. What they answered is read with the alert."""

    id = fields.UUID()
    about_id = fields.UUID(metadata=said("The participation."))
    raised_at = fields.AwareDateTime()


class NeedsLineSchema(Schema):
    """What somebody on a course needs, as far as everybody of its staff may know."""

    participation_id = fields.UUID()
    creche_children = fields.Integer()
    interpreter = fields.String(metadata=said("The language in which an interpreter is needed."))
    has_needs = fields.Boolean(metadata=said("Whether there is something to read of what would help them."))


class NeedsSchema(Schema):
    """What somebody needs to take part."""

    interpreter = fields.String()
    access_needs = fields.String()


class NotesSchema(Schema):
    """How a contact went: which lines of its checklist were covered, how long it took, and notes."""

    checklist = fields.List(fields.String(), dump_only=True)
    covered = fields.List(
        whole(0, 100),
        required=True,
        allow_none=True,
        validate=validate.Length(max=100),
        metadata=said("The lines of the checklist that were covered, from 0; null until somebody says."),
    )
    minutes = whole(1, 600, "How long it took.", load_default=None, allow_none=True)
    notes = text(4000, "For those who run the course. Kept sealed.", load_default="")
    noted_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class ClosureSchema(Schema):
    """That a register is closed."""

    absent = fields.Integer(metadata=said("How many had a place, were not marked, and did not come."))


class OfferedSlotSchema(SlotSchema):
    """A time that is offered, and who picked it."""

    account_id = fields.UUID(metadata=said("Who rings, visits or meets."))
    participation_id = fields.UUID(allow_none=True, metadata=said("Who picked it; null while it is free."))
    picked_at = fields.AwareDateTime(allow_none=True)


class NewSlotsSchema(Schema):
    """Times one after another on a day."""

    account_id = fields.UUID(required=True, metadata=said("A facilitator of the course."))
    day = day("The day.", required=True)
    starts = wall_time("The first time, as clocks in England show it.", required=True)
    minutes = whole(5, 480, "How long each takes.", required=True)
    number = whole(1, 30, "How many there are.", required=True)
    gap = whole(0, 240, "Minutes between them.", load_default=0)
    anyway = fields.Boolean(load_default=False, metadata=said(ANYWAY))


class NewDateSchema(Schema):
    """When and where the group meets for a session that was called off."""

    on_date = day("The day.", required=True)
    starts = wall_time("The time that clocks in England show.", required=True)
    room_id = fields.UUID(allow_none=True, load_default=None)
    anyway = fields.Boolean(load_default=False, metadata=said(ANYWAY))


class WeekSchema(Schema):
    """In which week somebody is rung or met."""

    on_date = day("A day of the week.", required=True)


class ParallelSchema(Schema):
    """A session of another course of the programme, where a contact can be made up."""

    contact_id = fields.UUID(attribute="id")
    title = fields.String()
    course = fields.String()
    hub = fields.String()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()


class MakeUpSchema(Schema):
    """Where a contact is made up."""

    contact_id = fields.UUID(required=True, metadata=said("The contact of the parallel group."))


class TasksWantedSchema(Schema):
    """Which tasks are wanted."""

    course_id = fields.UUID(metadata=said("Only those of this course."))
    kind = fields.Enum(TaskKind, by_value=True)


class TaskSchema(Schema):
    """That somebody should be rung."""

    id = fields.UUID()
    course_id = fields.UUID()
    participation_id = fields.UUID()
    contact_id = fields.UUID(metadata=said("The contact that was missed."))
    kind = fields.Enum(TaskKind, by_value=True)
    due_on = fields.Date()
    done_at = fields.AwareDateTime(allow_none=True)


class TaskWithWordsSchema(TaskSchema):
    """A task, and what was said."""

    what_was_said = fields.String(allow_none=True)


class CallSchema(Schema):
    """What was said when somebody was rung."""

    what_was_said = text(
        2000,
        "Or that nobody answered. Kept sealed; only those who run courses read it.",
        least=1,
        required=True,
    )


class AccreditationsWantedSchema(Schema):
    """Which accreditations are wanted."""

    what = line(120, "Only those in this.")


class AccreditationDatesSchema(Schema):
    """When somebody was trained and accredited; what is not named stays."""

    trained_on = day("When they were trained.", allow_none=True)
    accredited_on = day("When they were accredited.", allow_none=True)
    expires_on = day("The last day of the accreditation; null when it does not expire.", allow_none=True)
    note = line(300, "For example the number of the certificate.")


class AccreditationSchema(AccreditationDatesSchema):
    """That somebody was trained, and accredited, to run something."""

    id = fields.UUID(dump_only=True)
    account_id = fields.UUID(required=True, metadata=said("Somebody of staff."))
    what = line(120, "As the programme says it.", least=1, required=True)
    standing = fields.Enum(AccreditationStanding, by_value=True, dump_only=True)
