"""How a refusal is answered: as a page, as a fragment for htmx, or as problem+json for a machine."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import structlog
from flask import Flask, Response, g, jsonify, make_response, redirect, render_template, request, url_for
from psycopg import errors as pg
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from kernel.errors import Busy, NotFound, Refusal, Unacceptable, place_of
from kernel.web.access import NotAllowed, SignInNeeded
from kernel.web.pages import wants_fragment

log = structlog.get_logger()

TITLES = {
    400: "That request could not be read",
    401: "Sign in to see this page",
    403: "You do not have access to this page",
    404: "Page not found",
    405: "Page not found",
    409: "That cannot be done",
    412: "Somebody else has changed this",
    413: "That file is too big",
    422: "Some of what you sent cannot be used",
    428: "Say which version you have read",
    429: "Too many tries",
    500: "Sorry, there is a problem with the service",
    503: "Sorry, the service is busy",
}
MESSAGES = {
    400: "Go back, check what you entered and try again.",
    403: "Your account is not set up to do this. Ask your manager if you think that it should be.",
    404: "If you typed the web address, check that it is correct. If you pasted it, check that you copied all of it.",
    412: "This has changed since you read it. Read it again, and send your change with the new ETag.",
    413: "Files can be up to 5 MB.",
    428: "Send the ETag of what you read as If-Match.",
    429: "You have tried too often in a short time. Wait 15 minutes and try again.",
    500: "Try again later. Nothing that you had saved is lost.",
    503: "Wait a few seconds and try again.",
}


def register(app: Flask) -> None:
    """Answer every refusal and failure of the application."""
    app.register_error_handler(NotFound, lambda error: answer(404))
    app.register_error_handler(NotAllowed, lambda error: answer(403))
    app.register_error_handler(SignInNeeded, _sign_in)
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _failure)


def is_api() -> bool:
    """Say whether a machine asked."""
    return request.path.startswith("/api/")


def answer(status: int, message: str | None = None, **more: Any) -> Response:
    """Return the answer of this status, in the form that the asker understands."""
    title = TITLES.get(status) or HTTPStatus(status).phrase
    message = message or MESSAGES.get(status, "")
    if is_api():
        return _problem(status, title, message, more)
    template = "errors/fragment.html" if wants_fragment() else "errors/page.html"
    html = render_template(template, status=status, title=title, message=message, **more)
    response = make_response(html, status)
    if wants_fragment():
        response.headers["HX-Retarget"] = "#messages"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _problem(status: int, title: str, message: str, more: dict[str, Any]) -> Response:
    body = {"type": "about:blank", "title": title, "status": status, "detail": message or title, **more}
    response = jsonify(body)
    response.status_code = status
    response.content_type = "application/problem+json"
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _sign_in(_error: SignInNeeded) -> AnyResponse:
    if is_api():
        return answer(401, "Send an API key: Authorization: Bearer …")
    asked_for = request.full_path.rstrip("?")
    if request.method == "POST" and g.get("lapsed") and not wants_fragment():
        return redirect(url_for("accounts.keep_typed", address=asked_for), 307)  # with all that was typed
    address = url_for("accounts.sign_in", next=asked_for if request.method == "GET" else None)
    if wants_fragment():
        response = make_response("", 204)
        # A preview goes without: what is being typed must stay where it is.
        if "X-Aside" not in request.headers:
            response.headers["HX-Redirect"] = address
        return response
    return redirect(address, 303)


def _refusal(error: Refusal) -> Response:
    more = {"problems": error.problems} if isinstance(error, Unacceptable) and error.problems else {}
    return answer(error.status, str(error), **more)


def _database(error: DBAPIError) -> Response:
    cause = error.orig
    if isinstance(cause, pg.LockNotAvailable | pg.DeadlockDetected | pg.QueryCanceled):
        return answer(Busy.status, Busy.message)
    if isinstance(cause, pg.DataError):
        return answer(422)
    if isinstance(error, OperationalError):
        log.error("database away", reference=_reference())
        return answer(503)
    return _failure(error)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    response = answer(status, **_problems(error))
    if status == 429 and getattr(error, "retry_after", None):
        response.headers["Retry-After"] = str(error.retry_after)  # type: ignore[attr-defined]
    return response


def _problems(error: HTTPException) -> dict[str, Any]:
    """Return what is wrong with which field, as flask-smorest's schemas say it, for machines alone."""
    told = (getattr(error, "data", None) or {}).get("messages", {}) if is_api() else {}
    problems = dict(line for part in told.values() for line in _lines(part))
    return {"problems": problems} if problems else {}


def _lines(said: Any, field: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(said, dict):
        for name, part in said.items():
            yield from _lines(part, f"{field}.{name}" if field else str(name))
    else:
        yield field or "body", " ".join(map(str, said))


def _failure(error: Exception) -> Response:
    # The kind of failure and the route alone: texts of failures may hold what somebody typed.
    rule = request.url_rule.rule if request.url_rule else None
    log.error("failure", kind=type(error).__name__, rule=rule, reference=_reference(), where=place_of(error))
    if g.get("raise_failures"):
        raise error
    return answer(500, reference=_reference())


def _reference() -> str:
    if "reference" not in g:
        g.reference = uuid4().hex[:8]
    return str(g.reference)
