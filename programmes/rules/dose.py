"""How much of a course somebody had, and whether they are about to drop out of it. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from attendance.terms import CAME, Mark
from programmes.terms import COUNTS, Presence, TaskKind

TOO_MANY_MISSED = 2
"""Whoever did not come to so many contacts in a row is about to drop out."""


class Known(NamedTuple):
    """What is known of one contact of one participant."""

    contact_id: UUID
    number: int
    on_date: date
    """The day of the session, or the day on which something was said of an appointment."""
    presence: Presence | None
    make_up: UUID | None = None
    """The contact of a parallel group at which it was, or will be, made up."""
    make_up_failed: bool = False
    """Whether they did not come there either, or nobody will say any more whether they did."""

    @property
    def counts(self) -> bool:
        """Say whether it is a dose."""
        return self.presence in COUNTS

    @property
    def planned(self) -> bool:
        """Say whether it is still to be made up elsewhere."""
        return self.make_up is not None and not self.counts and not self.make_up_failed

    @property
    def did_not_come(self) -> bool:
        """Say whether they were not there, and have not planned to make it up: with apologies or without."""
        return self.presence is not None and not self.counts and not self.planned


def dose(presences: Iterable[Presence | None]) -> int:
    """Return how many contacts count: attended, made up elsewhere, or brought from another course."""
    return sum(presence in COUNTS for presence in presences)


def has_started(presences: Iterable[Presence | None]) -> bool:
    """Say whether somebody had any contact yet."""
    return dose(presences) > 0


def completed(
    presences: Mapping[int, Presence | None], *, least: int, must_attend: Collection[int] = ()
) -> bool:
    """Say whether somebody completed a course: at least so many contacts, by number, and all that must be attended."""
    had = {number for number, presence in presences.items() if presence in COUNTS}
    return len(had) >= least and had.issuperset(must_attend)


def missed_lately(contacts: Iterable[Known]) -> list[Known]:
    """Return the contacts since the last dose to which somebody did not come, the first first.

    Apologies count too: what matters is that they were not there. A make-up that is planned does not, and neither
    does a contact of which nothing is known yet.
    """
    run: list[Known] = []
    for known in sorted(contacts, key=lambda known: known.number):
        if known.counts:
            run = []
        elif known.did_not_come:
            run.append(known)
    return run


def missed_in_a_row(contacts: Iterable[Known]) -> int:
    """Return how many contacts in a row somebody has not come to, up to now."""
    return len(missed_lately(contacts))


def about_to_drop_out(contacts: Iterable[Known]) -> bool:
    """Say whether somebody has not come to two contacts in a row."""
    return missed_in_a_row(contacts) >= TOO_MANY_MISSED


def tasks_wanted(contacts: Iterable[Known]) -> dict[tuple[TaskKind, UUID], Known]:
    """Return whom to ring about what: each contact missed without a word since the last dose, and two in a row."""
    run = missed_lately(contacts)
    wanted = {
        (TaskKind.MISSED, known.contact_id): known for known in run if known.presence == Presence.MISSED
    }
    if len(run) >= TOO_MANY_MISSED:
        wanted[TaskKind.ABOUT_TO_DROP_OUT, run[-1].contact_id] = run[-1]
    return wanted


def presence_of(
    here: Collection[Mark], elsewhere: Collection[Mark] = (), *, closed: bool = False, told_before: bool = False,
    planned: bool = False,
) -> Presence | None:  # fmt: skip
    """Return what the registers say of a contact: None says nothing yet.

    ``here`` is what the session's own register says of the one or two who take part together, ``elsewhere`` what the
    register of the session says where it is made up. One of two is enough. When the register is ``closed`` and says
    nothing of somebody, they missed it, unless they had ``told_before``.
    """
    if any(mark in CAME for mark in here):
        return Presence.ATTENDED
    if any(mark in CAME for mark in elsewhere):
        return Presence.MADE_UP
    if Mark.APOLOGIES in here or (not here and closed and told_before):
        return Presence.APOLOGIES
    if here or elsewhere or closed:
        return Presence.MISSED
    return Presence.APOLOGIES if planned else None
