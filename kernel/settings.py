"""What must be told to the house before it opens, read from the environment (``HUBS_…``)."""

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings of one process. A missing one is an error at start, never later."""

    model_config = SettingsConfigDict(env_prefix="HUBS_", secrets_dir=None, extra="ignore")

    database_url: str
    """The application's own role, which owns nothing."""
    owner_database_url: str | None = None
    """The role that migrates; the web never sees it."""
    dispatch_database_url: str | None = None
    """The role that may ask which councils have work due, and nothing else."""
    prepared_statements: bool = True
    """Off behind a pooler that does not understand them (PgBouncer before 1.21)."""
    redis_url: str
    redis_prefix: str = "hubs:"

    secret_key: SecretStr
    """Signs cookies and links: at least 32 characters."""
    field_keys: SecretStr
    """Fernet keys, comma separated; the first encrypts, all decrypt."""

    base_domain: str = "localhost"
    """Where the platform's own pages live; a council's are at ``<slug>.<base_domain>``."""
    public_scheme: str = "https"
    public_port: int | None = None
    insecure_cookies: bool = False
    """Cookies over plain http, allowed only below ``localhost``."""
    trusted_proxies: int = 0

    smtp_url: str = "smtp://127.0.0.1:25"
    mail_domain: str = "hubs.example"
    notify_url: str = "https://api.notifications.service.gov.uk"
    """GOV.UK Notify, or what stands in for it."""

    metrics_token: SecretStr | None = None
    """What Prometheus shows to be told the numbers; without it nobody is."""

    argon2_time_cost: int = 2
    argon2_memory_kib: int = 19456
    rate_limits: bool = True
    debug: bool = False
    testing: bool = False

    def base_url(self, host: str) -> str:
        """Return the address of a host as people type it, without a slash at its end."""
        port = f":{self.public_port}" if self.public_port else ""
        return f"{self.public_scheme}://{host}{port}"


def from_environment() -> Settings:
    """Return the settings that the environment tells, or fail with the names of those that it does not."""
    return Settings()  # type: ignore[call-arg]
