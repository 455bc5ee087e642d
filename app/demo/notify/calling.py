"""How Notify calls a service back: receipts for what was sent, and texts that came in."""

import contextlib
import http.client
import json
import threading
import time
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

from app.demo.notify.far_side import SMS, FarSide, Kept, Service, digits, stamp

TRIES = 5
PAUSE_SECONDS = 5.0
"""Notify itself waits for five minutes."""
TIMEOUT_SECONDS = 10


class _Due(NamedTuple):
    at: float
    kept: Kept
    tries: int


class Caller:
    """Lets messages arrive a while after they were taken, and tells the services so."""

    def __init__(self, far: FarSide, *, settles_after: float) -> None:
        self.far, self.settles_after = far, settles_after
        self.due: list[_Due] = []

    def start(self) -> None:
        """Begin, beside everything else."""
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            moment = time.monotonic()
            self.due += [_Due(moment, one, TRIES) for one in self.far.settle(older_than=self.settles_after)]
            now_due, self.due = (
                [d for d in self.due if d.at <= moment],
                [d for d in self.due if d.at > moment],
            )
            for due in now_due:
                service = due.kept.service
                if not service.receipts_url:
                    continue
                status = call(service.receipts_url, service.token, receipt(due.kept))
                if not 200 <= status < 300 and due.tries > 1:
                    self.due.append(_Due(moment + PAUSE_SECONDS, due.kept, due.tries - 1))
            time.sleep(0.2)


def receipt(kept: Kept) -> dict[str, Any]:
    """Return what Notify tells a service of a message that arrived or failed."""
    return {
        "id": kept.id, "reference": kept.reference, "to": kept.to, "status": kept.status,
        "created_at": stamp(kept.created_at), "completed_at": stamp(kept.completed_at),
        "sent_at": stamp(kept.completed_at), "notification_type": kept.type,
        "template_id": kept.service.text_template if kept.type == SMS else kept.service.email_template,
        "template_version": 1,
    }  # fmt: skip


def inbound(service: Service, number: str, message: str) -> dict[str, Any]:
    """Return what Notify tells a service of a text that came in."""
    return {
        "id": str(uuid4()), "source_number": digits(number), "destination_number": service.number,
        "message": message, "date_received": stamp(datetime.now(UTC)),
    }  # fmt: skip


def call(url: str, token: str, payload: dict[str, Any]) -> int:
    """Call a service back; return what it answered, 0 for nothing."""
    at = urlsplit(url)
    # Names below localhost mean this machine, whether or not the system's resolver knows them.
    here = (at.hostname or "").endswith("localhost")
    line = http.client.HTTPConnection(
        "127.0.0.1" if here else at.hostname or "", at.port or 80, timeout=TIMEOUT_SECONDS
    )
    headers = {"Host": at.netloc, "Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    with contextlib.closing(line), contextlib.suppress(OSError, http.client.HTTPException):
        line.request("POST", at.path, json.dumps(payload), headers)
        return line.getresponse().status
    return 0
