"""What the API of hubs shares: its blueprint, and hubs that whoever asks sees."""

from uuid import UUID

from flask_login import current_user
from flask_smorest import Blueprint

from hubs import queries
from hubs.models import Hub
from kernel.db import find

blueprint = Blueprint("hubs_api", __name__, description="Hubs, what they offer, and the timetable.")


def seen_hub(hub_id: UUID, *, lock: bool = False) -> Hub:
    """Return a hub that whoever asks sees, or raise NotFound."""
    queries.ensure_sees(current_user, hub_id)
    return find(Hub, hub_id, lock=lock)
