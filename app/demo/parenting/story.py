"""What is made up about parenting programmes: which run, where and when, how people fare, and what truly changes.

Which programmes, and for which ages: Herefordshire's own list of 2023, in ``data/herefordshire``.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from hubs.terms import Weekday
from programmes.terms import Source

FILE = Path(__file__).parents[1] / "data" / "herefordshire" / "parenting-programmes.csv"

WIDEMARSH, GREENCROFT, CONINGSBY, RYEFIELD, LEDBURY = (
    "Widemarsh Children's Centre", "Greencroft Children's Centre", "Coningsby Children's Centre", "Ryefield Centre",
    "Ledbury Children's Centre",
)  # fmt: skip
ROOM = "Quiet room"

MON, TUE, WED, THU, FRI = (
    Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY,
)  # fmt: skip


@dataclass(frozen=True)
class RunStory:
    """Where and when a programme runs each term."""

    hub: str
    weekday: Weekday
    starts: time
    people: int
    """How many are referred or book."""
    terms: tuple[int, ...] = (0, 1, 2)
    """In which of the three terms: 0 is the one before last, 2 the one that is running."""
    under_way: int = 5
    """For how many weeks it has been running this term."""


@dataclass(frozen=True)
class ProgrammeStory:
    """A programme of Herefordshire's list, and how it fares."""

    listed: str
    """As the list calls it."""
    template: str
    """The shipped template that it is."""
    runs: tuple[RunStory, ...]
    effects: Mapping[str, float]
    """The true mean change in points on the first scale of each instrument, from before to after."""
    wait_weeks: tuple[int, int, int] = (1, 9, 4)
    """The shortest, longest and usual wait from referral to start."""
    stays: float = 0.78
    """The chance that somebody who starts stays to the end."""
    ages: tuple[int, int] | None = None
    """Where the list says none."""
    sources: tuple[Source, ...] = (Source.SELF, Source.HEALTH_VISITOR, Source.SCHOOL)
    distress: bool = False
    """Whether the council measures distress (CORE-10) as well, in an edition of its own."""


@dataclass(frozen=True)
class Answering:
    """How people answer an instrument, as shares of the range of its first scale."""

    before: float
    """The mean before the course."""
    apart: float
    """How far people are apart (standard deviation)."""
    moods: float
    """How far the same person is from themselves on another day (standard deviation)."""


# The truth that the demonstration's figures are to find: points on the first scale of the instrument. More is better
# for BPSES, less for CORE-10.
TRUE_EFFECTS: Mapping[str, Mapping[str, float]] = {
    "Standard Triple P": {"bpses": 3.0, "core10": -6.0},
    "The Solihull Approach": {"bpses": 2.0, "core10": -2.0},
    "Teen Triple P": {"bpses": 1.5},
    "Stepping Stones": {"bpses": 0.2},
    "Fearless": {"bpses": 1.0},
    "Transitions": {"bpses": 2.5},
}

ANSWERING: Mapping[str, Answering] = {
    "bpses": Answering(before=0.48, apart=0.12, moods=0.06),
    "core10": Answering(before=0.40, apart=0.11, moods=0.05),
}
FOLLOW_UP_WEEKS = 12
ANSWERS_BEFORE, ANSWERS_AFTER, ANSWERS_LATER = 0.94, 0.86, 0.45
"""The chance that somebody answers who started, who is there at the end, and some months later."""

PROGRAMMES = (
    ProgrammeStory(
        "The Solihull Approach", "solihull-understanding-your-child", (
            RunStory(WIDEMARSH, MON, time(18), 12), RunStory(CONINGSBY, WED, time(18), 12),
            RunStory(LEDBURY, TUE, time(10), 11),
        ),
        TRUE_EFFECTS["The Solihull Approach"], distress=True,
        sources=(Source.SELF, Source.SELF, Source.HEALTH_VISITOR, Source.GP),
    ),
    ProgrammeStory(
        "Standard Triple P", "triple-p-standard", (
            RunStory(WIDEMARSH, THU, time(9, 30), 11), RunStory(GREENCROFT, TUE, time(9, 30), 11),
            RunStory(RYEFIELD, WED, time(9, 30), 9, (0, 1)),
        ),
        TRUE_EFFECTS["Standard Triple P"], (1, 16, 7), distress=True,
        sources=(Source.SELF, Source.HEALTH_VISITOR, Source.SCHOOL, Source.EARLY_HELP, Source.SOCIAL_CARE),
    ),
    ProgrammeStory(
        "Teen Triple P", "triple-p-group-teen", (RunStory(GREENCROFT, WED, time(18), 10),),
        TRUE_EFFECTS["Teen Triple P"], stays=0.7, sources=(Source.SELF, Source.SCHOOL, Source.CAMHS, Source.EARLY_HELP),
    ),
    ProgrammeStory(
        "Stepping Stones", "triple-p-stepping-stones", (RunStory(WIDEMARSH, FRI, time(10), 11),),
        TRUE_EFFECTS["Stepping Stones"], (3, 18, 9), sources=(Source.SELF, Source.SCHOOL, Source.CAMHS, Source.GP),
    ),
    ProgrammeStory(
        "Fearless", "triple-p-fear-less", (
            RunStory(CONINGSBY, MON, time(10), 9, under_way=3), RunStory(LEDBURY, THU, time(18), 9, (0, 1)),
        ),
        TRUE_EFFECTS["Fearless"], (2, 20, 10), ages=(6, 14), sources=(Source.SELF, Source.SCHOOL, Source.CAMHS),
    ),
    ProgrammeStory(
        "Transitions", "triple-p-family-transitions", (RunStory(RYEFIELD, TUE, time(18), 5, (1, 2), under_way=2),),
        TRUE_EFFECTS["Transitions"], ages=(2, 14), stays=0.7,
        sources=(Source.SELF, Source.SOCIAL_CARE, Source.VOLUNTARY),
    ),
)  # fmt: skip

REFERRERS: Mapping[Source, tuple[str, ...]] = {
    Source.HEALTH_VISITOR: ("Jo Fletcher, health visitor", "Bev Small, health visitor"),
    Source.SCHOOL: ("Mr Ashby, St Example’s Primary School", "Ms Okoro, Example Road Nursery"),
    Source.GP: ("Dr Lane, Example Surgery",),
    Source.SOCIAL_CARE: ("Dee Marsh, social worker",),
    Source.EARLY_HELP: ("Early help team",),
    Source.CAMHS: ("Sal Whitby, child mental health service",),
    Source.VOLUNTARY: ("Example Family Support",),
}
REASONS = (
    "Bedtimes and mealtimes end in tears most days, and both parents are worn out.",
    "Would like ideas for staying calm when things get loud.",
    "Settling after a house move; school has noticed worries in the mornings.",
    "Has asked for a group where others are in the same boat.",
)
WHY_LEFT = (
    "New job: cannot make the time any more.",
    "Moving away.",
    "Illness in the family.",
    "Did not say.",
)
WHY_NOT = ("Found another course nearer home.", "The time does not suit.", "Would rather wait until spring.")
NEEDS = ("Large print, please.", "Uses a wheelchair.", "Needs to sit near the door.")
LANGUAGES = {
    "pl": "Polish", "ro": "Romanian", "ur": "Urdu", "ar": "Arabic", "uk": "Ukrainian", "zh": "Chinese",
    "pa": "Punjabi", "pt": "Portuguese",
}  # fmt: skip
SAID = ("Child was ill; wants to come next week.", "Working late; will catch up by telephone.")
OLDER = 64
"""How many families with older children are known through courses alone."""


def listed() -> Mapping[str, tuple[int, int] | None]:
    """Return the programmes of the list, and the ages that it says."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {row["programme"]: _ages(row) for row in csv.DictReader(lines)}


def ages_of(programme: ProgrammeStory) -> tuple[int, int]:
    """Return for which ages of children the council runs a programme, both included."""
    return listed().get(programme.listed) or programme.ages or (0, 18)


def _ages(row: Mapping[str, str]) -> tuple[int, int] | None:
    if not row["age_from_years"]:
        return None
    return int(row["age_from_years"]), int(row["age_to_years"])
