"""The ways in which the timetable says no."""

from kernel.errors import Unacceptable


class CannotRepeat(Unacceptable):
    """An entry of the timetable contradicts itself."""

    message = "This session cannot repeat in this way."
