"""Who might take part: the demonstration's families, and some with older children."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from app.demo import households
from app.demo.parenting.story import OLDER, RunStory
from app.demo.past import Family
from app.demo.story import CARERS, CHILDREN, FAMILY_NAMES, CouncilStory, FamilyStory
from families.models import Person

YEAR = 365.25


class Taker(NamedTuple):
    """A parent who might take part, and the child whom it is about."""

    family: Family
    carer: Person
    child: Person


def add_older(
    council: CouncilStory, hubs: dict[str, UUID], runs: Sequence[RunStory], today: date
) -> list[Family]:
    """Add families with older children, who come for a course and for nothing else."""
    dice = Random(f"{council.slug} older")
    names = sorted({run.hub for run in runs})
    made = []
    for _ in range(OLDER):
        born = today - timedelta(days=int(dice.triangular(6 * YEAR, 17 * YEAR, 12 * YEAR)))
        story = FamilyStory(
            family_name=dice.choice(FAMILY_NAMES),
            carers=tuple(dice.sample(CARERS, dice.choice((1, 1, 2)))),
            children=((dice.choice(CHILDREN), born),),
            postcode=f"{dice.choice(council.postcodes)}{dice.choice('ABDEFGHJLN')}{dice.choice('ABDEFGHJLN')}",
            language=dice.choice(("en",) * 9 + ("pl", "ro")),
            ethnicity="WBRI",
            hub=dice.choice(names),
            keen=0.5,
            allergy=None,
            medical=None,
            need=None,
        )
        made.append(households.add_family(story, hubs[story.hub], dice))
    return made


class Crowd:
    """The families of a council, from whom those are drawn who take part; each in a programme once."""

    def __init__(self, families: Iterable[Family], dice: Random) -> None:
        self.families, self.dice = list(families), dice
        self.drawn: set[tuple[UUID, UUID]] = set()

    def draw(
        self, programme_id: UUID, hub_id: UUID, ages: tuple[int, int], day: date, number: int
    ) -> list[Taker]:
        """Return so many parents whose child is of an age on the day, those who live near first."""
        suited = [(family, child) for family in self.families if (child := _child(family, ages, day))]
        free = [pair for pair in suited if (programme_id, pair[0].household_id) not in self.drawn]
        free.sort(key=lambda pair: -self.dice.random() * (1.0 if pair[0].hub_id == hub_id else 0.3))
        takers = []
        for family, child in free[:number]:
            self.drawn.add((programme_id, family.household_id))
            carer = family.carers[-1] if self.dice.random() < 0.15 else family.carers[0]
            takers.append(Taker(family, carer, child))
        return takers

    def mark(self, programme_id: UUID, family: Family) -> None:
        """Draw a family for this programme no more."""
        self.drawn.add((programme_id, family.household_id))


def _child(family: Family, ages: tuple[int, int], day: date) -> Person | None:
    for child in family.children:
        born = child.date_of_birth
        if born and born < day and ages[0] <= int((day - born).days / YEAR) <= ages[1]:
            return child
    return None
