from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts import queries, service
from accounts.errors import LinkIsDead, NoSuchScope, NotYourself
from accounts.models import Account, SignInLink
from accounts.terms import LinkPurpose, Role
from kernel.db import acts, db, find, unit_of_work
from kernel.errors import Unacceptable
from kernel.journal import Entry
from kernel.outbox import Promise
from kernel.permissions import Permission
from messaging import service as messaging
from tests.post import words

SIGN_IN, SET_PASSWORD = LinkPurpose.SIGN_IN, LinkPurpose.SET_PASSWORD


def ask(email="paula@people.example", browser="her phone"):
    service.ask_for_link(email, browser=browser)
    return newest_link(email)


def newest_link(email="dana@people.example"):
    links = select(SignInLink).where(SignInLink.email_key == email.casefold()).order_by(SignInLink.id.desc())
    return db.scalars(links.limit(1)).one()


def token(link, purpose=SIGN_IN):
    return messaging.one_step(purpose, link.id)


def test_a_link_signs_in_once(leeds, post):
    link = ask()

    assert service.use_link(token(link), SIGN_IN, browser="her phone").id == leeds.cast["paula"]
    with pytest.raises(LinkIsDead):
        service.use_link(token(link), SIGN_IN, browser="her phone")


def test_a_link_lives_for_ten_minutes(leeds, post, clock):
    link = ask()
    clock.shift(timedelta(minutes=10))

    with pytest.raises(LinkIsDead):
        service.use_link(token(link), SIGN_IN, browser="her phone")


def test_a_link_works_only_in_the_browser_that_asked(leeds, post):
    link = ask()

    for browser in ("another", None):
        with pytest.raises(LinkIsDead):
            service.use_link(token(link), SIGN_IN, browser=browser)


def test_a_new_link_ends_the_one_before(leeds, post, clock):
    first = ask()
    clock.shift(timedelta(minutes=1))
    second = ask()

    with pytest.raises(LinkIsDead):
        service.use_link(token(first), SIGN_IN, browser="her phone")
    assert service.use_link(token(second), SIGN_IN, browser="her phone")


def test_a_link_for_one_thing_does_not_do_the_other(leeds, post):
    link = ask()

    with pytest.raises(LinkIsDead):
        service.use_link(token(link, SET_PASSWORD), SET_PASSWORD)
    with pytest.raises(LinkIsDead):
        service.use_link(token(link), SET_PASSWORD)


def test_a_link_of_one_council_is_nothing_in_another(stage, post):
    with unit_of_work(stage.leeds):
        made = token(ask())
    with unit_of_work(stage.york), pytest.raises(LinkIsDead):
        service.use_link(made, SIGN_IN, browser="her phone")


def test_a_link_of_somebody_who_may_not_come_in_any_more_is_dead(leeds, post):
    link = ask("asha@people.example")
    service.disable(find(Account, leeds.cast["asha"]))

    with pytest.raises(LinkIsDead):
        service.use_link(token(link), SIGN_IN, browser="her phone")


def test_an_address_that_nobody_has_leaves_the_same_traces(leeds, post):
    known, unknown = ask(), ask("stranger@people.example")

    assert known.account_id
    assert unknown.account_id is None
    promises = db.scalars(select(Promise).where(Promise.topic == "accounts.link")).all()
    assert [set(p.payload) for p in promises] == [{"link"}, {"link"}]


def test_both_get_one_letter_and_only_one_holds_a_link(leeds, post):
    for email in ("Paula@People.Example", "stranger@people.example"):
        assert service.send_link(ask(email)) == messaging.SENT

    hers, strangers = post.letters
    assert (hers["To"], strangers["To"]) == ("paula@people.example", "stranger@people.example")
    assert "/sign-in/link/" in words(hers)
    assert "/sign-in/link/" not in words(strangers)
    assert "no account" in words(strangers)


def test_a_letter_that_comes_too_late_is_not_sent(leeds, post, clock):
    link = ask()
    clock.shift(timedelta(minutes=11))

    assert service.send_link(link) == "too late"
    assert post.letters == []


def test_somebody_invited_chooses_a_password_once(leeds, post):
    invited = service.invite("Dana Okafor", "dana@people.example", {Role.HUB_WORKER})
    link = newest_link()
    service.send_invitation(link)
    assert "hub worker" in words(post.letters[0])

    with pytest.raises(Unacceptable):
        service.accept_invitation(token(link, SET_PASSWORD), "password123")
    assert service.accept_invitation(token(link, SET_PASSWORD), "trumpet gravel moss") is invited
    assert service.check_password("dana@people.example", "trumpet gravel moss") is invited
    with pytest.raises(LinkIsDead):
        service.accept_invitation(token(link, SET_PASSWORD), "another trumpet moss")


def test_an_invitation_lives_for_three_days(leeds, post, clock):
    service.invite("Dana Okafor", "dana@people.example", {Role.HUB_WORKER})
    clock.shift(timedelta(hours=72))

    with pytest.raises(LinkIsDead):
        service.accept_invitation(token(newest_link(), SET_PASSWORD), "trumpet gravel moss")


def test_a_parent_can_become_a_worker_and_stays_a_parent(leeds):
    service.invite("Paula Reyes", "paula@people.example", {Role.HUB_WORKER})

    assert queries.roles_of(leeds.cast["paula"]) == {Role.PARENT, Role.HUB_WORKER}
    with pytest.raises(Unacceptable, match="on the list of staff already"):
        service.invite("Paula Reyes", "paula@people.example", {Role.HUB_WORKER})


def test_somebody_kept_out_is_out_at_once(leeds):
    asha = find(Account, leeds.cast["asha"])
    cookie = service.sign_in(asha, device="x", how="password")
    key = service.make_api_key(asha, "x", {Permission.SEE_FAMILIES})
    db.flush()
    assert queries.signed_in_by(cookie)
    assert queries.by_api_key(key)

    service.disable(asha)

    assert not queries.signed_in_by(cookie)
    assert not queries.by_api_key(key)
    assert not service.check_password("asha@people.example", "asha likes long words")
    service.enable(asha)
    assert not queries.signed_in_by(cookie)
    assert service.check_password("asha@people.example", "asha likes long words") is asha


def test_an_administrator_cannot_lock_the_last_door_behind_them(leeds):
    acts(leeds.cast["adam"])
    adam = find(Account, leeds.cast["adam"])

    with pytest.raises(NotYourself):
        service.disable(adam)
    with pytest.raises(NotYourself):
        service.change_staff(adam, "Adam Firth", {Role.COUNCIL_LEAD})


def test_other_roles_begin_with_a_new_sign_in(leeds):
    asha = find(Account, leeds.cast["asha"])
    cookie = service.sign_in(asha, device="x", how="password")
    db.flush()

    service.change_staff(asha, "Asha P", {Role.HUB_WORKER})
    assert queries.signed_in_by(cookie)
    service.change_staff(asha, "Asha P", {Role.HUB_MANAGER})
    assert not queries.signed_in_by(cookie)
    assert asha.name == "Asha P"


def test_a_new_password_ends_links_and_sign_ins(leeds, post):
    paula = find(Account, leeds.cast["paula"])
    link, cookie = ask(), service.sign_in(paula, device="x", how="password")
    db.flush()

    service.change_password(paula, "trumpet gravel moss")

    assert not queries.signed_in_by(cookie)
    with pytest.raises(LinkIsDead):
        service.use_link(token(link), SIGN_IN, browser="her phone")


def test_who_came_by_a_link_may_choose_a_password_without_the_old_one_for_a_while(leeds, clock):
    paula = find(Account, leeds.cast["paula"])
    for how, needed in (("password", True), ("link", False)):
        cookie = service.sign_in(paula, device="x", how=how)
        db.flush()
        _, sign_in = queries.signed_in_by(cookie)
        assert service.needs_old_password(paula, sign_in) is needed
    clock.shift(timedelta(minutes=16))
    assert service.needs_old_password(paula, sign_in)


def test_a_key_cannot_do_more_than_who_made_it(leeds):
    adam = queries.signed_in_by(
        service.sign_in(find(Account, leeds.cast["adam"]), device="x", how="password")
    )[0]

    for scopes in (set(), {Permission.SEE_FAMILIES}, {Permission.MANAGE_COUNCIL, Permission.SEE_FAMILIES}):
        with pytest.raises(NoSuchScope):
            service.make_own_api_key(adam, "x", scopes)
    key = service.make_own_api_key(adam, "x", {Permission.SEE_REPORTS})
    db.flush()
    assert queries.by_api_key(key).permissions == {Permission.SEE_REPORTS}


def test_passwords_and_tokens_are_kept_as_hashes_alone(leeds, post):
    paula = find(Account, leeds.cast["paula"])
    cookie = service.sign_in(paula, device="x", how="password")
    db.flush()

    assert paula.password_hash.startswith("$argon2id$")
    kept = queries.signed_in_by(cookie)[1].token_hash
    assert cookie not in kept


def test_what_is_long_over_is_forgotten(leeds, post, clock):
    ask()
    cookie = service.sign_in(find(Account, leeds.cast["paula"]), device="x", how="password")
    db.flush()
    clock.shift(timedelta(days=50))

    service.forget_traces()

    assert not db.scalars(select(SignInLink)).all()
    assert not queries.signed_in_by(cookie)


def test_the_journal_tells_no_names(leeds, post):
    service.invite("Dana Okafor", "dana@people.example", {Role.HUB_WORKER})
    told = str([(e.kind, e.facts) for e in db.scalars(select(Entry))])

    assert "Invited" in told
    assert "dana" not in told.lower()
