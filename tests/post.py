"""A mail server for the tests, which keeps what it is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller

from kernel.settings import Settings
from messaging import service as messaging

__all__ = ["post"]


class _MailServer(Controller):
    """A mail server on whichever port is free."""

    @property
    def bound(self) -> int:
        return int(self.server.sockets[0].getsockname()[1])

    def _trigger_server(self) -> None:
        self.port = self.bound
        super()._trigger_server()


class Post:
    """What was sent, in order. ``answer`` is what the server says to the next letters."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answer = "250 Message accepted"

    async def handle_MAIL(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.answer.startswith("552 5.3.4"):
            return self.answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.answer.startswith(("550", "552")):
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.letters.append(
                cast(EmailMessage, message_from_bytes(envelope.content, policy=policy.default))
            )
        return self.answer


@contextmanager
def mail_server() -> Iterator[tuple[Post, int]]:
    """Run a mail server on this machine: what it keeps, and its port."""
    kept = Post()
    controller = _MailServer(kept, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield kept, controller.bound
    finally:
        controller.stop()


@pytest.fixture
def post(house_settings: Settings) -> Iterator[Post]:
    """A mail server on this machine to which the house is bound: ``post.letters``."""
    with mail_server() as (kept, port):
        messaging.connect(
            smtp_url=f"smtp://127.0.0.1:{port}",
            mail_domain="hubs.example",
            base_domain=house_settings.base_domain,
            base_url=house_settings.base_url,
            secret=house_settings.secret_key.get_secret_value(),
            notify_url=house_settings.notify_url,
        )
        yield kept
        messaging.hang_up()


def words(letter: EmailMessage) -> str:
    """Return everything that a reader could see of a letter: its subject, and each of its parts, decoded."""
    parts = [part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"]
    return "\n".join([letter["Subject"], *map(str, parts)])
