"""What the house refuses to open with."""

from kernel import db, guards, vault
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
    if settings.metrics_token and len(settings.metrics_token.get_secret_value()) < SHORTEST_SECRET:
        troubles.append(f"HUBS_METRICS_TOKEN is shorter than {SHORTEST_SECRET} characters")
    troubles += _troubles_with_keys(settings)
    if not _at_home(settings):
        troubles += _troubles_away_from_home(settings)
    if troubles:
        raise WillNotOpen("\n".join(troubles))


def check_walls() -> None:
    """Refuse a privileged role, and a database whose walls are not whole."""
    engine = db.opened.kw["bind"]
    with engine.connect() as connection:
        holes = guards.holes(connection)
    engine.dispose()  # gunicorn and the worker fork after this, and two processes must not share a connection
    if holes:
        raise WillNotOpen("\n".join(holes))


def _troubles_with_keys(settings: Settings) -> list[str]:
    keys = settings.field_keys.get_secret_value()
    if not keys.strip():
        return ["HUBS_FIELD_KEYS is empty"]
    try:
        vault.connect(keys)
    except ValueError:
        return ["HUBS_FIELD_KEYS holds something that is not a key"]
    return []


def _troubles_away_from_home(settings: Settings) -> list[str]:
    careless = {
        "HUBS_DEBUG is on": settings.debug,
        "HUBS_TESTING is on": settings.testing,
        "HUBS_INSECURE_COOKIES is on for a domain that is not localhost": settings.insecure_cookies,
        "HUBS_PUBLIC_SCHEME is not https for a domain that is not localhost": settings.public_scheme
        != "https",
        "HUBS_NOTIFY_URL is not https for a domain that is not localhost": not _is_https(settings.notify_url),
    }
    return [trouble for trouble, there in careless.items() if there]


def _is_https(url: str) -> bool:
    return url.startswith("https://")


def _at_home(settings: Settings) -> bool:
    return settings.base_domain.rpartition(".")[2] in HOME_DOMAINS
