"""Recognises who asks: a browser by its cookie, a machine by its key."""

from datetime import timedelta

from flask import Request, current_app, g

from accounts import queries, service
from accounts.queries import Person
from kernel.clock import now
from kernel.db import NoUnitOfWork, apart, here
from kernel.web.answers import is_api

TOUCH_EVERY = timedelta(minutes=1)


def who_asks(request: Request) -> Person | None:
    """Return the person on whose word the request acts, or None for a stranger."""
    try:
        here()
    except NoUnitOfWork:
        return None
    return _machine(request) if is_api() else _browser(request)


def _machine(request: Request) -> Person | None:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return queries.by_api_key(key.strip()) if scheme.lower() == "bearer" and key else None


def _browser(request: Request) -> Person | None:
    token = request.cookies.get(current_app.config["SIGN_IN_COOKIE"])
    if not token:
        return None
    found = queries.signed_in_by(token)
    if found is None:
        return None
    person, sign_in = found
    if service.has_lapsed(sign_in, person, now=now()):
        g.lapsed = person.id  # what they were typing is theirs, once they have signed in again
        return None
    # A page that asks for news by itself is nobody's doing: a tablet that was left lying is signed out all the same.
    if now() - sign_in.seen_at > TOUCH_EVERY and "X-Polling" not in request.headers:
        with apart():
            service.touch(sign_in.id)
    return person
