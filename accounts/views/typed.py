"""What somebody was typing when their sign-in lapsed, kept in the page on which they sign in again.

It is sealed there, for them alone: whoever else signs in at the same screen never sees it. The house keeps none of it.
"""

import json
from typing import NamedTuple
from uuid import UUID

from cryptography.fernet import InvalidToken
from flask import g, request
from flask_login import current_user
from werkzeug.wrappers import Response

from accounts.forms import SignInForm
from accounts.views.door import blueprint
from kernel import vault
from kernel.web.access import public_anywhere
from kernel.web.pages import is_own, page, see

LONGEST = 200_000
"""How many characters are kept at most: more is a file that somebody pasted."""


class Typed(NamedTuple):
    """A form as it was sent, and where to."""

    address: str
    fields: list[tuple[str, str]]


@blueprint.post("/sign-in/typed")
@public_anywhere
def keep_typed() -> Response:
    """Ask somebody to sign in again whose sign-in has lapsed, and keep what they sent."""
    address = request.args.get("address", "")
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    secret = any("password" in name for name, _ in fields)
    if current_user.is_authenticated or "lapsed" not in g or not is_own(address) or secret:
        return see("accounts.sign_in")
    sealed = vault.seal(json.dumps([str(g.lapsed), address, fields]))
    if len(sealed) > LONGEST:
        return see("accounts.sign_in")
    return page("accounts/sign_in.html", form=SignInForm(formdata=None), next="/", typed=sealed)


def typed_by(account_id: UUID) -> Typed | None:
    """Return what came along with a sign-in, if it is what this person was typing."""
    try:
        whose, address, fields = json.loads(vault.unseal(request.form.get("typed", "")))
    except InvalidToken:
        return None
    return Typed(address, fields) if whose == str(account_id) else None


def send_again(typed: Typed) -> Response:
    """Ask somebody who has signed in again whether to go on with what they were doing."""
    return page("accounts/typed.html", typed=typed, navigation=[])
