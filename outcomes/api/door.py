"""What the API of questionnaires shares: its blueprint, and who may enter."""

from typing import Any

from flask_smorest import Blueprint

from kernel.permissions import Permission
from kernel.web.access import requires

blueprint = Blueprint("outcomes_api", __name__, description="Questionnaires, and what answers came to.")
runs = requires(Permission.MANAGE_COURSES, Permission.RUN_COURSES)
keeps = requires(Permission.MANAGE_PROGRAMMES)


def named(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Return these parts of a row, by name."""
    return {name: getattr(row, name) for name in names}
