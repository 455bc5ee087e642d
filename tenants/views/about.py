"""The pages that say what this service is to whoever reads it."""

from flask import Response

from kernel.web.access import public_anywhere
from kernel.web.pages import page
from tenants.views.door import blueprint


@blueprint.get("/accessibility")
@public_anywhere
def accessibility() -> Response:
    """Say how accessible the service is and how that was tested."""
    return page("tenants/accessibility.html")


@blueprint.get("/privacy")
@public_anywhere
def privacy() -> Response:
    """Say what is kept about people, why, and who can see it."""
    return page("tenants/privacy.html")


@blueprint.get("/cookies")
@public_anywhere
def cookies() -> Response:
    """Say which cookies there are."""
    return page("tenants/cookies.html")
