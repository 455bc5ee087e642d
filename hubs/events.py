"""What happens to hubs and their timetable."""

from dataclasses import dataclass
from uuid import UUID

from kernel.journal import Happening


@dataclass(frozen=True, kw_only=True)
class SessionAdded(Happening):
    """A session was laid out or added."""

    hub: UUID


@dataclass(frozen=True, kw_only=True)
class SessionMoved(Happening):
    """A session has another time, room or hub; its families are told when ``tell`` is set."""

    tell: bool = True


@dataclass(frozen=True, kw_only=True)
class SessionCalledOff(Happening):
    """A session will not take place."""


@dataclass(frozen=True, kw_only=True)
class SessionPlacesChanged(Happening):
    """A session has more or fewer places than before."""


@dataclass(frozen=True, kw_only=True)
class TimetableChanged(Happening):
    """An entry of the timetable was added, changed or ended; the subject is the entry."""

    added: int
    moved: int
    removed: int
    called_off: int


@dataclass(frozen=True, kw_only=True)
class PlacesChanged(Happening):
    """A hub, a room or an activity was added or changed."""

    what: str
