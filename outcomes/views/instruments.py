"""Where staff see which questionnaires there are, and put in the words and bands that a council may use."""

from uuid import UUID

from flask import Response, flash, request
from werkzeug.wrappers import Response as AnyResponse

from accounts.queries import names
from kernel.db import db, find
from kernel.errors import NotFound, Unacceptable
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.navigation import in_navigation
from kernel.web.once import once
from kernel.web.pages import page, see
from outcomes import queries, service
from outcomes.forms.languages import english_name
from outcomes.forms.managing import SET, BandsForm, WordsForm, words_form
from outcomes.models import CouncilBands, Wording
from outcomes.rules import Instrument
from outcomes.views.door import blueprint

in_navigation("Questionnaires", "outcomes.instruments", order=48, permission=Permission.MANAGE_PROGRAMMES)


@blueprint.get("/questionnaires")
@requires(Permission.MANAGE_PROGRAMMES)
def instruments() -> Response:
    """Show which questionnaires there are, and which of them can be asked."""
    return page("outcomes/instruments.html", instruments=queries.instruments(), sources=queries.sources())


@blueprint.get("/questionnaires/<code>")
@requires(Permission.MANAGE_PROGRAMMES)
def instrument(code: str) -> Response:
    """Show a questionnaire: its items, scales and bands, where they come from, and its history."""
    known = queries.find_instrument(code)
    wordings, bands = queries.words_history(code), queries.bands_history(code)
    rules = db.scalars(queries.listed_change_rules(instrument=code).limit(100)).all()
    ruled = queries.ruled()[code]
    who = names([row.attested_by for row in wordings] + [row.entered_by for row in (*bands, *rules)])
    held = {respondent: queries.all_bands(code, respondent) for respondent in known.respondents}
    return page(
        "outcomes/instrument.html",
        instrument=known,
        source=queries.words_from(code),
        words=queries.words_of(code),
        wordings=wordings,
        entered=bands,
        scales=[
            (
                scale,
                [(respondent, bands[scale.code]) for respondent, bands in held.items() if bands[scale.code]],
            )
            for scale in ruled.scales
        ],
        unruled=[scale for scale in known.scales if scale.change is None],
        change_rules=[(one, queries.rule_in(one)) for one in rules],
        scale_names={scale.code: scale.name for scale in known.scales},
        who=who,
        language=english_name,
    )


@blueprint.get("/questionnaires/<code>/words/new")
@requires(Permission.MANAGE_PROGRAMMES)
def new_words(code: str) -> Response:
    """Show an empty form for the words of a questionnaire."""
    known = queries.find_instrument(code)
    form = words_form(known)()
    form.offer()
    return page("outcomes/words_form.html", instrument=known, form=form)


@blueprint.post("/questionnaires/<code>/words")
@requires(Permission.MANAGE_PROGRAMMES)
@once
def add_words(code: str) -> AnyResponse:
    """Keep the words of a questionnaire, and on whose word they may be used."""
    known = queries.find_instrument(code)
    form = words_form(known)()
    form.offer()
    if not form.validate_on_submit() or not _attested(known, form):
        return page("outcomes/words_form.html", status=422, instrument=known, form=form)
    flash("The words were saved", "success")
    return see("outcomes.instrument", code=code)


def _attested(known: Instrument, form: WordsForm) -> bool:
    try:
        service.attest(
            known.code, language=form.language.data, intro=form.intro.data or "", items=form.items.data or [],
            responses=form.labels(), evidence=form.evidence.data or "",
            not_said=form.not_said.data or "", go_on=form.go_on.data or "",
        )  # fmt: skip
    except Unacceptable as refusal:
        form.blame(refusal, fields={"responses": _wrong_set(known, form)})
        return False
    return True


def _wrong_set(known: Instrument, form: WordsForm) -> str:
    """Return the field of the first set of answers that does not fit."""
    given = form.labels()
    wrong = next((one for one, said in known.responses.items() if len(given.get(one, [])) != len(said)), None)
    return f"{SET}{wrong or next(iter(known.responses))}"


@blueprint.get("/questionnaires/words/<uuid:wording_id>/withdrawal")
@requires(Permission.MANAGE_PROGRAMMES)
def confirm_withdraw_words(wording_id: UUID) -> Response:
    """Ask whether words are really not to be used any more."""
    wording = find(Wording, wording_id)
    known = queries.find_instrument(wording.instrument)
    return page("outcomes/withdraw_words.html", wording=wording, instrument=known, language=english_name)


@blueprint.post("/questionnaires/words/<uuid:wording_id>/withdrawal")
@requires(Permission.MANAGE_PROGRAMMES)
def withdraw_words(wording_id: UUID) -> AnyResponse:
    """Use words no longer."""
    wording = find(Wording, wording_id, lock=True)
    service.withdraw_words(wording)
    flash("The words are not used any more", "success")
    return see("outcomes.instrument", code=wording.instrument)


@blueprint.get("/questionnaires/<code>/bands/new")
@requires(Permission.MANAGE_PROGRAMMES)
def new_bands(code: str) -> Response:
    """Show an empty form for the bands of a scale."""
    known = _scaled(code)
    who = known.respondents[0].value if len(known.respondents) == 1 else None
    form = BandsForm(scale=request.args.get("scale", known.scales[0].code), respondent=who)
    form.offer(known)
    return page("outcomes/bands_form.html", instrument=known, form=form)


@blueprint.post("/questionnaires/<code>/bands")
@requires(Permission.MANAGE_PROGRAMMES)
@once
def add_bands(code: str) -> AnyResponse:
    """Keep the bands of a scale with their source."""
    known = _scaled(code)
    form = BandsForm()
    form.offer(known)
    if not form.validate_on_submit() or not _entered(known, form):
        return page("outcomes/bands_form.html", status=422, instrument=known, form=form)
    flash("The bands were saved. They hold for questionnaires that are answered from now on", "success")
    return see("outcomes.instrument", code=code)


def _scaled(code: str) -> Instrument:
    known = queries.find_instrument(code)
    if not known.scales:
        raise NotFound("scale")
    return known


def _entered(known: Instrument, form: BandsForm) -> bool:
    try:
        service.enter_bands(
            known.code,
            form.scale.data,
            form.respondent.data,
            form.lines.bands(),
            source=form.source.data or "",
        )
    except Unacceptable as refusal:
        form.blame(refusal, fields={"bands": "lines"})
        return False
    return True


@blueprint.get("/questionnaires/bands/<uuid:bands_id>/withdrawal")
@requires(Permission.MANAGE_PROGRAMMES)
def confirm_withdraw_bands(bands_id: UUID) -> Response:
    """Ask whether bands are really not to be used any more."""
    bands = find(CouncilBands, bands_id)
    known = queries.find_instrument(bands.instrument)
    return page("outcomes/withdraw_bands.html", bands=bands, instrument=known, scale=known.scale(bands.scale))


@blueprint.post("/questionnaires/bands/<uuid:bands_id>/withdrawal")
@requires(Permission.MANAGE_PROGRAMMES)
def withdraw_bands(bands_id: UUID) -> AnyResponse:
    """Use bands no longer."""
    bands = find(CouncilBands, bands_id, lock=True)
    service.withdraw_bands(bands)
    flash("The bands are not used any more", "success")
    return see("outcomes.instrument", code=bands.instrument)
