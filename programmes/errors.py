"""The ways in which programmes and courses say no."""

from kernel.errors import Refusal


class CannotMove(Refusal):
    """Somebody cannot come to stand there from where they stand."""

    message = "This cannot be done at this point of the course."


class CourseIsFull(Refusal):
    """No place is left on the course."""

    message = "There is no place left on this course."


class CourseIsClosed(Refusal):
    """The course has ended, was called off, or started too long ago to join."""

    message = "This course cannot be joined any more."
