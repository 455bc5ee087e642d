"""The council's staff: who they are and what they may do."""

from collections.abc import Iterable
from uuid import UUID

from flask import Response, flash, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from accounts import queries, service
from accounts.forms import InvitationForm, StaffForm
from accounts.rules import ROLE_HINTS
from accounts.terms import Role
from accounts.views.door import blueprint
from kernel.db import wholly
from kernel.errors import Refusal, Unacceptable
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.navigation import in_navigation
from kernel.web.once import once
from kernel.web.pages import address_if_any, page, see
from kernel.web.paging import paged

in_navigation("Staff", "accounts.staff", order=80, permission=Permission.MANAGE_ACCOUNTS)
HINTS = {role.value: hint for role, hint in ROLE_HINTS.items()}


@blueprint.get("/staff")
@requires(Permission.MANAGE_ACCOUNTS)
def staff() -> Response:
    """List the staff, by name."""
    words = request.args.get("name", "")[:100].strip()
    return page(
        "accounts/staff.html",
        region="results",
        found=paged(queries.staff_list(words), whole_rows=True),
        words=words,
        labels=_labels,
        broken=address_if_any("correspondence.addresses"),
    )


@blueprint.get("/staff/new")
@requires(Permission.MANAGE_ACCOUNTS)
def new_member() -> Response:
    """Ask who is to be invited."""
    return page("accounts/invitation.html", form=InvitationForm(), hints=HINTS)


@blueprint.post("/staff")
@requires(Permission.MANAGE_ACCOUNTS)
@once
def invite() -> AnyResponse:
    """Invite somebody to work with us here."""
    form = InvitationForm()
    if form.validate():
        try:
            with wholly():
                invited = service.invite(str(form.name.data), str(form.email.data), _roles(form))
        except Unacceptable as refusal:
            form.email.errors = [str(refusal)]
        else:
            flash(f"We have sent an invitation to {form.email.data}", "success")
            return see("accounts.member", account_id=invited.id)
    return page("accounts/invitation.html", form=form, hints=HINTS, status=422)


@blueprint.get("/staff/<uuid:account_id>")
@requires(Permission.MANAGE_ACCOUNTS)
def member(account_id: UUID) -> Response:
    """Show one of the staff."""
    account, roles = queries.staff_account(account_id)
    form = StaffForm(name=account.name, roles=[role.value for role in roles])
    return _member_page(account_id, form)


@blueprint.post("/staff/<uuid:account_id>")
@requires(Permission.MANAGE_ACCOUNTS)
def change_member(account_id: UUID) -> AnyResponse:
    """Change what one of the staff is called and may do."""
    account, _ = queries.staff_account(account_id)
    form = StaffForm()
    if form.validate():
        try:
            service.change_staff(account, str(form.name.data), _roles(form))
        except Refusal as refusal:
            form.roles.errors = [str(refusal)]
        else:
            flash(f"{account.name} has been changed", "success")
            return see("accounts.member", account_id=account_id)
    return _member_page(account_id, form, status=422)


@blueprint.post("/staff/<uuid:account_id>/invitation")
@requires(Permission.MANAGE_ACCOUNTS)
@once
def invite_again(account_id: UUID) -> AnyResponse:
    """Send one of the staff a fresh link with which to choose a password."""
    account, _ = queries.staff_account(account_id)
    service.invite_again(account)
    flash(f"We have sent an invitation to {account.email}", "success")
    return see("accounts.member", account_id=account_id)


@blueprint.get("/staff/<uuid:account_id>/disabling")
@requires(Permission.MANAGE_ACCOUNTS)
def ask_to_disable(account_id: UUID) -> Response:
    """Ask whether somebody is to be kept out."""
    account, _ = queries.staff_account(account_id)
    return page("accounts/disabling.html", account=account)


@blueprint.post("/staff/<uuid:account_id>/disabling")
@requires(Permission.MANAGE_ACCOUNTS)
def disable(account_id: UUID) -> AnyResponse:
    """Keep somebody out from now on."""
    account, _ = queries.staff_account(account_id)
    service.disable(account)
    flash(f"{account.name} cannot sign in any more", "success")
    return see("accounts.member", account_id=account_id)


@blueprint.post("/staff/<uuid:account_id>/enabling")
@requires(Permission.MANAGE_ACCOUNTS)
def enable(account_id: UUID) -> AnyResponse:
    """Let somebody in again."""
    account, _ = queries.staff_account(account_id)
    service.enable(account)
    flash(f"{account.name} can sign in again", "success")
    return see("accounts.member", account_id=account_id)


def _member_page(account_id: UUID, form: StaffForm, status: int = 200) -> Response:
    account, _ = queries.staff_account(account_id)
    return page(
        "accounts/member.html",
        form=form,
        account=account,
        own=account_id == current_user.id,
        hints=HINTS,
        status=status,
    )


def _roles(form: InvitationForm | StaffForm) -> set[Role]:
    return {Role(role) for role in form.roles.data or []}


def _labels(roles: Iterable[str]) -> str:
    held = {Role(role) for role in roles}
    return ", ".join(role.label for role in Role if role in held)
