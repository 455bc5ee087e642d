"""Who may open whose record."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import bindparam, select

from accounts.queries import Person as SignedIn
from families.models import Caring, Person
from families.queries.record import carers_of
from families.terms import PersonKind
from kernel.db import db, find, kept
from kernel.errors import NotFound

Sight = Callable[[SignedIn, UUID], bool]
Workplaces = Callable[[SignedIn], Sequence[tuple[UUID, str]]]
_sights: list[Sight] = []
_workplaces: list[Workplaces] = []


def sight(sees: Sight) -> Sight:
    """Make a function of an upper context one that says whether somebody of staff may open a household."""
    if sees not in _sights:
        _sights.append(sees)
    return sees


def workplaces(names: Workplaces) -> Workplaces:
    """Make a function of an upper context one that names the hubs at which somebody of staff can meet a family."""
    if names not in _workplaces:
        _workplaces.append(names)
    return names


def hubs_of(person: SignedIn) -> list[tuple[UUID, str]]:
    """Return the ids and names of the hubs at which somebody of staff can meet a family."""
    return list(dict.fromkeys(hub for names in _workplaces for hub in names(person)))


def may_open(person: SignedIn, household_id: UUID) -> bool:
    """Say whether the household is known at a hub where the person works."""
    return any(sees(person, household_id) for sees in _sights)


def ensure_may_open(person: SignedIn, household_id: UUID) -> None:
    """Raise NotFound unless the household is known at a hub where the person works."""
    if not may_open(person, household_id):
        raise NotFound("household")


def may_open_person(signed_in: SignedIn, person: Person) -> bool:
    """Say whether staff may open a person's record: the household is known to them, or that of a child's carer."""
    if may_open(signed_in, person.household_id):
        return True
    homes = {carer.household_id for carer in carers_of([person.id])}
    return any(may_open(signed_in, home) for home in sorted(homes))


_CARER = kept(select(Person).where(Person.account_id == bindparam("account"), Person.left_at.is_(None)))


def carer_of(account_id: UUID) -> Person | None:
    """Return the carer who signs in with this account."""
    return db.scalar(_CARER, {"account": account_id})


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


def find_own(carer: Person, person_id: UUID) -> Person:
    """Return one of the carer's own family, or raise NotFound: her household, and her children wherever they live."""
    person = find(Person, person_id)
    if person.left_at or not (person.household_id == carer.household_id or _looks_after(carer, person)):
        raise NotFound("person")
    return person


def _looks_after(carer: Person, child: Person) -> bool:
    caring = select(Caring.id).where(Caring.carer_id == carer.id, Caring.child_id == child.id)
    return db.scalar(caring) is not None


def own_family(carer: Person) -> Sequence[Person]:
    """Return the carer's household and her children wherever they live, carers first, the eldest child first."""
    children = select(Caring.child_id).where(Caring.carer_id == carer.id)
    wanted = (
        select(Person)
        .where(
            Person.left_at.is_(None), (Person.household_id == carer.household_id) | Person.id.in_(children)
        )
        .order_by(Person.kind, Person.date_of_birth, Person.id)
        .limit(50)
    )
    return db.scalars(wanted).all()
