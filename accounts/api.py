"""What a machine may ask about itself."""

from typing import Any

from flask.views import MethodView
from flask_login import current_user
from flask_smorest import Blueprint

from accounts.schemas import MeSchema
from kernel.web.access import signed_in

blueprint = Blueprint(
    "accounts_api", __name__, url_prefix="/me", description="For whom a key acts, and what it may do."
)


@blueprint.route("/")
class Me(MethodView):
    """For whom a key acts."""

    @signed_in
    @blueprint.response(200, MeSchema)
    def get(self) -> dict[str, Any]:
        """For whom the key acts, and what it may do."""
        return {
            "name": current_user.name,
            "roles": sorted(current_user.roles),
            "permissions": sorted(current_user.permissions),
        }
