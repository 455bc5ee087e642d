"""What the API of hubs shares: its blueprint, its pages, and hubs that whoever asks sees."""

from typing import Any
from uuid import UUID

from flask_login import current_user
from flask_smorest import Blueprint
from sqlalchemy import func, select

from hubs import queries
from hubs.models import Hub
from kernel.db import db, find

blueprint = Blueprint("hubs_api", __name__, description="Hubs, what they offer, and the timetable.")


def seen_hub(hub_id: UUID, *, lock: bool = False) -> Hub:
    """Return a hub that whoever asks sees, or raise NotFound."""
    queries.ensure_sees(current_user, hub_id)
    return find(Hub, hub_id, lock=lock)


def page(statement: Any, pages: Any, *, whole_rows: bool = False) -> Any:
    """Return the page of a list that the request asks for."""
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    pages.item_count = db.scalar(counted) or 0
    cut = statement.limit(pages.page_size).offset(pages.first_item)
    return db.execute(cut).all() if whole_rows else db.scalars(cut).all()
