"""Who of the staff sees what was asked: the context that asks says so."""

from collections.abc import Callable
from uuid import UUID

from accounts.queries import Person as SignedIn

Sight = Callable[[SignedIn, UUID], bool]
_sights: list[Sight] = []


def sight(sees: Sight) -> Sight:
    """Make a function of an upper context one that says whether somebody of staff sees what was asked about an id."""
    if sees not in _sights:
        _sights.append(sees)
    return sees


def may_see(person: SignedIn, about_id: UUID) -> bool:
    """Say whether somebody of staff sees the questionnaires about this."""
    return any(sees(person, about_id) for sees in _sights)
