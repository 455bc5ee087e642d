"""What somebody meant who answered a text message. Pure."""

import re

from kernel.words import Word


class Reply(Word):
    """What an answer comes to."""

    YES = "yes", "Yes"
    NO = "no", "No"
    STOP = "stop", "No more texts"
    OTHER = "other", "Something else"


YES = frozenset("yes y yeah yep yea yes-please ok okay coming tak da так".split())
NO = frozenset("no n nope nah nie nu ні нет cancel cancelled can't cant cannot".split())
STOP = frozenset("stop unsubscribe stopall".split())
_MOST_WORDS = 3
"""An answer of more words says more than yes or no: a person must read it."""


def meant(text: str) -> Reply:
    """Return what a text message says: only what is short and plain is taken for yes or no."""
    words = re.sub(r"[^\w'’-]+", " ", text.casefold().replace("’", "'")).split()
    if not words or len(words) > _MOST_WORDS:
        return Reply.OTHER
    first = words[0].strip("'-")
    said = [
        answer for answer, known in ((Reply.STOP, STOP), (Reply.NO, NO), (Reply.YES, YES)) if first in known
    ]
    also = {Reply.YES: NO | STOP, Reply.NO: YES | STOP, Reply.STOP: frozenset[str]()}
    if not said or any(word.strip("'-") in also[said[0]] for word in words[1:]):
        return Reply.OTHER
    polite = {"thanks", "thank", "you", "please", "sorry", "thx", "ta", "to", "all", "x", "xx"}
    rest = [word for word in words[1:] if word not in polite and word.strip("'-") != first]
    return said[0] if not rest else Reply.OTHER
