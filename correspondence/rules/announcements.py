"""What an announcement may say, and for whom it is, in words. Pure."""

import re
from calendar import monthrange
from datetime import date

from correspondence.terms import Audience, Wanted
from kernel import prose
from messaging.terms import Way

DISTRICT = re.compile(r"^[A-Z]{1,2}[0-9][A-Z0-9]?$")
MOST_WORDS = 4000
OLDEST = 26 * 12 - 1
"""Months: those of 25 years are meant until the day before they are 26."""
NO_SUCH_AGE = "Enter an age between 0 and 25 years"
LONGEST_STRETCH = 366
_FIELD = re.compile(r"\(\([^()\n]*\)\)")
"""What somebody may take for a field: everybody would get it with its brackets."""


def problems(topic: str, words: str, *, way: Way, too_long_for_text: bool, wanted: Wanted) -> dict[str, str]:
    """Return what is wrong with an announcement, by its part."""
    found: dict[str, str] = {}
    if not topic.strip():
        found["topic"] = "Enter what the announcement is about"
    elif _FIELD.search(topic):
        found["topic"] = "An announcement has no fields in double brackets: everybody gets the same words"
    if not words.strip():
        found["words"] = "Enter what the announcement says"
    elif _FIELD.search(words):
        found["words"] = "An announcement has no fields in double brackets: everybody gets the same words"
    elif prose.leads_nowhere(words):
        found["words"] = "Write the whole address of a link, like https://www.example.org.uk"
    elif too_long_for_text and way in (Way.TEXT, Way.BOTH):
        found["words"] = "This is too long for a text message. Shorten it, or send it by email"
    if way == Way.NEITHER:
        found["way"] = "Choose how it is to go"
    return {**found, **_problems_with_audience(wanted)}


def _problems_with_audience(wanted: Wanted) -> dict[str, str]:
    if wanted.audience == Audience.BOOKED:
        return _problems_with_days(wanted.first, wanted.last)
    if wanted.audience != Audience.CHILDREN:
        return {}
    if wanted.district and not DISTRICT.match(wanted.district):
        return {"district": "Enter the first part of a postcode, for example YO30"}
    return _problems_with_ages(wanted)


def _problems_with_ages(wanted: Wanted) -> dict[str, str]:
    if not 0 <= wanted.from_months <= OLDEST:
        return {"from_months": NO_SUCH_AGE}
    if not 0 <= wanted.to_months <= OLDEST:
        return {"to_months": NO_SUCH_AGE}
    if wanted.to_months < wanted.from_months:
        return {"to_months": "The oldest age must not be below the youngest age"}
    return {}


def _problems_with_days(first: date | None, last: date | None) -> dict[str, str]:
    if first is None:
        return {"first": "Enter the first day"}
    if last is None:
        return {"last": "Enter the last day"}
    if last < first:
        return {"last": "The last day must be the same as or after the first day"}
    if (last - first).days > LONGEST_STRETCH:
        return {"last": "The last day must be within a year of the first day"}
    return {}


def district(written: str) -> str:
    """Return the first part of a postcode as it is compared; whoever enters a whole one means its first part."""
    packed = re.sub(r"[^A-Z0-9]", "", written.upper())
    whole = re.fullmatch(r"([A-Z]{1,2}[0-9][A-Z0-9]?)[0-9][A-Z]{2}", packed)
    return whole[1] if whole else packed


def born_between(from_months: int, to_months: int, *, on: date) -> tuple[date, date]:
    """Return the first and the last birthday of those who are so many months old on a day, both included."""
    return _months_before(on, to_months + 1, clamp_up=True), _months_before(on, from_months)


def _months_before(on: date, months: int, *, clamp_up: bool = False) -> date:
    """Return the day so many months before; ``clamp_up``: the day after it."""
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    day = date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))
    return date.fromordinal(day.toordinal() + 1) if clamp_up else day


def who(wanted: Wanted, hub: str) -> str:
    """Say for whom an announcement is: ``Families with a booking at Clifton, 9 to 15 March 2026``."""
    if wanted.audience == Audience.BOOKED:
        assert wanted.first
        assert wanted.last
        days = prose.date_only(wanted.first)
        if wanted.last != wanted.first:
            days = f"{days} to {prose.date_only(wanted.last)}"
        return f"Families with a booking at {hub or 'any hub'}, {days}"
    if wanted.audience == Audience.HUB:
        return f"Families known at {hub or 'any hub'}"
    child = f"Families with a child {_age(wanted.from_months, wanted.to_months)}"
    told = [f"{child}, or expecting a baby" if wanted.expected else child]
    if wanted.district:
        told.append(f"who lives in {wanted.district}")
    if hub:
        told.append(f"known at {hub}")
    return ", ".join(told)


def _age(first: int, last: int) -> str:
    """Return an age in months, of which the last counts, as it is said: ``of 2 years``, ``of 3 to 8 months``."""
    if last == 0:
        return "of under 1 month"
    if first == 0:
        return f"of up to {prose.count(last, 'month')}" if last < 23 else f"from birth to {_until(last)}"
    if first % 12 == 0 and (last + 1) % 12 == 0:
        years = prose.count(last // 12, "year")
        return f"of {years}" if first // 12 == last // 12 else f"of {first // 12} to {years}"
    months = prose.count(last, "month")
    return f"of {months}" if first == last else f"of {first} to {months}"


def _until(last: int) -> str:
    return prose.count(last, "month") if (last + 1) % 12 else prose.count(last // 12, "year")
