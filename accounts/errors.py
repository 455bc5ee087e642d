"""What signing in refuses, in the words that people read."""

from kernel.errors import Refusal, Unacceptable


class LinkIsDead(Refusal):
    message = "This link has been used already or has run out. Ask for a new one."
    status = 410


class PasswordTooWeak(Unacceptable):
    message = "Choose a longer or less common password."
