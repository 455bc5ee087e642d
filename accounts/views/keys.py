"""The keys with which a council's machines use the API."""

from uuid import UUID

from flask import Response, flash
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from accounts import queries, service
from accounts.forms import KeyForm
from accounts.models import ApiKey
from accounts.rules import SCOPES
from accounts.views.door import blueprint
from kernel.db import find
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.forms import choices
from kernel.web.once import once
from kernel.web.pages import page, see


@blueprint.get("/account/keys")
@requires(Permission.MANAGE_COUNCIL)
def api_keys() -> Response:
    """List the council's keys that work."""
    words = {scope.value: text for scope, text in SCOPES.items()}
    return page("accounts/keys.html", keys=queries.api_keys(), words=words)


@blueprint.get("/account/keys/new")
@requires(Permission.MANAGE_COUNCIL)
def new_api_key() -> Response:
    """Ask what a key is for and what it may do."""
    return page("accounts/key.html", form=_form())


@blueprint.post("/account/keys")
@requires(Permission.MANAGE_COUNCIL)
@once
def make_api_key() -> AnyResponse:
    """Make a key and show it, this once."""
    form = _form()
    if not form.validate():
        return page("accounts/key.html", form=form, status=422)
    key = service.make_own_api_key(
        current_user, str(form.name.data), {Permission(scope) for scope in form.scopes.data or []}
    )
    return page("accounts/key_made.html", key=key, name=form.name.data)


@blueprint.get("/account/keys/<uuid:key_id>/revocation")
@requires(Permission.MANAGE_COUNCIL)
def ask_to_revoke(key_id: UUID) -> Response:
    """Ask whether a key is to stop working."""
    return page("accounts/key_revocation.html", key=find(ApiKey, key_id))


@blueprint.post("/account/keys/<uuid:key_id>/revocation")
@requires(Permission.MANAGE_COUNCIL)
def revoke_api_key(key_id: UUID) -> AnyResponse:
    """Make a key stop working."""
    key = find(ApiKey, key_id)
    service.revoke_api_key(key)
    flash(f"The key for {key.name} has stopped working", "success")
    return see("accounts.api_keys")


def _form() -> KeyForm:
    form = KeyForm()
    form.scopes.choices = choices(
        (scope.value, words) for scope, words in SCOPES.items() if scope in current_user.permissions
    )
    return form
