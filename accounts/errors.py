"""What signing in refuses, in the words that people read."""

from kernel.errors import Refusal, Unacceptable


class LinkIsDead(Refusal):
    message = "This link has been used already or has run out. Ask for a new one."
    status = 410


class NotYourself(Refusal):
    message = "You cannot do this to your own account. Ask another administrator."


class NoSuchScope(Unacceptable):
    message = "A key can do only what you may do yourself."
