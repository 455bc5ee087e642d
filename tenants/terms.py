"""The words of councils."""

from kernel.words import Word


class Ground(Word):
    """What stands at a host: a council, or the platform itself."""

    COUNCIL = "council"
    PLATFORM = "platform"


class DatesKind(Word):
    """What a line of a school calendar is."""

    TERM = "term"
    HOLIDAY = "holiday"


class TermTime(Word):
    """Whether a day is in term: not known outside the terms that a council has entered."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
