"""Where a council looks after the programmes that it offers and how they are run."""

from uuid import UUID

from flask import Response, flash, request
from werkzeug.wrappers import Response as AnyResponse

from kernel.clock import today
from kernel.db import find
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import may, requires
from kernel.web.forms import accepted, made
from kernel.web.navigation import in_navigation
from kernel.web.once import once
from kernel.web.pages import page, see
from outcomes import queries as outcomes
from programmes import rules
from programmes.forms.manage import EditionForm, ProgrammeForm
from programmes.models import Edition, Programme
from programmes.queries import editions as queries
from programmes.service import templates
from programmes.terms import When
from programmes.views.door import blueprint

in_navigation(
    "Programmes",
    "programmes.manage",
    order=16,
    permission=Permission.MANAGE_PROGRAMMES,
    shown=lambda: not may(Permission.MANAGE_COURSES),
)


@blueprint.get("/courses/programmes")
@requires(Permission.MANAGE_PROGRAMMES)
def manage() -> Response:
    """Show the programmes that the council offers, and those that it could take over."""
    every = queries.programmes(ended=True)
    adopted = {programme.code for programme in every}
    return page(
        "programmes/manage/programmes.html",
        programmes=[programme for programme in every if programme.ended_at is None],
        ended=[programme for programme in every if programme.ended_at],
        templates=[t for t in rules.templates().values() if t.code not in adopted and t.code != "blank"],
        worrying=queries.worrying(today()),
        editions=queries.numbers_of_editions(),
    )


@blueprint.post("/courses/programmes/adoptions")
@requires(Permission.MANAGE_PROGRAMMES)
@once
def adopt() -> AnyResponse:
    """Offer a shipped programme."""
    programme = templates.adopt(request.form.get("code", ""))
    flash(f"{programme.name} was added", "success")
    return see("programmes.programme_settings", programme_id=programme.id)


@blueprint.get("/courses/programmes/new")
@requires(Permission.MANAGE_PROGRAMMES)
def new_programme() -> Response:
    """Show an empty form for a programme of the council's own."""
    return page("programmes/manage/programme_form.html", form=ProgrammeForm(), programme=None)


@blueprint.post("/courses/programmes")
@requires(Permission.MANAGE_PROGRAMMES)
@once
def add_programme() -> AnyResponse:
    """Add a programme of the council's own."""
    form = ProgrammeForm()
    programme = made(form, lambda: templates.add_programme(**form.parts()))
    if programme is None:
        return page("programmes/manage/programme_form.html", status=422, form=form, programme=None)
    flash(f"{programme.name} was added. Now say how it is run", "success")
    return see("programmes.new_edition", programme_id=programme.id)


@blueprint.get("/courses/programmes/<uuid:programme_id>")
@requires(Permission.MANAGE_PROGRAMMES)
def programme_settings(programme_id: UUID) -> Response:
    """Show a programme: what families read, how they come to it, and how it is run."""
    programme = find(Programme, programme_id)
    return page(
        "programmes/manage/programme.html",
        programme=programme,
        editions=queries.editions_of(programme.id),
        courses=queries.courses_by_edition(programme.id),
        interested=queries.interested(programme.id),
        concerns=[rules.CONCERNS[code] for code in programme.concerns if code in rules.CONCERNS],
        shipped=rules.templates().get(programme.code),
        instruments={one.code: one.name for one in outcomes.instruments()},
        whens={when.value: when.label.lower() for when in When},
    )


@blueprint.get("/courses/programmes/<uuid:programme_id>/details")
@requires(Permission.MANAGE_PROGRAMMES)
def programme_details(programme_id: UUID) -> Response:
    """Show the form of a programme."""
    programme = find(Programme, programme_id)
    return page("programmes/manage/programme_form.html", form=ProgrammeForm(programme), programme=programme)


@blueprint.post("/courses/programmes/<uuid:programme_id>/details")
@requires(Permission.MANAGE_PROGRAMMES)
def change_programme(programme_id: UUID) -> AnyResponse:
    """Change what is said of a programme."""
    programme = find(Programme, programme_id, lock=True)
    form = ProgrammeForm(programme)
    if not accepted(
        form, lambda: templates.change_programme(programme, renames=form.renames.data, **form.parts())
    ):
        return page("programmes/manage/programme_form.html", status=422, form=form, programme=programme)
    flash("The programme was changed", "success")
    return see("programmes.programme_settings", programme_id=programme.id)


@blueprint.get("/courses/programmes/<uuid:programme_id>/ending")
@requires(Permission.MANAGE_PROGRAMMES)
def confirm_end_programme(programme_id: UUID) -> Response:
    """Ask whether a programme is really offered no longer."""
    return page("programmes/manage/end_programme.html", programme=find(Programme, programme_id))


@blueprint.post("/courses/programmes/<uuid:programme_id>/ending")
@requires(Permission.MANAGE_PROGRAMMES)
def end_programme(programme_id: UUID) -> AnyResponse:
    """Offer a programme no longer."""
    programme = find(Programme, programme_id, lock=True)
    templates.end_programme(programme)
    flash(f"{programme.name} is no longer offered", "success")
    return see("programmes.manage")


@blueprint.post("/courses/programmes/<uuid:programme_id>/resumption")
@requires(Permission.MANAGE_PROGRAMMES)
def resume_programme(programme_id: UUID) -> AnyResponse:
    """Offer a programme again."""
    programme = find(Programme, programme_id, lock=True)
    templates.resume_programme(programme)
    flash(f"{programme.name} is offered again", "success")
    return see("programmes.programme_settings", programme_id=programme.id)


@blueprint.get("/courses/programmes/<uuid:programme_id>/editions/new")
@requires(Permission.MANAGE_PROGRAMMES)
def new_edition(programme_id: UUID) -> Response:
    """Show the form of another way to run a programme, filled from the one that is named, or the newest."""
    programme = find(Programme, programme_id)
    return _edition_page(programme, EditionForm(outcomes.instruments(), _model(programme)))


@blueprint.post("/courses/programmes/<uuid:programme_id>/editions")
@requires(Permission.MANAGE_PROGRAMMES)
@once
def add_edition(programme_id: UUID) -> AnyResponse:
    """Add a way to run a programme; or add, remove or move a row of its form."""
    programme = find(Programme, programme_id)
    instruments = outcomes.instruments()
    form = EditionForm(instruments)
    if button := request.form.get("rows"):
        return _edition_page(programme, form.rearranged(button, request.form), status=422)
    edition = made(form, lambda: templates.make_edition(programme, **form.parts()))
    if edition is None:
        return _edition_page(programme, form, status=422)
    flash("Courses can be run in this way from now on", "success")
    return see("programmes.programme_settings", programme_id=programme.id)


@blueprint.post("/courses/programmes/<uuid:programme_id>/editions/<uuid:edition_id>/retirement")
@requires(Permission.MANAGE_PROGRAMMES)
def retire_edition(programme_id: UUID, edition_id: UUID) -> AnyResponse:
    """Set up no more courses in one of the ways to run a programme."""
    edition = find(Edition, edition_id, lock=True)
    if edition.programme_id != programme_id:
        raise NotFound("edition")
    templates.retire(edition)
    flash("No more courses are set up in this way", "success")
    return see("programmes.programme_settings", programme_id=edition.programme_id)


def _edition_page(programme: Programme, form: EditionForm, *, status: int = 200) -> Response:
    return page(
        "programmes/manage/edition_form.html", status=status, programme=programme, form=form, whens=When
    )


def _model(programme: Programme) -> object:
    """Return the edition to begin with: the one that the address names, the newest, or the blank template's."""
    those = queries.editions_of(programme.id)
    wanted = request.args.get("like", "")
    named = [edition for edition in those if str(edition.id) == wanted]
    return next(iter(named or those), rules.templates()["blank"].editions[0])
