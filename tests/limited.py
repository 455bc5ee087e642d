"""The house with its limits on how often one may knock."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask

from app.factory import create_app
from kernel.settings import Settings
from kernel.web.limits import limiter
from tests.conftest import Stage

__all__ = ["limited"]


@pytest.fixture
def limited(house_settings: Settings, world: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The same house with its limits on."""
    monkeypatch.setattr(limiter, "_key_prefix", uuid4().hex)  # one limiter serves every house of this process
    yield create_app(house_settings.model_copy(update={"rate_limits": True}), engine=world.engine)
    create_app(house_settings, engine=world.engine)
    limiter.enabled = False
