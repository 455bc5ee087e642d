"""Reading times of day: ``10am - 12noon``, ``9.30 - 11.30am``, ``1-2.30pm``, ``0930-1130``, cells of a spreadsheet."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from hubs.rules.reading import Understood, excel_made_a_date, text_of
from kernel import prose
from kernel.spreadsheets import Cell

LONG = timedelta(hours=10)


@dataclass(frozen=True)
class TimeRange:
    """From when to when, on one day."""

    starts: time
    ends: time


_AMPM = r"(?:a\.?m\.?|p\.?m\.?|noon|midday)(?![a-z])"
_TIME = (
    r"(?:(?P<{p}word>(?:12\s*)?(?:noon|midday|midnight))"
    r"|(?<![\d£.:])(?P<{p}h>[01]?\d|2[0-4])(?:\s?[:.;h]\s?(?P<{p}m>[0-5]?\d)(?::00)?|(?P<{p}mm>[0-5]\d))?(?![\d])"
    r"\s*(?:o'?clock)?\s*(?P<{p}half>" + _AMPM + r")?(?:\s*(?:hrs|hours|h)\b)?)"
)
_JOINT = r"\s*(?:-+|to|till?|until|til|and|>|~|/)\s*"
_RANGE = re.compile(
    r"(?:\b(?:from|between|at)\s+)?" + _TIME.format(p="a") + _JOINT + _TIME.format(p="b"), re.IGNORECASE
)
_ONE = re.compile(r"(?:\b(?:from|at)\s+)?" + _TIME.format(p="a"), re.IGNORECASE)
_AGE_NEXT = re.compile(r"\s*(?:years?|yrs?|y/?o|months?|mths?|mos?|weeks?|wks?|%)\b", re.IGNORECASE)
_HOURS = re.compile(r"(\d+(?:\.\d+)?|one|two|three|half an|an|a)\s*(?:hours?|hrs?|h)\b", re.IGNORECASE)
_MINUTES = re.compile(r"(\d+)\s*(?:minutes?|mins?|m)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Clock:
    """A time as written: figures, whether morning or afternoon was said, and whether it is on a 24 hour clock."""

    hour: int
    minute: int
    half: str
    exact: bool

    def at(self, *, afternoon: bool) -> timedelta:
        return timedelta(hours=self.hour % 12 + 12 * afternoon, minutes=self.minute)

    @property
    def said(self) -> timedelta | None:
        """Return the time after midnight, when the writing leaves no choice."""
        if self.half:
            return self.at(afternoon=self.half == "p")
        if self.exact or self.hour > 12 or self.hour == 0:
            return timedelta(hours=self.hour, minutes=self.minute)
        return None


def find_times(text: str) -> tuple[Understood[TimeRange], str]:
    """Return the times that a text holds, and the text without them."""
    plain = text_of(text)
    found = [m for m in _RANGE.finditer(plain) if not _AGE_NEXT.match(plain, m.end())]
    if not found:
        return Understood(), plain
    best = max(found, key=_sureness)
    rest = f"{plain[: best.start()]} {plain[best.end() :]}".strip()
    others = [m for m in found if m is not best and _sureness(m) >= min(1, _sureness(best))]
    if others:
        return Understood(problem=f"‘{plain}’ holds more than one time. Put each on a row of its own."), rest
    return _range(_clock(best, "a"), _clock(best, "b"), best[0].strip()), rest


def _sureness(found: re.Match[str]) -> int:
    """Count what makes two figures look like times rather than ages."""
    signs = [found[p + part] for p in "ab" for part in ("word", "m", "mm", "half")]
    return sum(sign is not None for sign in signs)


def read_times(cell: Cell, ends: Cell = None, *, lasts: Cell = None) -> Understood[TimeRange]:
    """Read from when to when, from one cell, from two, or from a start and a length."""
    if (problem := excel_made_a_date(cell)) or (problem := excel_made_a_date(ends)):
        return Understood(problem=problem)
    if text_of(ends):
        return _two_cells(cell, ends)
    if not text_of(cell):
        return Understood()
    if isinstance(cell, str):
        found, rest = find_times(cell)
        if found.value and re.search(r"\w", rest):
            found = found.but(f"We did not use ‘{rest}’.")
        if found.value or found.problem:
            return found
    return _start_and_length(cell, lasts)


def _two_cells(first: Cell, last: Cell) -> Understood[TimeRange]:
    begins, ends = _clock_of(first), _clock_of(last)
    if begins is None or ends is None:
        wrong = text_of(first if begins is None else last)
        return Understood(
            problem=f"‘{wrong}’ is not a time such as 10am or 13:30." if wrong else "It has no start time."
        )
    return _range(begins, ends, f"{text_of(first)} - {text_of(last)}")


def _start_and_length(cell: Cell, lasts: Cell) -> Understood[TimeRange]:
    begins = _clock_of(cell)
    if begins is None:
        if isinstance(cell, str) and _RANGE.search(text_of(cell)):
            return Understood(problem=f"‘{text_of(cell)}’ looks like ages, not times.")
        return Understood(problem=f"‘{text_of(cell)}’ is not a time such as 10am to 11.30am.")
    length = read_length(lasts)
    if length is None:
        return Understood(problem=f"‘{text_of(cell)}’ does not say when it ends.")
    starts, assumed = _start(begins)
    return _as_range(starts, starts + length, text_of(cell), assumed)


def read_length(cell: Cell) -> timedelta | None:
    """Read how long something lasts: ``90 minutes``, ``1.5 hours``, ``1 hr 30 mins``."""
    if isinstance(cell, timedelta):
        return cell
    if isinstance(cell, time):
        return timedelta(hours=cell.hour, minutes=cell.minute)
    text = text_of(cell)
    hours, minutes = _HOURS.search(text), _MINUTES.search(text)
    if not hours and not minutes:
        return None
    count = _COUNTS.get(hours[1].lower()) or float(hours[1]) if hours else 0
    return timedelta(hours=count, minutes=int(minutes[1]) if minutes else 0)


_COUNTS = {"one": 1.0, "a": 1.0, "an": 1.0, "two": 2.0, "three": 3.0, "half an": 0.5}


def _clock_of(cell: Cell) -> _Clock | None:
    """Read one time from a cell: text, a typed time, or the fraction of a day that a spreadsheet keeps."""
    if isinstance(cell, datetime | time):
        return _Clock(cell.hour, cell.minute, "", exact=True)
    if isinstance(cell, timedelta):
        return _clock_after_midnight(cell)
    if isinstance(cell, float) and 0 < cell < 1:
        return _clock_after_midnight(timedelta(days=cell))
    text = text_of(cell)
    if re.fullmatch(r"0\.\d{3,}", text):
        return _clock_after_midnight(timedelta(days=float(text)))
    found = _ONE.fullmatch(text.strip(" -."))
    return _clock(found, "a") if found else None


def _clock_after_midnight(after: timedelta) -> _Clock | None:
    minutes = round(after / timedelta(minutes=1))
    return _Clock(minutes // 60, minutes % 60, "", exact=True) if 0 <= minutes < 24 * 60 else None


def _clock(found: re.Match[str], part: str) -> _Clock | None:
    if word := found[part + "word"]:
        return (
            _Clock(12, 0, "p", exact=True)
            if "midnight" not in word.lower()
            else _Clock(24, 0, "", exact=True)
        )
    hour, minutes = found[part + "h"], found[part + "m"] or found[part + "mm"] or "00"
    if len(minutes) == 1:  # a number cell that says 9.3 was written 9.30; 9.5 could be half past or ten to
        if minutes == "5":
            return None
        minutes += "0"
    half = (found[part + "half"] or "").lower()
    if half and int(hour) > 12:
        half = ""
    said = "p" if half.startswith(("noon", "midday")) else half[:1]
    exact = (
        (len(hour) == 2 and hour.startswith("0"))
        or int(hour) > 12
        or (found[part + "mm"] is not None and len(hour) == 2)
    )
    return _Clock(int(hour), int(minutes), said, exact)


def _range(begins: _Clock | None, ends: _Clock | None, text: str) -> Understood[TimeRange]:
    if begins is None or ends is None:
        return Understood(problem=f"‘{text}’ can be read in more than one way. Write the time like 9:30am.")
    if ends.hour == 24:
        return Understood(
            problem=f"‘{text}’ ends at midnight. A session must end on the day on which it starts."
        )
    starts, assumed = _start_before(begins, ends)
    return _as_range(starts, _end_after(starts, ends), text, assumed)


def _start_before(begins: _Clock, ends: _Clock) -> tuple[timedelta, str]:
    """Return when it starts, and what was assumed: the end says morning or afternoon for both when it can."""
    if begins.said is not None or ends.said is None:
        return _start(begins)
    if not ends.half and begins.hour >= 7:
        return _start(begins)
    same = begins.at(afternoon=ends.said >= timedelta(hours=12))
    return (same if same < ends.said or begins.hour < 7 else begins.at(afternoon=False)), ""


def _start(begins: _Clock) -> tuple[timedelta, str]:
    if begins.said is not None:
        return begins.said, "That is in the night." if begins.said < timedelta(hours=6) else ""
    if 9 <= begins.hour <= 11:
        return begins.at(afternoon=False), ""
    if begins.hour == 12:
        return begins.at(afternoon=True), ""
    afternoon = begins.hour < 7
    return begins.at(afternoon=afternoon), f"Taken as {'the afternoon' if afternoon else 'the morning'}."


def _end_after(starts: timedelta, ends: _Clock) -> timedelta:
    if ends.said is not None:
        return ends.said
    morning, afternoon = ends.at(afternoon=False), ends.at(afternoon=True)
    return morning if morning > starts else afternoon


def _as_range(starts: timedelta, ends: timedelta, text: str, assumed: str) -> Understood[TimeRange]:
    if ends <= starts:
        return Understood(problem=f"‘{text}’ ends before it starts.")
    if ends >= timedelta(days=1):
        return Understood(problem=f"‘{text}’ goes on past midnight.")
    times = TimeRange(_time(starts), _time(ends))
    said = prose.times(times.starts, times.ends)
    if ends - starts >= LONG:
        assumed = f"{assumed} That is {(ends - starts) // timedelta(hours=1)} hours long.".strip()
    return Understood(
        times, f"From {said}.", f"‘{text}’ was read as {said}. {assumed} Check it." if assumed else ""
    )


def _time(after_midnight: timedelta) -> time:
    minutes = after_midnight // timedelta(minutes=1)
    return time(minutes // 60, minutes % 60)
