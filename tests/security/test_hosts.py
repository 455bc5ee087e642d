"""A2: the host alone says whose house it is, and nothing else that a request says."""

import re

from kernel import outbox
from tests.post import words
from tests.security.crawling import PARENT, YORK, YORK_IN_LEEDS

CANARY = re.compile(r"CANARY\.[0-9a-f]{12}\.")
NO_HOUSE = [
    "nowhere.test", "evil.example", "leeds.test.evil.example", "leeds.evil.example", "xn--leds-9na.test", "lèeds.test",
    "leeds", "test.leeds", "york.leeds.test", "127.0.0.1", "[::1]", "leeds_.test", "leeds.test@evil.example",
    "leeds.test,york.test", "leeds.test/york", "", ".test", "..", "leeds..test", "operators.test", "leeds.test evil",
    "evil.example#leeds.test", "ＬＥＥＤＳ.test",
]  # fmt: skip
"""Hosts at which nobody is at home."""
LEEDS = ["leeds.test", "LEEDS.test", "LeEdS.TeSt", "leeds.test.", "leeds.test:8443"]
"""Ways of writing one host."""


def ask(app, host: str, path: str = "/hubs", **headers: str):
    """Ask with any Host header at all."""
    environ = {"HTTP_HOST": host.encode().decode("latin1"), "SERVER_NAME": "127.0.0.1"}
    return app.test_client().get(path, environ_overrides=environ, headers=headers)


def test_where_nobody_lives_there_is_nothing(app, world):
    answers = {
        (host, path): ask(app, host, path)
        for host in NO_HOUSE
        for path in ("/hubs", "/api/v1/hubs", "/sign-in")
    }

    assert {asked: a.status_code for asked, a in answers.items() if a.status_code not in {400, 404}} == {}
    assert [asked for asked, a in answers.items() if CANARY.search(a.text)] == []


def test_one_house_however_its_host_is_written(app, world, councils):
    for host in LEEDS:
        told = set(CANARY.findall(ask(app, host).text))
        assert told, host
        assert {councils["leeds"].canaries[token].council for token in told} == {"leeds"}


def test_the_cookie_of_york_is_nobodys_in_leeds_however_its_host_is_written(app, knock_as):
    carl = knock_as(YORK)
    token = carl.client.get_cookie("signed-in", domain="york.test").value
    visit = carl.client.get_cookie("visit", domain="york.test").value

    for host in LEEDS:
        answer = ask(app, host, "/account", Cookie=f"signed-in={token}; visit={visit}")
        assert (answer.status_code, answer.location) == (303, "/sign-in?next=/account")


def test_the_key_of_york_opens_nothing_in_leeds(knock_as):
    answer = knock_as(YORK_IN_LEEDS).open("/api/v1/families/")

    assert answer.status_code == 401


NAMING = {
    "X-Forwarded-Host": "york.test", "X-Host": "york.test", "X-Original-Host": "york.test", "Forwarded": "host=york.test",
    "X-Forwarded-Server": "york.test", "X-Tenant": "york", "X-Tenant-Id": "york", "X-Original-URL": "http://york.test/hubs",
    "X-Rewrite-URL": "http://york.test/hubs", "Referer": "http://york.test/", "Origin": "http://york.test",
}  # fmt: skip


def test_no_header_but_the_host_names_a_council(app, councils, world):
    for header, value in NAMING.items():
        _only_leeds(ask(app, "leeds.test", "/hubs", **{header: value}), councils)


def test_no_word_in_an_address_names_a_council(world, councils, knock_as):
    paula = knock_as(PARENT)
    hub = councils["york"].hubs["paula"]
    for query in (
        f"tenant={world.york}",
        f"tenant_id={world.york}",
        "council=york&slug=york",
        "host=york.test",
        f"hub={hub}",
    ):
        for path in ("/hubs", "/sessions", "/bookings"):
            _only_leeds(paula.open(f"{path}?{query}"), councils)


def test_no_path_names_a_council(app, councils, world):
    for path in (
        "/york/hubs",
        "/york",
        "/tenants/york",
        "/%2e%2e/york.test/",
        "//york.test/hubs",
        "/hubs/../../york",
    ):
        answer = ask(app, "leeds.test", path)
        assert answer.status_code in {200, 308, 404}
        _only_leeds(answer, councils, seen=False)
        assert "york.test" not in answer.headers.get("Location", "").partition("/york.test")[0]


def test_no_form_names_a_council(world, councils, knock_as):
    paula = knock_as(PARENT)
    more = {"tenant_id": str(world.york), "council": "york", "tenant": "york", "host": "york.test"}

    answer = paula.send("/account/name", {"name": "Paula Lastname", **more})

    assert answer.status_code == 303
    assert "Paula Lastname" in paula.open("/account").text


def _only_leeds(answer, councils, *, seen=True):
    told = set(CANARY.findall(answer.text))
    assert told <= set(councils["leeds"].canaries)
    assert told or not seen


INJECTED = ["evil.example", "leeds.test.evil.example", "leeds.test:1@evil.example", "evil.example:80"]


def test_no_answer_shows_a_host_that_was_made_up(app, world):
    for host in INJECTED:
        for path in ("/", "/sign-in", "/account", "/api/v1/me/", "/nonsense", "/hubs/"):
            for answer in (ask(app, host, path), ask(app, "leeds.test", path, **{"X-Forwarded-Host": host})):
                assert "evil.example" not in answer.text + str(answer.headers), (host, path)


def test_a_letter_leads_to_the_councils_own_host_whatever_host_was_asked(app, world, post, knock_as):
    stranger = knock_as(PARENT)
    stranger.send("/sign-out", {})
    stranger.form_token = stranger.token()
    answer = stranger.open(
        "/sign-in/link",
        method="POST",
        data={"email": "paula@people.example", "csrf_token": stranger.form_token},
        headers={"X-Forwarded-Host": "evil.example", "Origin": "http://leeds.test"},
    )
    outbox.drain(world.leeds)

    assert answer.status_code == 303
    assert "http://leeds.test/" in words(post.letters[-1])
    assert "evil.example" not in str(post.letters[-1])
