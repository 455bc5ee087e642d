import pytest

from bookings.models import FamilyAtHub
from families.models import Consent
from families.terms import ConsentKind
from kernel.clock import now
from kernel.db import db
from tests.correspondence.town import Town
from tests.post import *  # noqa: F403
from tests.texting import *  # noqa: F403


@pytest.fixture
def seacroft(set_up):
    """A hub with a family that agreed to news, and one more for each further name."""
    with set_up() as make:
        hub = make.hub()
        for name in ("Nadia", "Omar"):
            carer, _ = make.family(f"Mia of {name}", carer=f"{name} Reyes")
            carer.email = f"{name.lower()}@people.example"
            db.add(
                Consent(
                    household_id=carer.household_id, kind=ConsentKind.NEWS, agreed=True, answered_at=now()
                )
            )
            db.add(FamilyAtHub(hub_id=hub.id, household_id=carer.household_id))
        return hub


def typed(hub, **parts):
    return {
        "topic": "New opening times", "words": "We open **later** on Friday.", "hub_id": str(hub.id) if hub else "",
        "audience": "hub", "way": "email", "age_from": "0", "age_from_unit": "months", "age_to": "11",
        "age_to_unit": "months", **parts,
    }  # fmt: skip


@pytest.fixture
def town(stage, leeds):
    return Town(stage)
