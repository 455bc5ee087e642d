"""A38: the house does not open with a careless setting, and names it."""

import pytest
from pydantic import ValidationError
from sqlalchemy import create_engine, make_url, text

from app import guards
from app.factory import create_app
from app.guards import WillNotOpen
from kernel import db as kernel_db
from kernel import vault
from kernel.settings import Settings, from_environment
from tests.conftest import FIELD_KEY

GOOD = {
    "HUBS_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "HUBS_REDIS_URL": "redis://127.0.0.1:1/0",
    "HUBS_SECRET_KEY": "long enough to be a secret, surely so", "HUBS_FIELD_KEYS": FIELD_KEY,
    "HUBS_BASE_DOMAIN": "hubs.example",
}  # fmt: skip


@pytest.fixture
def environment(monkeypatch):
    """A good environment, with something else in it."""

    def being(**more: str | None) -> Settings:
        for name, value in {**GOOD, **more}.items():
            monkeypatch.delenv(name, raising=False)
            if value is not None:
                monkeypatch.setenv(name, value)
        return from_environment()

    yield being
    vault.connect(FIELD_KEY)


def test_a_careful_house_opens(environment):
    guards.check_settings(environment())


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("HUBS_SECRET_KEY", "hunter2", "shorter than 32"),
        ("HUBS_SECRET_KEY", "", "shorter than 32"),
        ("HUBS_FIELD_KEYS", " ", "empty"),
        ("HUBS_FIELD_KEYS", "gibberish", "not a key"),
        ("HUBS_FIELD_KEYS", f"{FIELD_KEY},nonsense", "not a key"),
        ("HUBS_DEBUG", "true", "on"),
        ("HUBS_NOTIFY_URL", "http://notify.example", "https"),
        ("HUBS_TESTING", "true", "on"),
        ("HUBS_INSECURE_COOKIES", "true", "on"),
        ("HUBS_PUBLIC_SCHEME", "http", "not https"),
    ],
)
def test_a_careless_setting_keeps_the_house_shut(environment, name, value, why):
    with pytest.raises(WillNotOpen, match=name) as refusal:
        create_app(environment(**{name: value}))
    assert why in str(refusal.value)
    assert not value.strip() or value in {"true", "http"} or value not in str(refusal.value), (
        "no secret is told"
    )


@pytest.mark.parametrize(
    "name", ["HUBS_DATABASE_URL", "HUBS_REDIS_URL", "HUBS_SECRET_KEY", "HUBS_FIELD_KEYS"]
)
def test_a_missing_setting_is_named(environment, name):
    with pytest.raises(ValidationError, match=name.removeprefix("HUBS_").lower()):
        environment(**{name: None})


def test_no_secret_is_told_with_the_settings(environment):
    told = repr(environment()) + str(environment())

    assert GOOD["HUBS_SECRET_KEY"] not in told
    assert GOOD["HUBS_FIELD_KEYS"] not in told


@pytest.fixture
def url_of(world):
    """The address of the test's database for one of its roles."""
    yield lambda role: getattr(world.urls, role)
    kernel_db.connect(world.engine)


def test_a_role_that_owns_the_tables_or_passes_the_walls_keeps_the_house_shut(house_settings, url_of):
    careless = house_settings.model_copy(update={"testing": False, "database_url": url_of("owner")})

    with pytest.raises(WillNotOpen, match="the application connects as hubs_owner") as refusal:
        create_app(careless)
    assert "bypasses row security" in str(refusal.value)
    assert "owns people" in str(refusal.value)


def test_a_superuser_keeps_the_house_shut(house_settings, servers, world, url_of):
    admin = make_url(servers.admin_url).set(database=make_url(world.urls.app).database)
    careless = house_settings.model_copy(
        update={"testing": False, "database_url": admin.render_as_string(hide_password=False)}
    )

    with pytest.raises(WillNotOpen, match="is a superuser"):
        create_app(careless)


def test_a_wall_that_fell_keeps_the_house_shut(house_settings, world, url_of):
    owner = create_engine(world.urls.owner.replace("postgresql://", "postgresql+psycopg://", 1))
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE care_records DISABLE ROW LEVEL SECURITY"))
    owner.dispose()

    with pytest.raises(WillNotOpen, match="care_records has no forced row security"):
        create_app(house_settings.model_copy(update={"testing": False, "database_url": url_of("app")}))
