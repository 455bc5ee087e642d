"""What happens to registers. The subject is the session."""

from dataclasses import dataclass
from uuid import UUID

from kernel.journal import Happening


@dataclass(frozen=True, kw_only=True)
class RegisterOpened(Happening):
    """Somebody began to take the register."""


@dataclass(frozen=True, kw_only=True)
class PersonMarked(Happening):
    """Something was said of a person; ``said`` is what the button says."""

    person: UUID
    said: str
    of_course: bool
    """Whether the session is one of a course."""


@dataclass(frozen=True, kw_only=True)
class WalkedIn(Happening):
    """A family came without a place."""

    household: UUID


@dataclass(frozen=True, kw_only=True)
class HeadsCounted(Happening):
    """Heads were counted, or fewer than before: how many more."""

    adults: int
    children: int


@dataclass(frozen=True, kw_only=True)
class NotesWritten(Happening):
    """The notes of the register were changed."""


@dataclass(frozen=True, kw_only=True)
class RegisterClosed(Happening):
    """The register is complete: ``absent`` people who had a place did not come."""

    absent: int
    of_course: bool


@dataclass(frozen=True, kw_only=True)
class RegisterReopened(Happening):
    """A register that was closed can be changed again."""

    of_course: bool
