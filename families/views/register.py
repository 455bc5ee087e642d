"""Registration by a parent, one thing at a time. The answers are kept encrypted until they are a family, or a day old.

Whether an e-mail address is known never shows here: the household is made either way, and who gets it is decided by
the letter that is sent (``families.service.welcome``).
"""

import json
from typing import Any
from uuid import UUID

from flask import Response, flash, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from families import forms, queries, service
from families.models import Registration
from families.service import NewFamily
from families.terms import Entered
from families.views import answers as told
from families.views.door import blueprint, check_birth, shown
from families.views.steps import STEPS, form_of, missing_from
from kernel.clock import now
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import may, public
from kernel.web.forms import Form, accepted
from kernel.web.limits import limiter
from kernel.web.once import once
from kernel.web.pages import page, see

MOST_CHILDREN = 20
DRAFT, DONE = "registration", "registered"


@blueprint.get("/register")
@public
def start_registration() -> AnyResponse:
    """Say what registering is for and what will be asked."""
    if current_user.is_authenticated and not may(Permission.BOOK_FOR_OWN_FAMILY):
        return see("families.new_family")
    if current_user.is_authenticated and queries.carer_of(current_user.id):
        return see("families.my_family")
    return page("families/register/start.html", begun=_draft() is not None)


@blueprint.get(
    "/register/<any(name, contact, unwanted, address, language, ethnicity, emergency, consents):step>"
)
@public
def step(step: str) -> AnyResponse:
    """Ask for one thing."""
    given = _answers()
    if step != "name" and not given:
        return _too_late()
    return _ask(step, form_of(step)(data=told.restored(given.get(step, {}))), given)


@blueprint.post(
    "/register/<any(name, contact, unwanted, address, language, ethnicity, emergency, consents):step>"
)
@public
@limiter.limit("200 per hour")
def answer_step(step: str) -> AnyResponse:
    """Keep one answer and go on to what is still missing."""
    given = _answers()
    if step != "name" and not given:
        return _too_late()
    form = form_of(step)()
    if not form.validate_on_submit():
        return _ask(step, form, given)
    given[step] = told.kept(form)
    _keep(given)
    if step == "ethnicity" and form.same.data == "no" and len(given.get("children", [])) > 0:
        return see("families.childrens_ethnicity")
    return _go_on(given)


@blueprint.route("/register/ethnicity/children", methods=["GET", "POST"])
@public
def childrens_ethnicity() -> AnyResponse:
    """Ask for each child's ethnic group."""
    given = _answers()
    children = given.get("children", [])
    if not children:
        return _too_late()
    form = _form_for_each(children)(
        data={f"child_{n}": c.get("ethnicity", "") for n, c in enumerate(children)}
    )
    if form.validate_on_submit():
        for n, child in enumerate(children):
            child["ethnicity"] = form[f"child_{n}"].data
        _keep(given)
        return _go_on(given)
    return _shown(
        form, "What are your children’s ethnic groups?", back=url_for("families.step", step="ethnicity")
    )


@blueprint.route("/register/children", methods=["GET", "POST"])
@public
def registered_children() -> AnyResponse:
    """Show the children told so far and ask for another."""
    given = _answers()
    children = given.get("children", [])
    if not given:
        return _too_late()
    if not children:
        return see("families.add_registered_child")
    form = forms.AddAnother(data={"another": "no" if given.get("all_children") else None})
    if form.validate_on_submit():
        if form.another.data == "yes" and len(children) < MOST_CHILDREN:
            return see("families.add_registered_child")
        given["all_children"] = True
        _keep(given)
        return _go_on(given)
    return shown(
        form,
        "families/register/children.html",
        children=told.children(given),
        back=_before("children", given),
    )


@blueprint.route("/register/children/new", methods=["GET", "POST"])
@public
def add_registered_child() -> AnyResponse:
    """Ask for one more child."""
    given = _answers()
    if not given:
        return _too_late()
    return _ask_child(given, len(given.get("children", [])))


@blueprint.route("/register/children/<int:number>", methods=["GET", "POST"])
@public
def registered_child(number: int) -> AnyResponse:
    """Ask again for a child that was told."""
    given = _answers()
    if not given:
        return _too_late()
    if number >= len(given.get("children", [])):
        raise NotFound("child")
    return _ask_child(given, number)


def _ask_child(given: dict[str, Any], number: int) -> AnyResponse:
    children = given.setdefault("children", [])
    before = children[number] if number < len(children) else {}
    form = forms.NewChildOfMine(
        data=told.restored(before) or {"family_name": given.get("name", {}).get("family_name", "")}
    )
    limits = {"send": before.get("needs", {}).get("send", "none") != "none"}
    if accepted(form, lambda: check_birth(form.born_on(), form.due_on(), **limits)):
        if number >= MOST_CHILDREN:
            raise NotFound("child")
        children[number:] = [{**before, **told.kept(form)}, *children[number + 1 :]]
        _keep(given)
        return see("families.registered_childs_needs", number=number)
    back = url_for("families.registered_children") if children else _before("children", given)
    return _shown(form, "Tell us about your child", back=back)


@blueprint.route("/register/children/<int:number>/needs", methods=["GET", "POST"])
@public
def registered_childs_needs(number: int) -> AnyResponse:
    """Ask what we must know to look after a child."""
    given = _answers()
    if not given:
        return _too_late()
    if number >= len(given.get("children", [])):
        raise NotFound("child")
    child = given["children"][number]
    form = forms.ChildNeeds(data=child.get("needs") or {})
    if form.validate_on_submit():
        child["needs"] = told.kept(form)
        _keep(given)
        return see("families.registered_children")
    return _shown(
        form,
        "What should we know to look after your child?",
        "We show this only to those who need it. You can leave out what you do not want to tell.",
        caption=told.name_of(child),
        back=url_for("families.registered_child", number=number),
    )


@blueprint.post("/register/children/<int:number>/removal")
@public
def remove_registered_child(number: int) -> AnyResponse:
    """Forget a child that was told."""
    given = _answers()
    if number < len(given.get("children", [])):
        del given["children"][number]
        given.pop("all_children", None)
        _keep(given)
    return see("families.registered_children")


@blueprint.get("/register/check")
@public
def check_answers() -> AnyResponse:
    """Show all answers, each with a way to change it."""
    given = _answers()
    if not given:
        return _too_late()
    if missing := missing_from(given):
        return _to(missing)
    family = told.family(given)
    left_out = [words for never, words in forms.UNWANTED.items() if never in family.carer.never]
    return page(
        "families/register/check.html", family=family, given=given, children=told.children(given),
        left_out=", ".join([*left_out[:1], *(f"{words[0].lower()}{words[1:]}" for words in left_out[1:])]),
        back=url_for("families.step", step="consents"),
    )  # fmt: skip


@blueprint.post("/register")
@public
@limiter.limit("30 per hour")
@once
def registration() -> AnyResponse:
    """Make the family known."""
    draft = _draft()
    given = _answers()
    if draft is None or not given:
        return see("families.registered") if DONE in session else _too_late()
    if missing := missing_from(given):
        return _to(missing)
    if service.forget_registration(draft.id):
        session[DONE] = _register(told.family(given))
    session.pop(DRAFT, None)
    return see("families.registered")


def _register(family: NewFamily) -> str:
    account_id: UUID | None = current_user.id if current_user.is_authenticated else None
    return service.register(family, entered=Entered.ONLINE, account_id=account_id).reference


@blueprint.get("/register/done")
@public
def registered() -> AnyResponse:
    """Say that it is done and what happens now."""
    if DONE not in session:
        return see("families.start_registration")
    return page("families/register/done.html", reference=session[DONE])


# The answers of this visit


def _draft() -> Registration | None:
    try:
        id = UUID(session.get(DRAFT, ""))  # noqa: A001
    except ValueError:
        return None
    return queries.registration(id, now=now())


def _answers() -> dict[str, Any]:
    draft = _draft()
    given: dict[str, Any] = json.loads(draft.answers) if draft else {}
    if current_user.is_authenticated and "contact" in given:
        given["contact"]["email"] = current_user.email
    return given


def _keep(given: dict[str, Any]) -> None:
    draft = _draft()
    session[DRAFT] = str(service.keep_answers(draft.id if draft else None, given))


def _too_late() -> AnyResponse:
    flash("We keep your answers for a day. They are gone now, please start again.")
    return see("families.start_registration")


# The way through


def _form_for_each(children: list[dict[str, Any]]) -> type[Form]:
    fields = {f"child_{n}": forms.ethnic_group(told.name_of(child)) for n, child in enumerate(children)}
    return type("ChildrensEthnicity", (Form,), fields)


def _ask(step: str, form: Form, given: dict[str, Any]) -> Response:
    asked = STEPS[step]
    return _shown(form, asked.question, asked.lead, back=_before(step, given))


def _shown(form: Form, title: str, lead: str = "", *, back: str, caption: str = "") -> Response:
    return shown(form, "families/register/step.html", title=title, lead=lead, back=back, caption=caption)


def _go_on(given: dict[str, Any]) -> AnyResponse:
    missing = missing_from(given)
    return _to(missing) if missing else see("families.check_answers")


def _to(name: str) -> AnyResponse:
    return see("families.registered_children") if name == "children" else see("families.step", step=name)


def _before(name: str, given: dict[str, Any]) -> str:
    """Return the page from which one comes: the check once all is told, else the question before."""
    if given and not missing_from(given):
        return url_for("families.check_answers")
    names = list(STEPS)
    place = names.index(name)
    if place == 0:
        return url_for("families.start_registration")
    before = names[place - 1]
    return (
        url_for("families.registered_children")
        if before == "children"
        else url_for("families.step", step=before)
    )
