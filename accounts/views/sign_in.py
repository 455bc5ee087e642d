"""Signing in and out."""

import secrets
from typing import Any

from flask import Response, current_app, g, request, session
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from accounts import queries, rules, service
from accounts.errors import LinkIsDead
from accounts.forms import LinkForm, NewPasswordForm, SignInForm
from accounts.models import Account
from accounts.terms import LinkPurpose, SignedInBy
from accounts.views.door import blueprint
from accounts.views.typed import send_again, typed_by
from kernel.clock import now
from kernel.errors import Unacceptable
from kernel.web.access import public_anywhere
from kernel.web.limits import by_address, by_email, limiter
from kernel.web.pages import is_own, page, see, see_address
from messaging import service as messaging

WRONG = "The email address or the password is not right. Check both, or ask for a link by email."
QUARTER_HOUR = "15 minutes"
FOR_ONE_ACCOUNT, FOR_ONE_ADDRESS = f"10 per {QUARTER_HOUR}", f"50 per {QUARTER_HOUR}"
LETTERS_FOR_ONE_ACCOUNT, LETTERS_FOR_ONE_ADDRESS = f"5 per {QUARTER_HOUR}", f"50 per {QUARTER_HOUR}"


def _failed(answer: Response) -> bool:
    return answer.status_code >= 400


@blueprint.get("/sign-in")
@public_anywhere
def sign_in() -> AnyResponse:
    """Ask who it is."""
    if current_user.is_authenticated:
        return see_address(_next())
    return page("accounts/sign_in.html", form=SignInForm(email=""), next=_next())


@blueprint.post("/sign-in")
@public_anywhere
@limiter.limit(FOR_ONE_ACCOUNT, key_func=by_email, deduct_when=_failed)
@limiter.limit(FOR_ONE_ADDRESS, key_func=by_address, deduct_when=_failed)
def check_password() -> AnyResponse:
    """Sign somebody in with their password."""
    form = SignInForm()
    if form.validate():
        if account := service.check_password(str(form.email.data), str(form.password.data)):
            return _let_in(account, SignedInBy.PASSWORD, _next())
        form.form_errors.append(WRONG)
    return page("accounts/sign_in.html", form=form, next=_next(), typed=request.form.get("typed"), status=422)


@blueprint.post("/sign-in/link")
@public_anywhere
@limiter.limit(LETTERS_FOR_ONE_ACCOUNT, key_func=by_email)
@limiter.limit(LETTERS_FOR_ONE_ADDRESS, key_func=by_address)
def ask_for_link() -> AnyResponse:
    """Promise an e-mail with a link that signs in; the answer does not tell whether anybody has the address."""
    form = LinkForm()
    if not form.validate():
        shown = SignInForm()
        shown.email.errors = form.email.errors
        return page("accounts/sign_in.html", form=shown, next=_next(), status=422)
    service.ask_for_link(str(form.email.data), browser=_this_browser())
    session["next"] = _next()
    return see("accounts.link_sent")


@blueprint.get("/sign-in/link")
@public_anywhere
def link_sent() -> Response:
    """Say that there is an e-mail to be read."""
    return page("accounts/link_sent.html")


@blueprint.get("/sign-in/link/<token>")
@public_anywhere
def show_link(token: str) -> Response:
    """Show a button that signs in. Reading the page alone uses nothing up: mail scanners read pages too."""
    link = queries.link_by_id(messaging.read_one_step(LinkPurpose.SIGN_IN, token))
    if link is None or not queries.is_live(link, LinkPurpose.SIGN_IN, now=now()):
        return page("accounts/link_dead.html", status=LinkIsDead.status)
    here = queries.asked_in(link, session.get("browser"))
    return page("accounts/link.html", token=token, here=here)


@blueprint.post("/sign-in/link/<token>")
@public_anywhere
@limiter.limit(FOR_ONE_ADDRESS, key_func=by_address, deduct_when=_failed)
def use_link(token: str) -> AnyResponse:
    """Sign somebody in with the link that they were sent, once."""
    wanted = session.get("next", "/")
    try:
        account = service.use_link(token, LinkPurpose.SIGN_IN, browser=session.get("browser"))
    except LinkIsDead:
        return page("accounts/link_dead.html", status=LinkIsDead.status)
    return _let_in(account, SignedInBy.LINK, wanted)


@blueprint.get("/set-password/<token>")
@public_anywhere
def show_invitation(token: str) -> Response:
    """Ask somebody who was invited for a password."""
    link = queries.link_by_id(messaging.read_one_step(LinkPurpose.SET_PASSWORD, token))
    if link is None or not queries.is_live(link, LinkPurpose.SET_PASSWORD, now=now()):
        return page("accounts/link_dead.html", invitation=True, status=LinkIsDead.status)
    return page("accounts/set_password.html", form=NewPasswordForm(), token=token)


@blueprint.post("/set-password/<token>")
@public_anywhere
@limiter.limit(FOR_ONE_ADDRESS, key_func=by_address, deduct_when=_failed)
def accept_invitation(token: str) -> AnyResponse:
    """Give somebody who was invited their first password and sign them in."""
    form = NewPasswordForm()
    if form.validate():
        try:
            account = service.accept_invitation(token, str(form.password.data))
        except LinkIsDead:
            return page("accounts/link_dead.html", invitation=True, status=LinkIsDead.status)
        except Unacceptable as refusal:
            form.password.errors = [str(refusal)]
        else:
            return _let_in(account, SignedInBy.PASSWORD, "/")
    return page("accounts/set_password.html", form=form, token=token, status=422)


@blueprint.post("/sign-out")
@public_anywhere
def sign_out() -> AnyResponse:
    """End this sign-in."""
    _end_this_sign_in()
    session.clear()
    answer = see_address("/")
    answer.delete_cookie(current_app.config["SIGN_IN_COOKIE"], **_cookie_settings())
    return answer


def _let_in(account: Account, how: SignedInBy, wanted: str) -> AnyResponse:
    """Begin a sign-in with a token of its own and a fresh visit: nothing from before is carried over."""
    _end_this_sign_in()
    session.clear()
    g.pop("csrf_token", None)  # a form on the answer needs one of the new visit
    typed = typed_by(account.id)
    return carry_token(
        send_again(typed) if typed else see_address(wanted),
        service.sign_in(account, device=rules.device_of(request.user_agent.string), how=how),
    )


def carry_token(answer: AnyResponse, token: str) -> AnyResponse:
    """Put the token of a sign-in into the browser's cookie, out of reach of scripts and other sites."""
    answer.set_cookie(current_app.config["SIGN_IN_COOKIE"], token, **_cookie_settings())
    return answer


def _cookie_settings() -> dict[str, Any]:
    return {
        "secure": current_app.config["SESSION_COOKIE_SECURE"],
        "httponly": True,
        "samesite": "Lax",
        "path": "/",
    }


def _end_this_sign_in() -> None:
    if current_user.is_authenticated and current_user.sign_in_id:
        service.end_sign_in(queries.own_sign_in(current_user, current_user.sign_in_id))


def _next() -> str:
    wanted = request.values.get("next", "")
    return wanted if is_own(wanted) else "/"


def _this_browser() -> str:
    return str(session.setdefault("browser", secrets.token_urlsafe(16)))
