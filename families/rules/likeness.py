"""Whether two people might be one, written down twice."""

from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import NamedTuple
from uuid import UUID

from families.rules.names import email_key, name_key, phone_key, postcode_key
from families.terms import PersonKind

ALIKE = 60
"""The score from which two people are shown to staff as possibly one."""
SIMILAR = 0.8
BORN_EARLY, BORN_LATE = timedelta(weeks=16), timedelta(weeks=3)


class Looks(NamedTuple):
    """What is compared of a person."""

    id: UUID
    household_id: UUID
    kind: PersonKind
    given_name: str
    family_name: str = ""
    known_as: str = ""
    date_of_birth: date | None = None
    due_date: date | None = None
    postcode: str = ""
    phone: str = ""
    email: str = ""


class Likeness(NamedTuple):
    """How alike two people look, and the reasons in words for staff."""

    score: int
    reasons: tuple[str, ...]

    @property
    def alike(self) -> bool:
        """Say whether somebody should look at the two."""
        return self.score >= ALIKE


NOT_ALIKE = Likeness(0, ())


def likeness(a: Looks, b: Looks) -> Likeness:
    """Say how much speaks for two records being one person. Twins are two people, however alike they look."""
    if a.kind != b.kind or are_twins(a, b):
        return NOT_ALIKE
    found = [_birth(a, b), _names(a, b)]
    if None in found:
        return NOT_ALIKE
    found += [
        _detail("postcode", postcode_key(a.postcode), postcode_key(b.postcode), against=-20),
        _detail("phone number", phone_key(a.phone), phone_key(b.phone), against=-10),
        _detail("email address", email_key(a.email), email_key(b.email), against=-10),
    ]
    points = [piece for piece in found if piece]
    return Likeness(max(0, sum(p for p, _ in points)), tuple(reason for _, reason in points if reason))


def are_twins(a: Looks, b: Looks) -> bool:
    """Say whether two children of one household share birthday and family name, but not the first name."""
    return (
        a.kind == b.kind == PersonKind.CHILD
        and a.household_id == b.household_id
        and _family(a) == _family(b)
        and (a.date_of_birth, a.due_date) == (b.date_of_birth, b.due_date)
        and _given(a) != _given(b)
    )


def _names(a: Looks, b: Looks) -> tuple[int, str] | None:
    if (_given(a), _family(a)) == (_given(b), _family(b)):
        return 60, "Same name"
    if (_given(a), _family(a)) == (_family(b), _given(b)):
        return 50, "Same names in another order"
    if _is_awaited(a, b) and _similar(_family(a), _family(b)):
        return 40, "Same family name"
    if _given_alike(a, b) and _similar(_family(a), _family(b)):
        return 45, "Similar name"
    if _given_alike(a, b) and a.date_of_birth and a.date_of_birth == b.date_of_birth:
        return 30, "Same or similar first name"
    return None


def _birth(a: Looks, b: Looks) -> tuple[int, str] | None:
    """Return what dates of birth say, or None when they cannot be one person's."""
    if a.date_of_birth and b.date_of_birth:
        if a.date_of_birth == b.date_of_birth:
            return 30, "Same date of birth"
        return (5, "Similar date of birth") if _mistyped(a.date_of_birth, b.date_of_birth) else None
    if _is_awaited(a, b):
        born = a.date_of_birth or b.date_of_birth or date.min
        due = a.due_date or b.due_date or date.max
        near = due - BORN_EARLY <= born <= due + BORN_LATE if born > date.min and due < date.max else False
        return (30, "Born near the date when a baby was due") if near else None
    if a.due_date and b.due_date:
        return (30, "Due at the same time") if abs(a.due_date - b.due_date) <= BORN_LATE else None
    return 0, ""


def _detail(what: str, one: str, other: str, *, against: int) -> tuple[int, str]:
    if not one or not other:
        return 0, ""
    return (20, f"Same {what}") if one == other else (against, "")


def _is_awaited(a: Looks, b: Looks) -> bool:
    return bool((a.date_of_birth and b.due_date) or (a.due_date and b.date_of_birth))


def _mistyped(one: date, other: date) -> bool:
    """Say whether day and month are swapped, or one figure differs."""
    if one.year == other.year and (one.day, one.month) == (other.month, other.day):
        return True
    return sum(x != y for x, y in zip(one.isoformat(), other.isoformat(), strict=True)) == 1


def _given_alike(a: Looks, b: Looks) -> bool:
    ours, theirs = _called(a), _called(b)
    return any(_similar(x, y) or _short_for(x, y) for x in ours for y in theirs)


def _called(p: Looks) -> set[str]:
    return {_given(p)} | ({_key(p.known_as)} if p.known_as.strip() else set())


def _short_for(x: str, y: str) -> bool:
    short, long = sorted((x, y), key=len)
    return len(short) >= 3 and long.startswith(short)


def _similar(x: str, y: str) -> bool:
    # The measure depends on which comes first, so the two are put in order.
    first, second = sorted((x, y))
    return first == second or SequenceMatcher(None, first, second).ratio() >= SIMILAR


def _given(p: Looks) -> str:
    return _key(p.given_name)


def _family(p: Looks) -> str:
    return _key(p.family_name)


def _key(name: str) -> str:
    return name_key(name) or name.strip().casefold()
