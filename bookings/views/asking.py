"""For which family somebody books: a carer for her own, or staff for one on the telephone."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask_login import current_user

from bookings.models import Booking
from bookings.queries import hiding, looking
from bookings.terms import Channel
from bookings.views.doors import blueprint
from families import queries as families
from families.models import Person
from families.terms import PersonKind
from kernel.db import find
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.pages import see_address
from messaging.models import Suppression
from messaging.terms import Never


@dataclass(frozen=True)
class Asking:
    """The family for which somebody books, who of it could come, and where the pages about it are."""

    household_id: UUID
    carer: Person | None
    """Who is told about the booking."""
    channel: Channel

    @property
    def is_staff(self) -> bool:
        """Say whether somebody of staff asks for a family."""
        return self.channel == Channel.STAFF

    @property
    def broken(self) -> Sequence[Suppression]:
        """Return, for staff, what does not work of the addresses of the carer who is told."""
        told = self.carer if self.is_staff else None
        return families.broken_addresses([told.id]).get(told.id, ()) if told else ()

    @property
    def asked_by(self) -> UUID | None:
        """Return the carer who asks, from whom is hidden what another does unseen; staff see all."""
        return None if self.is_staff or not self.carer else self.carer.id

    def told(self, coming: Collection[UUID]) -> UUID | None:
        """Return the carer who is told when these people come: whoever books, or whom staff's booking is told to."""
        carer = looking.who_is_told(self.household_id, coming=coming) if self.is_staff else self.carer
        return carer.id if carer else None

    def is_full(self, session_id: UUID) -> bool:
        """Say whether a session is full to this family, however much room it has: another carer goes there unseen."""
        return session_id in hiding.hidden_sessions([session_id], None if self.is_staff else self.carer)

    @cached_property
    def careful(self) -> list[tuple[str, Collection[Never]]]:
        """Return the carers of the family whom staff contact with care, each with what must not be done."""
        carers = (
            [person for person in self.people() if person.kind == PersonKind.CARER] if self.is_staff else []
        )
        never = families.never_of([carer.id for carer in carers])
        return [(carer.name, never[carer.id]) for carer in carers if carer.id in never]

    def people(self) -> Sequence[Person]:
        """Return those who could come: carers first, then children."""
        return looking.who_could_come(self.household_id, self.carer)

    def find(self, booking_id: UUID) -> Booking:
        """Return a booking of this family, or raise NotFound."""
        booking = find(Booking, booking_id)
        if booking.household_id != self.household_id or hiding.is_hidden(booking.id, self.asked_by):
            raise NotFound("booking")
        return booking

    def address(self, page: str, **values: Any) -> str:
        """Return the address of a page about this family's bookings."""
        if self.is_staff:
            return url_for(f"bookings.family_{page}", household_id=self.household_id, **values)
        return url_for(f"bookings.{page}", **values)


def own() -> Asking | None:
    """Return the family of the carer who is signed in, when there is one."""
    carer = families.carer_of(current_user.id) if current_user.is_authenticated else None
    return Asking(carer.household_id, carer, Channel.WEB) if carer else None


def of_family(household_id: UUID) -> Asking:
    """Return a family for which whoever is signed in may book, or raise NotFound."""
    families.ensure_may_open(current_user, household_id)
    return Asking(household_id, looking.who_is_told(household_id), Channel.STAFF)


def door(rule: str, *, post: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Open two doors to one view: a carer's for her own family, and one below /families for staff.

    The view is given the family as an ``Asking``, and the endpoint of the door for staff is called ``family_…``.
    """
    method = blueprint.post if post else blueprint.get

    def opening(view: Callable[..., Any]) -> Callable[..., Any]:
        name = view.__name__
        method(rule, endpoint=name)(requires(Permission.BOOK_FOR_OWN_FAMILY)(_for_own_family(view)))
        staff = requires(Permission.MANAGE_BOOKINGS)(_for_a_family(view))
        method(f"/families/<uuid:household_id>{rule}", endpoint=f"family_{name}")(staff)
        return view

    return opening


def _for_own_family(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def entering(*args: Any, **kwargs: Any) -> Any:
        asking = own()
        if asking is None:
            flash("Tell us about your family first. Then you can book.")
            return see_address("/register")
        return view(asking, *args, **kwargs)

    return entering


def _for_a_family(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def entering(household_id: UUID, *args: Any, **kwargs: Any) -> Any:
        return view(of_family(household_id), *args, **kwargs)

    return entering
