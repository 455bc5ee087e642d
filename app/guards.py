"""What the house refuses to open with."""

from kernel import db, guards
from kernel.settings import Settings

SHORTEST_SECRET = 32
HOME_DOMAINS = {"localhost", "test"}
"""Names that never leave this machine (RFC 6761)."""


class WillNotOpen(RuntimeError):
    """The house is not safe to open; says what is wrong, a line each."""


def check_settings(settings: Settings) -> None:
    """Refuse careless settings."""
    troubles = []
    if len(settings.secret_key.get_secret_value()) < SHORTEST_SECRET:
        troubles.append(f"HUBS_SECRET_KEY is shorter than {SHORTEST_SECRET} characters")
    if not settings.field_keys.get_secret_value().strip():
        troubles.append("HUBS_FIELD_KEYS is empty")
    if settings.debug and not _at_home(settings):
        troubles.append("HUBS_DEBUG is on")
    if settings.insecure_cookies and not _at_home(settings):
        troubles.append("HUBS_INSECURE_COOKIES is on for a domain that is not localhost")
    if troubles:
        raise WillNotOpen("\n".join(troubles))


def check_walls() -> None:
    """Refuse a privileged role, and a database whose walls are not whole."""
    engine = db.opened.kw["bind"]
    with engine.connect() as connection:
        if holes := guards.holes(connection):
            raise WillNotOpen("\n".join(holes))
    engine.dispose()  # gunicorn and the worker fork after this, and two processes must not share a connection


def _at_home(settings: Settings) -> bool:
    return settings.base_domain.rpartition(".")[2] in HOME_DOMAINS
