"""Why a message is not sent."""

from kernel.errors import Refusal


class NotOneLine(Refusal):
    message = "A subject and an address must each be one line."
    status = 422
