"""A26: failures, logs and jobs say what went wrong, and nothing of whom."""

import logging
from contextlib import contextmanager

import pytest
import structlog
from redis import Redis
from rq import Queue
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from accounts.models import Account
from app.factory import create_app
from families.models import Person
from kernel import jobs, outbox
from kernel.db import db, unit_of_work
from kernel.outbox import Promise
from tests.security.crawling import MANAGER, PARENT, STRANGER
from tests.security.filling import UUID_WORD

SECRET = "Xanthippe"
PERSONAL = {
    "given_name": SECRET, "family_name": SECRET, "name": SECRET, "email": f"{SECRET}@people.example", "phone": SECRET,
    "password": SECRET, "q": SECRET, "postcode": SECRET, "medical": SECRET, "words": SECRET,
}  # fmt: skip


@pytest.fixture
def written(caplog, capfd):
    """All that is logged or printed while a test runs."""
    caplog.set_level(logging.DEBUG)

    @contextmanager
    def listening():
        said: list[str] = []
        with structlog.testing.capture_logs() as entries:
            yield said
        out, err = capfd.readouterr()
        said += [str(entry) for entry in entries]
        said += [record.getMessage() + str(record.exc_info or "") for record in caplog.records]
        said += [out, err]

    return listening


def _fail(**_):
    raise RuntimeError(f"it was {SECRET} of {SECRET}@people.example")


def _fail_in_the_database(**_):
    db.execute(select(Person.id).where(Person.given_name == SECRET, text("no_such_column = 1"))).all()


def _fail_on_a_row(**_):
    first = db.scalars(select(Account)).first()
    db.add(Account(name=SECRET, email=SECRET, email_key=first.email_key))
    db.flush()


@pytest.mark.parametrize("failing", [_fail, _fail_in_the_database, _fail_on_a_row])
def test_a_failure_tells_and_logs_nothing_personal(
    app, world, councils, knock_as, monkeypatch, written, failing
):
    for endpoint in (
        "families.found",
        "accounts.change_name",
        "bookings.sessions",
        "accounts.check_password",
    ):
        monkeypatch.setitem(app.view_functions, endpoint, failing)
    beth = knock_as(MANAGER)
    with written() as said:
        answers = [
            beth.send("/families/search", PERSONAL),
            beth.send("/account/name", PERSONAL),
            beth.send("/sign-in", PERSONAL),
            beth.open(
                "/sessions", query_string=PERSONAL, headers={"HX-Request": "true", "User-Agent": SECRET}
            ),
        ]

    assert [answer.status_code for answer in answers] == [500] * 4
    logged = "\n".join(said)
    assert logged.count("failure") >= 4
    assert SECRET not in logged
    for answer in answers:
        assert SECRET not in answer.text + str(answer.headers)
        assert "Traceback" not in answer.text
        assert "SELECT" not in answer.text
        assert "File " not in answer.text


def test_a_failure_can_be_found_by_its_reference(app, world, knock_as, monkeypatch, written):
    monkeypatch.setitem(app.view_functions, "bookings.sessions", _fail)
    with written() as said:
        answer = knock_as(STRANGER).open("/sessions")
    (entry,) = [line for line in said if "'failure'" in line]

    reference = entry.partition("'reference': '")[2][:8]
    assert reference
    assert reference in answer.text


def test_a_machine_is_told_as_little(app, world, knock_as, monkeypatch, written):
    paula = knock_as(PARENT)
    monkeypatch.setitem(app.view_functions, "bookings_api.Bookings", _fail)
    with written() as said:
        answer = paula.open("/api/v1/bookings", method="POST", json=PERSONAL)

    assert answer.status_code == 500
    assert answer.mimetype == "application/problem+json"
    assert SECRET not in answer.text + "\n".join(said)


def test_an_error_of_the_database_hides_what_was_asked(world):
    with pytest.raises(DBAPIError) as error, unit_of_work(world.leeds):
        _fail_in_the_database()
    assert SECRET not in str(error.value)
    assert SECRET not in repr(error.value)


def test_nothing_personal_or_secret_is_logged_when_all_goes_well(app, councils, knock_as, written, post):
    with written() as said:
        beth = knock_as(MANAGER)
        stranger = knock_as(STRANGER)
        beth.send("/families/search", {"q": SECRET})
        stranger.send("/sign-in", {"email": "paula@people.example", "password": SECRET})
        stranger.send("/sign-in/link", {"email": f"{SECRET}@people.example"})
        beth.open(f"/families/{councils['leeds'].households['paula']}")
    logged = "\n".join(said)

    for word in (SECRET, "paula@people.example", "Reyes", "CANARY", beth.form_token):
        assert word not in logged, word


def test_a_private_link_is_logged_nowhere(app, councils, knock_as, monkeypatch, written):
    link, stranger = councils["leeds"].links["paula"], knock_as(STRANGER)
    with written() as said:
        assert stranger.open(link).status_code == 200
        monkeypatch.setitem(app.view_functions, "outcomes.question", _fail)
        answer = stranger.open(f"{link}/1", headers={"Referer": f"http://leeds.test{link}"})
    logged = "\n".join(said)

    assert answer.status_code == 500
    assert "'failure'" in logged
    assert link.rpartition("/")[2] not in logged
    assert SECRET not in logged


def test_a_line_of_the_log_cannot_be_made_up(app, world, knock_as, monkeypatch, written):
    monkeypatch.setitem(app.view_functions, "bookings.sessions", _fail)
    with written() as said:
        knock_as(STRANGER).open(
            "/sessions?x=%0a2026-01-01%20[info]%20all%20is%20well", headers={"Referer": "a b"}
        )

    assert "all is well" not in "\n".join(said)


def test_promises_and_jobs_hold_ids_alone(app, world, councils, knock_as, servers):
    paula, leeds = knock_as(PARENT), councils["leeds"]
    people = [str(person) for person in leeds.ids["people"][:2]]
    assert paula.send(f"/sessions/{leeds.sessions['free']}/bookings", {"people": people}).status_code == 303
    course = {"course_id": str(leeds.ids["courses"][-1]), "child_id": people[1], "access_needs": SECRET}
    assert paula.open("/api/v1/participations", method="POST", json=course).status_code == 201
    knock_as(STRANGER).send("/sign-in/link", {"email": "paula@people.example"})
    with unit_of_work(world.leeds):
        payloads = [told for row in db.scalars(select(Promise)) for told in row.payload.items()]
    assert payloads
    words = {(name, str(value)) for name, value in payloads if not UUID_WORD.fullmatch(str(value))}
    # How long before its start a session is told of says nothing of whoever comes.
    assert words <= {("before_start", "24h")}

    with Redis.from_url(servers.redis_url) as redis:
        queue: Queue = jobs.queue(redis)
        waiting = queue.get_jobs()
    assert waiting
    for job in waiting:
        assert job.func_name == jobs.DRAIN
        assert all(UUID_WORD.fullmatch(arg) for arg in job.args)
        assert set(UUID_WORD.sub("", job.description)) <= set("kernel.jobs.drain()'\"")


def test_a_promise_that_cannot_be_kept_says_where_and_of_what_kind_its_failure_was_and_no_more(
    world, monkeypatch, written
):
    monkeypatch.setitem(outbox._keepers, "failing", _fail)
    with unit_of_work(world.leeds):
        outbox.promise("failing", key="failing:1")
    with written() as said:
        outbox.drain(world.leeds)

    with unit_of_work(world.leeds):
        row = db.scalars(select(Promise).where(Promise.topic == "failing")).one()
    (entry,) = [line for line in said if "promise failed" in line]
    assert row.error == "RuntimeError"
    for told in ("RuntimeError", "test_silence.py:", "'failing'", str(row.id), str(world.leeds)):
        assert told in entry, told
    assert SECRET not in "\n".join(said)


def test_debugging_shows_nothing_to_browsers_either(house_settings, world, monkeypatch):
    house = create_app(house_settings.model_copy(update={"debug": True}), engine=world.engine)
    monkeypatch.setitem(house.view_functions, "bookings.sessions", _fail)
    answer = house.test_client().get(f"/sessions?words={SECRET}", base_url="http://leeds.test")
    create_app(house_settings, engine=world.engine)

    assert answer.status_code == 500
    assert SECRET not in answer.text
