"""A form that was sent after the sign-in had lapsed: nothing typed is lost, and nobody else sees it."""

import html
import re
from datetime import timedelta

import pytest

from accounts.models import Account
from kernel.db import find, unit_of_work
from tests.knocking import FORM_TOKEN

HIDDEN = re.compile(r'<input type="hidden" name="(?P<name>[^"]+)" value="(?P<value>[^"]*)">')
ASHA = {"email": "asha@people.example", "password": "asha likes long words"}
BETH = {"email": "beth@people.example", "password": "beth likes long words"}


def fields_of(answer):
    """Return the hidden fields of a page, but for its token and where to go."""
    found = [(html.unescape(name), html.unescape(value)) for name, value in HIDDEN.findall(answer.text)]
    return [(name, value) for name, value in found if name not in {"csrf_token", "next"}]


def send(knocker, path, data):
    """Send a form, and again where the house asks for that, as a browser does."""
    answer = knocker.post(path, data)
    assert answer.status_code == 307
    return knocker.post(answer.location, data)


@pytest.fixture
def lapsed(knock, clock):
    """Asha's browser, half an hour later."""
    asha = knock("asha")
    clock.shift(timedelta(minutes=31))
    return asha


def name_of(world, who="asha"):
    with unit_of_work(world.leeds):
        return find(Account, world.cast[who]).name


def test_it_is_saved_after_signing_in_again(lapsed, world):
    asked = send(lapsed, "/account/name", {"name": "Asha O'Neill-Łukasz 李"})
    assert "Sign in again" in asked.text
    assert "Łukasz" not in asked.text, "sealed: whoever comes to this screen now reads nothing"
    [(_, sealed)] = fields_of(asked)

    wrong = lapsed.post("/sign-in", {**ASHA, "password": "not it", "typed": sealed})
    assert (wrong.status_code, fields_of(wrong)) == (422, [("typed", sealed)])
    again = lapsed.post("/sign-in", {**ASHA, "typed": sealed})
    assert name_of(world) == "Asha Patel", "not before she says so"
    assert 'action="/account/name"' in again.text
    token = FORM_TOKEN.search(again.text)[1]
    saved = lapsed.post("/account/name", {**dict(fields_of(again)), "csrf_token": token})

    assert saved.status_code == 303
    assert name_of(world) == "Asha O'Neill-Łukasz 李"


@pytest.mark.parametrize(
    "value", ['<script>alert("1")</script>', "two\r\nlines", "a & b &amp; c", "مرحبا", ""]
)
def test_every_field_comes_back_as_it_was_sent(lapsed, value):
    asked = send(lapsed, "/staff?name=x", {"words": value, "ticks": ["one", "two"]})
    again = lapsed.post("/sign-in", {**ASHA, **dict(fields_of(asked))})

    assert fields_of(again) == [("words", value), ("ticks", "one"), ("ticks", "two")]
    assert 'action="/staff?name=x"' in again.text


def test_whoever_else_signs_in_there_sees_nothing_of_it(lapsed):
    asked = send(lapsed, "/account/name", {"name": "Asha of the Secrets"})
    other = lapsed.post("/sign-in", {**BETH, **dict(fields_of(asked))})

    assert (other.status_code, other.location) == (303, "/")
    assert "Secrets" not in other.text


def test_what_is_no_lapsed_form_leads_to_signing_in_as_ever(knock, lapsed):
    stranger = knock()
    assert stranger.post("/account/name", {"name": "Nobody"}).location == "/sign-in"
    assert stranger.post("/sign-in/typed?address=/account/name", {"name": "Nobody"}).location == "/sign-in"
    assert stranger.post("/sign-in", {**ASHA, "typed": "made up"}).location == "/"
    signed_in = knock("asha")
    assert signed_in.post("/sign-in/typed?address=/account/name", {"name": "x"}).location == "/sign-in"

    elsewhere = lapsed.post("/sign-in/typed?address=//evil.example/", {"name": "x"})
    assert elsewhere.location == "/sign-in"
    by_htmx = lapsed.post("/account/name", {"name": "x"}, htmx=True)
    assert by_htmx.headers["HX-Redirect"] == "/sign-in"
    preview = lapsed.post("/account/name", {"name": "x"}, htmx=True, headers={"X-Aside": "true"})
    assert (preview.status_code, "HX-Redirect" in preview.headers) == (204, False), (
        "the page must not go away"
    )


@pytest.mark.parametrize(
    "form", [{"old_password": "a", "password": "b"}, {"words": "x" * 200_000}], ids=["a password", "too long"]
)
def test_passwords_and_whole_books_are_not_kept(lapsed, form):
    answer = send(lapsed, "/account/password", form)

    assert (answer.status_code, answer.location) == (303, "/sign-in")
