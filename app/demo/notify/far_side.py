"""What Notify knows: services with their keys, messages that it took, and what becomes of them."""

import json
import re
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

SMS, EMAIL = "sms", "email"
FAILING = {
    "447700900002": "permanent-failure",
    "447700900003": "temporary-failure",
    "perm-fail@simulator.notify": "permanent-failure",
    "temp-fail@simulator.notify": "temporary-failure",
}
"""Numbers and addresses for trying things out. To all others messages are delivered."""
PER_MINUTE = 3000
PAGE = 250
LONGEST_TEXT = 918


class Refusal(Exception):
    """Notify says no, as it does."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status, self.error, self.message = status, error, message


@dataclass(frozen=True)
class Service:
    """Who sends by Notify: a council."""

    name: str
    id: str = field(default_factory=lambda: str(uuid4()))
    secret: str = field(default_factory=lambda: str(uuid4()), repr=False)
    text_template: str = field(default_factory=lambda: str(uuid4()))
    email_template: str = field(default_factory=lambda: str(uuid4()))
    reply_to_id: str = field(default_factory=lambda: str(uuid4()))
    number: str = "07700900888"
    """The number that its texts come from, and to which people answer."""
    receipts_url: str = ""
    texts_url: str = ""
    token: str = field(default="", repr=False)
    """Where it is called back, and the word by which Notify is known there."""

    @property
    def key(self) -> str:
        """Return its key, as Notify shows it once."""
        return f"{self.name.lower()}-{self.id}-{self.secret}"


@dataclass
class Kept:
    """A message that Notify took."""

    service: Service = field(repr=False)
    type: str
    to: str
    reference: str | None
    subject: str
    body: str
    reply_to_id: str | None
    id: str = field(default_factory=lambda: str(uuid4()))
    status: str = "created"
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    completed_at: datetime | None = None


class FarSide:
    """Notify's own side. Changes to it happen one after the other."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.services: dict[str, Service] = {}
        self.kept: dict[str, Kept] = {}
        self.templates: dict[str, dict[str, str]] = {}
        """What is other than usual in a template, by its id."""
        self.per_minute = PER_MINUTE
        self.any_clock = False
        """Whether tokens are taken whatever their time says."""
        self.lock = threading.RLock()
        self._mode, self._times = "well", 0
        self._lately: dict[str, deque[float]] = {}
        self._by_reference: dict[tuple[str, str], list[Kept]] = {}

    @property
    def texts(self) -> list[Kept]:
        """Return the text messages that it took, in order."""
        with self.lock:
            return [one for one in self.kept.values() if one.type == SMS]

    @property
    def emails(self) -> list[Kept]:
        """Return the e-mails that it took, in order."""
        with self.lock:
            return [one for one in self.kept.values() if one.type == EMAIL]

    def open_service(self, name: str, **told: str) -> Service:
        """Make a service, with a key of its own."""
        service = Service(name, **told)
        self.services[service.id] = service
        return service

    def be(self, mode: str, *, times: int = 0) -> None:
        """Behave so from now on; ``times``: so often, and well after that.

        ``well``; ``timeout`` says nothing and takes nothing; ``silence`` takes a message and says nothing; ``cut``
        takes a message and cuts the line; ``error`` answers 500, ``busy`` 429,
        ``stranger`` and ``clock`` 403, ``trial`` and ``forbidden`` 400.
        """
        with self.lock:
            self._mode, self._times = mode, times

    def mood(self) -> str:
        """Return how the next message is to be treated."""
        with self.lock:
            mode = self._mode
            if self._times:
                self._times -= 1
                self._mode = self._mode if self._times else "well"
            return mode

    def take(self, service: Service, type: str, asked: Mapping[str, Any]) -> Kept:
        """Take a message in, or refuse it as Notify does."""
        self._count(service)
        template = service.text_template if type == SMS else service.email_template
        field_name = "phone_number" if type == SMS else "email_address"
        to = str(asked.get(field_name) or "")
        said = asked.get("personalisation") or {}
        _check_address(field_name, to)
        if asked.get("template_id") != template:
            raise Refusal(400, "BadRequestError", "Template not found")
        missing = [name for name in (("body",) if type == SMS else ("subject", "body")) if name not in said]
        if missing:
            raise Refusal(400, "BadRequestError", f"Missing personalisation: {', '.join(missing)}")
        if type == SMS and len(said["body"]) > LONGEST_TEXT:
            raise Refusal(
                400,
                "BadRequestError",
                f"Text messages cannot be longer than {LONGEST_TEXT} characters."
                f" Your message is {len(said['body'])} characters",
            )
        reply_to = asked.get("email_reply_to_id")
        if reply_to and reply_to != service.reply_to_id:
            raise Refusal(
                400, "BadRequestError",
                f"email_reply_to_id {reply_to} does not exist in database for service id {service.id}",
            )  # fmt: skip
        kept = Kept(
            service, type, to, asked.get("reference"), said.get("subject", ""), said["body"], reply_to
        )
        with self.lock:
            self.kept[kept.id] = kept
            if kept.reference:
                self._by_reference.setdefault((service.id, kept.reference), []).append(kept)
        self._write_down(kept)
        return kept

    def listed(self, service: Service, asked: Mapping[str, str]) -> list[Kept]:
        """Return a page of a service's messages, the newest first."""
        with self.lock:
            if reference := asked.get("reference"):
                found = list(self._by_reference.get((service.id, reference), ()))
            else:
                found = [one for one in self.kept.values() if one.service.id == service.id]
        found = [
            one
            for one in reversed(found)
            if asked.get("template_type") in (None, one.type) and asked.get("status") in (None, one.status)
        ]
        if older := asked.get("older_than"):
            places = [place for place, one in enumerate(found) if one.id == older]
            found = found[places[0] + 1 :] if places else []
        return found[:PAGE]

    def settle(self, *, older_than: float = 0) -> list[Kept]:
        """Let what was taken arrive or fail, and return it."""
        settled, moment = [], datetime.now(UTC)
        with self.lock:
            for one in self.kept.values():
                if one.completed_at is None and (moment - one.created_at).total_seconds() >= older_than:
                    one.status = FAILING.get(digits(one.to) if one.type == SMS else one.to, "delivered")
                    one.completed_at = moment
                    settled.append(one)
        return settled

    def load(self, file: Path) -> None:
        """Make the services that a file tells of."""
        for told in json.loads(file.read_text())["services"]:
            service = Service(**told)
            self.services[service.id] = service

    def _count(self, service: Service) -> None:
        with self.lock:
            lately, moment = self._lately.setdefault(service.id, deque()), time.monotonic()
            while lately and lately[0] <= moment - 60:
                lately.popleft()
            if len(lately) >= self.per_minute:
                raise Refusal(
                    429, "RateLimitError",
                    f"Exceeded rate limit for key type LIVE of {self.per_minute} requests per 60 seconds",
                )  # fmt: skip
            lately.append(moment)

    def _write_down(self, kept: Kept) -> None:
        """Write a message into a file of its own, whose name begins with the time and says whom it is for."""
        if not self.folder:
            return
        whom = re.sub(r"[^\w.+@-]", "-", kept.to)[:120]
        name = f"{kept.created_at:%Y%m%dT%H%M%S.%fZ}_{whom}"
        head = [
            f"{'Text message' if kept.type == SMS else 'Email'} by Notify",
            f"To: {kept.to}",
            f"From: {kept.service.name}",
            f"Reference: {kept.reference}",
        ]
        head += [f"Subject: {kept.subject}"] if kept.subject else []
        draft = self.folder / f".{name}-{kept.id}"
        draft.write_text("\n".join(head) + f"\n\n{kept.body}\n")
        draft.rename(self.folder / f"{name}.{kept.type}.txt")


def told(service: Service) -> dict[str, str]:
    """Return what a file tells of a service."""
    return asdict(service)


def stamp(at: datetime | None) -> str | None:
    """Return a moment as Notify writes it."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%fZ}" if at else None


def _check_address(field_name: str, to: str) -> None:
    if field_name == "email_address":
        if not re.fullmatch(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+", to):
            raise Refusal(400, "ValidationError", "email_address Not a valid email address")
        return
    bare = re.sub(r"[\s().+-]", "", to)
    if not bare.isdigit():
        raise Refusal(400, "ValidationError", "phone_number Must not contain letters or symbols")
    known = digits(to)
    if not known.startswith("44"):
        if not 8 <= len(known) <= 15:
            raise Refusal(400, "ValidationError", "phone_number Not a valid country prefix")
        raise Refusal(400, "BadRequestError", "Cannot send to international mobile numbers")
    if not known.startswith("447"):
        raise Refusal(400, "ValidationError", "phone_number Not a UK mobile number")
    if len(known) != 12:
        many = "Too many digits" if len(known) > 12 else "Not enough digits"
        raise Refusal(400, "ValidationError", f"phone_number {many}")


def digits(number: str) -> str:
    """Return a number as Notify writes it: 447700900123."""
    bare = re.sub(r"\D", "", number).removeprefix("00")
    return f"44{bare[1:]}" if bare.startswith("0") else bare
