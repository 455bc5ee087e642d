"""What a mail server tells that could not deliver a letter, as RFC 3464 has it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses

_CODE = re.compile(r"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?!\.?\d)")
"""Not a part of the number of a machine, such as 185.5.1.20, which servers quote beside it."""
_NO_SUCH = re.compile(r"5\.(1\.[12346]|1\.10|2\.1|4\.4)")
_ID = re.compile(r"<[^<>\s\x00]+>")
_REPORT, _HEADERS = "message/delivery-status", ("message/rfc822", "text/rfc822-headers")


@dataclass(frozen=True, slots=True)
class Bounce:
    """A letter that came back."""

    reference: str
    """Its Message-ID."""
    sent_by: str
    """The address from which it went: that of a council."""
    addresses: frozenset[str]
    """For whom it was, as its sender and as the last mail server call them; in small letters."""
    address_is_bad: bool
    """Whether nothing else would arrive there either."""


def knows_no_such(enhanced: str) -> bool:
    """Say whether a code of RFC 3463 means the address: not that it takes nothing from us or has no room.

    5.1.1 to 5.1.6 and 5.1.10: there is no such mailbox or domain; 5.2.1: it is closed; 5.4.4: nobody knows the way to
    it. 5.1.7 and 5.1.8 mean the sender, which is us: they say nothing against a single family.
    """
    return bool(_NO_SUCH.fullmatch(enhanced))


def bounce(raw: bytes) -> Bounce | None:
    """Return what came back for good, or None: this is another letter, or one that is only late."""
    try:
        letter = message_from_bytes(raw)
    except RecursionError:  # letters in letters, deeper than any mail server packs them
        return None
    failures = [one for part in _parts(letter, _REPORT) for one in _recipients(part)]
    original = next(
        (one for kind in _HEADERS for part in _parts(letter, kind) if (one := _original(part))), None
    )
    if original is None or not failures:
        return None
    reference = _ID.search(_line(original, "Message-ID"))
    sent_by = getaddresses([_line(original, "From")])
    if not reference or not sent_by:
        return None
    return Bounce(
        reference=reference[0],
        sent_by=sent_by[0][1].casefold(),
        addresses=frozenset(
            _line(one, name).rpartition(";")[2].strip(" <>").casefold()
            for one in failures
            for name in ("Original-Recipient", "Final-Recipient")
        )
        - {""},
        address_is_bad=all(any(map(knows_no_such, _codes(one))) for one in failures),
    )


def _parts(letter: Message, kind: str) -> Iterator[Message]:
    return (part for part in letter.walk() if part.get_content_type() == kind)


def _recipients(part: Message) -> list[Message]:
    """Return what a report says of each recipient whom the letter will never reach."""
    told = part.get_payload()
    blocks = [one for one in told if isinstance(one, Message)] if isinstance(told, list) else []
    return [one for one in blocks if _line(one, "Action").lower() == "failed"]


def _codes(failure: Message) -> list[str]:
    """Return what is told of a recipient in numbers: some servers say it only where they quote another."""
    return _CODE.findall(f"{_line(failure, 'Status')} {_line(failure, 'Diagnostic-Code')}")


def _original(part: Message) -> Message | None:
    """Return the head of the letter that came back."""
    told = part.get_payload()
    if isinstance(told, list):
        return next((one for one in told if isinstance(one, Message)), None)
    head = part.get_payload(decode=True)
    return message_from_bytes(head) if isinstance(head, bytes) else None


def _line(part: Message, name: str) -> str:
    return " ".join(str(part.get(name, "")).split())
