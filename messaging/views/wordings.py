"""The pages on which a council says what its messages say, and by which way each kind goes."""

from typing import Any
from uuid import UUID

from flask import Response, flash, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from kernel import prose
from kernel.errors import Unacceptable
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.forms import accepted, choices
from kernel.web.limits import limiter
from kernel.web.once import once
from kernel.web.pages import id_in_address, page, see, wants_fragment
from messaging import queries, rules
from messaging.forms.wordings import AS_IT_COMES, LanguageForm, WayForm, WordingForm
from messaging.models import MessageWording
from messaging.queries import wordings as said
from messaging.service import wordings as service
from messaging.terms import Channel, Group, Way
from messaging.views.door import blueprint

TESTS = "30 per hour"
WORDS = "/settings/messages/words"
MEANWHILE = (
    "The words of this message had been changed since you opened the page, so nothing was changed now."
    " Look at the newest, or choose again."
)


@blueprint.get(WORDS)
@requires(Permission.MANAGE_COUNCIL)
def wordings() -> Response:
    """List the kinds of message by group: how each goes, and whose words it has."""
    own, settings = said.own_words(), queries.settings()
    return page(
        "messaging/wordings.html",
        groups=[(group, [kind for kind in rules.kinds().values() if kind.group == group]) for group in Group],
        own=own,
        ways={kind: Way(way) for kind, way in settings.ways.items()} if settings else {},
        texts=bool(settings and settings.texts),
        can_choose=lambda kind: len(service.ways_for(kind)) > 1,
        shipped=[said.find_language(code) for code in rules.languages()],
    )


@blueprint.get(f"{WORDS}/<message_kind>/languages")
@requires(Permission.MANAGE_COUNCIL)
def other_language(message_kind: str) -> AnyResponse:
    """Ask for which language the council has words, and go on to them."""
    known, chosen = said.find_kind(message_kind), request.args.get("language")
    if chosen:
        said.find_language(chosen)
        return see("messaging.wording", message_kind=message_kind, language=chosen)
    form = LanguageForm()
    form.language.choices = choices([("", "Choose a language"), *said.languages_without_words()])
    if chosen is not None:
        form.language.errors = ["Choose a language"]
    return page("messaging/other_language.html", form=form, kind=known)


@blueprint.get(f"{WORDS}/<message_kind>/<language>")
@requires(Permission.MANAGE_COUNCIL)
def wording(message_kind: str, language: str) -> Response:
    """Show what a kind of message says in a language, to be changed; ``words`` puts older words into the editor."""
    known, in_use = _found(message_kind, language)
    asked = id_in_address("words")
    older = said.wording_before(message_kind, language, asked) if asked else None
    words = said.words_of(older) if older else in_use.wording
    form = WordingForm(
        subject=words.subject, body=words.body, text=words.text,
        seen=str(in_use.newest.id) if in_use.newest else "",
    )  # fmt: skip
    if older or in_use.own:  # a newer version of the product may have words refused that it took before
        try:
            service.ensure_can_be_said(known, language, words)
        except Unacceptable as refusal:
            form.blame(refusal)
    return _editor(known, language, form, older=older)


@blueprint.post(f"{WORDS}/<message_kind>/<language>")
@requires(Permission.MANAGE_COUNCIL)
@once
def change_wording(message_kind: str, language: str) -> AnyResponse:
    """Say this from now on, or show what is wrong with it."""
    known, in_use = _found(message_kind, language)
    form = WordingForm()
    if not accepted(
        form, lambda: service.change_words(message_kind, language, form.wording, seen=form.newest_seen)
    ):
        if form.form_errors:  # somebody else was quicker: whoever has read that may go on
            form.seen.data = str(in_use.newest.id) if in_use.newest else ""
        return _editor(known, language, form, status=422)
    flash("The words are saved, and used from now on", "success")
    return see("messaging.wording", message_kind=message_kind, language=language)


@blueprint.get(f"{WORDS}/<message_kind>/<language>/preview")
@blueprint.get(f"{WORDS}/<message_kind>/<language>/test", endpoint="sample_sent")
@requires(Permission.MANAGE_COUNCIL)
def previewed_wording(message_kind: str, language: str) -> AnyResponse:
    """Lead back to the editor whoever opens the address of a preview or a test again."""
    _found(message_kind, language)
    return see("messaging.wording", message_kind=message_kind, language=language)


@blueprint.post(f"{WORDS}/<message_kind>/<language>/preview")
@requires(Permission.MANAGE_COUNCIL)
def preview_wording(message_kind: str, language: str) -> AnyResponse:
    """Show how a message in these words will look: the preview alone for htmx, else the whole editor."""
    known, _ = _found(message_kind, language)
    form = WordingForm()
    accepted(form, lambda: service.ensure_can_be_said(known, language, form.wording))
    return _editor(known, language, form)


@blueprint.post(f"{WORDS}/<message_kind>/<language>/test")
@requires(Permission.MANAGE_COUNCIL)
@limiter.limit(TESTS)
@once
def send_sample(message_kind: str, language: str) -> AnyResponse:
    """Send an e-mail or a text in these words to whoever writes them."""
    known, _ = _found(message_kind, language)
    form = WordingForm()

    def send() -> None:
        if form.by_text:
            service.send_sample_text(known, language, form.wording, to=form.phone.data or "")
        else:
            service.send_sample(known, language, form.wording, to=current_user.email)

    sent = accepted(form, send)
    if sent:
        to = form.phone.data if form.by_text else current_user.email
        flash(f"A test is on its way to {to}. Your words are not saved yet.", "success")
    return _editor(known, language, form, status=200 if sent else 422)


@blueprint.get(f"{WORDS}/<message_kind>/<language>/history/<uuid:words_id>")
@requires(Permission.MANAGE_COUNCIL)
def wording_before(message_kind: str, language: str, words_id: UUID) -> Response:
    """Show words that the council had."""
    known, in_use = _found(message_kind, language)
    row = said.wording_before(message_kind, language, words_id)
    return page(
        "messaging/wording_before.html",
        row=row,
        current=bool(in_use.own and in_use.newest and in_use.newest.id == row.id),
        seen=in_use.newest.id if in_use.newest else "",
        preview=service.preview(known, language, said.words_of(row)),
        **_place(known, language),
    )


@blueprint.post(f"{WORDS}/<message_kind>/<language>/history/<uuid:words_id>/use")
@requires(Permission.MANAGE_COUNCIL)
def use_wording_before(message_kind: str, language: str, words_id: UUID) -> AnyResponse:
    """Say again what the council said before."""
    place = {"message_kind": message_kind, "language": language}
    _found(**place)
    words, form = said.words_of(said.wording_before(message_kind, language, words_id)), WordingForm()
    if accepted(form, lambda: service.change_words(message_kind, language, words, seen=form.newest_seen)):
        flash("These words are used again from now on", "success")
        return see("messaging.wording", **place)
    if form.form_errors:
        flash(MEANWHILE, "information")
        return see("messaging.wording_before", **place, words_id=words_id)
    return see("messaging.wording", **place, words=words_id)  # which says what is wrong with them


@blueprint.get(f"{WORDS}/<message_kind>/<language>/shipped")
@requires(Permission.MANAGE_COUNCIL)
def confirm_shipped_wording(message_kind: str, language: str) -> AnyResponse:
    """Ask whether the council's own words are really not to be used any more."""
    known, in_use = _found(message_kind, language)
    if not in_use.own:
        return see("messaging.wording", message_kind=message_kind, language=language)
    return page(
        "messaging/wording_shipped.html",
        shipped=rules.shipped(language).get(message_kind),
        seen=in_use.newest.id if in_use.newest else "",
        **_place(known, language),
    )


@blueprint.post(f"{WORDS}/<message_kind>/<language>/shipped")
@requires(Permission.MANAGE_COUNCIL)
def use_shipped_wording(message_kind: str, language: str) -> AnyResponse:
    """Say again what comes with the product."""
    place, form = {"message_kind": message_kind, "language": language}, WordingForm()
    _found(**place)
    if not accepted(form, lambda: service.use_shipped(message_kind, language, seen=form.newest_seen)):
        flash(MEANWHILE, "information")
        return see("messaging.confirm_shipped_wording", **place)
    if rules.shipped(language).get(message_kind):
        flash("The standard words are used from now on", "success")
    else:
        flash("People get this message in English from now on", "success")
    return see("messaging.wording", **place)


@blueprint.get(f"{WORDS}/<message_kind>/way")
@requires(Permission.MANAGE_COUNCIL)
def way(message_kind: str) -> Response:
    """Show by which way a kind of message goes, to be changed."""
    settings, known = queries.settings(), said.find_kind(message_kind)
    form = WayForm(way=settings.ways.get(message_kind, AS_IT_COMES) if settings else AS_IT_COMES)
    return _ways(form, known)


@blueprint.post(f"{WORDS}/<message_kind>/way")
@requires(Permission.MANAGE_COUNCIL)
def change_way(message_kind: str) -> AnyResponse:
    """Have a kind of message go by another way."""
    known, form = said.find_kind(message_kind), WayForm()
    _offer(form, known)
    if not accepted(form, lambda: service.choose_way(message_kind, form.chosen)):
        return _ways(form, known, status=422)
    flash(f"“{known.name}” is sent as you have chosen from now on", "success")
    return see("messaging.wordings")


def _found(message_kind: str, language: str) -> tuple[rules.Kind, said.InUse]:
    known, _ = said.find_kind(message_kind), said.find_language(language)
    return known, said.wording_in_use(message_kind, language)


def _place(kind: rules.Kind, language: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "language": language,
        "language_name": said.find_language(language),
        "direction": prose.direction(language),
    }


def _editor(
    kind: rules.Kind,
    language: str,
    form: WordingForm,
    *,
    older: MessageWording | None = None,
    status: int = 200,
) -> Response:
    in_use = said.wording_in_use(kind.code, language)
    history = said.wording_history(kind.code, language)
    codes = [code for code in rules.languages() if kind.group != Group.STAFF or code == "en"]
    codes += [one.language for one in said.own_words().get(kind.code, [])]
    return page(
        "messaging/wording.html",
        region="preview" if request.endpoint == "messaging.preview_wording" else None,
        status=status,
        live=wants_fragment(),
        form=form,
        older=older,
        own=in_use.own,
        shipped=rules.shipped(language).get(kind.code),
        source=rules.shipped("en")[kind.code] if language != "en" else None,
        languages=[(code, said.find_language(code)) for code in dict.fromkeys([*codes, language])],
        history=history,
        preview=service.preview(kind, language, form.wording),
        sends_texts=Channel.TEXT in queries.house().channels,
        **_place(kind, language),
    )


def _offer(form: WayForm, kind: rules.Kind) -> None:
    form.way.choices = choices(
        [
            (AS_IT_COMES, f"The standard way: {kind.way.label.lower()}"),
            *((one.value, one.label) for one in service.ways_for(kind)),
        ]
    )


def _ways(form: WayForm, kind: rules.Kind, *, status: int = 200) -> Response:
    _offer(form, kind)
    return page("messaging/way.html", form=form, kind=kind, status=status)
