"""The platform's own pages: what it is, and which councils are in it. No families."""

from flask import Response, current_app, flash
from werkzeug.wrappers import Response as AnyResponse

from kernel.errors import Unacceptable
from kernel.permissions import Permission
from kernel.web.access import PLATFORM, requires
from kernel.web.navigation import in_navigation
from kernel.web.once import once
from kernel.web.pages import page, see
from tenants import queries, service
from tenants.forms import CouncilForm
from tenants.views.door import blueprint

in_navigation(
    "Councils", "tenants.councils", order=10, permission=Permission.MANAGE_COUNCILS, ground=PLATFORM
)


def front() -> Response:
    """Show what the platform is and where each council's house stands."""
    return page("tenants/front.html", councils=_councils(closed_too=False))


@blueprint.get("/councils")
@requires(Permission.MANAGE_COUNCILS)
def councils() -> Response:
    """List the councils."""
    return page("tenants/councils.html", councils=_councils())


@blueprint.get("/councils/new")
@requires(Permission.MANAGE_COUNCILS)
def new_council() -> Response:
    """Ask for what a council's house needs."""
    return page("tenants/council.html", form=CouncilForm())


@blueprint.post("/councils")
@requires(Permission.MANAGE_COUNCILS)
@once
def create_council() -> AnyResponse:
    """Set a council up and invite its first administrator."""
    form = CouncilForm()
    if form.validate():
        try:
            service.create_council(
                str(form.slug.data),
                str(form.name.data),
                contact_email=str(form.contact_email.data),
                first=(str(form.admin_name.data), str(form.admin_email.data)),
            )
        except Unacceptable as refusal:
            form.blame(refusal)
        else:
            flash(
                f"{form.name.data} has joined. We have sent {form.admin_name.data} an invitation.", "success"
            )
            return see("tenants.councils")
    return page("tenants/council.html", form=form, status=422)


def _councils(*, closed_too: bool = True) -> list[dict[str, object]]:
    own = queries.hosts()
    settings = current_app.settings  # type: ignore[attr-defined]
    return [
        {
            "name": council.name,
            "joined": council.created_at,
            "closed": council.closed_at,
            "addresses": [
                settings.base_url(host)
                for host in [*own.get(council.id, []), f"{council.slug}.{settings.base_domain}"]
            ],
        }
        for council in queries.councils()
        if closed_too or council.closed_at is None
    ]
