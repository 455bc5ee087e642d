"""The blueprint on which the API of correspondence stands."""

from flask_smorest import Blueprint

blueprint = Blueprint(
    "correspondence_api", __name__, description="Announcements to many families, and what families answered."
)
