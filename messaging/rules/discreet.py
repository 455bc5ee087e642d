"""What is left out of a letter to somebody whom another carer must not find. Pure.

The letter itself goes where it is safe to write to. But mail programs put what is attached into a calendar that a
family may share, and show the words of a letter on a locked screen: neither tells the place.
"""

from dataclasses import replace

from messaging.rules.kinds import labels, values
from messaging.terms import Letter

PLACES = frozenset({"where", "hub"})
"""The named fields that tell a place."""
FACT = "Where"
INSTEAD = "See your bookings"
IN_WORDS = "the place in your booking"
"""What stands in a sentence instead of a place."""


def discreet(letter: Letter, language: str) -> Letter:
    """Return a letter that tells no place and carries no calendar."""
    instead, in_words = labels(language).get(INSTEAD, INSTEAD), values(language).get(IN_WORDS, IN_WORDS)
    return replace(
        letter,
        says={name: in_words if name in PLACES and value else value for name, value in letter.says.items()},
        facts=[(name, instead if name == FACT else value) for name, value in letter.facts],
        calendar=None,
    )
