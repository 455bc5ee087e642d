"""How a message looks once it has its words: as plain text, as HTML, as an e-mail in a council's name. Pure."""

import hashlib
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from kernel import prose
from messaging.errors import NotOneAddress
from messaging.rules.kinds import Wording, labels, values
from messaging.rules.saying import FIELD, say, written
from messaging.rules.styling import styled
from messaging.terms import Letter, Phrase, Value

LINE = 72
SENT_BY = "This message was sent to you by ((council))."
ASK = "Questions? Reply to it, or write to ((email))."
ASK_OR_RING = "Questions? Reply to it, or write to ((email)) or ring ((phone))."
CONTACT = "Questions? ((contact))"
CHOOSE = "Choose what we write to you about"
FRAME = (SENT_BY, ASK, ASK_OR_RING, CONTACT, CHOOSE)
"""What stands around every letter, translated with the labels."""
_NUMBERED = re.compile(r"(\d+\. )?(.+)", re.DOTALL)
_TEMPLATES = Path(__file__).parents[2] / "templates"
_templates = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class _WholeHeader(UnstructuredHeader, BaseHeader):
    """A header that is an address on the web: folded, it would be encoded, and no mail program would know it."""

    def fold(self, *, policy: Policy) -> str:
        """Return it on one line."""
        return f"{self.name}: {self}{policy.linesep}"


class _Headers(HeaderRegistry):
    """The library's kinds of header. It would make the class of each anew for every header of every letter."""

    def __init__(self) -> None:
        super().__init__()
        self.map_to_type("list-unsubscribe", _WholeHeader)
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        kind = name.lower()
        if kind not in self._made:
            self._made[kind] = super().__getitem__(name)
        return self._made[kind]


_POLICY = SMTP.clone(header_factory=_Headers())
_LINK = Markup('<a href="mailto:{0}" dir="ltr" style="color:#1a65a6;">{0}</a>')
_PHONE = Markup('<span dir="ltr" style="white-space:nowrap;">{0}</span>')


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


@dataclass(frozen=True, kw_only=True)
class Section:
    """One of several things that are told together."""

    heading: str
    facts: Sequence[tuple[str, str]]
    links: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Worded:
    """A message in its words, ready for any channel. Its links are whole addresses."""

    kind: str
    language: str
    subject: str
    plain: str
    html: str
    text: str
    facts: Sequence[tuple[str, str]] = ()
    sections: Sequence[Section] = ()
    action: tuple[str, str] | None = None
    small_links: Sequence[tuple[str, str]] = ()
    calendars: Sequence[bytes] = ()
    stop: str = ""
    """Where whoever gets it can say that they want no more of its kind; empty when they cannot."""

    @property
    def direction(self) -> str:
        """Return which way its language is written."""
        return prose.direction(self.language)


def worded(
    letter: Letter, wording: Wording, sender: Sender, *, language: str = "en", stop: str = ""
) -> Worded:
    """Return a letter in the words of its kind."""
    known = labels(language)
    called = {**values(language), **known}
    links = [(known.get(words, words), sender.whole(at)) for words, at in letter.small_links]
    action = (
        (known.get(letter.action[0], letter.action[0]), sender.whole(letter.action[1]))
        if letter.action
        else None
    )
    first = action or (links[0] if links else None)
    to_stop = sender.whole(stop) if stop else ""
    said = say(
        wording,
        {
            **_values(letter.says, language),
            "council": sender.name,
            "link": first[1] if first else to_stop or sender.base_url,
        },
        language=language,
    )
    return Worded(
        kind=letter.kind,
        language=language,
        subject=said.subject,
        plain=said.plain,
        html=said.html,
        text=said.text,
        facts=[
            (_called(name, called), written(_value(value, language), language))
            for name, value in letter.facts
        ],
        action=action,
        small_links=links,
        calendars=[letter.calendar] if letter.calendar else [],
        stop=to_stop,
    )


def together(first: Worded, several: Sequence[Worded]) -> Worded:
    """Return one message that tells several things: its words are those of ``first``, each of the others a section."""
    sections = [
        Section(
            heading=one.subject,
            facts=one.facts,
            links=[*([one.action] if one.action else []), *one.small_links],
        )
        for one in several
    ]
    calendars = [calendar for one in several for calendar in one.calendars]
    return replace(first, sections=sections, calendars=calendars)


def plain_text(message: Worded, sender: Sender) -> str:
    """Return the message as text that any mail program shows."""
    wrapped = [
        textwrap.fill(part, LINE, break_long_words=False) if "\n" not in part.strip() else part
        for part in _paragraphs(message)
    ]
    return _with_the_rest(wrapped, message, sender)


def unwrapped_text(message: Worded, sender: Sender) -> str:
    """Return the message as text for GOV.UK Notify, which breaks its lines itself.

    It reads Markdown in what it is given: a name must not become a link that says something else than where it leads.
    """
    return _with_the_rest(_paragraphs(message), message, sender).replace("](", "] (")


def html(message: Worded, sender: Sender) -> str:
    """Return the message as a page of mail."""
    # ``say`` made it clean: the council's Markdown without HTML, and every field escaped.
    clean = Markup(styled(message.html, message.direction))  # noqa: S704
    frame = [_filled(SENT_BY, message.language, council=escape(sender.name))]
    if sender.reply_to:
        reached = {"email": _LINK.format(sender.reply_to), "phone": _PHONE.format(sender.phone)}
        frame.append(_filled(ASK_OR_RING if sender.phone else ASK, message.language, **reached))
    return _templates.get_template("messaging/letter.html").render(
        message=message,
        body=clean,
        sender=sender,
        frame=Markup(" ").join(frame),
        choose=_filled(CHOOSE, message.language),
    )


def one_line(words: str) -> str:
    """Return words of a council as one line: a title from a spreadsheet may have come in two."""
    return " ".join(words.replace("\x00", "").split())


def email(message: Worded, sender: Sender, *, to: str, key: str, now: datetime) -> EmailMessage:
    """Return the message as an e-mail. The same key gives the same Message-ID, so that a repeat is recognised."""
    mail = EmailMessage(policy=_POLICY)
    mail["Subject"] = one_line(message.subject)
    mail["From"] = Address(f"{one_line(sender.name)} Family Hubs", addr_spec=sender.address)
    _address(mail, to)
    if sender.reply_to:
        mail["Reply-To"] = one_line(sender.reply_to)
    mail["Date"] = now
    mail["Message-ID"] = message_id(key, sender.address)
    mail["Auto-Submitted"] = "auto-generated"
    if message.stop:
        mail["List-Unsubscribe"] = f"<{message.stop}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(plain_text(message, sender))
    mail.add_alternative(html(message, sender), subtype="html")
    for calendar in message.calendars:
        _attach(mail, calendar)
    return mail


def message_id(key: str, address: str) -> str:
    """Return the Message-ID of what was promised under a key."""
    return f"<{reference(key)}@{address.rpartition('@')[2]}>"


def reference(key: str) -> str:
    """Return what carriers are told that a message is called: it names nobody."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def _address(mail: EmailMessage, to: str) -> None:
    """Put one address into the head of a letter: a header takes two of them, a group, or a name before it, as well."""
    try:
        mail["To"] = to
        read = [one.addr_spec for one in mail["To"].addresses]
    except (IndexError, ValueError):  # what the library makes of half an address, or of several lines
        read = []
    if read != [to] or "@" not in to or to != one_line(to):
        raise NotOneAddress


def _attach(mail: EmailMessage, calendar: bytes) -> None:
    method = re.search(rb"^METHOD:([A-Z]+)\r?$", calendar, re.MULTILINE)
    mail.add_attachment(
        calendar.decode(),
        subtype="calendar",
        filename="session.ics",
        params={"method": method[1].decode() if method else "PUBLISH"},
    )


def _paragraphs(message: Worded) -> list[str]:
    return re.split(r"\n\s*\n", message.plain)


def _with_the_rest(parts: list[str], message: Worded, sender: Sender) -> str:
    parts = list(parts)
    if message.facts:
        parts.append(_listed(message.facts))
    for section in message.sections:
        parts.append("\n".join([section.heading, _listed(section.facts)]))
        parts += [_pointer(*link) for link in section.links]
    if message.action:
        parts.append(_pointer(*message.action))
    parts += [_pointer(*link) for link in message.small_links]
    if message.stop:
        parts.append(_pointer(labels(message.language).get(CHOOSE, CHOOSE), message.stop))
    return "\n\n".join([*parts, _signature(sender, message.language)]) + "\n"


def _listed(facts: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in facts)


def _pointer(words: str, address: str) -> str:
    return f"{words}:\n{address}"


def _signature(sender: Sender, language: str) -> str:
    contact = ", ".join(filter(None, (sender.reply_to, sender.phone)))
    asking = labels(language).get(CONTACT, CONTACT).replace("((contact))", contact)
    return f"--\n{sender.name} Family Hubs\n{asking if contact else sender.base_url}"


def _filled(words: str, language: str, **told: Markup) -> Markup:
    """Return words of the frame in a language as HTML, with their fields put in."""
    said = str(escape(labels(language).get(words, words)))
    # The words are the product's own and escaped, the fields are made above.
    return Markup(FIELD.sub(lambda found: told[found[1]], said))  # noqa: S704


def _values(says: Mapping[str, Value], language: str) -> dict[str, Value]:
    return {name: _value(value, language) for name, value in says.items()}


def _value(value: Value, language: str) -> Value:
    """Return a value as a language has it, when it is one of the product's own."""
    known = values(language)
    if isinstance(value, Phrase) and value.words in known:
        return Phrase(known[value.words], value.says)
    return _called(value, known) if isinstance(value, str) else value


def _called(words: str, known: Mapping[str, str]) -> str:
    """Return what something is called, with its number before it when it has one."""
    found = _NUMBERED.fullmatch(words)
    return f"{found[1] or ''}{known.get(found[2], found[2])}" if found else words
