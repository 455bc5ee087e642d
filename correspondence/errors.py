"""What correspondence refuses, in words that staff read."""

from kernel.errors import Refusal, Unacceptable


class NobodyToTell(Refusal):
    """An announcement is for nobody."""

    message = "Nobody would get this. Choose other families, or write it for another day."


class AlreadyGone(Refusal):
    """An announcement cannot be changed any more."""

    message = "This announcement cannot be changed any more. Write a new one."


class SomebodyChangedIt(Unacceptable):
    """A draft is not what was read any more."""

    message = "Somebody else has changed this since you opened it. Save again to use your words, not theirs."


class AnotherPersonNeeded(Refusal):
    """Whoever asked cannot approve."""

    message = "You asked for this to be sent, so somebody else must approve it."


class NotAsked(Refusal):
    """Nobody asked that it goes."""

    message = "Nobody is waiting for a second person’s word on this announcement."
