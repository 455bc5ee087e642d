"""What somebody meant who answered a text message. Pure."""

import re

from kernel.words import Word


class Reply(Word):
    """What an answer comes to."""

    YES = "yes", "Yes"
    NO = "no", "No"
    STOP = "stop", "No more texts"
    OTHER = "other", "Something else"


YES = frozenset("yes y yeah yep yea yes-please ok okay coming tak da так да نعم ہاں جی".split())
NO = frozenset("no n nope nah nie nu ні нет لا نہیں cancel cancelled can't cant cannot".split())
STOP = frozenset("stop unsubscribe stopall".split())
POLITE = frozenset(
    "thanks thank you please sorry thx ta x xx xxx dziękuję dziekuje przepraszam mulțumesc multumesc"
    " дякую вибачте спасибо شكرا آسف شکریہ معذرت".split()
)
COME = frozenset("come make it".split())
"""What can stand beside NO: “can't make it”."""
TEXTING = frozenset("all texting texts messaging messages sending me".split())
"""What can stand beside STOP and says nothing else."""
_MOST_WORDS = 3
"""An answer of more words says more than yes or no: a person must read it."""


def meant(text: str) -> Reply:
    """Return what a text message says: only what is short and plain is taken for yes or no."""
    words = re.sub(r"[^\w'’-]+", " ", text.casefold().replace("’", "'")).split()
    if not words or len(words) > _MOST_WORDS:
        return Reply.OTHER
    first, *others = [word.strip("'-") for word in words]
    for reply, known, beside in (
        (Reply.STOP, STOP, POLITE | TEXTING),
        (Reply.NO, NO, POLITE | COME),
        (Reply.YES, YES, POLITE | YES),
    ):
        if first in known:
            return reply if all(word in beside or word == first for word in others) else Reply.OTHER
    return Reply.OTHER
