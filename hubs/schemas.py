"""What the API says about hubs, activities, sessions and the timetable, and what it is told."""

from datetime import date, time
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from hubs.terms import (
    ActivityKind,
    BookingMode,
    CountedIn,
    HubKind,
    Scope,
    SessionStanding,
    Weekday,
)
from kernel.web.fields import EmailField, LineField
from kernel.web.forms import POSTCODE, tidy_postcode


def _about(words: str) -> dict[str, str]:
    return {"description": words}


def _text(longest: int, words: str = "", **kwargs: Any) -> fields.String:
    return fields.String(validate=validate.Length(max=longest), metadata=_about(words), **kwargs)


def _line(longest: int, words: str = "", *, least: int = 0, **kwargs: Any) -> LineField:
    return LineField(validate=validate.Length(least, longest), metadata=_about(words), **kwargs)


def _places(words: str) -> fields.Integer:
    return fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(1, 1000), metadata=_about(words)
    )


def _sensible(day: date) -> None:
    if not date(2000, 1, 1) <= day < date(2100, 1, 1):
        raise ValidationError("Give a date between 2000 and 2099.")


def _wall(at: time) -> None:
    if at.tzinfo or at.second or at.microsecond:
        raise ValidationError("Give the time that clocks in England show, in hours and minutes.")


def _day(words: str, **kwargs: Any) -> fields.Date:
    return fields.Date(validate=_sensible, metadata=_about(words), **kwargs)


def _time(words: str, **kwargs: Any) -> fields.Time:
    return fields.Time(format="%H:%M", validate=_wall, metadata=_about(words), **kwargs)


class Postcode(fields.String):
    """A postcode of the United Kingdom, in any spacing."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        written = super()._deserialize(value, attr, data, **kwargs)
        tidy = tidy_postcode(written) if written else ""
        if tidy and not POSTCODE.match(tidy):
            raise ValidationError("Give a full UK postcode, for example YO30 6QX.")
        return tidy


class OpeningSchema(Schema):
    """A stretch of a weekday in which a hub is open."""

    weekday = fields.Enum(Weekday, by_value=True)
    starts = _time("From when.")
    ends = _time("Until when.")


class HubSchema(Schema):
    """A hub or an outreach venue."""

    id = fields.UUID(dump_only=True)
    name = _line(120, "No two hubs of a council have one name.", least=1, required=True)
    kind = fields.Enum(HubKind, by_value=True)
    area = _line(80, "Families find hubs by area.")
    also_known_as = _line(200)
    address = _text(400, "Without the postcode.")
    postcode = Postcode()
    phone = _line(40)
    email = EmailField(validate=validate.Length(max=254), metadata=_about("Where families write to."))
    accessibility = _text(4000, "How to get in and around.")
    opening_times = fields.List(fields.Nested(OpeningSchema), dump_only=True)
    closed_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class HubChangeSchema(HubSchema):
    """What is to change of a hub; what is not named stays."""


class HubsWantedSchema(Schema):
    """Which hubs are wanted."""

    area = fields.String(metadata=_about("Only those of this area."))


class RoomSchema(Schema):
    """A room of a hub."""

    id = fields.UUID(dump_only=True)
    name = _line(80, "No two rooms of a hub have one name.", least=1, required=True)
    people = fields.Integer(
        strict=True,
        allow_none=True,
        validate=validate.Range(1, 5000),
        metadata=_about("How many it may hold."),
    )


class ActivitySchema(Schema):
    """Something that hubs offer, and the rules of coming to it."""

    id = fields.UUID(dump_only=True)
    title = _line(120, "No two activities of a council have one title.", least=1, required=True)
    kind = fields.Enum(ActivityKind, by_value=True)
    description = _text(8000, "Plain Markdown.")
    bring = _line(400, "What to bring.")
    audience = _line(200, "Who it is for.")
    age_from_months = fields.Integer(strict=True, validate=validate.Range(0, 312))
    age_to_months = fields.Integer(
        strict=True,
        validate=validate.Range(0, 312),
        metadata=_about("The last month of age that still comes."),
    )
    mode = fields.Enum(BookingMode, by_value=True)
    price_pence = fields.Integer(
        strict=True, validate=validate.Range(0, 100_000), metadata=_about("For each family; 0 is free.")
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
        metadata=_about("Booking opens so many days before."),
    )
    closes_minutes_before = fields.Integer(strict=True, validate=validate.Range(0, 86_400))
    one_per_day = fields.Boolean(metadata=_about("Whether a family may book only one session of it a day."))
    ended_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class ActivityChangeSchema(ActivitySchema):
    """What is to change of an activity; what is not named stays."""


class SessionSchema(Schema):
    """One meeting of an activity at a hub."""

    id = fields.UUID()
    activity_id = fields.UUID()
    title = fields.String(metadata=_about("The activity's title."))
    hub_id = fields.UUID()
    hub = fields.String(metadata=_about("The hub's name."))
    room_id = fields.UUID(allow_none=True)
    room = fields.String(allow_none=True, metadata=_about("The room's name."))
    entry_id = fields.UUID(allow_none=True, metadata=_about("The entry of the timetable that it comes from."))
    on_date = fields.Date(metadata=_about("The day in England."))
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    standing = fields.Enum(SessionStanding, by_value=True)
    called_off_because = fields.String(metadata=_about("What families are told."))
    mode = fields.Enum(BookingMode, by_value=True)
    price_pence = fields.Integer()
    age_from_months = fields.Integer()
    age_to_months = fields.Integer()
    most_families = fields.Integer(allow_none=True)
    most_children = fields.Integer(allow_none=True)
    most_adults = fields.Integer(allow_none=True)


class SessionsWantedSchema(Schema):
    """Which sessions are wanted."""

    hub_id = fields.UUID(metadata=_about("Only those at this hub."))
    activity_id = fields.UUID(metadata=_about("Only those of this activity."))
    first = _day("From this day on.")
    last = _day("Until this day.")
    standing = fields.Enum(SessionStanding, by_value=True)


class SessionChangeSchema(Schema):
    """Another day, time, room or number of places for one session."""

    on_date = _day("The day in England.")
    starts = _time("The time that clocks in England show.")
    ends = _time("The time that clocks in England show.")
    room_id = fields.UUID(allow_none=True)
    most_families = _places("Null is no limit.")
    most_children = _places("Null is no limit.")
    most_adults = _places("Null is no limit.")


class NewSessionSchema(SessionChangeSchema):
    """A session of its own."""

    hub_id = fields.UUID(required=True)
    activity_id = fields.UUID(required=True)
    on_date = _day("The day in England, today or later.", required=True)
    starts = _time("The time that clocks in England show.", required=True)
    ends = _time("The time that clocks in England show.", required=True)


class BecauseSchema(Schema):
    """Why a session is called off."""

    because = _line(300, "In words that families are told.", least=1, required=True)


class RepeatsSchema(Schema):
    """When an entry of the timetable takes place, in the time that clocks in England show."""

    room_id = fields.UUID(allow_none=True)
    weekday = fields.Enum(Weekday, by_value=True, required=True)
    starts = _time("From when.", required=True)
    ends = _time("Until when.", required=True)
    every_weeks = fields.Integer(strict=True, validate=validate.OneOf([1, 2]))
    first_date = _day(
        "The first day on which it may happen; a fortnight counts from its week.", required=True
    )
    last_date = _day("The last day on which it may happen; null when it goes on.", allow_none=True)
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
        metadata=_about("All sessions to come, or those from today on under a new entry."),
    )
    because = _line(300, "What families of sessions that are called off are told.")


class EntriesWantedSchema(Schema):
    """Which entries are wanted."""

    hub_id = fields.UUID(metadata=_about("Only those at this hub."))


class EndingSchema(Schema):
    """The last day of an entry."""

    last_date = _day("The last day on which it still takes place.", required=True)
    because = _line(300, "What families of sessions that are called off are told.")


class PlanSchema(Schema):
    """What a change of the timetable would do."""

    summary = fields.String()
    added = fields.Integer()
    moved = fields.Integer()
    removed = fields.Integer()
    called_off = fields.Integer()
    kept = fields.Integer()
    left_out = fields.Integer(metadata=_about("Days that are left out: holidays, or the room is taken."))
    clashes = fields.Integer(
        metadata=_about("Moves into a room that is taken; with any, the change is refused.")
    )
    bookings_touched = fields.Integer()
