"""Text at rest is put under a new key, and the old key can be dropped."""

import pytest
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import select

from app.keys import sealed_columns
from kernel import once, vault
from kernel.db import db, unit_of_work
from tests.conftest import FIELD_KEY, Stage


@pytest.fixture
def keys():
    yield [Fernet.generate_key().decode(), FIELD_KEY]
    vault.connect(FIELD_KEY)


def _secrets() -> list[str | None]:
    return list(db.scalars(select(once.Answer.body).order_by(once.Answer.key)))


def _keep(texts: list[str]) -> None:
    for number, text in enumerate(texts):
        answer, _ = once.ask("somebody", f"{number:04}", "hash")
        once.settle(answer, status=200, headers="{}", body=text)


def test_after_rotation_the_old_key_opens_nothing_and_the_new_one_everything(app, world: Stage, keys):
    texts = [f"secret {number}" for number in range(450)]
    with unit_of_work(world.leeds):
        _keep(texts)
    with unit_of_work(world.york):
        _keep(["a secret of York"])

    vault.connect(",".join(keys))
    told = app.test_cli_runner().invoke(args=["keys", "rotate"]).output

    assert "Leeds City Council: 900 texts" in told
    assert "City of York Council: 2 texts" in told
    vault.connect(keys[0])
    with unit_of_work(world.leeds):
        assert _secrets() == texts
    with unit_of_work(world.york):
        assert _secrets() == ["a secret of York"]
    vault.connect(keys[1])
    with pytest.raises(InvalidToken), unit_of_work(world.leeds):
        _secrets()


def test_every_encrypted_column_is_known(app):
    known = {f"{model.__tablename__}.{name}" for model, name in sealed_columns()}

    assert {"answers.body", "answers.headers"} < known
