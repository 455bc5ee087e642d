"""How a letter looks: as plain text, as HTML, and as an e-mail in a council's name."""

import hashlib
import re
import textwrap
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from messaging.errors import NotOneLine
from messaging.terms import Letter

LINE = 72
_TEMPLATES = Path(__file__).parents[2] / "templates"
_templates = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, kw_only=True)
class Sender:
    """In whose name a letter goes, and where that council is found."""

    name: str
    address: str
    """The address from which it comes."""
    reply_to: str
    phone: str
    colour: str
    base_url: str

    def whole(self, address: str) -> str:
        """Return a path of the council's own as a whole address."""
        return self.base_url + address if address.startswith("/") else address


def plain_text(letter: Letter, sender: Sender) -> str:
    """Return the letter as text that any mail program shows."""
    parts = [textwrap.fill(paragraph, LINE, break_long_words=False) for paragraph in letter.paragraphs]
    if letter.facts:
        parts.append("\n".join(f"{name}: {value}" for name, value in letter.facts))
    if letter.action:
        parts.append(_pointer(*letter.action, sender))
    parts += [_pointer(*link, sender) for link in letter.small_links]
    return "\n\n".join([*parts, _signature(sender)]) + "\n"


def html(letter: Letter, sender: Sender) -> str:
    """Return the letter as a page of mail."""
    return _templates.get_template("messaging/letter.html").render(letter=letter, sender=sender)


def _one_line(words: str) -> str:
    """Return words of a council as one line: a title from a spreadsheet may have come in two."""
    return " ".join(words.replace("\x00", "").split())


def email(letter: Letter, sender: Sender, *, to: str, key: str, now: datetime) -> EmailMessage:
    """Return the letter as an e-mail. The same key gives the same Message-ID, so that a repeat is recognised."""
    for address in (to, sender.reply_to):
        if len(address.splitlines()) > 1 or "\x00" in address:
            raise NotOneLine
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = _one_line(letter.subject)
    mail["From"] = Address(f"{_one_line(sender.name)} Family Hubs", addr_spec=sender.address)
    mail["To"] = to
    if sender.reply_to:
        mail["Reply-To"] = sender.reply_to
    mail["Date"] = now
    mail["Message-ID"] = message_id(key, sender.address)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(plain_text(letter, sender))
    mail.add_alternative(html(letter, sender), subtype="html")
    if letter.calendar:
        _attach(mail, letter.calendar)
    return mail


def message_id(key: str, address: str) -> str:
    """Return the Message-ID of what was promised under a key."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{address.rpartition('@')[2]}>"


def _attach(mail: EmailMessage, calendar: bytes) -> None:
    method = re.search(rb"^METHOD:([A-Z]+)\r?$", calendar, re.MULTILINE)
    mail.add_attachment(
        calendar.decode(),
        subtype="calendar",
        filename="session.ics",
        params={"method": method[1].decode() if method else "PUBLISH"},
    )


def _pointer(words: str, address: str, sender: Sender) -> str:
    return f"{words}:\n{sender.whole(address)}"


def _signature(sender: Sender) -> str:
    contact = " or ".join(filter(None, (sender.reply_to, sender.phone)))
    return f"--\n{sender.name} Family Hubs\n{f'Questions? {contact}' if contact else sender.base_url}"
