"""The headers of every answer."""

import secrets

from flask import Flask, Response, g
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CustomHeader,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
)

from kernel.settings import Settings

YEAR = 365 * 24 * 3600
NONCE = "NONCE"


def register(app: Flask, settings: Settings) -> None:
    """Give each answer a nonce and the headers that keep browsers careful, before anything refuses a request."""
    fixed, policy = fixed_headers(settings), _policy()

    @app.before_request
    def new_nonce() -> None:
        g.nonce = secrets.token_urlsafe(16)

    @app.after_request
    def careful(response: Response) -> Response:
        response.headers.extend(fixed)
        response.headers["Content-Security-Policy"] = policy.replace(NONCE, g.nonce)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.add("Vary", "HX-Request, Cookie")
        return response


def fixed_headers(settings: Settings) -> dict[str, str]:
    """Return the headers that are the same on every answer, files too."""
    policy = Secure(
        xcto=XContentTypeOptions(),
        referrer=ReferrerPolicy().same_origin(),
        coop=CrossOriginOpenerPolicy().same_origin(),
        permissions=PermissionsPolicy().camera().microphone().geolocation().payment().usb(),
        hsts=None
        if settings.insecure_cookies
        else StrictTransportSecurity().max_age(YEAR).include_subdomains(),
        custom=[
            CustomHeader("X-Frame-Options", "DENY"),
            CustomHeader("Cross-Origin-Resource-Policy", "same-origin"),
        ],
    )
    return dict(policy.headers)


def _policy() -> str:
    """Return the content policy, with NONCE where the nonce of each answer goes."""
    own = "'self'"
    allowed = f"'nonce-{NONCE}'"
    csp = (
        ContentSecurityPolicy()
        .default_src("'none'")
        .script_src(own, allowed)
        .style_src(own, allowed)
        .img_src(own, "data:")
        .font_src(own)
        .connect_src(own)
        .manifest_src(own)
        .form_action(own)
        .frame_ancestors("'none'")
        .base_uri("'none'")
        .object_src("'none'")
    )
    return str(csp.header_value)
