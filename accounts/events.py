"""What happens to accounts."""

from dataclasses import dataclass
from uuid import UUID

from kernel.journal import Happening


@dataclass(frozen=True, kw_only=True)
class AccountOpened(Happening):
    """Somebody can sign in now."""

    role: str


@dataclass(frozen=True, kw_only=True)
class AccountClosed(Happening):
    """Somebody can no longer sign in."""


@dataclass(frozen=True, kw_only=True)
class AccountReopened(Happening):
    """Somebody can sign in again."""


@dataclass(frozen=True, kw_only=True)
class AccountRenamed(Happening):
    """Somebody is called something else now."""


@dataclass(frozen=True, kw_only=True)
class Invited(Happening):
    """Somebody was sent a link with which to choose a password."""


@dataclass(frozen=True, kw_only=True)
class RolesChanged(Happening):
    """Somebody may do other things now."""

    roles: str


@dataclass(frozen=True, kw_only=True)
class SignedIn(Happening):
    """Somebody signed in; ``how`` is ``password`` or ``link``."""

    how: str


@dataclass(frozen=True, kw_only=True)
class SignedOut(Happening):
    """A sign-in was ended."""


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Happening):
    """Somebody chose a new password; every other sign-in of theirs ended."""


@dataclass(frozen=True, kw_only=True)
class ApiKeyMade(Happening):
    """A machine's key was made."""

    account: UUID


@dataclass(frozen=True, kw_only=True)
class ApiKeyRevoked(Happening):
    """A machine's key stopped working."""
