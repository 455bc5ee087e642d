"""Notify's doors, as its documentation describes them, and a few of our own (``/_…``) to make it behave otherwise."""

import contextlib
import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt

from app.demo.notify.calling import call, inbound
from app.demo.notify.far_side import EMAIL, SMS, FarSide, Kept, Refusal, Service, stamp, told

CLOCK_SECONDS = 30
LARGEST = 3_000_000
DOORS = {"/v2/notifications/sms": SMS, "/v2/notifications/email": EMAIL}


@contextmanager
def serving(far: FarSide, port: int = 0) -> Iterator[str]:
    """Open the doors on this machine, and give their address."""
    server = _Server(("127.0.0.1", port), _Door)
    server.far, server.over = far, threading.Event()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    far: FarSide
    over: threading.Event

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of whoever hangs up, as a worker does that is killed."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Door(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one answer, one write

    def do_POST(self) -> None:
        """Take a message, or an order of ours."""
        asked = self._body()
        if self.path.startswith("/_"):
            self._own(asked)
        elif self.path in DOORS:
            self._take(DOORS[self.path], asked)
        else:
            self._say(404, _errors(404, "NoResultFound", "No result found"))

    def do_GET(self) -> None:
        """Tell what became of messages."""
        at = urlsplit(self.path)
        if at.path == "/_messages":
            self._say(200, {"messages": [_plain(one) for one in list(self.server.far.kept.values())]})
            return
        try:
            service = self._service()
            if at.path == "/v2/notifications":
                found = self.server.far.listed(service, dict(parse_qsl(at.query)))
                self._say(200, {"notifications": [_seen(one) for one in found], "links": _links(found)})
                return
            if at.path.startswith("/v2/template/"):
                template = _own_template(service, at.path.removeprefix("/v2/template/"))
                self._say(200, template | self.server.far.templates.get(template["id"], {}))
                return
            one = self.server.far.kept.get(at.path.removeprefix("/v2/notifications/"))
            if one is None or one.service.id != service.id:
                raise Refusal(404, "NoResultFound", "No result found")
            self._say(200, _seen(one))
        except Refusal as refusal:
            self._say(refusal.status, _errors(refusal.status, refusal.error, refusal.message))

    def _take(self, type: str, asked: dict[str, Any]) -> None:
        mood = self.server.far.mood()
        try:
            if mood in REFUSALS:
                raise REFUSALS[mood]
            service = self._service()
            if mood == "timeout":
                self._hang()
                return
            kept = self.server.far.take(service, type, asked)
        except Refusal as refusal:
            self._say(refusal.status, _errors(refusal.status, refusal.error, refusal.message))
            return
        if mood == "silence":
            self._hang()
        elif mood == "cut":
            self._cut()
        else:
            self._say(201, _taken(kept))

    def _own(self, asked: dict[str, Any]) -> None:
        far = self.server.far
        if self.path == "/_mode":
            far.be(asked.get("mode", "well"), times=asked.get("times", 0))
            far.per_minute = asked.get("per_minute", far.per_minute)
            far.any_clock = asked.get("any_clock", far.any_clock)
            self._say(200, {})
        elif self.path == "/_services":
            service = far.open_service(**asked)
            self._say(201, {**told(service), "key": service.key})
        elif self.path == "/_inbound":
            self._inbound(asked)
        else:
            self._say(404, {})

    def _inbound(self, asked: dict[str, Any]) -> None:
        """Have a text come in for a service, which is called by its name."""
        number, words, name = (str(asked.get(what, "")) for what in ("from", "message", "to"))
        services = [
            one for one in self.server.far.services.values() if one.name.casefold() == name.casefold()
        ]
        if not services:
            self._say(404, {"message": "no such service"})
            return
        status = call(services[0].texts_url, services[0].token, inbound(services[0], number, words))
        self._say(200 if status == 200 else 502, {"status": status})

    def _service(self) -> Service:
        """Return whose key signed the token."""
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token:
            raise Refusal(401, "AuthError", "Unauthorized: authentication token must be provided")
        try:
            claims = jwt.decode(token, options={"verify_signature": False})
            service = self.server.far.services.get(claims.get("iss", ""))
            if service is None:
                raise Refusal(403, "AuthError", "Invalid token: service not found")
            jwt.decode(token, service.secret, algorithms=["HS256"], options={"verify_iat": False})
        except jwt.PyJWTError:
            raise REFUSALS["stranger"] from None
        if not self.server.far.any_clock and abs(time.time() - claims.get("iat", 0)) > CLOCK_SECONDS:
            raise REFUSALS["clock"]
        return service

    def _body(self) -> dict[str, Any]:
        length = min(int(self.headers.get("Content-Length") or 0), LARGEST)
        with contextlib.suppress(ValueError):
            body = json.loads(self.rfile.read(length) or b"{}")
            return body if isinstance(body, dict) else {}
        return {}

    def _say(self, status: int, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _hang(self) -> None:
        """Say nothing until whoever asked is gone."""
        self.server.over.wait(60)
        self.close_connection = True

    def _cut(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: Any) -> None:
        """Say nothing of requests: their addresses hold references."""


REFUSALS = {
    "error": Refusal(500, "Exception", "Internal server error"),
    "busy": Refusal(429, "TooManyRequestsError", "Exceeded send limits (250000) for today"),
    "trial": Refusal(
        400,
        "BadRequestError",
        "Can't send to this recipient when service is in trial mode - see …/trial-mode",
    ),
    "forbidden": Refusal(400, "BadRequestError", "Service is not allowed to send text messages"),
    "clock": Refusal(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds"),
    "stranger": Refusal(403, "AuthError", "Invalid token: API key not found"),
}


def _errors(status: int, error: str, message: str) -> dict[str, Any]:
    return {"status_code": status, "errors": [{"error": error, "message": message}]}


def _taken(kept: Kept) -> dict[str, Any]:
    content = (
        {"body": kept.body, "from_number": kept.service.number}
        if kept.type == SMS
        else {
            "subject": kept.subject,
            "body": kept.body,
            "from_email": f"{kept.service.name}@notifications.example",
        }
    )
    return {
        "id": kept.id, "reference": kept.reference, "content": content, "uri": f"/v2/notifications/{kept.id}",
        "template": _template(kept), "scheduled_for": None,
    }  # fmt: skip


def _seen(kept: Kept) -> dict[str, Any]:
    return {
        "id": kept.id, "reference": kept.reference, "type": kept.type, "status": kept.status,
        "email_address": kept.to if kept.type == EMAIL else None,
        "phone_number": kept.to if kept.type == SMS else None,
        "subject": kept.subject or None, "body": kept.body, "template": _template(kept), "created_by_name": None,
        "created_at": stamp(kept.created_at), "sent_at": stamp(kept.completed_at), "scheduled_for": None,
        "completed_at": stamp(kept.completed_at),
    }  # fmt: skip


def _plain(kept: Kept) -> dict[str, Any]:
    return {**_seen(kept), "service": kept.service.name, "to": kept.to}


def _links(found: list[Kept]) -> dict[str, str]:
    links = {"current": "/v2/notifications"}
    return links | ({"next": f"/v2/notifications?older_than={found[-1].id}"} if found else {})


def _own_template(service: Service, id: str) -> dict[str, Any]:
    types = {service.text_template: SMS, service.email_template: EMAIL}
    if id not in types:
        raise Refusal(404, "NoResultFound", "No result found")
    subject = "((subject))" if types[id] == EMAIL else None
    return {"id": id, "type": types[id], "version": 1, "body": "((body))", "subject": subject}


def _template(kept: Kept) -> dict[str, Any]:
    template = kept.service.text_template if kept.type == SMS else kept.service.email_template
    return {"id": template, "version": 1, "uri": f"/v2/template/{template}"}
