"""The register on paper, and keying it in."""

from uuid import UUID

from flask import Response as Page
from flask import flash, request
from werkzeug.wrappers import Response

from attendance import queries, service
from attendance.forms import PaperForm
from attendance.terms import Tap
from attendance.views.door import blueprint, on_page, seen_register
from kernel.permissions import Permission
from kernel.prose import count
from kernel.web.access import requires
from kernel.web.pages import page, see

ANSWERS = (Tap.HERE, Tap.LATE, Tap.APOLOGIES, Tap.ABSENT)
BLANK_LINES = 8


@blueprint.get("/registers/<uuid:session_id>/paper")
@requires(Permission.TAKE_REGISTERS)
def paper(session_id: UUID) -> Page:
    """Show the register as it is printed."""
    return page("attendance/paper.html", blank=BLANK_LINES, **on_page(seen_register(session_id)))


@blueprint.get("/registers/<uuid:session_id>/re-keying")
@requires(Permission.TAKE_REGISTERS)
def paper_form(session_id: UUID) -> Page:
    """Show the form by which a paper register is keyed in."""
    register = seen_register(session_id)
    form = PaperForm(None, adults=register.adults_counted, children=register.children_counted)
    return page("attendance/re_keying.html", form=form, answers=ANSWERS, chosen={}, **on_page(register))


@blueprint.post("/registers/<uuid:session_id>/re-keying")
@requires(Permission.TAKE_REGISTERS)
def re_key(session_id: UUID) -> Response:
    """Keep what a paper register says: of each person, only where it was changed in the form."""
    register = seen_register(session_id)
    form = PaperForm()
    taps = _changed(session_id)
    if not form.validate_on_submit():
        shown = on_page(register)
        return page("attendance/re_keying.html", status=422, form=form, answers=ANSWERS, chosen=taps, **shown)
    new = service.re_key(register, taps)
    _keep_heads(register, form)
    if "close" in request.form:
        service.close_register(seen_register(session_id))
    flash(f"The register was keyed in: {count(new, 'mark is', 'marks are')} new", "success")
    return see("attendance.register", session_id=session_id)


def _keep_heads(register: object, form: PaperForm) -> None:
    if form.adults.data is not None or form.children.data is not None:
        service.set_heads(register, adults=form.adults.data or 0, children=form.children.data or 0)


def _changed(session_id: UUID) -> dict[UUID, Tap]:
    """Return what was chosen of each person, where that is not what the form showed before."""
    chosen = {}
    for line in queries.lines_of(session_id):
        told = request.form.get(f"say-{line.person_id}", "")
        if told in ANSWERS and told != request.form.get(f"before-{line.person_id}", ""):
            chosen[line.person_id] = Tap(told)
    return chosen
