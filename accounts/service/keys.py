"""The keys of machines."""

import secrets

from accounts.errors import NoSuchScope
from accounts.events import ApiKeyMade, ApiKeyRevoked
from accounts.models import Account, ApiKey
from accounts.queries import Person, hashed
from kernel.clock import now
from kernel.db import db, find
from kernel.journal import record
from kernel.permissions import Permission


def make_api_key(account: Account, name: str, scopes: set[Permission]) -> str:
    """Make a key with which a machine acts for the account within the scopes; it is shown this once."""
    key = f"hubs_{secrets.token_urlsafe(32)}"
    made = ApiKey(account_id=account.id, name=name, key_hash=hashed(key), hint=key[:9], scopes=sorted(scopes))
    db.add(made)
    record(ApiKeyMade(subject=made.id, account=account.id))
    return key


def make_own_api_key(person: Person, name: str, scopes: set[Permission]) -> str:
    """Make a key for whoever asks, who cannot give away more than they may do."""
    if not scopes or scopes - person.permissions:
        raise NoSuchScope(scopes="Choose at least one thing that the key may be used for")
    return make_api_key(find(Account, person.id), name, scopes)


def revoke_api_key(key: ApiKey) -> None:
    """Make a key open nothing any more."""
    if key.revoked_at is None:
        key.revoked_at = now()
        record(ApiKeyRevoked(subject=key.id))
