"""What the API of questionnaires shares: its blueprint, who may enter, and its pages."""

from typing import Any

from flask_smorest import Blueprint
from sqlalchemy import func, select

from kernel.db import db
from kernel.permissions import Permission
from kernel.web.access import requires

blueprint = Blueprint("outcomes_api", __name__, description="Questionnaires, and what answers came to.")
runs = requires(Permission.MANAGE_COURSES, Permission.RUN_COURSES)
keeps = requires(Permission.MANAGE_PROGRAMMES)


def named(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Return these parts of a row, by name."""
    return {name: getattr(row, name) for name in names}


def page(statement: Any, pages: Any) -> Any:
    """Return the page of a list that the request asks for."""
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    pages.item_count = db.scalar(counted) or 0
    return db.scalars(statement.limit(pages.page_size).offset(pages.first_item)).all()
