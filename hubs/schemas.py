"""What the API says about hubs, activities, sessions and the timetable, and what it is told."""

from marshmallow import Schema, fields, validate

from hubs.terms import (
    ActivityKind,
    BookingMode,
    CountedIn,
    HubKind,
    Scope,
    SessionStanding,
    Weekday,
)
from kernel.web.fields import EmailField, PostcodeField, day, line, said, text, wall_time, whole


def _places(words: str) -> fields.Integer:
    return whole(1, 1000, words, allow_none=True)


class OpeningSchema(Schema):
    """A stretch of a weekday in which a hub is open."""

    weekday = fields.Enum(Weekday, by_value=True)
    starts = wall_time("From when.")
    ends = wall_time("Until when.")


class HubSchema(Schema):
    """A hub or an outreach venue."""

    id = fields.UUID(dump_only=True)
    name = line(120, "No two hubs of a council have one name.", least=1, required=True)
    kind = fields.Enum(HubKind, by_value=True)
    area = line(80, "Families find hubs by area.")
    also_known_as = line(200)
    address = text(400, "Without the postcode.")
    postcode = PostcodeField()
    phone = line(40)
    email = EmailField(validate=validate.Length(max=254), metadata=said("Where families write to."))
    accessibility = text(4000, "How to get in and around.")
    opening_times = fields.List(fields.Nested(OpeningSchema), dump_only=True)
    closed_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class HubChangeSchema(HubSchema):
    """What is to change of a hub; what is not named stays."""


class HubsWantedSchema(Schema):
    """Which hubs are wanted."""

    area = fields.String(metadata=said("Only those of this area."))


class RoomSchema(Schema):
    """A room of a hub."""

    id = fields.UUID(dump_only=True)
    name = line(80, "No two rooms of a hub have one name.", least=1, required=True)
    people = fields.Integer(
        strict=True,
        allow_none=True,
        validate=validate.Range(1, 5000),
        metadata=said("How many it may hold."),
    )


class ActivitySchema(Schema):
    """Something that hubs offer, and the rules of coming to it."""

    id = fields.UUID(dump_only=True)
    title = line(120, "No two activities of a council have one title.", least=1, required=True)
    kind = fields.Enum(ActivityKind, by_value=True)
    description = text(8000, "Plain Markdown.")
    bring = line(400, "What to bring.")
    audience = line(200, "Who it is for.")
    age_from_months = fields.Integer(strict=True, validate=validate.Range(0, 312))
    age_to_months = fields.Integer(
        strict=True,
        validate=validate.Range(0, 312),
        metadata=said("The last month of age that still comes."),
    )
    mode = fields.Enum(BookingMode, by_value=True)
    price_pence = fields.Integer(
        strict=True, validate=validate.Range(0, 100_000), metadata=said("For each family; 0 is free.")
    )
    counted_in = fields.Enum(CountedIn, by_value=True)
    most_families = _places("Families in one session; null is no limit.")
    most_children = _places("Children in one session; null is no limit.")
    most_adults = _places("Adults in one session; null is no limit.")
    children_per_adult = _places("How many children each adult may bring; null is no limit.")
    opens_days_before = fields.Integer(
        strict=True,
        allow_none=True,
        validate=validate.Range(0, 365),
        metadata=said("Booking opens so many days before."),
    )
    closes_minutes_before = fields.Integer(strict=True, validate=validate.Range(0, 86_400))
    one_per_day = fields.Boolean(metadata=said("Whether a family may book only one session of it a day."))
    ended_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class ActivityChangeSchema(ActivitySchema):
    """What is to change of an activity; what is not named stays."""


class SessionSchema(Schema):
    """One meeting of an activity at a hub."""

    id = fields.UUID()
    activity_id = fields.UUID()
    title = fields.String(metadata=said("The activity's title."))
    hub_id = fields.UUID()
    hub = fields.String(metadata=said("The hub's name."))
    room_id = fields.UUID(allow_none=True)
    room = fields.String(allow_none=True, metadata=said("The room's name."))
    entry_id = fields.UUID(allow_none=True, metadata=said("The entry of the timetable that it comes from."))
    on_date = fields.Date(metadata=said("The day in England."))
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    standing = fields.Enum(SessionStanding, by_value=True)
    called_off_because = fields.String(metadata=said("What families are told."))
    mode = fields.Enum(BookingMode, by_value=True)
    price_pence = fields.Integer()
    age_from_months = fields.Integer()
    age_to_months = fields.Integer()
    most_families = fields.Integer(allow_none=True)
    most_children = fields.Integer(allow_none=True)
    most_adults = fields.Integer(allow_none=True)


class SessionsWantedSchema(Schema):
    """Which sessions are wanted."""

    hub_id = fields.UUID(metadata=said("Only those at this hub."))
    activity_id = fields.UUID(metadata=said("Only those of this activity."))
    first = day("From this day on.")
    last = day("Until this day.")
    standing = fields.Enum(SessionStanding, by_value=True)


class SessionChangeSchema(Schema):
    """Another day, time, room or number of places for one session."""

    on_date = day("The day in England.")
    starts = wall_time("The time that clocks in England show.")
    ends = wall_time("The time that clocks in England show.")
    room_id = fields.UUID(allow_none=True)
    most_families = _places("Null is no limit.")
    most_children = _places("Null is no limit.")
    most_adults = _places("Null is no limit.")


class NewSessionSchema(SessionChangeSchema):
    """A session of its own."""

    hub_id = fields.UUID(required=True)
    activity_id = fields.UUID(required=True)
    on_date = day("The day in England, today or later.", required=True)
    starts = wall_time("The time that clocks in England show.", required=True)
    ends = wall_time("The time that clocks in England show.", required=True)


class BecauseSchema(Schema):
    """Why a session is called off."""

    because = line(300, "In words that families are told.", least=1, required=True)


class RepeatsSchema(Schema):
    """When an entry of the timetable takes place, in the time that clocks in England show."""

    room_id = fields.UUID(allow_none=True)
    weekday = fields.Enum(Weekday, by_value=True, required=True)
    starts = wall_time("From when.", required=True)
    ends = wall_time("Until when.", required=True)
    every_weeks = fields.Integer(strict=True, validate=validate.OneOf([1, 2]))
    first_date = day("The first day on which it may happen; a fortnight counts from its week.", required=True)
    last_date = day("The last day on which it may happen; null when it goes on.", allow_none=True)
    term_time_only = fields.Boolean()
    not_on_bank_holidays = fields.Boolean()


class EntrySchema(RepeatsSchema):
    """An entry of the timetable: what should happen every week or two."""

    id = fields.UUID(dump_only=True)
    hub_id = fields.UUID(required=True)
    activity_id = fields.UUID(required=True)
    ended_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class EntryChangeSchema(RepeatsSchema):
    """A change of an entry's sessions to come."""

    scope = fields.Enum(
        Scope,
        by_value=True,
        validate=validate.OneOf([Scope.ALL, Scope.FOLLOWING]),
        metadata=said("All sessions to come, or those from today on under a new entry."),
    )
    because = line(300, "What families of sessions that are called off are told.")


class EntriesWantedSchema(Schema):
    """Which entries are wanted."""

    hub_id = fields.UUID(metadata=said("Only those at this hub."))


class EndingSchema(Schema):
    """The last day of an entry."""

    last_date = day("The last day on which it still takes place.", required=True)
    because = line(300, "What families of sessions that are called off are told.")


class PlanSchema(Schema):
    """What a change of the timetable would do."""

    summary = fields.String()
    added = fields.Integer()
    moved = fields.Integer()
    removed = fields.Integer()
    called_off = fields.Integer()
    kept = fields.Integer()
    left_out = fields.Integer(metadata=said("Days that are left out: holidays, or the room is taken."))
    clashes = fields.Integer(
        metadata=said("Moves into a room that is taken; with any, the change is refused.")
    )
    bookings_touched = fields.Integer()
