"""Where the pages of questionnaires hang."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, url_for

blueprint = Blueprint("outcomes", __name__)

HOME = "programmes.questionnaires"


@blueprint.context_processor
def _doors() -> dict[str, Any]:
    return {"home_of": home_of}


def home_of(about_id: UUID) -> str | None:
    """Return the address of the page of an upper context on which all that was asked about an id stands, if any."""
    return url_for(HOME, participation_id=about_id) if HOME in current_app.view_functions else None
