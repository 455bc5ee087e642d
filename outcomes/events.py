"""What happens to questionnaires. The subject is the asking; ``about`` is what it was asked for."""

from dataclasses import dataclass
from uuid import UUID

from kernel.journal import Happening


@dataclass(frozen=True, kw_only=True)
class QuestionnaireAsked(Happening):
    """Somebody was asked."""

    about: UUID


@dataclass(frozen=True, kw_only=True)
class QuestionnaireAnswered(Happening):
    """Somebody answered the last question."""

    about: UUID


@dataclass(frozen=True, kw_only=True)
class RiskRaised(Happening):
    """An answer speaks of despair or harm. The answer itself is not told."""

    about: UUID


@dataclass(frozen=True, kw_only=True)
class RiskSettled(Happening):
    """Somebody has seen to it."""

    about: UUID


@dataclass(frozen=True, kw_only=True)
class WordingAttested(Happening):
    """A council put the words of an instrument in, and says that it may use them. The subject is the wording."""

    instrument: str
    language: str


@dataclass(frozen=True, kw_only=True)
class ChangeRuleEntered(Happening):
    """A council entered from which change on a scale counts. The subject is the row."""

    instrument: str
    scale: str


@dataclass(frozen=True, kw_only=True)
class BandsEntered(Happening):
    """A council entered the bands of a scale. The subject is the row."""

    instrument: str
    scale: str
