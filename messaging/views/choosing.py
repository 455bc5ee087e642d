"""What we write to somebody about: the page behind the link in letters. It works for whoever holds the letter.

It tells nothing about the person: neither name nor address. A scanner of mail that opens it changes nothing.
"""

from typing import Any
from uuid import UUID

from flask import current_app, make_response, request
from werkzeug.wrappers import Response

from kernel.errors import NotFound
from kernel.web.access import public
from kernel.web.choices import answers_of, one_each
from kernel.web.forms import accepted
from kernel.web.limits import GUESSES
from kernel.web.pages import page
from messaging import queries, rules, service
from messaging.terms import Group, Way
from messaging.views.door import blueprint


@blueprint.get("/messages/choices/<token>")
@public
@GUESSES
def choices(token: str) -> Response:
    """Show what somebody is written to about, and what they can choose."""
    return _page(_read(token))


@blueprint.post("/messages/choices/<token>")
@public
@GUESSES
def choose(token: str) -> Response:
    """Keep what somebody chooses. A mail program asks in one step to stop what its letter was about (RFC 8058)."""
    person_id = _read(token)
    if request.form.get("List-Unsubscribe") == "One-Click":
        service.stop(person_id, _group())
        return make_response("You get no more of these messages.", 200, {"Content-Type": "text/plain"})
    current_app.extensions["csrf"].protect()  # but for that one step it is a form like any other
    if "stop" in request.form and (group := _group()):
        service.stop(person_id, group)
        return _shown(stopped=True)
    return _page(person_id)


def _read(token: str) -> UUID:
    person_id = service.read_one_step(service.CHOICES, token)
    if person_id is None:
        raise NotFound("link")
    return queries.record_now(person_id)


def _group() -> Group | None:
    """Return what the letter was about from which somebody comes, when it is told."""
    return next((group for group in rules.ASKED_ABOUT if group.value == request.args.get("about")), None)


def _page(person_id: UUID) -> Response:
    offered = queries.choosable()
    form = one_each(queries.asked_of(person_id, offered))
    done = accepted(form, lambda: service.choose_as_told(person_id, answers_of(form)))
    return _shown(
        status=422 if form.is_submitted() and not done else 200,
        form=form,
        offered=offered,
        done=done,
        about=_can_stop(person_id),
    )


def _can_stop(person_id: UUID) -> Group | None:
    """Return what the letter was about, when its reader can stop it and has not."""
    group = _group()
    if group is None or not rules.can_be_stopped(group):
        return None
    return None if queries.wishes_of(person_id).get(group) == Way.NEITHER else group


def _shown(*, status: int = 200, **context: Any) -> Response:
    response = page("messaging/choices.html", status=status, **context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
