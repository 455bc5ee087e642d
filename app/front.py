"""The first page: a council's own, or the platform's; and what is said where there is no house."""

from typing import Any

from flask import Blueprint, Response, current_app, g
from markupsafe import Markup

from app.house import House, NobodyHere
from bookings import views as bookings
from kernel.web.access import PLATFORM, public_anywhere
from kernel.web.answers import answer, is_api
from tenants import views as tenants

blueprint = Blueprint("front", __name__)
NOBODY = "There is no council at this web address. Check that it is spelled right."


@blueprint.get("/")
@public_anywhere
def front() -> Any:
    """Show what there is at this host."""
    return tenants.front() if g.ground == PLATFORM else bookings.front()


def register(house: House) -> None:
    """Answer at hosts where nobody is at home with the way to the platform."""
    house.register_error_handler(NobodyHere, _nobody_here)


def _nobody_here(_error: NobodyHere) -> Response:
    if is_api():
        return answer(404, NOBODY)
    settings = current_app.settings  # type: ignore[attr-defined]
    way = Markup('See <a class="govuk-link" href="{}/">all councils that are here</a>.')
    return answer(404, NOBODY, what_next=[way.format(settings.base_url(settings.base_domain))])
