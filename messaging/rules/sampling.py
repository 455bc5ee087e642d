"""What a message of each kind may look like: a letter of sample values, for whoever writes its words. Pure."""

from datetime import UTC, datetime, timedelta

from messaging.rules.kinds import Kind
from messaging.terms import PARTY, At, Group, Letter, Phrase, Span, Value

STARTS = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
ENDS = STARTS + timedelta(minutes=90)
UNTIL = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
_OF_A_LANGUAGE: dict[str, Value] = {
    "day": At(STARTS, "short_day"),
    "weekday": At(STARTS, "day"),
    "first_day": At(STARTS, "day"),
    "time": At(STARTS, "clock"),
    "when": Span(STARTS, ENDS),
    "until": At(UNTIL, "until"),
    "places": Phrase(PARTY, {"adults": "1", "children": "2"}, english="1 adult and 2 children"),
    "answer_by": At(datetime(2026, 3, 24, 11, 0, tzinfo=UTC), "moment"),
}
"""Fields that are written in the language of whoever reads them."""
_FACTS = {
    "session": "Session", "course": "Course", "contact": "What", "when": "When", "first_day": "First day",
    "where": "Where", "places": "Places", "bring": "What to bring", "reference": "Reference",
    "answer_by": "Please answer by",
}  # fmt: skip
"""Under which label a field stands below the words of a letter."""
_WITHOUT = {
    "booking-cancelled": {"bring"},
    "waiting-list-left": {"bring"},
    "several": {"session"},
    "questions-asked": {"course"},
    "questions-reminder": {"course"},
    "course-needs-you": {"course"},
}
"""Fields that the words of a kind may use, and that do not stand below them."""
TOKEN = "U8JZpDE0iGXlD6gNCFbaEP.FjbD0kH8Oool8DklZDOCj2ISaJiHkTj0rLGlkoMXGjt"
"""As long as what makes a link somebody's own, which is much of a text message. It opens nothing."""
COURSE = "/my-courses/00000000-0000-0000-0000-000000000000"
_CANCEL = ("Cancel this booking", f"/b/{TOKEN}")
_LEAVE = ("Leave the waiting list", f"/b/{TOKEN}")
_BOOKINGS = ("See your bookings", "/bookings")
_FIND = ("Find another session", "/sessions")
_FIND_COURSE = ("Find another course", "/programmes")
_ACTIONS = {
    "place-offered": ("Accept the place", f"/b/{TOKEN}"),
    "reminder": ("Say whether you are coming", f"/b/{TOKEN}"),
    "course-reminder": ("Say whether you are coming", f"/b/{TOKEN}"),
    "course-offered": ("Answer the offer", COURSE),
    "course-left": None,
    "course-left-second": None,
    "course-called-off": None,
    "course-session-missed": None,
    "course-slot-let-go": ("Pick another time", COURSE),
    "course-opened": ("See the course", "/programmes/courses/00000000-0000-0000-0000-000000000000"),
    "announcement": None,
    "sign-in-nobody": ("Try another email address", "/sign-in"),
    "invitation": ("Choose a password", "/sign-in"),
    "course-needs-you": ("Open the course", "/courses"),
}
_ACTION_OF = {
    Group.COURSES: ("See your course", COURSE),
    Group.QUESTIONS: ("Answer the questions", f"/q/{TOKEN}"),
    Group.ACCOUNT: ("Sign in", "/sign-in"),
}
_LINKS = {
    "booking-confirmed": [("See or change your bookings", "/bookings"), _CANCEL],
    "booking-changed": [_BOOKINGS, _CANCEL],
    "session-moved": [_BOOKINGS, _CANCEL],
    "session-moved-waiting": [_BOOKINGS, _LEAVE],
    "booking-cancelled": [_FIND],
    "waiting-list-joined": [("See your place on the list", "/bookings"), _LEAVE],
    "waiting-list-left": [_FIND],
    "place-offered": [("Turn the place down and leave the waiting list", f"/b/{TOKEN}")],
    "offer-lapsed": [_FIND],
    "session-called-off": [_FIND],
    "reminder": [_BOOKINGS],
    "course-reminder": [_BOOKINGS],
    "several": [("See or change your bookings", "/bookings")],
    "course-left": [_FIND_COURSE],
    "course-left-second": [_FIND_COURSE],
    "course-called-off": [_FIND_COURSE],
    "course-session-missed": [("See your course", "/my-courses")],
    "course-opened": [("Do not tell me about this any more", f"/programmes/interest/{TOKEN}")],
}


def sample_letter(kind: Kind) -> Letter:
    """Return a letter of a kind, with the sample values of its fields."""
    says = {field.name: _OF_A_LANGUAGE.get(field.name, field.sample) for field in kind.fields}
    without = _WITHOUT.get(kind.code, set())
    return Letter(
        kind=kind.code,
        says=says,
        facts=[(label, says[name]) for name, label in _FACTS.items() if name in says.keys() - without],
        action=_ACTIONS.get(kind.code, _ACTION_OF.get(kind.group)),
        small_links=_LINKS.get(kind.code, []),
    )


def sample_stop(kind: Kind) -> str:
    """Return where somebody says that they want no more of a kind, or nothing when they cannot."""
    return f"/messages/choices/{TOKEN}?about={kind.group}" if kind.optional else ""
