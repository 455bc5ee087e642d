"""What booking refuses, in words that a parent reads."""

from kernel.errors import Refusal


class CannotBook(Refusal):
    """``reasons`` holds every reason, each a sentence; ``may_wait`` says whether the waiting list is open instead."""

    message = "This cannot be booked."

    def __init__(self, *reasons: str, may_wait: bool = False) -> None:
        super().__init__(" ".join(reasons) or None)
        self.reasons, self.may_wait = reasons, may_wait


class CannotWait(CannotBook):
    message = "You cannot join this waiting list."


class NoLongerHeld(Refusal):
    message = "This place was not taken up in time, so it is no longer kept for you."
    cancelled = "This booking has been cancelled, so no place is kept for you."


class NothingOffered(Refusal):
    message = "No place is being offered to you at the moment."


class TooLateToCancel(Refusal):
    message = "This session has started, so the booking cannot be cancelled. Contact the hub."


class CannotChange(Refusal):
    message = "Only a place that is booked can be changed. Cancel this one and book again."


class TooLateToSay(Refusal):
    message = "This session has started already."
