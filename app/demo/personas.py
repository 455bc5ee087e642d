"""The people as whom the demonstration can be used."""

from dataclasses import dataclass, field
from uuid import UUID

from accounts import queries as account_queries
from accounts import service as accounts
from accounts.terms import Role
from families import rules as family_rules
from kernel.permissions import Permission
from kernel.settings import Settings


@dataclass
class Persona:
    """Somebody as whom the demonstration can be used."""

    tenant: str
    role: str
    name: str
    email: str
    password: str
    base_url: str
    api_token: str
    account_id: UUID = field(compare=False)

    def told(self) -> dict[str, str]:
        """Return what is written down for whoever uses the demonstration."""
        return {name: str(value) for name, value in vars(self).items() if name != "account_id"}


def open_persona(slug: str, role: str, name: str, settings: Settings, domain: str) -> Persona:
    """Open the account of a persona, or find it, with a password and an API key of its own."""
    given = family_rules.name_key(name).split()[0]
    email, password = f"{given}@{domain}", f"{name.split(maxsplit=1)[0]} brings the biscuits"
    with_account = account_queries.by_email(email) or accounts.open_account(
        name, email, Role(role), password=password
    )
    token = accounts.make_api_key(with_account, "Demonstration", set(Permission))
    host = f"{slug}.{settings.base_domain}" if slug else settings.base_domain
    return Persona(
        slug or "platform", role, name, email, password, settings.base_url(host), token, with_account.id
    )
