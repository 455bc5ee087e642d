"""The invented families of the demonstration, as rows; and those of the parents who can sign in."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select

from app.demo.past import Family
from app.demo.personas import Persona
from app.demo.story import FamilyStory
from families import rules as family_rules
from families import service as family_service
from families.models import CareRecord, Caring, Household, Person
from families.service import NewCarer, NewChild, NewContact, NewFamily
from families.terms import ConsentKind, Entered, PersonKind, Relationship, Responsibility, SendStatus
from kernel.clock import now, today
from kernel.db import db

OWN = range(123, 130)
"""How the numbers end of parents who can sign in. Marta has the first, in the documentation."""


def add_family(story: FamilyStory, hub_id: UUID, dice: Random) -> Family:
    """Add the rows of an invented family."""
    household = Household(
        reference=family_rules.new_reference(dice),
        address=f"{dice.randrange(1, 120)} Example Road",
        postcode=story.postcode,
        postcode_key=family_rules.postcode_key(story.postcode),
        entered=Entered.ONLINE,
        completed_at=now() - timedelta(days=dice.randrange(30, 400)),
    )
    db.add(household)
    carers = [_row(household, PersonKind.CARER, given, story) for given in story.carers]
    carers[0].phone = _number(dice.randrange(1000), kept_free=OWN)
    name = family_rules.name_key(carers[0].given_name)
    carers[0].email = f"{name}.{dice.randrange(10**6)}@families.example"
    children = [_row(household, PersonKind.CHILD, given, story, born) for given, born in story.children]
    db.flush()
    db.add_all([*carers, *children])
    db.flush()
    for carer in carers:
        for child in children:
            db.add(
                Caring(
                    carer_id=carer.id,
                    child_id=child.id,
                    responsibility=Responsibility.YES,
                    relationship=Relationship.MOTHER if carer is carers[0] else Relationship.FATHER,
                )
            )
    if story.allergy or story.medical or story.need:
        if story.need:
            children[0].send = SendStatus.SUPPORT
        db.add(
            CareRecord(
                person_id=children[0].id, allergies=story.allergy, medical=story.medical, needs=story.need
            )
        )
    return Family(story, household.id, carers, children, hub_id)


def register_own(persona: Persona, hub: str, hub_id: UUID, postcode: str, dice: Random) -> Family:
    """Register the family of a parent among the personas, as they would themselves."""
    given, _, family_name = persona.name.partition(" ")
    born = today() - timedelta(days=870), today() - timedelta(days=190)
    first, second = dice.sample(["Maja", "Leo", "Nia", "Theo", "Hana", "Finn"], 2)
    told = FamilyStory(
        family_name,
        (given,),
        ((first, born[0]), (second, born[1])),
        postcode,
        "en",
        "",
        hub,
        0.9,
        None,
        None,
        None,
    )
    household = family_service.register(
        NewFamily(
            carer=NewCarer(
                given_name=given, family_name=family_name, email=persona.email, phone=_number(OWN[0])
            ),
            children=tuple(
                NewChild(
                    given_name=child,
                    family_name=family_name,
                    date_of_birth=day,
                    relationship=Relationship.MOTHER,
                    responsibility=Responsibility.YES,
                    allergies="Peanuts" if child == first else "",
                )
                for child, day in told.children
            ),
            address="4 Example Road",
            postcode=told.postcode,
            contacts=(NewContact("Gran", "07700 900456", "Grandmother"),),
            consents={ConsentKind.PHOTOS: True, ConsentKind.FIRST_AID: True, ConsentKind.NEWS: True},
        ),
        entered=Entered.ONLINE,
        account_id=persona.account_id,
        hub_id=hub_id,
    )
    people = db.scalars(
        select(Person).where(Person.household_id == household.id).order_by(Person.kind, Person.id)
    ).all()
    carers = [person for person in people if person.kind is PersonKind.CARER]
    children = [person for person in people if person.kind is PersonKind.CHILD]
    return Family(told, household.id, carers, children, hub_id)


def _number(wanted: int, *, kept_free: range = range(0)) -> str:
    """Return a number that is kept for stories, or the next that nobody in the council has: a text has one sender."""
    taken = set(db.scalars(select(Person.phone).where(Person.phone != "")))
    ends = ((wanted + step) % 1000 for step in range(1000) if (wanted + step) % 1000 not in kept_free)
    return next(number for end in ends if (number := f"07700 900{end:03}") not in taken)


def _row(
    household: Household, kind: PersonKind, given: str, story: FamilyStory, born: date | None = None
) -> Person:
    name = f"{given} {story.family_name}"
    return Person(
        household_id=household.id,
        kind=kind,
        given_name=given,
        family_name=story.family_name,
        name_key=family_rules.name_key(name),
        family_name_key=family_rules.name_key(story.family_name),
        date_of_birth=born,
        language=story.language,
        ethnicity=story.ethnicity,
    )
