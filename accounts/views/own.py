"""One's own account."""

from uuid import UUID

from flask import Response, flash, request, session
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from accounts import queries, rules, service
from accounts.forms import ChangePasswordForm, NameForm, NewPasswordForm
from accounts.models import Account
from accounts.terms import SignedInBy
from accounts.views.door import blueprint
from accounts.views.sign_in import FOR_ONE_ACCOUNT, carry_token
from kernel.clock import now
from kernel.db import find, here
from kernel.errors import Unacceptable
from kernel.web.access import signed_in
from kernel.web.limits import limiter
from kernel.web.pages import page, see


def _by_account() -> str:
    return f"{here()}|{current_user.get_id()}"


@blueprint.get("/account")
@signed_in
def account() -> Response:
    """Show somebody their account, and where they are signed in."""
    return page(
        "accounts/account.html",
        account=_own_account(),
        roles=sorted(role.label for role in current_user.roles),
        sign_ins=queries.sign_ins_of(current_user, now=now()),
    )


@blueprint.get("/account/name")
@signed_in
def ask_for_name() -> Response:
    """Ask what somebody is called."""
    return page("accounts/name.html", form=NameForm(name=current_user.name))


@blueprint.post("/account/name")
@signed_in
def change_name() -> AnyResponse:
    """Call somebody by another name."""
    form = NameForm()
    if not form.validate():
        return page("accounts/name.html", form=form, status=422)
    service.rename(_own_account(), str(form.name.data))
    flash("Your name has been changed", "success")
    return see("accounts.account")


@blueprint.get("/account/password")
@signed_in
def ask_for_password() -> Response:
    """Ask for a new password, and for the old one when it is needed."""
    return page("accounts/password.html", form=_password_form(_own_account()))


@blueprint.post("/account/password")
@signed_in
@limiter.limit(FOR_ONE_ACCOUNT, key_func=_by_account, deduct_when=lambda answer: answer.status_code >= 400)
def change_password() -> AnyResponse:
    """Give somebody a new password, end all their sign-ins and begin a new one here."""
    own = _own_account()
    form = _password_form(own)
    if form.validate() and _knows_old(form, own):
        try:
            service.change_password(own, str(form.password.data))
        except Unacceptable as refusal:
            form.password.errors = [str(refusal)]
        else:
            session.clear()
            flash("Your password has been changed. You have been signed out everywhere else.", "success")
            device = rules.device_of(request.user_agent.string)
            return carry_token(
                see("accounts.account"), service.sign_in(own, device=device, how=SignedInBy.PASSWORD)
            )
    return page("accounts/password.html", form=form, status=422)


@blueprint.post("/account/sign-ins/<uuid:sign_in_id>/end")
@signed_in
def end_sign_in(sign_in_id: UUID) -> AnyResponse:
    """End one of somebody's own sign-ins."""
    ending = queries.own_sign_in(current_user, sign_in_id)
    service.end_sign_in(ending)
    flash(f"{ending.device} has been signed out", "success")
    return see("accounts.account")


@blueprint.post("/account/sign-ins/end")
@signed_in
def end_other_sign_ins() -> AnyResponse:
    """End all of somebody's own sign-ins but this one."""
    service.end_sign_ins(current_user.id, keep=current_user.sign_in_id)
    flash("You have been signed out everywhere else", "success")
    return see("accounts.account")


def _own_account() -> Account:
    return find(Account, current_user.id)


def _password_form(own: Account) -> NewPasswordForm:
    this = queries.own_sign_in(current_user, current_user.sign_in_id)
    return ChangePasswordForm() if service.needs_old_password(own, this) else NewPasswordForm()


def _knows_old(form: NewPasswordForm, own: Account) -> bool:
    if isinstance(form, ChangePasswordForm) and not service.knows_password(own, str(form.old_password.data)):
        form.old_password.errors = ["This is not your password"]
        return False
    return True
