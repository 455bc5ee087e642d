"""How a letter will look to whoever gets it, before it goes to anybody."""

from typing import NamedTuple

from markupsafe import Markup

from messaging import rules
from messaging.rules.texting import MOST_PARTS, in_usual_signs
from messaging.service.sending import in_each_language
from messaging.terms import Letter, Recipient

ROOM_FOR_LINK = 180
"""How many characters of a text message go to the council's name and the link below its words, at most."""


class Look(NamedTuple):
    """A letter in its words: of the email, and of the text message."""

    subject: str
    html: Markup
    """What the email says."""
    text: str
    length: rules.Length
    most_parts: int
    """Of how many texts it is made where what stands around the words is in another language, at most."""
    by_text: bool
    """Whether it can go by text: not when it is too long."""


def look(letter: Letter, *, to: Recipient) -> Look:
    """Return how a letter will look to somebody, links and all."""
    each = in_each_language(letter, to=to)
    written = each[to.language]
    return Look(
        subject=written.subject,
        # ``say`` made it clean: the council's Markdown without HTML, and every field escaped.
        html=Markup(written.html),  # noqa: S704
        text=written.text,
        length=rules.length(written.text),
        most_parts=max(rules.length(one.text).parts for one in each.values()),
        by_text=letter.by_text,
    )


def fits_in_a_text(words: str) -> bool:
    """Say whether words and a link below them go in one text message, in as many parts as we send."""
    return rules.length(in_usual_signs(words) + " " * ROOM_FOR_LINK).parts <= MOST_PARTS
