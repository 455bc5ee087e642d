"""The words of parenting programmes."""

from kernel.words import Word


class ContactKind(Word):
    """How a programme meets people. Group contacts are sessions; the others are appointments for each participant."""

    GROUP = "group", "Group session"
    PHONE = "phone", "Telephone call"
    HOME_VISIT = "home_visit", "Home visit"
    ONE_TO_ONE = "one_to_one", "One to one"
    ONLINE = "online", "Online module"
    BOOSTER = "booster", "Booster session"


TOGETHER = (ContactKind.GROUP, ContactKind.BOOSTER)
"""Contacts at which the whole group meets: each is a session of the timetable."""
BY_APPOINTMENT = (ContactKind.PHONE, ContactKind.HOME_VISIT, ContactKind.ONE_TO_ONE)
"""Contacts for one participant at a time: a slot is picked."""


class Unit(Word):
    """Who takes one of the places of a course."""

    PARENT = "parent", "One parent or carer"
    COUPLE = "couple", "A couple or one parent"
    FAMILY = "family", "A family"


class WayIn(Word):
    """How people come to a programme."""

    SELF = "self", "Families book a place themselves"
    REFERRAL = "referral", "Only by referral from a professional"
    BOTH = "both", "Families book or are referred"


class CourseStanding(Word):
    """Where a course stands."""

    DRAFT = "draft", "Being prepared"
    OPEN = "open", "Open"
    ENDED = "ended", "Ended"
    CALLED_OFF = "called_off", "Called off"


class Standing(Word):
    """Where somebody stands on a course.

    ``referred → offered → booked → started → completed``, or an end before: ``dropped_out``, ``transferred``,
    ``withdrawn`` (before the start) or ``declined``.
    """

    REFERRED = "referred", "Referred"
    OFFERED = "offered", "Place offered"
    BOOKED = "booked", "Booked"
    STARTED = "started", "Started"
    COMPLETED = "completed", "Completed"
    DROPPED_OUT = "dropped_out", "Dropped out"
    TRANSFERRED = "transferred", "Moved to another course"
    WITHDRAWN = "withdrawn", "Withdrew before the start"
    DECLINED = "declined", "Declined"


ON_THE_COURSE = (Standing.BOOKED, Standing.STARTED)
TAKES_PLACE = (Standing.OFFERED, *ON_THE_COURSE, Standing.COMPLETED)
LIVE = (Standing.REFERRED, Standing.OFFERED, *ON_THE_COURSE)


class Source(Word):
    """Who referred somebody."""

    SELF = "self", "The parent"
    HEALTH_VISITOR = "health_visitor", "Health visitor"
    SCHOOL = "school", "School or nursery"
    GP = "gp", "GP"
    SOCIAL_CARE = "social_care", "Children’s social care"
    EARLY_HELP = "early_help", "Early help"
    CAMHS = "camhs", "Child mental health service"
    VOLUNTARY = "voluntary", "Voluntary organisation"
    OTHER = "other", "Somebody else"


class Part(Word):
    """What a facilitator does on a course."""

    LEADS = "leads", "Leads"
    HELPS = "helps", "Helps"


class Presence(Word):
    """What is known of one participant and one contact."""

    ATTENDED = "attended", "Attended"
    MADE_UP = "made_up", "Made up elsewhere"
    APOLOGIES = "apologies", "Sent apologies"
    MISSED = "missed", "Missed"


COUNTS = (Presence.ATTENDED, Presence.MADE_UP)
"""What counts as a dose."""


class TaskKind(Word):
    """Why somebody should be rung."""

    MISSED = "missed", "Missed a contact"
    ABOUT_TO_DROP_OUT = "about_to_drop_out", "About to drop out"


class When(Word):
    """When a measure of a template is asked."""

    BEFORE = "before", "Before"
    AFTER = "after", "After"
    FOLLOW_UP = "follow_up", "Follow-up"
