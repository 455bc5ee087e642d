"""What happens to announcements. The subject is the announcement."""

from dataclasses import dataclass

from kernel.journal import Happening


@dataclass(frozen=True, kw_only=True)
class AnnouncementWritten(Happening):
    """Somebody wrote an announcement, or changed one that has not been asked to go."""


@dataclass(frozen=True, kw_only=True)
class AnnouncementAsked(Happening):
    """Somebody asked that an announcement goes."""

    people: int


@dataclass(frozen=True, kw_only=True)
class AnnouncementApproved(Happening):
    """A second person let an announcement go."""

    people: int


@dataclass(frozen=True, kw_only=True)
class AnnouncementStopped(Happening):
    """Somebody stopped an announcement: what has not gone does not go."""
