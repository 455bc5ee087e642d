"""Families that are known at a hub."""

import pytest

from bookings.models import FamilyAtHub
from kernel.db import db
from tests.post import *  # noqa: F403


@pytest.fixture
def known():
    """Let a household be known at Seacroft: ``known(make, household_id)``."""

    def tell(make, household_id):
        db.add(FamilyAtHub(hub_id=make.hub().id, household_id=household_id))
        db.flush()

    return tell
