"""A POST that creates something is done once for each key: a double click books once."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, make_response, request

from kernel import once as kept
from kernel.db import actor, db
from kernel.ids import new_id

FIELD = "idempotency_key"
HEADER = "Idempotency-Key"
REPLAYED = ("Location", "Content-Type", "HX-Redirect", "ETag")
LONGEST_KEY = 128


def once(view: Callable[..., Any]) -> Callable[..., Any]:
    """Make a view answer a repeated request as it answered the first. What it refused may be tried again."""

    @wraps(view)
    def only_once(*args: Any, **kwargs: Any) -> Any:
        key = (request.headers.get(HEADER) or request.form.get(FIELD) or "")[:LONGEST_KEY]
        if not key or request.method in {"GET", "HEAD"}:
            return view(*args, **kwargs)
        answer, first = kept.ask(_asker(), key, _hash())
        if not first and answer.status:
            return _again(answer)
        response = make_response(current_app.ensure_sync(view)(*args, **kwargs))
        db.flush()
        _settle(answer, response)
        return response

    only_once.__once__ = True  # type: ignore[attr-defined]
    return only_once


def fresh_key() -> str:
    """Return a key for the hidden field of a form that is being shown."""
    return str(new_id())


def _asker() -> str:
    return str(actor() or "anyone")


def _hash() -> str:
    form = sorted((k, v) for k, v in request.form.items(multi=True) if k != "csrf_token")
    told = json.dumps(
        [request.method, request.full_path, form, request.get_data(as_text=False).hex() if not form else ""]
    )
    return hashlib.sha256(told.encode()).hexdigest()


def _settle(answer: kept.Answer, response: Response) -> None:
    if response.status_code >= 400:
        kept.forget(answer)
        return
    headers = {name: response.headers[name] for name in REPLAYED if name in response.headers}
    kept.settle(
        answer, status=response.status_code, headers=json.dumps(headers), body=response.get_data(as_text=True)
    )


def _again(answer: kept.Answer) -> Response:
    response = make_response(answer.body or "", answer.status or 200)
    response.headers.update(json.loads(answer.headers or "{}"))
    response.headers["Idempotent-Replayed"] = "true"
    return response
