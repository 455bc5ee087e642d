"""The words of hubs and their timetable."""

from datetime import date

from kernel.words import Word


class HubKind(Word):
    """What a place is to the council."""

    FAMILY_HUB = "family_hub", "Family hub"
    COMMUNITY_VENUE = "community_venue", "Outreach venue"


class Weekday(Word):
    """A day of the week."""

    MONDAY = "monday", "Monday"
    TUESDAY = "tuesday", "Tuesday"
    WEDNESDAY = "wednesday", "Wednesday"
    THURSDAY = "thursday", "Thursday"
    FRIDAY = "friday", "Friday"
    SATURDAY = "saturday", "Saturday"
    SUNDAY = "sunday", "Sunday"

    @property
    def number(self) -> int:
        """Return 0 for Monday to 6 for Sunday."""
        return list(Weekday).index(self)

    @classmethod
    def of(cls, day: date) -> "Weekday":
        """Return the weekday of a date."""
        return list(Weekday)[day.weekday()]


class BookingMode(Word):
    """Whether a family must book."""

    DROP_IN = "drop_in", "Drop in"
    BOOKABLE = "bookable", "Book a place"
    COURSE = "course", "Part of a course"


class CountedIn(Word):
    """What a session's capacity counts."""

    FAMILIES = "families", "Families"
    CHILDREN = "children", "Children"
    ADULTS = "adults", "Adults"


class SessionStanding(Word):
    """Whether a session is to take place."""

    PLANNED = "planned", "Planned"
    CALLED_OFF = "called_off", "Called off"


class ShiftPart(Word):
    """What a worker does in a session."""

    LEADS = "leads", "Leads"
    HELPS = "helps", "Helps"


class Scope(Word):
    """Which sessions of a timetable entry a change is for."""

    THIS_ONE = "this_one", "Only this session"
    FOLLOWING = "following", "This session and those that follow"
    ALL = "all", "All sessions to come"


class ActivityKind(Word):
    """What an activity is, in the DfE's own list of services, shortened to what hubs run as sessions."""

    PARENT_BABY_TODDLER = "parent_baby_toddler_groups", "Parent, baby and toddler groups"
    PLAYGROUP = "playgroup", "Pre-school playgroup"
    LANGUAGE_AND_LEARNING = "language_and_learning", "Early years language and learning"
    ACTIVITIES = "activities", "Activities"
    MUSIC_ARTS_DANCE = "music_arts_dance", "Music, arts and dance"
    SPORTS = "sports", "Sports and recreation"
    HOLIDAY_CLUB = "holiday_club", "Holiday clubs and schemes"
    YOUTH = "youth", "Youth groups and support"
    INFANT_FEEDING = "infant_feeding", "Infant feeding and breastfeeding"
    HEALTH_VISITING = "health_visiting", "Health visiting"
    MIDWIFERY = "midwifery", "Midwife and maternity"
    PERINATAL_MENTAL_HEALTH = "perinatal_mental_health", "Mental health in pregnancy and the first year"
    BIRTH_REGISTRATION = "birth_registration", "Birth registration"
    ORAL_HEALTH = "oral_health", "Oral health"
    NUTRITION = "nutrition", "Nutrition and healthy weight"
    SEND_GROUPS = "send_groups", "Special educational needs and disabilities"
    SPEECH_LANGUAGE = "speech_language", "Speech, language and communication"
    PARENTING_SUPPORT = "parenting_support", "Parenting support"
    FAMILY_RELATIONSHIPS = "family_relationships", "Family relationships and separation"
    MENTAL_HEALTH = "mental_health", "Mental health and wellbeing"
    ADVICE = "advice", "Money, benefits and housing advice"
