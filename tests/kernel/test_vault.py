"""Text that lies encrypted, and keys that change."""

import pytest
from cryptography.fernet import Fernet, InvalidToken

from kernel import vault
from tests.conftest import FIELD_KEY


@pytest.fixture(autouse=True)
def _own_keys():
    yield
    vault.connect(FIELD_KEY)


def test_what_was_sealed_reads_back_and_cannot_be_read_as_it_lies():
    vault.connect(Fernet.generate_key().decode())

    lies = vault.seal("Nut allergy: 李")

    assert "allergy" not in lies
    assert vault.unseal(lies) == "Nut allergy: 李"


def test_the_old_key_reads_until_everything_is_sealed_anew():
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    vault.connect(old)
    lies = vault.seal("secret")

    vault.connect(f"{new},{old}")
    assert vault.unseal(lies) == "secret"
    anew = vault.reseal(lies)

    vault.connect(new)
    assert vault.unseal(anew) == "secret"
    with pytest.raises(InvalidToken):
        vault.unseal(lies)
