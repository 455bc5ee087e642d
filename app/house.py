"""The application in which every request is one unit of work of one council."""

import hmac
import json
from typing import Any

from flask import Flask, Request, g, request
from flask.sessions import SecureCookieSessionInterface
from flask_login import current_user
from itsdangerous import URLSafeTimedSerializer
from werkzeug.exceptions import BadRequest

from kernel.db import NOWHERE, acts, unit_of_work
from kernel.errors import NotFound
from kernel.settings import Settings
from kernel.web.answers import is_api
from tenants import queries as tenants
from tenants.queries import Standing

SAFE = {"GET", "HEAD", "OPTIONS"}


class NobodyHere(NotFound):
    """No council has its house at the host that was asked."""


class House(Flask):
    """Answers in the name of the council whose host was asked; a GET cannot write."""

    settings: Settings

    def dispatch_request(self) -> Any:
        """Do the work of one request: kept when it returns, undone when it raises."""
        standing = standing_of(request, self.settings)
        if standing is None:
            raise NobodyHere
        g.ground = standing.ground.value
        with unit_of_work(standing.tenant_id, read_only=request.method in SAFE):
            if not is_api():
                g.council = tenants.settings()
            acts(current_user.id if current_user.is_authenticated else None)
            return super().dispatch_request()


def standing_of(request: Request, settings: Settings) -> Standing | None:
    """Return whose house the request knocks at, looked up once for each request."""
    if "standing" not in g:
        g.standing = tenants.by_host(request.host, settings.base_domain)
    return g.standing  # type: ignore[no-any-return]


class CouncilCookies(SecureCookieSessionInterface):
    """The small signed cookie for form tokens and notices. One signed for a council is refused by every other."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return a serializer whose key is the council's own."""
        standing = standing_of(request, app.settings)  # type: ignore[attr-defined]
        tenant = standing.tenant_id if standing else NOWHERE
        key = hmac.digest(str(app.secret_key).encode(), b"cookie:" + tenant.bytes, "sha256")
        return URLSafeTimedSerializer(
            key,
            salt=self.salt,
            serializer=self.serializer,
            signer_kwargs={"key_derivation": "hmac", "digest_method": self.digest_method},
        )


def refuse_nul(request: Request) -> None:
    """Refuse what cannot be held, before it gets anywhere: NUL, halves of characters, endless numbers and nests."""
    forms = [text for form in (request.args, request.form) for texts in form.listvalues() for text in texts]
    if any("\x00" in text for text in (request.full_path, *forms)):
        raise BadRequest
    if request.is_json and _holds_what_cannot_be_kept(request.get_data()):
        raise BadRequest


def _holds_what_cannot_be_kept(body: bytes) -> bool:
    if b"\x00" in body or b"\\u0000" in body:
        return True
    try:
        json.dumps(json.loads(body), ensure_ascii=False).encode()
    except json.JSONDecodeError:
        return False  # it is no JSON: whoever reads it says so
    except (ValueError, RecursionError):
        return True
    return False
