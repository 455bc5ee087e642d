"""What those who wait are told about each decision, in a sentence or two."""

from datetime import datetime

from bookings.rules.fitting import MOST_SKIPS, Party
from kernel import prose


def joined(ahead: int) -> str:
    """Say that a party began to wait."""
    if not ahead:
        return "You joined the waiting list. You are first in line."
    return (
        f"You joined the waiting list, behind {prose.count(ahead, 'family', 'families')}. "
        "Places are offered in the order in which families joined."
    )


def offered(until: datetime) -> str:
    """Say that it is the party's turn."""
    return f"A place became free and it is your turn. It is kept for you until {prose.moment(until)}."


def skipped(party: Party, times: int, in_all: int) -> str:
    """Say that somebody who began later was served first, and why."""
    who = "a smaller party got a place" if times == 1 else f"{times} smaller parties got places"
    return f"There was not enough room for {_size(party)}, so {who}. You keep your place in the list. {_then(in_all)}"


def accepted() -> str:
    """Say that the party took its place."""
    return "You took the place."


def lapsed() -> str:
    """Say that an offer was not answered."""
    return "You did not take the place in time, so it went to the next family."


def started() -> str:
    """Say that the wait was in vain."""
    return "The session started before there was a place for you."


def left() -> str:
    """Say that the party waits no longer, as it wished."""
    return "You left the waiting list."


def declined() -> str:
    """Say that the party turned an offer down."""
    return "You turned the place down."


def called_off() -> str:
    """Say that there is nothing to wait for."""
    return "The session was called off."


def _then(skipped_in_all: int) -> str:
    left = MOST_SKIPS - skipped_in_all
    if left <= 0:
        return "From now on nobody gets a place before you."
    return f"This can happen {prose.count(left, 'more time', 'more times')} at most."


def _size(party: Party) -> str:
    said = ((party.adults, "adult", "adults"), (party.children, "child", "children"))
    return prose.listing([prose.count(many, one, more) for many, one, more in said if many])
