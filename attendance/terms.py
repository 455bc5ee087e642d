"""The words of registers."""

from kernel.words import Word


class Mark(Word):
    """What the register says of somebody."""

    HERE = "here", "Here"
    LATE = "late", "Late"
    APOLOGIES = "apologies", "Sent apologies"
    ABSENT = "absent", "Did not come"


CAME = (Mark.HERE, Mark.LATE)


class Tap(Word):
    """What a worker says of somebody with one press of a button."""

    HERE = "here", "Here"
    LATE = "late", "Late"
    LEFT = "left", "Left"
    APOLOGIES = "apologies", "Apologies"
    ABSENT = "absent", "Did not come"
    UNDO = "undo", "Undo"
