"""Addresses and numbers on people's records at which messages do not arrive."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from families.queries.reaching import recipients
from messaging.models import Suppression
from messaging.queries import suppressed_among


def broken_addresses(person_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Suppression]]:
    """Return what does not work of the addresses and numbers of people, by person; nobody whose all work."""
    return suppressed_among(list(recipients(person_ids).values())) if person_ids else {}
