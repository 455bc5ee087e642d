"""The words of registers."""

from kernel.words import Word


class Mark(Word):
    """What the register says of somebody."""

    HERE = "here", "Here"
    LATE = "late", "Late"
    APOLOGIES = "apologies", "Sent apologies"
    ABSENT = "absent", "Did not come"


CAME = (Mark.HERE, Mark.LATE)
