"""What every view needs to answer a browser."""

from typing import Any
from uuid import UUID

from flask import Response, current_app, make_response, redirect, render_template, url_for
from htmx_flask import request
from werkzeug.wrappers import Response as AnyResponse

from kernel.db import db
from kernel.errors import NotFound


def page(template: str, *, region: str | None = None, status: int = 200, **context: Any) -> Response:
    """Render the page, or only its region when htmx asked for that."""
    db.flush()  # a page shows what the work will leave behind, or the work fails before anything is shown
    if not (region and wants_fragment()):
        return make_response(render_template(template, **context), status)
    current_app.update_template_context(context)
    loaded = current_app.jinja_env.get_template(template)
    html = "".join(loaded.blocks[region](loaded.new_context(context)))
    return make_response(html, status)


def wants_fragment() -> bool:
    """Say whether htmx asked for a part of a page."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def see(endpoint: str, **values: Any) -> AnyResponse:
    """Send the browser on to another page, to be read with GET."""
    return see_address(url_for(endpoint, **values))


def see_address(address: str) -> AnyResponse:
    """Send the browser on to an own relative address; anything else leads to the first page."""
    target = address if is_own(address) else "/"
    if wants_fragment():
        answer = make_response("", 204)
        answer.headers["HX-Redirect"] = target
        return answer
    return redirect(target, 303)


def id_in_address(argument: str) -> UUID | None:
    """Return the id that the address names, or None; what is no id is not found."""
    written = request.args.get(argument, "")
    try:
        return UUID(written) if written else None
    except ValueError:
        raise NotFound(argument) from None


def address_if_any(endpoint: str, **values: Any) -> str | None:
    """Return the address of a page of another room or context, when the house has it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def is_own(address: str) -> bool:
    """Say whether an address is a path of this host: nothing that a browser could take for another's."""
    return (
        address.startswith("/")
        and not address.startswith(("//", "/\\"))
        and address.isprintable()
        and "\\" not in address
        and not address.lower().startswith(("/%2f", "/%5c"))
    )
