"""The rules of booking: who may book, who is next, and until when."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Decision:
    """Whether something may be done, and every reason why not, each a sentence for a parent.

    ``may_wait``: nothing but the lack of room stands in the way, and the waiting list is open.
    """

    allowed: bool
    reasons: tuple[str, ...] = ()
    may_wait: bool = False


@dataclass(frozen=True)
class RoomLeft:
    """What is left of each limit of a session; None where there is no limit.

    ``told`` is the figure that families are told (in the unit ``counted_in``), ``waiting`` how many parties wait,
    ``full`` whether not even one more family, child or adult fits.
    """

    families: int | None
    children: int | None
    adults: int | None
    people: int | None
    waiting: int
    told: int | None
    full: bool
