"""What a change of the timetable would do, as staff are shown it before they agree."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hubs.rules import Does
from hubs.service.rooms import Clash
from kernel import prose
from kernel.clock import wall


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that a change does to one session, in the words and times that people see."""

    does: Does
    activity: str
    hub: str
    room: str = ""
    room_id: UUID | None = None
    starts_at: datetime
    ends_at: datetime
    was: tuple[datetime, datetime] | None = None
    """From when until when a session that moves was to be."""
    reason: str
    bookings: int = 0
    clashes: tuple[Clash, ...] = ()
    """Other sessions that have the room then. A move that clashes is refused when it is applied."""
    session_id: UUID | None = None
    entry_id: UUID | None = None

    @property
    def day(self) -> date:
        """Return the day in England."""
        return wall(self.starts_at).date()


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A day on which an entry would have taken place and does not, and why."""

    activity: str
    hub: str
    day: date
    reason: str
    clashes: tuple[Clash, ...] = ()
    """The sessions that have the room then; empty for a holiday."""
    entry_id: UUID | None = None


@dataclass(frozen=True)
class Plan:
    """All that a change does, in the order of days."""

    lines: tuple[Line, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    """Days that the entries leave out: holidays, and days on which the room is taken."""

    @property
    def add(self) -> list[Line]:
        """Return the sessions that are added."""
        return self.of(Does.ADD)

    @property
    def move(self) -> list[Line]:
        """Return the sessions that get another time or room."""
        return self.of(Does.MOVE)

    @property
    def remove(self) -> list[Line]:
        """Return the sessions that disappear; nobody has booked them."""
        return self.of(Does.REMOVE)

    @property
    def call_off(self) -> list[Line]:
        """Return the sessions that are called off, for families have booked them."""
        return self.of(Does.CALL_OFF)

    @property
    def keep(self) -> list[Line]:
        """Return the sessions that stay as they are although the timetable says otherwise."""
        return self.of(Does.KEEP)

    @property
    def room_taken(self) -> list[LeftOut]:
        """Return the days that are left out because the room is taken."""
        return [left for left in self.left_out if left.clashes]

    @property
    def clashes(self) -> list[Line]:
        """Return the moves into a room that is taken: while there are any, the change is refused."""
        return [line for line in self.move if line.clashes]

    @property
    def touches(self) -> int:
        """Return how many bookings are moved or called off."""
        return sum(line.bookings for line in (*self.move, *self.call_off))

    @property
    def is_empty(self) -> bool:
        """Say whether nothing would change."""
        return all(line.does == Does.KEEP for line in self.lines)

    def of(self, does: Does) -> list[Line]:
        """Return the lines that do this."""
        return [line for line in self.lines if line.does == does]

    def summary(self) -> str:
        """Say in one sentence what would happen."""
        done = (
            (self.add, "added"),
            (self.move, "moved"),
            (self.remove, "removed"),
            (self.call_off, "called off"),
        )
        said = [f"{prose.count(len(lines), 'session')} {how}" for lines, how in done if lines]
        if not said:
            return "Nothing changes."
        touched = self.touches
        tail = (
            f" {prose.count(touched, 'booking')} {'is' if touched == 1 else 'are'} affected."
            if touched
            else ""
        )
        return f"{prose.listing(said)}.{tail}"
