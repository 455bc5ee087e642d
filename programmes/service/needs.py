"""What somebody needs who takes part, once they have a place: known to those who run the course."""

from kernel.db import find
from kernel.journal import record
from programmes.errors import CannotMove
from programmes.events import NeedsChanged
from programmes.models import Participation
from programmes.terms import LIVE


def change(
    participation: Participation, *, interpreter: str | None = None, access_needs: str | None = None
) -> None:
    """Say in which language somebody needs an interpreter, and what would help them; what is not named stays."""
    participation = find(Participation, participation.id, lock=True)
    if participation.standing not in LIVE:
        raise CannotMove
    if interpreter is not None:
        participation.interpreter = interpreter.strip()
    if access_needs is not None:
        participation.access_needs = access_needs.strip() or None
    record(NeedsChanged(subject=participation.id))
