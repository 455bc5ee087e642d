"""Text that is encrypted at rest, with keys that can be rotated."""

from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator

_keys: MultiFernet | None = None


def connect(keys: str) -> None:
    """Bind the vault to its keys: comma separated, the first encrypts, all decrypt."""
    global _keys  # noqa: PLW0603
    _keys = MultiFernet([Fernet(key.strip()) for key in keys.split(",") if key.strip()])


def seal(text: str) -> str:
    """Return the text as it may lie on a disk."""
    return _vault().encrypt(text.encode()).decode()


def unseal(token: str) -> str:
    """Return the text that was sealed."""
    return _vault().decrypt(token.encode()).decode()


def reseal(token: str) -> str:
    """Return the same secret sealed with the newest key."""
    return _vault().rotate(token.encode()).decode()


def _vault() -> MultiFernet:
    if _keys is None:
        raise RuntimeError("vault.connect() first")
    return _keys


class SealedText(TypeDecorator[str]):
    """A column whose text is encrypted at rest. It cannot be searched."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else seal(value)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else unseal(value)
