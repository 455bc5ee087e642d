"""Makes the things that a test needs, with sensible parts left out. Stand in a unit of work first."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from families.models import Caring, Household, Person
from families.terms import Entered, PersonKind, Relationship, Responsibility
from hubs.models import Activity, Hub, Room, Session, TeamMember
from hubs.terms import BookingMode, CountedIn
from kernel.clock import now, wall
from kernel.db import db
from kernel.ids import new_id


class Make:
    """Makes rows directly, for arranging; the tests act through services and doors."""

    def __init__(self, cast: dict[str, UUID]) -> None:
        self.cast = cast

    def hub(self, name: str = "Seacroft", *, team: tuple[str, ...] = ("asha", "beth"), **parts: Any) -> Hub:
        """Return the hub of this name, made when it is not there, with its team."""
        if found := db.scalar(select(Hub).where(Hub.name_key == name.casefold())):
            return found
        hub = self._add(
            Hub(name=name, name_key=name.casefold(), **{"area": "East", "postcode": "LS14 6JB", **parts})
        )
        for member in team:
            self._add(TeamMember(hub_id=hub.id, account_id=self.cast[member]))
        return hub

    def room(self, name: str = "Blue room", *, hub: Hub | None = None, people: int | None = None) -> Room:
        """Return a room."""
        return self._add(Room(hub_id=(hub or self.hub()).id, name=name, people=people))

    def activity(self, title: str = "Stay and play", **parts: Any) -> Activity:
        """Return the activity of this title, bookable, counted in families."""
        if found := db.scalar(select(Activity).where(Activity.title_key == title.casefold())):
            return found
        usual = {"mode": BookingMode.BOOKABLE, "counted_in": CountedIn.FAMILIES, "age_to_months": 59}
        return self._add(Activity(title=title, title_key=title.casefold(), **{**usual, **parts}))

    def session(
        self, *, starts_in: timedelta = timedelta(days=1), lasts: timedelta = timedelta(minutes=90),
        hub: Hub | None = None, activity: Activity | None = None, families: int | None = 8, **parts: Any,
    ) -> Session:  # fmt: skip
        """Return a session, tomorrow at ten for eight families."""
        starts = now() + starts_in
        return self._add(
            Session(
                activity_id=(activity or self.activity()).id,
                hub_id=(hub or self.hub()).id,
                on_date=wall(starts).date(),
                starts_at=starts,
                ends_at=starts + lasts,
                most_families=families,
                **parts,
            )
        )

    def household(self, postcode: str = "LS14 1AA", **parts: Any) -> Household:
        """Return an empty household."""
        reference = f"F{new_id().hex[-6:].upper()}"
        return self._add(
            Household(
                reference=reference,
                postcode=postcode,
                postcode_key=postcode.replace(" ", ""),
                entered=Entered.ONLINE,
                completed_at=now(),
                **parts,
            )
        )

    def carer(
        self, name: str = "Paula Reyes", *, household: Household | None = None, account: str | None = None
    ) -> Person:
        """Return a carer; with ``account="paula"`` one who can sign in."""
        return self._person(
            PersonKind.CARER, name, household, account_id=self.cast[account] if account else None
        )

    def child(
        self, name: str = "Mia Reyes", *, born: date | None = date(2024, 1, 15), due: date | None = None,
        household: Household | None = None, of: Person | None = None,
    ) -> Person:  # fmt: skip
        """Return a child, two years old, cared for by ``of``."""
        household = household or (db.get_one(Household, (of.tenant_id, of.household_id)) if of else None)
        child = self._person(
            PersonKind.CHILD, name, household, date_of_birth=None if due else born, due_date=due
        )
        if of:
            self._add(
                Caring(
                    carer_id=of.id,
                    child_id=child.id,
                    relationship=Relationship.MOTHER,
                    responsibility=Responsibility.YES,
                )
            )
        return child

    def family(self, *children: str, carer: str = "Paula Reyes", account: str | None = None) -> list[Person]:
        """Return a carer and her children, in one household: ``paula, mia = make.family("Mia Reyes")``."""
        parent = self.carer(carer, household=self.household(), account=account)
        return [parent, *(self.child(name, of=parent) for name in children or ("Mia Reyes",))]

    def _person(self, kind: PersonKind, name: str, household: Household | None, **parts: Any) -> Person:
        given, _, family = name.partition(" ")
        return self._add(
            Person(
                household_id=(household or self.household()).id,
                kind=kind,
                given_name=given,
                family_name=family,
                name_key=name.casefold(),
                family_name_key=family.casefold(),
                email="",
                **parts,
            )
        )

    def _add(self, row: Any) -> Any:
        db.add(row)
        db.flush()
        return row


def at(text: str) -> datetime:
    """Return a moment: ``at("2026-03-02 10:00")``, in UTC."""
    return datetime.combine(date.fromisoformat(text[:10]), time.fromisoformat(text[11:]), UTC)
