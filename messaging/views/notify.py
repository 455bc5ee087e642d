"""Where GOV.UK Notify calls: what became of messages, and texts that people sent. It is known by a word of ours."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Response, jsonify, request
from flask.blueprints import BlueprintSetupState

from kernel.clock import now
from kernel.web.access import public
from kernel.web.limits import limiter
from messaging import service
from messaging.service.channels import is_notify
from messaging.views.door import blueprint

OFTEN = "6000 per minute"
"""As many messages as Notify takes in a minute, twice: all of them settle."""
BY_STRANGERS = "30 per minute"
LARGEST = 16 * 1024
LONGEST_WORDS = 2000
AWAITED = timedelta(minutes=30)
"""For so long a message that Notify took may not be noted here yet: its worker is at it still, or died and another is
on its way. To an answer of 503, and to no other, Notify calls again: five times, every five minutes."""
OURS = re.compile(r"[0-9a-f]{40}")
"""What ``rules.reference`` looks like: others may send by the council's service, too."""
DELIVERED = "delivered"
FAILED = {
    "permanent-failure": ("Notify could not deliver there", True),
    "temporary-failure": ("the phone was off or the mailbox full", False),
}
"""What a failure is in a word of ours, and whether anything else would arrive there."""
LOST = "technical-failure"


def _is_a_stranger(answer: Response) -> bool:
    return answer.status_code == 403


@blueprint.post("/messages/notify/receipts")
@public
@limiter.limit(OFTEN)
@limiter.limit(BY_STRANGERS, deduct_when=_is_a_stranger)
def notify_receipt() -> Response:
    """Hear from Notify what became of a message."""
    told, refusal = _told("id", "status")
    if refusal:
        return refusal
    status, reference = told["status"], told["id"]
    if status == DELIVERED:
        known = service.delivered(reference)
    elif status in FAILED:
        why, address_is_bad = FAILED[status]
        known = service.failed(reference, why, address_is_bad=address_is_bad)
    elif status == LOST:
        known = service.lost(reference)
    else:
        return jsonify({"known": False})
    if not known and _may_come_yet(told):
        return _no(503, "We do not know that message yet. Call again.")
    return jsonify({"known": known})


@blueprint.post("/messages/notify/texts")
@public
@limiter.limit(OFTEN)
@limiter.limit(BY_STRANGERS, deduct_when=_is_a_stranger)
def notify_text() -> Response:
    """Hear from Notify what somebody has texted."""
    told, refusal = _told("id", "source_number", "message")
    if refusal:
        return refusal
    number = told["source_number"]
    # Notify writes numbers from abroad and from here alike, without a plus.
    number = f"+{number}" if number.isdecimal() and not number.startswith("0") else number
    taken = service.received(number[:40], told["message"][:LONGEST_WORDS], reference=told["id"][:100])
    return jsonify({"known": taken is not None})


def _told(*names: str) -> tuple[dict[str, str], Response | None]:
    """Return what Notify says, or what we answer to somebody else or to nonsense."""
    scheme, _, word = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not is_notify(word.strip()):
        return {}, _no(403, "We do not know you.")
    if (request.content_length or LARGEST + 1) > LARGEST:
        return {}, _no(413, "That is too long.")
    told: Any = request.get_json(silent=True)
    if not isinstance(told, dict) or not all(isinstance(told.get(name), str) for name in names):
        return {}, _no(400, "We do not understand that.")
    return {name: said for name, said in told.items() if isinstance(said, str)}, None


def _may_come_yet(told: Mapping[str, str]) -> bool:
    """Say whether a message is one of ours by its reference, and so young that it may be noted any moment."""
    try:
        taken_at = datetime.fromisoformat(told.get("created_at", ""))
        return bool(OURS.fullmatch(told.get("reference", ""))) and now() - taken_at < AWAITED
    except (ValueError, TypeError):  # it tells no time, or of no zone
        return False


def _no(status: int, detail: str) -> Response:
    answer = jsonify({"detail": detail})
    answer.status_code = status
    return answer


@blueprint.record_once
def _needs_no_form_token(state: BlueprintSetupState) -> None:
    """Notify shows its own word, and carries no cookie."""
    for view in (notify_receipt, notify_text):
        state.app.extensions["csrf"].exempt(view)
