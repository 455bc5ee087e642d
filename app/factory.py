"""Builds the application."""

from pathlib import Path
from typing import Any

from flask import Flask, request
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

import app.models  # noqa: F401
from accounts import service as accounts
from app import (
    api,
    contexts,
    doorkeeper,
    formats,
    front,
    guards,
    headers,
    keys,
    probes,
    statics,
    surroundings,
)
from app.house import CouncilCookies, House, refuse_nul
from kernel import db, jobs
from kernel.settings import Settings
from kernel.web import access, answers
from kernel.web.limits import limiter

ROOT = Path(__file__).parent.parent
LARGEST_REQUEST = 6 * 1024 * 1024


def create_app(settings: Settings, *, engine: Engine | None = None) -> Flask:
    """Return the application, or refuse: with a careless setting, a fallen wall, or a door without a keeper."""
    guards.check_settings(settings)
    contexts.connect(settings)
    db.connect(
        engine
        or db.engine(
            settings.database_url, prepared=settings.prepared_statements, pool_size=8, max_overflow=8
        )
    )
    jobs.connect(settings.redis_url, settings.redis_prefix)
    accounts.use_hasher(time_cost=settings.argon2_time_cost, memory_kib=settings.argon2_memory_kib)
    if not settings.testing:
        guards.check_walls()

    house = House("hubs", root_path=str(ROOT), static_folder="static", template_folder="templates")
    house.settings = settings
    house.config.update(_config(settings))
    house.session_interface = CouncilCookies()
    house.url_map.strict_slashes = False
    _extend(house, settings)
    contexts.register(house)
    house.register_blueprint(front.blueprint)
    house.register_blueprint(keys.blueprint)
    api.register(house)
    _open_static(house)
    access.check_doors(house)
    return house


def _config(settings: Settings) -> dict[str, Any]:
    prefix = "" if settings.insecure_cookies else "__Host-"
    return {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "SESSION_COOKIE_NAME": f"{prefix}visit",
        "SESSION_COOKIE_SECURE": not settings.insecure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SIGN_IN_COOKIE": f"{prefix}signed-in",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": not settings.insecure_cookies,
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_REQUEST,
        "TESTING": settings.testing,
        "DEBUG": settings.debug,
        "RATELIMIT_ENABLED": settings.rate_limits,
        "RATELIMIT_STORAGE_URI": settings.redis_url,
        "RATELIMIT_KEY_PREFIX": settings.redis_prefix,
        "TEMPLATES_AUTO_RELOAD": settings.debug,
    }


def _extend(house: House, settings: Settings) -> None:
    headers.register(house, settings)
    Htmx(house)
    CSRFProtect(house)
    limiter.init_app(house)
    manager = LoginManager(house)
    manager.session_protection = None
    manager.request_loader(doorkeeper.who_asks)
    house.before_request(lambda: refuse_nul(request))
    surroundings.register(house)
    formats.register(house)
    answers.register(house)
    front.register(house)
    house.jinja_env.trim_blocks = house.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        house.wsgi_app = ProxyFix(house.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    fixed = headers.fixed_headers(settings)
    statics.register(house, ROOT / "static", fixed=fixed, watched=settings.testing or settings.debug)
    house.wsgi_app = probes.Probes(house.wsgi_app, settings)  # type: ignore[method-assign]


def _open_static(house: Flask) -> None:
    house.view_functions["static"] = access.public_anywhere(house.view_functions["static"])
