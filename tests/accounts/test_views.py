"""The doors of accounts: A12-A16 and A18 of the attack list."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from werkzeug.routing import AnyConverter, IntegerConverter, UUIDConverter

from accounts import service
from accounts.models import Account, ApiKey, SignIn, SignInLink
from accounts.service import passwords
from accounts.terms import Role
from app.factory import create_app
from kernel import outbox
from kernel.db import db, find, unit_of_work
from kernel.ids import new_id
from kernel.web.limits import limiter
from tests.knocking import Knocker
from tests.limited import *  # noqa: F403
from tests.post import words

PAULA = {"email": "paula@people.example", "password": "paula likes long words"}
ELSEWHERE = [
    "//evil.example", "/\\evil.example", "https://evil.example", "https:evil.example", "%2f%2fevil.example",
    "/%2fevil.example", "/%5cevil.example", "/\tevil", "/ok\r\nSet-Cookie: a=b", "\\\\evil.example",
    "javascript:alert(1)", "///evil.example", " //evil.example", "/\x00",
]  # fmt: skip


def cookie(knocker):
    found = knocker.client.get_cookie("signed-in", domain=knocker.host)
    return found.value if found else None


def sign_in(knocker, **more):
    return knocker.post("/sign-in", {**PAULA, **more})


def link_in(post):
    return re.search(r"http://[^/]+(/(?:sign-in/link|set-password)/\S+)", words(post.letters[-1]))[1]


# Signing in with a password


def test_a_parent_signs_in_and_goes_where_she_wanted_to(knock):
    paula = knock()
    asked = paula.get("/account")
    assert (asked.status_code, asked.location) == (303, "/sign-in?next=/account")
    assert 'name="next" value="/account"' in paula.get(asked.location).text

    answer = sign_in(paula, next="/account")

    assert (answer.status_code, answer.location) == (303, "/account")
    assert "Paula Reyes" in paula.get("/account").text


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(knock, app):
    answer = sign_in(knock())

    kept = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("signed-in="))
    assert "HttpOnly" in kept
    assert "SameSite=Lax" in kept
    assert "Path=/" in kept
    assert "Domain" not in kept
    assert "Secure" not in kept, "the test house has insecure cookies"
    app.config["SESSION_COOKIE_SECURE"] = True
    try:
        careful = next(
            c for c in sign_in(knock()).headers.getlist("Set-Cookie") if c.startswith("signed-in=")
        )
    finally:
        app.config["SESSION_COOKIE_SECURE"] = False
    assert "Secure" in careful


def test_each_sign_in_has_a_token_of_its_own(knock):
    paula = knock("paula")
    planted = cookie(paula)
    sign_in(paula)

    assert cookie(paula) != planted
    thief = knock()
    thief.carry(planted)
    assert thief.get("/account").status_code == 303


def test_what_stood_in_the_visit_before_is_not_carried_into_a_sign_in(knock):
    paula = knock()
    before = paula.token()
    sign_in(paula)

    assert paula.open("/sign-out", method="POST", data={"csrf_token": before}).status_code == 400


def test_signing_out_ends_the_sign_in_in_the_house_too(knock):
    paula = knock("paula")
    stolen = cookie(paula)

    assert paula.post("/sign-out").location == "/"

    assert cookie(paula) is None
    assert knock().carry(stolen).get("/account").status_code == 303


@pytest.mark.parametrize("password", ["wrong and wrong", "PAULA LIKES LONG WORDS", " paula likes long words"])
def test_a_wrong_password_does_not_open(knock, password):
    answer = sign_in(knock(), password=password)

    assert answer.status_code == 422
    assert "is not right" in answer.text
    assert "paula@people.example" in answer.text, "what was typed is kept"
    assert password not in answer.text, "but never a password"


def test_the_address_may_be_written_in_capitals(knock):
    assert sign_in(knock(), email="PAULA@people.example").status_code == 303


def test_somebody_kept_out_is_out_at_once(knock, world):
    asha = knock("asha")
    assert asha.get("/account").status_code == 200
    with unit_of_work(world.leeds):
        service.disable(find(Account, world.cast["asha"]))

    assert asha.get("/account").status_code == 303
    assert sign_in(knock(), email="asha@people.example", password="asha likes long words").status_code == 422


@pytest.mark.parametrize(("who", "minutes"), [("asha", 30), ("adam", 30), ("paula", 24 * 60)])
def test_who_is_idle_is_signed_out(knock, clock, who, minutes):
    knocker = knock(who)
    for _ in range(3):
        clock.shift(timedelta(minutes=minutes - 1))
        assert knocker.get("/account").status_code == 200
    clock.shift(timedelta(minutes=minutes, seconds=1))

    assert knocker.get("/account").status_code == 303


def test_no_sign_in_of_staff_lasts_longer_than_a_day_of_work(knock, clock):
    asha = knock("asha")
    for _ in range(24):
        clock.shift(timedelta(minutes=29))
        assert asha.get("/account").status_code == 200
    clock.shift(timedelta(minutes=29))

    assert asha.get("/account").status_code == 303


def test_a_sign_in_of_one_council_is_a_stranger_in_another(knock, app):
    carl = knock("carl")
    assert carl.get("/account").status_code == 200
    in_leeds = Knocker(app, "leeds.test").carry(cookie(carl))
    at_the_platform = Knocker(app, "test").carry(cookie(carl))

    assert in_leeds.get("/account").status_code == 303
    assert at_the_platform.get("/account").status_code == 303
    assert sign_in(in_leeds, email="carl@people.example", password="carl likes long words").status_code == 422


def test_the_visit_cookie_of_one_council_is_refused_by_another(knock, app):
    here, there = knock(), Knocker(app, "york.test")
    token = here.token()
    visit = here.client.get_cookie("visit", domain="leeds.test").value
    there.client.set_cookie("visit", visit, domain="york.test")

    assert there.open("/sign-in", method="POST", data={**PAULA, "csrf_token": token}).status_code == 400


# Links


def test_a_link_signs_in_in_the_browser_that_asked(knock, post, world):
    paula = knock()
    answer = paula.post("/sign-in/link", {"email": "paula@people.example", "next": "/account"})
    assert answer.location == "/sign-in/link"
    assert "Check your email" in paula.get(answer.location).text
    outbox.drain(world.leeds)
    link = link_in(post)

    assert "Sign in" in paula.get(link).text
    assert paula.post(link).location == "/account"
    assert paula.get("/account").status_code == 200
    assert knock().get(link).status_code == 410


def test_a_mail_scanner_that_reads_the_link_uses_nothing_up(knock, post, world):
    paula = knock()
    paula.post("/sign-in/link", {"email": "paula@people.example"})
    outbox.drain(world.leeds)
    link = link_in(post)

    for _ in range(3):
        scanner = knock()
        assert "the other browser" in scanner.get(link).text
        scanner.client.head(link, base_url=scanner.base)
        assert scanner.post(link).status_code == 410
    assert paula.post(link).status_code == 303


def test_a_link_is_dead_after_ten_minutes_and_in_another_council(knock, post, world, clock, app):
    paula = knock()
    paula.post("/sign-in/link", {"email": "paula@people.example"})
    outbox.drain(world.leeds)
    link = link_in(post)

    assert Knocker(app, "york.test").get(link).status_code == 410
    clock.shift(timedelta(minutes=10))
    assert paula.get(link).status_code == 410
    assert paula.post(link).status_code == 410


def test_somebody_invited_chooses_a_password_and_is_in(knock, post, world):
    adam = knock("adam")
    wanted = {"name": "Dana Okafor", "email": "dana@people.example", "roles": ["hub_worker", "hub_manager"]}
    answer = adam.post("/staff", wanted, follow=True)
    assert "We have sent an invitation to dana@people.example" in answer.text
    outbox.drain(world.leeds)
    link = link_in(post)

    dana = knock()
    assert "Choose a password" in dana.get(link).text
    weak = dana.post(link, {"password": "dana okafor"})
    assert weak.status_code == 422
    assert "not made from your name" in weak.text
    assert dana.post(link, {"password": "trumpet gravel moss"}).status_code == 303
    assert "Hub manager" in dana.get("/account").text
    assert dana.post(link, {"password": "trumpet gravel moss"}).status_code == 410


# A14: nobody learns whether an address is known


@pytest.mark.parametrize(
    ("path", "more"),
    [("/sign-in", {"password": "wrong and wrong"}), ("/sign-in/link", {})],
    ids=["password", "link"],
)
def test_an_address_that_nobody_has_gets_the_same_answer_and_the_same_work(
    knock, world, post, monkeypatch, path, more
):
    hashes, statements = [], []
    verify = passwords._matches
    monkeypatch.setattr(passwords, "_matches", lambda *told: hashes.append(told) or verify(*told))
    event.listen(world.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    answers = []
    for email in ("paula@people.example", "p4u1a@people.example"):
        knocker = knock()
        token = knocker.token()
        hashes.clear(), post.letters.clear(), statements.clear()
        answer = knocker.open(path, method="POST", data={"email": email, "csrf_token": token, **more})
        said = re.sub(r'nonce[-=]"?[\w-]+|name="csrf_token" value="[^"]+"', "", answer.text).replace(
            email, "EMAIL"
        )
        asked = len(statements)
        outbox.drain(world.leeds)
        answers.append((answer.status_code, answer.location, said, len(hashes), asked, len(post.letters)))

    known, unknown = answers
    assert known == unknown
    assert known[3] == (1 if path == "/sign-in" else 0)
    assert known[5] == (0 if path == "/sign-in" else 1)


def test_an_account_without_a_password_costs_the_same_hash(leeds, monkeypatch):
    hashes = []
    verify = passwords._matches
    monkeypatch.setattr(passwords, "_matches", lambda *told: hashes.append(told) or verify(*told))
    service.open_account("No Password", "none@people.example", Role.PARENT)

    assert service.check_password("none@people.example", "anything at all") is None
    assert len(hashes) == 1


# A15: rate limits


def test_ten_wrong_passwords_shut_one_account_for_a_while(limited: Flask):
    for number in range(12):
        thief = Knocker(limited, "leeds.test")
        host = ["leeds.test", "LEEDS.test", "leeds.test:8080"][number % 3]
        token = thief.token()
        answer = thief.client.post(
            "/sign-in", data={**PAULA, "password": "wrong", "csrf_token": token}, base_url="http://leeds.test",
            environ_overrides={"REMOTE_ADDR": f"10.0.0.{number}"}, headers={"Host": host},
        )  # fmt: skip
        assert answer.status_code == (422 if number < 10 else 429), number
    assert sign_in(Knocker(limited, "leeds.test")).status_code == 429
    assert "Too many tries" in answer.text


def test_an_office_behind_one_address_can_all_sign_in(limited: Flask):
    for _ in range(60):
        assert sign_in(Knocker(limited, "leeds.test")).status_code == 303


def test_one_address_that_tries_many_accounts_is_shut_out(limited: Flask):
    thief = Knocker(limited, "leeds.test")
    token = thief.token()
    statuses = [
        thief.open(
            "/sign-in", method="POST", data={"email": f"p{n}@x.example", "password": "w", "csrf_token": token}
        ).status_code
        for n in range(52)
    ]
    assert statuses == [422] * 50 + [429] * 2


def test_letters_to_one_address_are_few(limited: Flask):
    knocker = Knocker(limited, "leeds.test")
    asked = [knocker.post("/sign-in/link", {"email": "paula@people.example"}).status_code for _ in range(6)]

    assert asked == [303] * 5 + [429]


def test_limits_of_one_council_are_not_those_of_another(limited: Flask):
    for _ in range(11):
        sign_in(Knocker(limited, "leeds.test"), password="wrong")

    assert sign_in(Knocker(limited, "york.test"), password="wrong").status_code == 422


def test_limits_hold_while_redis_is_away(house_settings, world):
    away = house_settings.model_copy(update={"rate_limits": True, "redis_url": "redis://127.0.0.1:1/0"})
    try:
        house = create_app(away, engine=world.engine)
        statuses = [sign_in(Knocker(house, "leeds.test"), password="wrong").status_code for _ in range(12)]
    finally:
        create_app(house_settings, engine=world.engine)
        limiter.enabled = False

    assert statuses == [422] * 10 + [429] * 2


# A16: form tokens


def specimen(converter):
    if isinstance(converter, AnyConverter):
        return next(iter(converter.items))
    return {UUIDConverter: new_id(), IntegerConverter: 1}.get(type(converter), "x.y")


def test_no_form_is_taken_without_its_token(app, knock):
    knocker = knock("adam")
    posts = [
        rule.build({name: specimen(converter) for name, converter in rule._converters.items()})[1]
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith(("/api/", "/messages/notify/"))
    ]
    assert len(posts) > 15
    for path in posts:
        assert knocker.open(path, method="POST", data={}).status_code in (400, 404), path
        assert knocker.open(path, method="POST", data={"csrf_token": "nonsense"}).status_code in (400, 404), (
            path
        )
    for path in (
        "/sign-in",
        "/sign-out",
        "/account/name",
        "/account/password",
        "/staff",
        "/settings",
        "/account/keys",
    ):
        assert knocker.open(path, method="POST", data={}).status_code == 400, path


def test_the_token_of_somebody_else_is_not_taken(knock):
    beths = knock("beth").token()

    assert (
        knock("adam")
        .open("/account/name", method="POST", data={"name": "X", "csrf_token": beths})
        .status_code
        == 400
    )


# A18: nobody is sent elsewhere


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_is_sent_to_another_house(knock, address):
    paula = knock()
    asked = paula.client.get("/sign-in", query_string={"next": address}, base_url=paula.base)
    if asked.status_code == 200:
        assert 'name="next" value="/"' in asked.text
    answer = sign_in(paula, next=address)
    assert answer.status_code in (303, 400)
    assert answer.status_code == 400 or answer.location == "/"
    if answer.status_code == 303:
        again = paula.client.get("/sign-in", query_string={"next": address}, base_url=paula.base)
        assert again.status_code in (303, 400)
        assert again.status_code == 400 or again.location == "/"


# One's own account


def test_one_sees_where_one_is_signed_in_and_ends_it(knock):
    phone = knock()
    phone.client.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (Linux; Android 14) Chrome/126 Mobile Safari/537.36"
    )
    sign_in(phone)
    desk = knock("paula")
    shown = desk.get("/account")
    assert "Chrome on Android" in shown.text
    assert "This one" in shown.text

    ending = re.search(r'action="(/account/sign-ins/[^"]+/end)"', shown.text)[1]
    assert "has been signed out" in desk.post(ending, follow=True).text

    assert phone.get("/account").status_code == 303
    assert desk.get("/account").status_code == 200


def test_everything_else_can_be_signed_out_at_once(knock):
    others = [knock("paula"), knock("paula")]
    desk = knock("paula")

    desk.post("/account/sign-ins/end")

    assert [other.get("/account").status_code for other in others] == [303, 303]
    assert desk.get("/account").status_code == 200


def test_nobody_ends_the_sign_in_of_another(knock, world):
    beth = knock("beth")
    with unit_of_work(world.leeds):
        beths = db.scalars(select(SignIn.id).where(SignIn.account_id == world.cast["beth"])).one()

    assert knock("adam").post(f"/account/sign-ins/{beths}/end").status_code == 404
    assert beth.get("/account").status_code == 200


def test_a_new_password_ends_every_other_sign_in_and_gives_this_one_a_new_token(knock):
    phone, desk = knock("paula"), knock("paula")
    before = cookie(desk)

    wrong = desk.post("/account/password", {"old_password": "wrong", "password": "trumpet gravel moss"})
    assert "This is not your password" in wrong.text
    weak = desk.post("/account/password", {"old_password": PAULA["password"], "password": "password123"})
    assert "harder to guess" in weak.text
    done = desk.post(
        "/account/password", {"old_password": PAULA["password"], "password": "trumpet gravel moss"}
    )
    assert done.location == "/account"

    assert cookie(desk) != before
    assert desk.get("/account").status_code == 200
    assert phone.get("/account").status_code == 303
    assert knock().carry(before).get("/account").status_code == 303
    assert sign_in(knock(), password="trumpet gravel moss").status_code == 303


def test_a_forgotten_password_is_replaced_after_signing_in_with_a_link(knock, post, world):
    paula = knock()
    paula.post("/sign-in/link", {"email": "paula@people.example"})
    outbox.drain(world.leeds)
    paula.post(link_in(post))

    assert "Password that you have now" not in paula.get("/account/password").text
    assert paula.post("/account/password", {"password": "trumpet gravel moss"}).status_code == 303
    assert sign_in(knock(), password="trumpet gravel moss").status_code == 303


def test_one_may_be_called_something_else(knock):
    paula = knock("paula")

    assert "Enter your name" in paula.post("/account/name", {"name": " "}).text
    assert (
        "María José Ñúñez" in paula.post("/account/name", {"name": " María  José Ñúñez "}, follow=True).text
    )


# Keys of machines


def test_a_key_is_shown_once_and_kept_as_a_hash(knock, world, app):
    adam = knock("adam")
    form = {"name": "Website", "scopes": ["reports:see"], "idempotency_key": "one"}
    shown = adam.post("/account/keys", form)
    key = re.search(r'value="(hubs_[^"]+)"', shown.text)[1]

    assert adam.post("/account/keys", form).text == shown.text, "a double click makes one key"
    listed = adam.get("/account/keys").text
    assert "Website" in listed
    assert "Read reports" in listed
    assert key not in listed
    with unit_of_work(world.leeds):
        (row,) = db.scalars(select(ApiKey)).all()
        assert key not in str([row.key_hash, row.hint])
    me = app.test_client().get(
        "/api/v1/me/", base_url="http://leeds.test", headers={"Authorization": f"Bearer {key}"}
    )
    assert me.json == {"name": "Adam Firth", "roles": ["council_admin"], "permissions": ["reports:see"]}

    adam.post(re.search(r'href="(/account/keys/[^"]+/revocation)"', listed)[1])
    again = app.test_client().get(
        "/api/v1/me/", base_url="http://leeds.test", headers={"Authorization": f"Bearer {key}"}
    )
    assert again.status_code == 401


def test_a_key_gives_nothing_that_its_maker_may_not_do(knock):
    answer = knock("adam").post("/account/keys", {"name": "Families", "scopes": ["families:see"]})

    assert answer.status_code == 422
    assert "hubs_" not in answer.text


# Staff


def test_the_list_of_staff_leaves_parents_out_and_can_be_searched(knock):
    adam = knock("adam")

    everybody = adam.get("/staff").text
    assert "Asha Patel" in everybody
    assert "Paula" not in everybody
    assert "Carl" not in everybody
    some = adam.get("/staff?name=PATEL", htmx=True).text
    assert "Asha Patel" in some
    assert "Beth" not in some
    assert "<html" not in some
    assert "Nobody is called that" in adam.get("/staff?name=100%25_").text


def test_the_list_of_staff_costs_the_same_however_long_it_is(knock, world):
    def hire(numbers):
        with unit_of_work(world.leeds):
            for number in numbers:
                service.open_account(f"Worker {number}", f"w{number}@people.example", Role.HUB_WORKER)

    adam, statements = knock("adam"), []
    hire(range(40))
    adam.get("/staff")
    event.listen(world.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    adam.get("/staff")
    short = len(statements)
    hire(range(40, 100))
    statements.clear()
    answer = adam.get("/staff")

    assert len(statements) == short
    assert "page=2" in answer.text


def test_a_parent_is_not_found_among_the_staff(knock, world):
    adam = knock("adam")
    paula = world.cast["paula"]

    assert adam.get(f"/staff/{paula}").status_code == 404
    assert adam.post(f"/staff/{paula}/disabling").status_code == 404
    assert adam.post(f"/staff/{paula}", {"name": "X", "roles": ["council_admin"]}).status_code == 404


def test_an_administrator_changes_takes_away_and_gives_back(knock, world):
    adam, asha = knock("adam"), knock("asha")
    page = f"/staff/{world.cast['asha']}"

    assert "Choose at least one role" in adam.post(page, {"name": "Asha"}).text
    assert adam.post(page, {"name": "Asha P", "roles": ["operator"]}).status_code == 422
    assert (
        "Asha P has been changed"
        in adam.post(page, {"name": "Asha P", "roles": ["hub_manager"]}, follow=True).text
    )
    assert asha.get("/account").status_code == 303
    assert "cannot sign in any more" in adam.post(f"{page}/disabling", follow=True).text
    assert sign_in(knock(), email="asha@people.example", password="asha likes long words").status_code == 422
    assert "can sign in again" in adam.post(f"{page}/enabling", follow=True).text
    assert sign_in(knock(), email="asha@people.example", password="asha likes long words").status_code == 303


def test_an_administrator_does_not_shut_themselves_out(knock, world):
    adam = knock("adam")
    page = f"/staff/{world.cast['adam']}"

    assert (
        "cannot take away your own role" in adam.post(page, {"name": "Adam", "roles": ["council_lead"]}).text
    )
    assert adam.post(f"{page}/disabling").status_code == 409


def test_an_invitation_that_cannot_be_used_keeps_what_was_typed(knock):
    adam = knock("adam")

    answer = adam.post(
        "/staff", {"name": "Dana Okafor", "email": "asha@people.example", "roles": ["hub_worker"]}
    )
    assert answer.status_code == 422
    assert "on the list of staff already" in answer.text
    assert "Dana Okafor" in answer.text


@pytest.mark.parametrize("who", ["asha", "beth", "lena", "paula"])
def test_only_administrators_see_staff_settings_and_keys(knock, who):
    knocker = knock(who)

    for path in ("/staff", "/staff/new", "/settings", "/settings/terms", "/account/keys"):
        assert knocker.get(path).status_code == 403, path


def test_who_is_invited_twice_by_a_double_click_gets_one_letter(knock, world, post):
    adam = knock("adam")
    form = {"name": "Dana", "email": "dana@people.example", "roles": ["hub_worker"], "idempotency_key": "k"}
    first, second = adam.post("/staff", form), adam.post("/staff", form)

    assert first.location == second.location
    with unit_of_work(world.leeds):
        assert db.scalar(select(func.count()).select_from(SignInLink)) == 1
