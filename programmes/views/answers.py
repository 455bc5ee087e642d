"""What the pages of programmes share: refused fields, ids of an address, and doors of other pages."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import current_app, request, url_for

from kernel.errors import NotFound, Unacceptable
from kernel.web.forms import Form

T = TypeVar("T")


def accepted(form: Form, do: Callable[[], T]) -> T | None:
    """Return what was done with a form that is in order, or None after saying beside its fields what is wrong."""
    if not form.validate_on_submit():
        return None
    try:
        return do()
    except Unacceptable as refusal:
        blame(form, refusal)
        return None


def blame(form: Form, refusal: Unacceptable) -> None:
    """Put what the service refused beside the fields of the form, or above it."""
    for part, sentence in refusal.problems.items():
        field = form._fields.get(part)
        if field is None or hasattr(field, "entries"):
            form.form_errors.append(sentence)
        else:
            field.errors = [*field.errors, sentence]
    if not refusal.problems:
        form.form_errors.append(str(refusal))


def id_in_address(argument: str) -> UUID | None:
    """Return the id that the address names, or None; what is no id is not found."""
    written = request.args.get(argument, "")
    try:
        return UUID(written) if written else None
    except ValueError:
        raise NotFound(argument) from None


def address_if_any(endpoint: str, **values: Any) -> str | None:
    """Return the address of a page that another room has, when the house has it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
