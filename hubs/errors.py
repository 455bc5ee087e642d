"""The ways in which the timetable says no."""

from kernel.errors import Refusal, Unacceptable


class CannotRepeat(Unacceptable):
    """An entry of the timetable contradicts itself."""

    message = "This session cannot repeat in this way."


class RoomTaken(Refusal):
    """Another session has the room at that time."""

    message = "The room is taken at that time. Choose another room or another time."


class SessionHasBegun(Refusal):
    """A session that has begun cannot be changed any more."""

    message = "This session has already begun, so it cannot be changed."


class SessionIsCalledOff(Refusal):
    """A session that was called off cannot be changed any more."""

    message = "This session has been called off."
