"""Questions about families."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import select

from accounts.queries import Person as SignedIn
from families.models import Caring, Person
from families.terms import PersonKind
from kernel.db import db
from kernel.errors import NotFound

Sight = Callable[[SignedIn, UUID], bool]
_sights: list[Sight] = []


def sight(sees: Sight) -> Sight:
    """Make a function of an upper context one that says whether somebody of staff may open a household."""
    if sees not in _sights:
        _sights.append(sees)
    return sees


def ensure_may_open(person: SignedIn, household_id: UUID) -> None:
    """Raise NotFound unless the household is known at a hub where the person works."""
    if not any(sees(person, household_id) for sees in _sights):
        raise NotFound("household")


def carer_of(account_id: UUID) -> Person | None:
    """Return the carer who signs in with this account."""
    return db.scalar(select(Person).where(Person.account_id == account_id, Person.left_at.is_(None)))


def party_choices(carer: Person) -> Sequence[Person]:
    """Return those for whom a carer may book: the carers of her household, then her children wherever they live."""
    children = select(Caring.child_id).where(Caring.carer_id == carer.id)
    wanted = (
        select(Person)
        .where(
            Person.left_at.is_(None),
            ((Person.household_id == carer.household_id) & (Person.kind == PersonKind.CARER))
            | Person.id.in_(children),
        )
        .order_by(Person.kind, Person.date_of_birth, Person.id)
        .limit(50)
    )
    return db.scalars(wanted).all()
