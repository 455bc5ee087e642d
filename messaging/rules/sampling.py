"""What a message of each kind may look like: a letter of sample values, for whoever writes its words. Pure."""

from datetime import UTC, datetime, timedelta

from messaging.rules.kinds import Kind
from messaging.terms import At, Group, Letter, Span, Value

STARTS = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
ENDS = STARTS + timedelta(minutes=90)
UNTIL = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
_TIMES: dict[str, Value] = {
    "day": At(STARTS, "short_day"),
    "weekday": At(STARTS, "day"),
    "first_day": At(STARTS, "day"),
    "time": At(STARTS, "clock"),
    "when": Span(STARTS, ENDS),
    "until": At(UNTIL, "until"),
    "answer_by": At(datetime(2026, 3, 24, 11, 0, tzinfo=UTC), "moment"),
}
"""Fields that are written in the language of whoever reads them."""
_FACTS = {
    "session": "Session", "course": "Course", "contact": "What", "when": "When", "first_day": "First day",
    "where": "Where", "places": "Places", "bring": "What to bring", "reference": "Reference",
    "answer_by": "Please answer by",
}  # fmt: skip
"""Under which label a field stands below the words of a letter."""
_ACTIONS = {
    "place-offered": ("Accept the place", "/bookings"),
    "course-offered": ("Answer the offer", "/my-courses"),
    "course-opened": ("See the course", "/programmes"),
    "invitation": ("Choose a password", "/sign-in"),
    "course-needs-you": ("Open the course", "/courses"),
    "sign-in-nobody": ("Try another email address", "/sign-in"),
    "announcement": None,
}
_ACTION_OF = {
    Group.COURSES: ("See your course", "/my-courses"),
    Group.QUESTIONS: ("Answer the questions", "/sign-in"),
    Group.ACCOUNT: ("Sign in", "/sign-in"),
}
_LINKS_OF = {
    Group.BOOKINGS: [("See your bookings", "/bookings")],
    Group.REMINDERS: [("Cancel this booking", "/bookings"), ("See your bookings", "/bookings")],
}


def sample_letter(kind: Kind) -> Letter:
    """Return a letter of a kind, with the sample values of its fields."""
    says = {field.name: _TIMES.get(field.name, field.sample) for field in kind.fields}
    return Letter(
        kind=kind.code,
        says=says,
        facts=[(label, says[name]) for name, label in _FACTS.items() if name in says],
        action=_ACTIONS.get(kind.code, _ACTION_OF.get(kind.group)),
        small_links=_LINKS_OF.get(kind.group, []),
    )
