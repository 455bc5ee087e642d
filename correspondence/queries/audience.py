"""Who an announcement is for: worked out when it is looked at and again when it goes, never kept.

An audience is of carers who agreed to news about activities; whoever is on record twice with one email address and one
number is in it once. Where it tells that somebody goes to a hub, or that a child lives in an area, families are left
out in which a carer hides from another where they go: that they were written to would say it.
"""

from collections.abc import Collection, Sequence
from datetime import time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, case, func, or_, select, union
from sqlalchemy.orm import aliased

from accounts.models import Account
from accounts.queries import Person as SignedIn
from bookings.models import Booking, FamilyAtHub
from bookings.terms import Standing
from correspondence import rules
from correspondence.terms import Audience, Wanted
from families.models import Caring, Consent, ContactRules, Household, Person
from families.terms import ConsentKind, PersonKind
from hubs.models import Session
from hubs.queries import teams_of
from kernel.clock import today
from kernel.db import db
from kernel.london import at_wall_time
from kernel.permissions import Permission
from messaging.terms import Never

OVERDUE = timedelta(days=60)
"""For so long after its day a baby counts as expected, until somebody enters when it was born."""
SAMPLE = 5


class Counted(NamedTuple):
    """How many people an announcement is for, and how many it leaves out."""

    people: int
    without_address: int
    """Of these, how many have nowhere to which it could go."""
    without_news: int
    """How many more it would be for, had their family agreed to news."""

    @property
    def reached(self) -> int:
        """Return how many have an address or a number."""
        return self.people - self.without_address


def count(wanted: Wanted, *, by_text: bool = True) -> Counted:
    """Return how many people are in an audience now, in one statement; ``by_text``: it can go to a number."""
    somewhere = or_(Person.email != "", _sign_in().is_not(None), *([Person.phone != ""] if by_text else []))
    inside = (
        _inside(wanted)
        .add_columns(
            _agreed().label("agreed"), somewhere.label("somewhere"), _record(_agreed()).label("record")
        )
        .subquery()
    )
    once, agreed = inside.c.record == 1, inside.c.agreed.is_(True)
    told = db.execute(
        select(
            func.count().filter(once, agreed).label("people"),
            func.count().filter(once, agreed, ~inside.c.somewhere).label("without_address"),
            func.count().filter(once, inside.c.agreed.is_not(True)).label("without_news"),
        ).select_from(inside)
    ).one()
    return Counted(**told._mapping)


def people(wanted: Wanted, *, after: UUID | None, limit: int) -> Sequence[UUID]:
    """Return the next people of an audience in the order of their ids, so that none comes twice. One statement."""
    inside = _audience(wanted).add_columns(_record().label("record")).subquery()
    statement = select(inside.c.id).where(inside.c.record == 1).order_by(inside.c.id).limit(limit)
    return db.scalars(statement.where(inside.c.id > after) if after else statement).all()


def may_still_get(wanted: Wanted, person_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these people of an audience who still agree to news and may still be told. One statement."""
    those: Select[*tuple[Any, ...]] = select(Person.id).where(
        Person.id.in_(person_ids), Person.left_at.is_(None), _agreed().is_(True)
    )
    return set(db.scalars(_unseen_left_out(those, wanted)))


def sample(wanted: Wanted, *, seen_by: SignedIn) -> Sequence[str]:
    """Return what a few of an audience are called: of families that this person may open, and nobody's otherwise."""
    if not seen_by.may(Permission.SEE_FAMILIES) or seen_by.sees_all_hubs:
        return []
    theirs = select(FamilyAtHub.household_id).where(FamilyAtHub.hub_id.in_(teams_of(seen_by)))
    statement = (
        _audience(wanted).where(Person.household_id.in_(theirs)).order_by(Person.id).limit(SAMPLE)
    ).with_only_columns(Person.known_as, Person.given_name)
    return [row.known_as or row.given_name for row in db.execute(statement)]


def _audience(wanted: Wanted) -> Select[*tuple[Any, ...]]:
    return _inside(wanted).where(_agreed().is_(True))


def _inside(wanted: Wanted) -> Select[*tuple[Any, ...]]:
    """Return the question who is in an audience, whether or not they agreed to news: each person once.

    What it is asked of is worked out once each (``MATERIALIZED``), however little PostgreSQL knows of the tables.
    """
    among = {Audience.BOOKED: _booked, Audience.CHILDREN: _with_children, Audience.HUB: _known}
    those = _once(among[wanted.audience](wanted), "those")
    inside: Select[*tuple[Any, ...]] = (
        select(Person.id, Person.household_id)
        .join(those, those.c.carer_id == Person.id)
        .where(Person.kind == PersonKind.CARER, Person.left_at.is_(None))
    )
    return _unseen_left_out(inside, wanted)


def _unseen_left_out(people: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    """Return the question without those who would be told by it where another goes, or lives with the child."""
    if wanted.audience == Audience.CHILDREN and not (wanted.hub_id or wanted.district):
        return people
    hidden = _once(_hiding_or_hidden_from(), "hidden")
    return people.where(Person.id.not_in(select(hidden.c.carer_id)))


def _once(question: Any, name: str) -> CTE:
    made: CTE = question.cte(name).prefix_with("MATERIALIZED")
    return made


def _booked(wanted: Wanted) -> Any:
    """Return the question who is told about a booking of these days."""
    assert wanted.first
    assert wanted.last
    booked = (
        select(Booking.carer_id.label("carer_id"))
        .distinct()
        .join(Session, Session.id == Booking.session_id)
        .where(
            Session.starts_at >= at_wall_time(wanted.first, time()),
            Session.starts_at < at_wall_time(wanted.last + timedelta(days=1), time()),
            Booking.standing == Standing.CONFIRMED,
            Booking.carer_id.is_not(None),
        )
    )
    return booked.where(Session.hub_id == wanted.hub_id) if wanted.hub_id else booked


def _with_children(wanted: Wanted) -> Any:
    """Return the question who looks after a child of an age and area, in whichever household the child lives."""
    first, last = rules.born_between(wanted.from_months, wanted.to_months, on=today())
    children: Any = _children(wanted, Person.date_of_birth.between(first, last))
    if wanted.expected:
        children = union(children, _children(wanted, Person.due_date >= today() - OVERDUE))
    those = _once(children, "children")
    return select(Caring.carer_id.label("carer_id")).distinct().join(those, those.c.id == Caring.child_id)


def _children(wanted: Wanted, which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    children: Select[*tuple[Any, ...]] = select(Person.id.label("id")).where(
        Person.kind == PersonKind.CHILD, Person.left_at.is_(None), which
    )
    if wanted.district:
        home = _of_their_own(select(Household.postcode_key).where(Household.id == Person.household_id))
        children = children.where(
            home.startswith(wanted.district, autoescape=True),
            func.length(home) == len(wanted.district) + 3,
        )
    if wanted.hub_id:
        known = select(FamilyAtHub.id).where(
            FamilyAtHub.hub_id == wanted.hub_id, FamilyAtHub.household_id == Person.household_id
        )
        children = children.where(_of_their_own(known).is_not(None))
    return children


def _of_their_own(question: Select[Any]) -> Any:
    """Return the one answer to a question about each person's household, looked up person by person."""
    return question.limit(1).correlate(Person).scalar_subquery()


def _known(wanted: Wanted) -> Any:
    """Return the question who lives in a household that is known at a hub."""
    known = (
        select(Person.id.label("carer_id"))
        .distinct()
        .join(FamilyAtHub, FamilyAtHub.household_id == Person.household_id)
    )
    return known.where(FamilyAtHub.hub_id == wanted.hub_id) if wanted.hub_id else known


def _agreed() -> Any:
    """Return what the household answered last when it was asked whether it wants news."""
    return _of_their_own(
        select(Consent.agreed)
        .where(Consent.household_id == Person.household_id, Consent.kind == ConsentKind.NEWS)
        .order_by(Consent.answered_at.desc(), Consent.id.desc())
    )


def _record(*among: Any) -> Any:
    """Return which record with one address and number a person's is, of those that are alike: 1 for the first."""
    nowhere = (Person.email == "") & (Person.phone == "")
    same = (*among, func.lower(Person.email), Person.phone, case((nowhere, Person.id)))
    return func.row_number().over(partition_by=same, order_by=Person.id)


def _sign_in() -> Any:
    """Return the account with whose address a person is written to who has given no other."""
    return _of_their_own(
        select(Account.id).where(Account.id == Person.account_id, Account.disabled_at.is_(None))
    )


def _hiding_or_hidden_from() -> Any:
    """Return the question who lives, or looks after a child, with a carer who hides where they go; they do, too."""
    hiding, other = aliased(Person), aliased(Person)
    own, shared = aliased(Caring), aliased(Caring)
    hides = ContactRules.replaced_at.is_(None) & ContactRules.never.contains([Never.PLACE.value])
    at_home = (
        select(other.id.label("carer_id"))
        .join(hiding, hiding.household_id == other.household_id)
        .join(ContactRules, ContactRules.person_id == hiding.id)
        .where(hides)
    )
    elsewhere = (
        select(shared.carer_id)
        .join(own, own.child_id == shared.child_id)
        .join(ContactRules, ContactRules.person_id == own.carer_id)
        .where(hides)
    )
    return union(at_home, elsewhere)
