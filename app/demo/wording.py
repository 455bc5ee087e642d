"""What a council of the demonstration says in its own words, in a message that nobody waits for."""

from uuid import UUID

from kernel.db import actor, acts
from messaging import rules
from messaging.service import wordings

KIND = "course-left"
FIRST = rules.Wording(
    "You have left: ((course))",
    "You are no longer on this course.\n\nWe would be glad to see you again.",
    "You are no longer on ((course)). We would be glad to see you again. Find another: ((link))",
)
NOW = rules.Wording(
    "You have left: ((course))",
    "You are no longer on this course. You do not need to come to its sessions.\n\n"
    "We would be **glad to see you again**. Ring us if you want to talk about what would suit you.",
    FIRST.text,
)


def say_it_in_own_words(who: UUID) -> None:
    """Have somebody at the council write a message anew, and once more."""
    before = actor()
    acts(who)
    row = wordings.change_words(KIND, "en", FIRST, seen=None)
    wordings.change_words(KIND, "en", NOW, seen=row.id)
    acts(before)
