"""A24 and A25: what every answer says to browsers and caches, whatever it is and whoever asked."""

import re
from typing import Any

import pytest
from flask import Flask

from app.factory import create_app
from kernel import vault
from tests.conftest import FIELD_KEY
from tests.security.crawling import MANAGER, PARENT, STRANGER, Crawler, addresses

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NONCE = re.compile(r"'nonce-([\w-]{20,})'")


def is_careful(answer: Any) -> list[str]:
    """Return what is missing from the headers of an answer."""
    policy = answer.headers.get("Content-Security-Policy", "")
    wanted = (
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "object-src 'none'",
    )
    missing = [part for part in wanted if part not in policy]
    missing += [f"{name}: {value}" for name, value in ALWAYS.items() if answer.headers.get(name) != value]
    if "unsafe-" in policy or "*" in policy or "http:" in policy:
        missing.append(f"a strict policy, not {policy}")
    if not NONCE.search(policy):
        missing.append("a nonce")
    if "camera=()" not in answer.headers.get("Permissions-Policy", ""):
        missing.append("Permissions-Policy")
    if "Server" in answer.headers or "X-Powered-By" in answer.headers:
        missing.append("silence about what it is made of")
    return missing


def everything(app: Flask, crawler: Crawler, own: Any) -> list[Any]:
    """Return an answer by every rule and method, and by what is no rule."""
    answers = [crawler.open(path) for path in addresses(app, own)]
    answers += [crawler.open(rule.build(dict.fromkeys(rule.arguments, "x.y"), append_unknown=False)[1])
                for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/") and not rule.arguments]  # fmt: skip
    answers += [
        crawler.open("/sign-in", method=method)
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE")
    ]
    answers += [
        crawler.open(path)
        for path in ("/nonsense", "/api/v1/nonsense", "/static/nonsense.css", "/hubs/nonsense")
    ]
    answers.append(crawler.open("/sign-in", method="POST", data={}))
    answers.append(crawler.open("/api/v1/bookings", method="POST", data="{", content_type="application/json"))
    answers.append(crawler.open("/sign-in", method="POST", data=b"x" * 7_000_000))
    answers.append(crawler.client.get("/", base_url="http://nobody.test"))
    return answers


LONG = pytest.mark.thorough


@pytest.mark.parametrize(
    "visitor",
    [STRANGER, pytest.param(PARENT, marks=LONG), pytest.param(MANAGER, marks=LONG)],
    ids=lambda v: v.name,
)
def test_every_answer_keeps_browsers_careful_and_caches_out(app, councils, knock_as, visitor):
    answers = everything(app, knock_as(visitor), councils["leeds"])

    assert {a.status_code for a in answers} >= {200, 400, 404, 405, 413}
    assert {f"{a.status_code} {a.request.path}": lack for a in answers if (lack := is_careful(a))} == {}
    assert {a.request.path for a in answers if a.headers.get("Cache-Control") != "no-store"} == set()
    assert {a.request.path for a in answers if "Cookie" not in a.headers.get("Vary", "")} == set()


def test_a_failure_is_as_careful(app, councils, knock_as, monkeypatch):
    monkeypatch.setitem(app.view_functions, "hubs.index", lambda: 1 / 0)

    answer = knock_as(STRANGER).open("/hubs")

    assert answer.status_code == 500
    assert is_careful(answer) == []
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_two_answers_have_one_nonce(app, world, knock_as):
    crawler = knock_as(STRANGER)
    answers = [crawler.open("/hubs") for _ in range(5)]

    nonces = [NONCE.search(answer.headers["Content-Security-Policy"])[1] for answer in answers]
    assert len(set(nonces)) == 5
    for nonce, answer in zip(nonces, answers, strict=True):
        assert set(re.findall(r'nonce="([^"]*)"', answer.text)) == {nonce}


def test_files_are_kept_by_caches_and_taken_for_nothing_else(app, world):
    client = app.test_client()
    for path, kind in (("/static/hubs.css", "text/css"), ("/static/hubs.js", "text/javascript")):
        with client.get(path, base_url="http://leeds.test") as answer:
            assert answer.status_code == 200
            assert answer.mimetype == kind
            assert "max-age=" in answer.headers["Cache-Control"]
            assert "no-store" not in answer.headers["Cache-Control"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "Set-Cookie" not in answer.headers


def test_files_lie_in_their_own_folder(app, world):
    client = app.test_client()
    for path in (
        "/static/../wsgi.py",
        "/static/..%2fwsgi.py",
        "/static/%2e%2e/pyproject.toml",
        "/static//etc/passwd",
    ):
        with client.get(path, base_url="http://leeds.test", follow_redirects=True) as answer:
            assert answer.status_code == 404, path


@pytest.fixture
def at_large(house_settings, world):
    """The same house as it stands in the world: over https, on a domain of its own."""
    careful = {
        "base_domain": "hubs.example",
        "public_scheme": "https",
        "notify_url": "https://notify.example",
        "insecure_cookies": False,
        "testing": False,
    }
    yield create_app(
        house_settings.model_copy(update={**careful, "database_url": world.urls.app}), engine=world.engine
    )
    create_app(house_settings, engine=world.engine)
    vault.connect(FIELD_KEY)


def test_at_large_browsers_come_by_https_alone(at_large):
    client = at_large.test_client()
    page = client.get("/sign-in", base_url="https://leeds.hubs.example")
    with client.get("/static/hubs.css", base_url="https://leeds.hubs.example") as file:
        answers = [page, client.get("/nonsense", base_url="https://leeds.hubs.example"), file]
        assert [a.headers.get("Strict-Transport-Security") for a in answers] == [
            "max-age=31536000; includeSubDomains"
        ] * 3
    cookie = page.headers["Set-Cookie"]

    assert cookie.startswith("__Host-visit=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie


def test_after_signing_out_the_back_button_shows_nothing(councils, knock_as):
    paula = knock_as(PARENT)
    page = paula.open("/my-family")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"

    paula.send("/sign-out", {})

    assert paula.open("/my-family").status_code == 303
