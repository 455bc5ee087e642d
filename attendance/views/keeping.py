"""Heads, notes, closing and opening again."""

from uuid import UUID

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from attendance import service
from attendance.errors import NotACount, NotesChanged
from attendance.forms import NotesForm
from attendance.views.door import blueprint, on_page, seen_register
from kernel.permissions import Permission
from kernel.prose import count
from kernel.web.access import requires
from kernel.web.pages import page, see, see_address, wants_fragment


@blueprint.post("/registers/<uuid:session_id>/heads")
@requires(Permission.TAKE_REGISTERS)
def count_heads(session_id: UUID) -> Response:
    """Count one head more, or less, or as many as were told."""
    register = seen_register(session_id)
    service.count_heads(register, adults=_number("adults"), children=_number("children"))
    if not wants_fragment():
        return see_address(url_for("attendance.register", session_id=session_id, _anchor="heads"))
    return page("attendance/register.html", region="taking", **on_page(seen_register(session_id)))


@blueprint.post("/registers/<uuid:session_id>/notes")
@requires(Permission.TAKE_REGISTERS)
def note(session_id: UUID) -> Response:
    """Keep the notes; where somebody else has changed them in the meantime, show both."""
    register = seen_register(session_id)
    form = NotesForm()
    theirs = None
    if form.validate_on_submit():
        try:
            service.note(register, form.notes.data or "", before=_read(form.before.data))
        except NotesChanged as refusal:
            form.notes.errors = [str(refusal)]
            theirs = form.before.data = register.notes
        else:
            flash("The notes were saved", "success")
            return see("attendance.register", session_id=session_id)
    return page(
        "attendance/register.html", status=422, notes=form, theirs=theirs, form=form, **on_page(register)
    )


@blueprint.post("/registers/<uuid:session_id>/closure")
@requires(Permission.TAKE_REGISTERS)
def close(session_id: UUID) -> Response:
    """Close the register: who had a place and was not marked did not come."""
    absent = service.close_register(seen_register(session_id))
    told = f". {count(absent, 'person', 'people')} did not come" if absent else ""
    flash(f"The register is closed{told}", "success")
    return see("attendance.register", session_id=session_id)


@blueprint.post("/registers/<uuid:session_id>/reopening")
@requires(Permission.TAKE_REGISTERS)
def reopen(session_id: UUID) -> Response:
    """Open a closed register again."""
    service.reopen(seen_register(session_id))
    flash("The register is open again", "success")
    return see("attendance.register", session_id=session_id)


def _number(name: str) -> int:
    told = request.form.get(name, "0").strip()
    if not (told.removeprefix("-").isascii() and told.removeprefix("-").isdigit() and len(told) < 6):
        raise NotACount(**{name: NotACount.message})
    return int(told)


def _read(before: str | None) -> str:
    # Browsers send line ends of their own.
    return (before or "").replace("\r\n", "\n")
