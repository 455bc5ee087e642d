"""The addresses that do not work: whose they are, what the far side said, and writing to one again."""

from typing import Any
from uuid import UUID

from flask import Response, flash
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from correspondence import queries
from correspondence.forms.addresses import Restoration
from correspondence.views.door import blueprint
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.forms import accepted
from kernel.web.pages import page, see
from kernel.web.paging import paged
from messaging import service as messaging
from messaging.service.answering import STOPPED
from messaging.terms import Channel, WorksAgain


@blueprint.get("/families/addresses")
@requires(Permission.SEE_FAMILIES, Permission.MANAGE_ACCOUNTS)
def addresses() -> Response:
    """Show the addresses that do not work: of the families that whoever asks may open, or of the staff."""
    listed = paged(queries.broken(current_user), whole_rows=True)
    return page("correspondence/addresses.html", listed=listed, whose=_whose, stopped=STOPPED)


@blueprint.route("/families/addresses/<uuid:suppression_id>/restoration", methods=["GET", "POST"])
@requires(Permission.MANAGE_FAMILIES, Permission.MANAGE_ACCOUNTS)
def restoration(suppression_id: UUID) -> AnyResponse:
    """Ask how somebody knows that an address works again, and write to it again."""
    row = queries.find_broken(suppression_id, reader=current_user)
    form = Restoration.of(row.Suppression)
    if row.Suppression.lifted_at or accepted(
        form, lambda: messaging.lift(row.Suppression, WorksAgain(form.because.data))
    ):
        is_email = row.Suppression.channel == Channel.EMAIL
        flash("We write to this address again" if is_email else "We text this number again", "success")
        return see("correspondence.addresses")
    status = 422 if form.is_submitted() else 200
    return page("correspondence/restoration.html", status=status, form=form, row=row, whose=_whose)


def _whose(row: Any) -> str:
    """Return whose an address is, as far as it is known."""
    return (
        f"{row.given_name or ''} {row.family_name or ''}".strip()
        or row.account_name
        or "Nobody’s record has it"
    )
