"""What courses follow: the marks of registers become doses, and a first dose is a start."""

from programmes.models import Participation
from programmes.terms import Presence


def after_dose(participation: Participation, presence: Presence | None) -> None:
    """Let somebody stand, and tasks be, as what is now known of their contacts says."""
    raise NotImplementedError
