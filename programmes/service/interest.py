"""Those who would like to know of the next course of a programme."""

from uuid import UUID

from programmes.models import Interest


def show_interest(programme_id: UUID, household_id: UUID, person_id: UUID) -> Interest:
    """Keep that somebody would like to be told; asking again changes nothing."""
    raise NotImplementedError


def leave(interest: Interest) -> None:
    """Take somebody off the list; asking again changes nothing."""
    raise NotImplementedError
