"""Courses: what they are, what setting one up would do, and how they went."""

from marshmallow import Schema, fields, validate

from kernel.web.fields import day, line, said, text, wall_time, whole
from programmes.terms import ContactKind, CourseStanding, Part, WayIn


class CourseSchema(Schema):
    """A run of an edition at a hub, booked as one thing."""

    id = fields.UUID()
    programme_id = fields.UUID()
    edition_id = fields.UUID()
    hub_id = fields.UUID()
    room_id = fields.UUID(allow_none=True)
    title = fields.String()
    about = fields.String()
    first_date = fields.Date()
    last_date = fields.Date()
    places = fields.Integer(metadata=said("In the unit of its edition."))
    creche_places = fields.Integer()
    age_from_years = fields.Integer()
    age_to_years = fields.Integer()
    way_in = fields.Enum(WayIn, by_value=True)
    late_start_until = fields.Integer()
    standing = fields.Enum(CourseStanding, by_value=True)
    ended_at = fields.AwareDateTime(allow_none=True)
    called_off_because = fields.String(metadata=said("What families are told."))


class CourseContactSchema(Schema):
    """One contact of a course."""

    id = fields.UUID()
    number = fields.Integer()
    kind = fields.Enum(ContactKind, by_value=True)
    title = fields.String()
    minutes = fields.Integer()
    must_attend = fields.Boolean()
    on_date = fields.Date(metadata=said("The day, or the Monday of the week in which appointments are made."))
    session_id = fields.UUID(allow_none=True, metadata=said("The session at which the group meets."))


class CourseWithContactsSchema(CourseSchema):
    """A course and its contacts, in order."""

    contacts = fields.List(fields.Nested(CourseContactSchema))


class CoursesWantedSchema(Schema):
    """Which courses are wanted."""

    programme_id = fields.UUID(metadata=said("Only those of this programme."))
    hub_id = fields.UUID(metadata=said("Only those at this hub."))
    standing = fields.Enum(CourseStanding, by_value=True)


class FacilitatorSchema(Schema):
    """Who leads a course, or helps at it."""

    account_id = fields.UUID(required=True)
    part = fields.Enum(Part, by_value=True, load_default=Part.LEADS)


class PlannedCourseSchema(Schema):
    """When and where a course would be."""

    edition_id = fields.UUID(required=True)
    hub_id = fields.UUID(required=True)
    room_id = fields.UUID(allow_none=True, load_default=None)
    first_date = day("The day of the first contact; the group meets on this day of the week.", required=True)
    starts = wall_time("The time that clocks in England show.", required=True)
    places = whole(1, 500, "In the unit of the edition.", required=True)
    age_from_years = whole(0, 25, "As the programme says when it is not told.")
    age_to_years = whole(0, 25, "As the programme says when it is not told.")
    term_time_only = fields.Boolean(load_default=True)
    facilitators = fields.List(
        fields.Nested(FacilitatorSchema), validate=validate.Length(max=20), load_default=list
    )


class NewCourseSchema(PlannedCourseSchema):
    """A course to set up."""

    title = line(120, "What families know it by.", least=1, required=True)
    about = text(8000, "What this run asks of those who come. Plain Markdown.", load_default="")
    creche_places = whole(0, 200, load_default=0)
    way_in = fields.Enum(WayIn, by_value=True)
    standing = fields.Enum(
        CourseStanding,
        by_value=True,
        load_default=CourseStanding.OPEN,
        validate=validate.OneOf([CourseStanding.OPEN, CourseStanding.DRAFT]),
        metadata=said("draft: prepared, and seen by staff alone until it is opened."),
    )


class PlannedContactSchema(Schema):
    """When a contact of the course would be."""

    number = fields.Integer()
    kind = fields.Enum(ContactKind, by_value=True)
    title = fields.String()
    day = fields.Date(metadata=said("The day, or the Monday of the week in which appointments are made."))
    starts_at = fields.AwareDateTime(allow_none=True)
    ends_at = fields.AwareDateTime(allow_none=True)
    room_is_taken = fields.Boolean()


class LeftOutSchema(Schema):
    """A day that is left out."""

    day = fields.Date()
    why = fields.String()


class CoursePlanSchema(Schema):
    """What setting a course up would do."""

    first_date = fields.Date()
    last_date = fields.Date()
    is_possible = fields.Boolean(metadata=said("Whether the room is free on every day."))
    contacts = fields.List(fields.Nested(PlannedContactSchema))
    left_out = fields.List(fields.Nested(LeftOutSchema))
    busy_account_ids = fields.List(
        fields.UUID(), metadata=said("Facilitators who should be elsewhere at one of these times.")
    )
    warnings = fields.List(fields.String())


class CourseChangeSchema(Schema):
    """What is to change of a course; what is not named stays."""

    title = line(120, least=1)
    about = text(8000)
    places = whole(1, 500)
    creche_places = whole(0, 200)
    way_in = fields.Enum(WayIn, by_value=True)
    age_from_years = whole(0, 25)
    age_to_years = whole(0, 25)


class CalledOffSchema(Schema):
    """Why a course is called off."""

    because = line(300, "In words that families are told.", least=1, required=True)
