"""Why a message is not sent."""

from kernel.errors import Refusal


class NotOneLine(Refusal):
    message = "An address must be one line."
    status = 422
