"""What the pages of families share: their blueprint, asking with a form, and how old somebody is."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, g
from werkzeug.wrappers import Response as AnyResponse

from families import rules
from families.terms import Opened, SendStatus
from kernel.clock import today
from kernel.errors import Unacceptable
from kernel.web.forms import Form, accepted
from kernel.web.pages import page, see_address

blueprint = Blueprint("families", __name__)


def asked(
    form: Form,
    do: Callable[[], Any],
    *,
    then: str,
    said: str,
    template: str = "families/form.html",
    **context: Any,
) -> AnyResponse:
    """Show a form; when it comes back in order do what it asks, and go on; else show it again as it was typed."""
    if accepted(form, do):
        flash(said, "success")
        return see_address(then)
    return shown(form, template, **context)


def shown(form: Form, template: str = "families/form.html", **context: Any) -> Response:
    """Show a form, with what is wrong when it was sent."""
    return page(template, status=422 if form.is_submitted() else 200, form=form, **context)


def check_birth(born: date | None, due: date | None, *, send: bool) -> None:
    """Refuse a date on which no child of a hub can be born, before anything is kept."""
    problem = rules.problem_with_birth(
        born, due, on=today(), limit=g.council.age_limit, limit_send=g.council.age_limit_send, send=send
    )
    if problem:
        raise Unacceptable(**{"due_date" if due else "date_of_birth": problem})


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "age_of": lambda born, due=None: rules.age_in_words(born, due, on=today()),
        "ethnicity_of": rules.ethnicity_label,
        "language_of": rules.language_label,
        "no_send": SendStatus.NONE,
        "labels": {word.value: word.label for word in Opened},
    }
