"""How a letter will look to whoever gets it, before it goes to anybody."""

from typing import NamedTuple

from messaging import rules
from messaging.rules.texting import MOST_PARTS
from messaging.service.sending import as_written
from messaging.terms import Letter, Recipient

ROOM_FOR_LINK = 180
"""How many characters of a text message go to the council's name and the link below its words, at most."""


class Look(NamedTuple):
    """A letter in its words: of the email, and of the text message."""

    subject: str
    body: str
    """What the email says, in Markdown."""
    text: str
    length: rules.Length


def look(letter: Letter, *, to: Recipient) -> Look:
    """Return how a letter will look to somebody, links and all."""
    written = as_written(letter, to=to)
    return Look(written.subject, written.plain, written.text, rules.length(written.text))


def fits_in_a_text(words: str) -> bool:
    """Say whether words and a link below them go in one text message, in as many parts as we send."""
    return rules.length(words + " " * ROOM_FOR_LINK).parts <= MOST_PARTS
