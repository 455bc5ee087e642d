"""Where a council keeps who is accredited to run what."""

from uuid import UUID

from flask import Response, flash, request
from werkzeug.wrappers import Response as AnyResponse

from hubs import queries as hubs
from kernel.clock import today
from kernel.db import find
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.forms import accepted
from kernel.web.once import once
from kernel.web.pages import page, see
from kernel.web.paging import paged
from programmes.forms.manage import AccreditationDates, AccreditationForm
from programmes.models import Accreditation
from programmes.queries import editions as queries
from programmes.rules.accrediting import standing_of
from programmes.service import accreditations
from programmes.views.door import blueprint


@blueprint.get("/courses/programmes/accreditations")
@requires(Permission.MANAGE_PROGRAMMES)
def accreditation_list() -> Response:
    """Show who is accredited in what, the soonest to expire first."""
    what = request.args.get("what", "")[:120]
    listed = paged(queries.listed_accreditations(what))
    standings = {
        one.id: standing_of(accredited_on=one.accredited_on, expires_on=one.expires_on, on=today())
        for one in listed.items
    }
    return page(
        "programmes/manage/accreditations.html",
        listed=listed,
        standings=standings,
        kinds=queries.kinds_of_accreditation(),
        what=what,
    )


@blueprint.get("/courses/programmes/accreditations/new")
@requires(Permission.MANAGE_PROGRAMMES)
def new_accreditation() -> Response:
    """Show an empty form for an accreditation."""
    return _form_page(_form())


@blueprint.post("/courses/programmes/accreditations")
@requires(Permission.MANAGE_PROGRAMMES)
@once
def add_accreditation() -> AnyResponse:
    """Keep that somebody is accredited."""
    form = _form()
    if not accepted(
        form, lambda: accreditations.note(form.account_id.data, form.what.data or "", **form.dates())
    ):
        return _form_page(form, status=422)
    flash("The accreditation was added", "success")
    return see("programmes.accreditation_list")


@blueprint.get("/courses/programmes/accreditations/<uuid:accreditation_id>")
@requires(Permission.MANAGE_PROGRAMMES)
def accreditation(accreditation_id: UUID) -> Response:
    """Show the form of an accreditation."""
    found = find(Accreditation, accreditation_id)
    return _form_page(AccreditationDates(obj=found), found)


@blueprint.post("/courses/programmes/accreditations/<uuid:accreditation_id>")
@requires(Permission.MANAGE_PROGRAMMES)
def change_accreditation(accreditation_id: UUID) -> AnyResponse:
    """Change the dates of an accreditation."""
    found = find(Accreditation, accreditation_id, lock=True)
    form = AccreditationDates()
    if not accepted(form, lambda: accreditations.change(found, **form.dates())):
        return _form_page(form, found, status=422)
    flash("The accreditation was changed", "success")
    return see("programmes.accreditation_list")


@blueprint.post("/courses/programmes/accreditations/<uuid:accreditation_id>/removal")
@requires(Permission.MANAGE_PROGRAMMES)
def remove_accreditation(accreditation_id: UUID) -> AnyResponse:
    """Take an accreditation off the record that was entered by mistake."""
    accreditations.remove(find(Accreditation, accreditation_id, lock=True))
    flash("The accreditation was taken off", "success")
    return see("programmes.accreditation_list")


def _form() -> AccreditationForm:
    form = AccreditationForm()
    form.account_id.offer(hubs.staff(), nothing="Choose a name")
    return form


def _form_page(
    form: AccreditationDates, found: Accreditation | None = None, *, status: int = 200
) -> Response:
    return page(
        "programmes/manage/accreditation_form.html",
        status=status,
        form=form,
        accreditation=found,
        kinds=queries.kinds_of_accreditation(),
    )
