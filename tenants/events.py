"""What happens to councils."""

from dataclasses import dataclass

from kernel.journal import Happening


@dataclass(frozen=True, kw_only=True)
class CouncilJoined(Happening):
    """A council was set up on the platform."""

    slug: str


@dataclass(frozen=True, kw_only=True)
class CouncilSettingsChanged(Happening):
    """A council changed how its house is set; ``changed`` names the settings."""

    changed: str


@dataclass(frozen=True, kw_only=True)
class TermDatesChanged(Happening):
    """A council's school calendar changed."""
