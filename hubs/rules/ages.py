"""Reading ages: ``0-5 years``, ``under 5s``, ``0-18 months``, ``8+``, ``up to 1 year``."""
# ruff: noqa: E501 - a pattern is read in one piece

import re
from dataclasses import dataclass

from hubs.rules.reading import Understood, excel_made_a_date, text_of
from kernel.spreadsheets import Cell

WEEKS_A_MONTH = 52 / 12


@dataclass(frozen=True)
class AgeRange:
    """The months of age from and to which children may come, both included; nothing means no limit.

    ``to_send`` is the later limit for those with special educational needs or disabilities.
    """

    from_months: int | None = None
    to_months: int | None = None
    to_send: int | None = None

    def __str__(self) -> str:
        """Say the range, ``0 to 3 years``, ``6 to 18 months``, ``8 years and over``."""
        if self.from_months is None and self.to_months is None:
            return "all ages"
        if self.to_months is None:
            return f"{_age(self.from_months or 0)} and over"
        return _from_to(self.from_months or 0, self.to_months)


def _age(months: int) -> str:
    if months and months % 12 == 0:
        years = months // 12
        return f"{years} {'year' if years == 1 else 'years'}"
    return f"{months} {'month' if months == 1 else 'months'}"


def _from_to(first: int, last: int) -> str:
    whole_years = (last + 1) % 12 == 0 and first % 12 == 0
    if whole_years and last == 11 and not first:
        return "under 1 year"
    if whole_years:
        years = (last + 1) // 12 - 1
        return f"{first // 12} to {_age(years * 12)}" if first // 12 != years else _age(years * 12)
    if last % 12 == 0 and last >= 24:
        return f"{_age(first) if first else '0'} to {last // 12} years"
    return f"{first} to {last} months"


_UNIT = r"(?:months?|mths?|mnths?|mos?|m|years?|yrs?|yr?|y/?o|weeks?|wks?|w)"
_OLD = r"(?:\s*(?:of\s+age|old|olds|inclusive))?"
_NUMBER = r"(\d{1,2}(?:\.5|½)?)"
_START = r"(?:birth|newborns?|new born|baby|babies|0)"
_RANGE = re.compile(
    rf"(?:{_NUMBER}|birth|newborns?)\s*'?({_UNIT})?{_OLD}\s*(?:-+|to|until|up to|and)\s*{_NUMBER}(?:'?s)?\s*({_UNIT})?s?{_OLD}",
    re.IGNORECASE,
)
_UNDER = re.compile(
    rf"(?:under|below|younger than|<|u)\s*(?:the\s+age\s+of\s+)?{_NUMBER}(?:'?s)?\s*({_UNIT})?{_OLD}",
    re.IGNORECASE,
)
_UP_TO = re.compile(
    rf"(?:up\s*to|until|to|max(?:imum)?|<=)\s*(?:age\s+|the\s+age\s+of\s+)?{_NUMBER}\s*({_UNIT})?{_OLD}",
    re.IGNORECASE,
)
_OVER = re.compile(
    rf"(?:over|from|aged?|above|at least|min(?:imum)?|>=?)?\s*(?:age\s+)?{_NUMBER}(?:'?s)?\s*({_UNIT})?{_OLD}\s*(?:\+|plus|and\s+(?:over|above|up|older)|or\s+over|upwards|onwards)",
    re.IGNORECASE,
)
_FROM = re.compile(
    rf"(?:over|from|above|at least|min(?:imum)?|>=?)\s*(?:age\s+)?{_NUMBER}(?:'?s)?\s*({_UNIT})?{_OLD}",
    re.IGNORECASE,
)
_ONE = re.compile(rf"{_NUMBER}\s*({_UNIT})?{_OLD}", re.IGNORECASE)
_ALL = re.compile(
    r"(?:open\s+to\s+|for\s+)?(?:all(?:\s+ages?)?|any(?:\s+age)?|every(?:one|body)|whole family|(?:all\s+)?families|all welcome|n/?a|-)",
    re.IGNORECASE,
)
_WITH_SEND = re.compile(
    rf"[\s,;(]*(?:or|and|,|\()?\s*(?:up\s+)?(?:to\s+)?{_NUMBER}\s*(?:years?|yrs?)?\s*(?:with|for|if|\()\s*(?:those\s+with\s+|children\s+with\s+|young people with\s+)?(?:SEND?|disabilit\w+|additional needs|special\s[\w\s]+)\)?",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"\b(?:aged?|ages|children|child|babies|kids|young people|little ones|families with|with|of|suitable|for|approx\.?|age range|years?\s+group)\b:?",
    re.IGNORECASE,
)
_ROUGHLY = {
    r"pre-?\s?school(?:ers?)?(?: age)?": (0, 59, "under 5"),
    r"bab(?:y|ies)(?: only)?": (0, 11, "under 1"),
    r"toddlers?": (12, 47, "1 to 3 years"),
    r"bab(?:y|ies) (?:and|&|to|/|-) toddlers?|parents?,? baby (?:and|&) toddlers?": (0, 47, "0 to 3 years"),
    r"early years": (0, 59, "under 5"),
    r"primary(?: school)?(?: age[d]?)?": (48, 143, "4 to 11 years"),
    r"secondary(?: school)?(?: age[d]?)?": (132, 203, "11 to 16 years"),
    r"school[\s-]?aged?": (48, 203, "4 to 16 years"),
    r"teen(?:s|agers?)?": (156, 239, "13 to 19 years"),
}


def read_ages(cell: Cell, *, unit: str = "") -> Understood[AgeRange]:
    """Read an age range; a number without a unit is in years, unless the column says otherwise."""
    if changed := excel_made_a_date(cell):
        return Understood(warning=f"{changed} The ages were left open.")
    text = text_of(cell)
    if not text:
        return Understood()
    if _ALL.fullmatch(text):
        return Understood(AgeRange(), "For all ages.")
    send = _WITH_SEND.search(text)
    plain = " ".join(_NOISE.sub(" ", text[: send.start()] if send else text).split()).strip(" ()-,.")
    found = _ages(plain, unit) or _roughly(text) or _roughly(plain)
    if found is None:
        return Understood(warning=f"We do not understand the ages ‘{text}’, so they were left open.")
    if found.value and send:
        ages = AgeRange(found.value.from_months, found.value.to_months, _whole_year(send[1]))
        return Understood(ages, f"For {ages}, with special needs to {send[1]} years.")
    return found


def read_age_limits(first: Cell, last: Cell, *, unit: str = "") -> Understood[AgeRange]:
    """Read ages from a column of the youngest and one of the oldest."""
    if changed := excel_made_a_date(first) or excel_made_a_date(last):
        return Understood(warning=f"{changed} The ages were left open.")
    begins, ends = text_of(first), text_of(last)
    if not begins and not ends:
        return Understood()
    if begins and ends:
        return read_ages(f"{begins} - {ends}", unit=unit)
    return read_ages(f"{begins}+" if begins else f"0 - {ends}", unit=unit)


def _ages(text: str, unit: str) -> Understood[AgeRange] | None:
    if found := _RANGE.fullmatch(text):
        return _between(found[1] or "0", found[2], found[3], found[4], unit)
    if found := _UNDER.fullmatch(text):
        return _for(None, _exactly(found[1], found[2] or unit) - 1)
    if found := _OVER.fullmatch(text) or _FROM.fullmatch(text):
        return _for(_exactly(found[1], found[2] or unit), None)
    if found := _UP_TO.fullmatch(text):
        return _for(None, _exactly(found[1], found[2] or unit))
    if found := _ONE.fullmatch(text):
        months = _exactly(found[1], found[2] or unit)
        return _for(months, _whole_year(found[1])) if _is_years(found[2] or unit) else None
    return None


def _between(
    first: str, first_unit: str | None, last: str, last_unit: str | None, unit: str
) -> Understood[AgeRange] | None:
    """Read ``0-5 years`` as up to the sixth birthday, and ``6 months to 2 years`` as up to the second."""
    last_unit = last_unit or unit or (first_unit if first_unit else "years")
    first_unit = first_unit or (unit if unit else last_unit)
    from_months = _exactly(first, first_unit)
    mixed = _is_years(last_unit) and not _is_years(first_unit)
    to_months = (
        _exactly(last, last_unit)
        if mixed or not _is_years(last_unit) or not last.isdigit()
        else _whole_year(last)
    )
    if to_months < from_months and not _is_years(last_unit):
        to_months = _exactly(last, "years")
    if to_months < from_months:
        return None
    return _for(from_months, to_months)


def _for(from_months: int | None, to_months: int | None) -> Understood[AgeRange]:
    ages = AgeRange(from_months if to_months is None else from_months or 0, to_months)
    return Understood(ages, f"For {ages}{_until(to_months)}.")


def _until(to_months: int | None) -> str:
    """Say where a range in years ends, for people count birthdays in two ways."""
    if to_months and to_months >= 24 and to_months % 12 == 0:
        return f", to the month in which they turn {to_months // 12}"
    if to_months is None or (to_months + 1) % 12:
        return ""
    return f", until the day before they are {(to_months + 1) // 12}"


def _is_years(unit: str | None) -> bool:
    return not unit or unit.lower().startswith("y")


def _exactly(number: str, unit: str | None) -> int:
    amount = float(number.replace("½", ".5"))
    if _is_years(unit):
        return round(amount * 12)
    return int(amount / WEEKS_A_MONTH) if (unit or "").lower().startswith("w") else int(amount)


def _whole_year(number: str) -> int:
    return int(float(number.replace("½", ".5")) + 1) * 12 - 1


def _roughly(text: str) -> Understood[AgeRange] | None:
    for words, (from_months, to_months, said) in _ROUGHLY.items():
        if re.fullmatch(words, text, re.IGNORECASE):
            return _for(from_months, to_months).but(f"‘{text}’ was taken as {said}. Check it.")
    return None
