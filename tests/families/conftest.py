"""Who may open a family's record, as the house says it above families: what is known at one's own hub."""

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from bookings.models import FamilyAtHub
from families import queries
from families.events import FamilyMet
from hubs import queries as hubs
from kernel.db import db, here
from kernel.ids import new_id
from kernel.journal import on


@queries.sight
def known_at_my_hub(person, household_id):
    mine = hubs.hub_ids_seen_by(person)
    at = select(FamilyAtHub.hub_id).where(FamilyAtHub.household_id == household_id)
    return bool(mine) and bool(set(db.scalars(at)) & mine)


@queries.workplaces
def my_hubs(person):
    return [(hub.id, hub.name) for hub in hubs.hubs_seen_by(person)]


@on(FamilyMet)
def know_at_hub(met):
    row = insert(FamilyAtHub).values(tenant_id=here(), id=new_id(), hub_id=met.hub, household_id=met.subject)
    db.execute(row.on_conflict_do_nothing())


@pytest.fixture
def known():
    """Let a household be known at Seacroft: ``known(make, household_id)``."""

    def tell(make, household_id):
        db.add(FamilyAtHub(hub_id=make.hub().id, household_id=household_id))
        db.flush()

    return tell
