"""Reading what people write in a cell: a value and how it was understood, or a plain problem; never a silent guess."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Generic, TypeVar

from hubs.terms import BookingMode, HubKind
from kernel import prose
from kernel.british import read_date
from kernel.spreadsheets import Cell

T = TypeVar("T")


@dataclass(frozen=True)
class Understood(Generic[T]):
    """What a cell says: nothing, a value and how it was understood, or why it cannot be."""

    value: T | None = None
    how: str = ""
    warning: str = ""
    problem: str = ""

    def but(self, warning: str) -> "Understood[T]":
        """Return the same with one more warning."""
        return replace(self, warning=" ".join(filter(None, [self.warning, warning])))


def text_of(cell: Cell) -> str:
    """Return a cell as text on one line, with plain dashes and quotation marks."""
    if cell is None or isinstance(cell, bool):
        return {True: "yes", False: "no", None: ""}[cell]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = " ".join(str(cell).split())
    return text.translate(_PLAIN)


_PLAIN = str.maketrans(
    {"‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "’": "'", "‘": "'", "“": '"', "”": '"'}
)


def name_key(name: str) -> str:
    """Return a name as files and people repeat it: case folded, without punctuation, ``&`` as ``and``."""
    words = re.sub(r"['’‘`´.]", "", name.casefold().replace("&", " and "))
    return " ".join(re.sub(r"[^\w]+", " ", words).split())


def excel_made_a_date(cell: Cell) -> str | None:
    """Say what a cell such as ``10-11`` may have been, when a spreadsheet has turned it into a date."""
    if isinstance(cell, datetime | date) and not (isinstance(cell, datetime) and cell.year < 1910):
        return (
            f"The cell holds a date ({prose.date_only(cell)}). "
            f"The spreadsheet may have changed ‘{cell.day}-{cell.month}’ or ‘{cell.month}-{cell.day}’ to a date."
        )
    return None


_YES = re.compile(r"(?:y|yes|true|1|x|tick|✓|✔|t)", re.IGNORECASE)
_NO = re.compile(r"(?:n|no|none|false|0|f|✗|✘|-)", re.IGNORECASE)


def read_yes(cell: Cell) -> bool | None:
    """Return whether a cell says yes or no, or nothing when it says neither."""
    text = text_of(cell)
    if _YES.fullmatch(text):
        return True
    return False if _NO.fullmatch(text) else None


_ALL_YEAR = re.compile(
    r"(?:all|whole)[\s-]?year(?:[\s-]round)?|year[\s-]?round|(?:incl(?:\.|udes|uding)?|and|also|runs|open|continues)\s+"
    r"(?:in|during|through|the|school|half[\s-]?terms?|\s)*(?:holidays|half[\s-]?terms?)|52 weeks|not (?:just )?term",
    re.IGNORECASE,
)
_TERM = re.compile(
    r"\(?\b(?:during\s+|in\s+)?(?:school\s+)?term[\s-]?times?(?:[\s-]only)?\b\)?|\bTTO\b|\bTT\b|\bterm only\b|"
    r"(?:\bexc(?:\.|l\.?|luding|ept)?|\bnot|\bno sessions?|\bclosed|\bno groups?|\boutside)\s+(?:in|during|for|the|\s)*"
    r"(?:school\s+|half[\s-]?term\s*(?:and|&|/)\s*(?:school\s+)?)?(?:holidays?|hols|half[\s-]?terms?)|"
    r"\b(?:38|39) weeks\b",
    re.IGNORECASE,
)
_HOLIDAYS_ONLY = re.compile(r"(?:school\s+)?(?:holidays?|half[\s-]?terms?|hols)(?:\s+only)?", re.IGNORECASE)


def find_term_time(text: str) -> tuple[Understood[bool], str]:
    """Return what a text says about term time, and the text without it."""
    for pattern, value, how in (
        (_TERM, True, "In school term time only."),
        (_ALL_YEAR, False, "All year, school holidays included."),
    ):
        if found := pattern.search(text):
            return Understood(value, how), (text[: found.start()] + " " + text[found.end() :]).strip()
    return Understood(), text


def read_term_time(cell: Cell) -> Understood[bool]:  # noqa: PLR0911 - one return for each way to write it
    """Read a cell of a column ``term time only``: yes, no, or nothing known when it is blank."""
    text = text_of(cell)
    if not text:
        return Understood()
    said = read_yes(cell)
    if said is not None:
        return Understood(
            said, "In school term time only." if said else "All year, school holidays included."
        )
    if re.fullmatch(r"term|terms", text, re.IGNORECASE):
        return Understood(True, "In school term time only.")
    if re.fullmatch(r"all|both|always|any", text, re.IGNORECASE):
        return Understood(False, "All year, school holidays included.")
    found, _ = find_term_time(text)
    if found.value is not None:
        return found
    if _HOLIDAYS_ONLY.fullmatch(text):
        return Understood(
            problem="Sessions in the school holidays only cannot be repeated by the timetable yet."
        )
    return Understood(warning=f"We do not understand ‘{text}’ about term time, so it was left open.")


@dataclass(frozen=True)
class Cost:
    """A price in pence, and for whom it is: a child, a family, an adult, or not said."""

    pence: int
    per: str = ""

    def __str__(self) -> str:
        """Say the price, ``free``, ``£2.50 per child``."""
        if not self.pence:
            return "free"
        pounds = f"£{self.pence // 100}" + (f".{self.pence % 100:02}" if self.pence % 100 else "")
        return f"{self.pence}p{self._each}" if self.pence < 100 else f"{pounds}{self._each}"

    @property
    def _each(self) -> str:
        return f" per {self.per}" if self.per else ""


_MONEY = re.compile(
    r"£\s*(?P<pounds>\d{1,3})(?:\.(?P<pence>\d{1,2}))?(?!\d)|(?<![\d.])(?P<only>\d{1,3})\s*p\b|"
    r"^(?P<bare>\d{1,3}(?:\.\d{1,2})?)(?=\s*(?:$|per\b|each\b|/|a\b))",
    re.IGNORECASE,
)
_PER = re.compile(
    r"(?:per|each|/|a|for each|for)\s*(child|family|adult|parent|person|session|household|couple)",
    re.IGNORECASE,
)


def read_cost(cell: Cell) -> Understood[Cost]:
    """Read a price: ``free``, ``£2.50``, ``£1 per child``, ``50p``."""
    text = text_of(cell)
    if not text:
        return Understood()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _priced(Cost(round(cell * 100))) if 0 <= cell < 1000 else _cost_not_understood(text)
    if re.search(r"\bdonations?\b", text, re.IGNORECASE):
        return Understood(Cost(0), "Free.", f"‘{text}’ was taken as free, with a donation.")
    sums = list(_MONEY.finditer(text))
    if not sums and re.search(
        r"\bfree\b|\bno (?:charge|cost|fee)\b|\bnil\b|\bn/?a\b|^none$|^no$|^-$", text, re.IGNORECASE
    ):
        return Understood(Cost(0), "Free.")
    if len(sums) != 1 or re.search(r"\bfrom\b|\bup to\b|\bfree\b", text, re.IGNORECASE):
        return _cost_not_understood(text)
    return _priced(Cost(_pence(sums[0]), _per(text)))


def _pence(found: re.Match[str]) -> int:
    if found["only"]:
        return int(found["only"])
    if found["bare"]:
        return round(float(found["bare"]) * 100)
    return int(found["pounds"]) * 100 + int((found["pence"] or "0").ljust(2, "0"))


def _per(text: str) -> str:
    found = _PER.search(text) or re.search(r"(child|family|adult)\b", text, re.IGNORECASE)
    said = found[1].lower() if found else ""
    return {"parent": "adult", "household": "family", "session": "", "person": "", "couple": "family"}.get(
        said, said
    )


def _priced(cost: Cost) -> Understood[Cost]:
    return Understood(cost, f"{str(cost)[:1].upper()}{str(cost)[1:]}.")


def _cost_not_understood(text: str) -> Understood[Cost]:
    return Understood(warning=f"We cannot read one price in ‘{text}’, so the price was left open.")


_BOTH = re.compile(
    r"drop[\s-]?ins?\b.*\b(?:or|and|/|&)\b.*\bbook|book\w*\b.*\bor\b.*drop[\s-]?in", re.IGNORECASE
)
_NO_BOOKING = re.compile(
    r"drop[\s-]?in|turn(?:ing)? up|just come|come along|walk[\s-]?in|pop in|no (?:need to|booking|appointment)|"
    r"(?:not|n't) (?:need(?:ed)?|required|necessary|need to book)|without booking|open (?:access|session)|unbooked|"
    r"first come",
    re.IGNORECASE,
)
_REFERRAL = re.compile(r"referr|invitation|invite|targeted|closed group", re.IGNORECASE)
_BOOKING = re.compile(
    r"book|appointment|eventbrite|regist|sign[\s-]?up|required|essential|must|reserve|ticket", re.IGNORECASE
)
_CONTACT = re.compile(r"call|phone|ring|contact|e-?mail|text|@|\d{5}", re.IGNORECASE)


def read_booking(cell: Cell) -> Understood[BookingMode]:  # noqa: PLR0911 - one return for each way to write it
    """Read whether a family must book: ``drop-in``, ``just turn up``, ``booking required``, ``book via …``."""
    text = text_of(cell)
    if not text:
        return Understood()
    said = read_yes(cell)
    if said is not None:
        return _booked(BookingMode.BOOKABLE if said else BookingMode.DROP_IN)
    if _BOTH.search(text):
        return _booked(BookingMode.DROP_IN).but(f"‘{text}’ allows both, so it was taken as drop-in.")
    if _NO_BOOKING.search(text):
        return _booked(BookingMode.DROP_IN)
    if _REFERRAL.search(text):
        return _booked(BookingMode.BOOKABLE).but(
            f"‘{text}’ was taken as: places must be booked. Check who may book."
        )
    if _BOOKING.search(text):
        return _booked(BookingMode.BOOKABLE)
    if _CONTACT.search(text):
        return _booked(BookingMode.BOOKABLE).but(f"‘{text}’ was taken as: places must be booked.")
    return Understood(warning=f"We cannot tell from ‘{text}’ whether people must book, so it was left open.")


def _booked(mode: BookingMode) -> Understood[BookingMode]:
    return Understood(mode, "Drop in." if mode == BookingMode.DROP_IN else "Places must be booked.")


def read_day(cell: Cell, *, of: str) -> Understood[date]:
    """Read a date written day first."""
    if cell is None or text_of(cell) in ("", "-", "n/a", "N/A", "TBC", "tbc", "ongoing", "Ongoing"):
        return Understood()
    try:
        day = read_date(text_of(cell) if isinstance(cell, str) else cell)
    except ValueError as error:
        return Understood(problem=str(error))
    return Understood(day, f"{of} {prose.day(day)}.")


_HUB = re.compile(
    r"family hub|children'?s centre|childrens centre|family centre|sure ?start|best start", re.IGNORECASE
)
_OUTREACH = re.compile(
    r"outreach|community|venue|library|explore|church|school|hall|satellite|spoke|partner|leisure|village|nursery|surgery|clinic",
    re.IGNORECASE,
)


def read_hub_kind(cell: Cell, *, name: str) -> Understood[HubKind]:
    """Read whether a place is a family hub or an outreach venue; by its name when the cell is blank."""
    text = text_of(cell).replace("_", " ")
    if _HUB.search(text) or re.fullmatch(r"(?:main |lead |core )?(?:hub|centre|site)s?", text, re.IGNORECASE):
        return Understood(HubKind.FAMILY_HUB, "A family hub.")
    if _OUTREACH.search(text):
        return Understood(HubKind.COMMUNITY_VENUE, "An outreach venue.")
    if _HUB.search(name.replace("’", "'")):
        return Understood(HubKind.FAMILY_HUB, "Taken as a family hub, by its name.")
    guess = Understood(
        HubKind.COMMUNITY_VENUE, "Taken as an outreach venue, for its name does not say family hub."
    )
    return (
        guess.but(f"We do not know the kind ‘{text}’, so it was taken as an outreach venue.")
        if text
        else guess
    )
