"""What an instrument is: items, sets of responses, scales, bands, a rule of change, and its licence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from outcomes.terms import Direction, Licence, Respondent, WordsFrom


@dataclass(frozen=True, slots=True)
class Response:
    """One answer that can be given: the code that is kept, its words, and what it counts if not its code."""

    value: int
    label: str
    points: int | None = None

    @property
    def counts(self) -> int:
        """What the answer counts towards a scale."""
        return self.value if self.points is None else self.points


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered question. ``despair_from``: the lowest answer after which somebody must be looked after."""

    number: int
    responses: str
    reverse: bool = False
    despair_from: int | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of a scale, both ends included. ``clinical``: one that usually needs help."""

    from_: Decimal
    to: Decimal
    name: str
    clinical: bool


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """By how many points, at least, two scores differ reliably; by which method, and who says so."""

    amount: Decimal
    method: str
    source: str


@dataclass(frozen=True, slots=True)
class Scale:
    """What some answers come to. A total is made of other scales (``total_of``) and has no items of its own."""

    code: str
    name: str
    items: tuple[int, ...]
    method: Literal["sum", "mean"]
    times: int
    lowest: Decimal
    highest: Decimal
    direction: Direction
    most_missing: int
    prorated: bool
    total_of: tuple[str, ...] = ()
    change: ChangeRule | None = None
    bands: Mapping[Respondent, tuple[Band, ...]] = field(default_factory=dict)
    bands_source: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of an instrument: an opening, each item, and the labels of each set of responses, in order."""

    intro: str
    items: tuple[str, ...]
    responses: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire as data. ``words`` are empty where they may not be passed on."""

    code: str
    version: str
    name: str
    about: str
    respondents: tuple[Respondent, ...]
    age_from: int | None
    age_to: int | None
    items: tuple[Item, ...]
    responses: Mapping[str, tuple[Response, ...]]
    scales: tuple[Scale, ...]
    licence: Licence
    licence_note: str
    words_from: WordsFrom
    citation: str
    source: str
    words: Words | None = None

    def item(self, number: int) -> Item:
        """The item of this number."""
        return self.items[number - 1]

    def scale(self, code: str) -> Scale:
        """The scale of this code."""
        return next(scale for scale in self.scales if scale.code == code)


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a group of matched pairs. Figures are None below five people, or where no rule gives them.

    ``low`` and ``high``: 95% interval of the mean change. ``few``: under thirty pairs, to be read with care.
    """

    n: int
    few: bool
    mean_before: Decimal | None = None
    mean_after: Decimal | None = None
    mean_change: Decimal | None = None
    sd_change: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    improved: int | None = None
    worse: int | None = None
    unchanged: int | None = None
    clinical_before: int | None = None
    left_clinical: int | None = None

    @property
    def share_improved(self) -> Decimal | None:
        """Reliably improved, of all pairs."""
        return _share(self.improved, self.n)

    @property
    def share_worse(self) -> Decimal | None:
        """Reliably worse, of all pairs."""
        return _share(self.worse, self.n)

    @property
    def share_left_clinical(self) -> Decimal | None:
        """Out of the clinical bands, of those who were in them before."""
        return _share(self.left_clinical, self.clinical_before)


def _share(part: int | None, whole: int | None) -> Decimal | None:
    return Decimal(part) / whole if part is not None and whole else None
