"""Reading when a place is open: ``Mon-Fri 9am-5pm; Sat 10-12``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from hubs.rules.days import find_weekdays
from hubs.rules.times import find_times
from hubs.terms import Weekday

_PARTS = re.compile(r"[;\n]")
_SMALLER = re.compile(r",|(?<=\d[ap]m)\s+(?=[A-Z][a-z]{2})")
_CLOSED = re.compile(r"\bclosed\b", re.IGNORECASE)


@dataclass(frozen=True)
class Openings:
    """The stretches of weekdays in which a place is open, and the words that could not be read."""

    stretches: tuple[tuple[Weekday, time, time], ...] = ()
    unread: tuple[str, ...] = ()


def read_openings(text: str) -> Openings:
    """Return when a place is open; what overlaps with an earlier part is not read."""
    stretches: list[tuple[Weekday, time, time]] = []
    unread = []
    for part in _parts(text):
        times, left = find_times(part)
        days, rest = find_weekdays(left)
        new = [(day, times.value.starts, times.value.ends) for day in days.value or () if times.value]
        if (
            new
            and not re.search(r"\d", rest)
            and not any(_overlap(one, other) for one in new for other in stretches)
        ):
            stretches += new
        elif not _CLOSED.search(part):
            unread.append(part)
    ordered = sorted(stretches, key=lambda one: (one[0].number, one[1]))
    return Openings(tuple(ordered), tuple(unread))


def _parts(text: str) -> Iterator[str]:
    """Cut a text where each piece still says both a day and a time, or that it is closed."""
    for part in _PARTS.split(text):
        smaller = [piece.strip(" ,.") for piece in _SMALLER.split(part)]
        pieces = smaller if all(_is_whole(piece) for piece in smaller) else [part.strip(" ,.")]
        yield from filter(None, pieces)


def _is_whole(piece: str) -> bool:
    return bool(find_weekdays(piece)[0].value and (find_times(piece)[0].value or _CLOSED.search(piece)))


def _overlap(one: tuple[Weekday, time, time], other: tuple[Weekday, time, time]) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]
