"""What machines ask of the house: whether it lives, whether it can work, and its numbers."""

import json
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from werkzeug.test import Client

from app import probes
from kernel import db as kernel_db
from kernel import jobs
from kernel.clock import now
from kernel.db import db, unit_of_work
from kernel.ids import new_id
from kernel.outbox import drain, promise
from messaging.models import Message
from messaging.terms import Channel, MessageStanding

TOKEN = "a token of Prometheus, long enough to be one"
KNOWN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def probe(app, house_settings, world):
    """A house to which Prometheus is known."""
    told = house_settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    return Client(probes.Probes(app.wsgi_app, told))


@pytest.mark.parametrize("host", ["10.0.0.7:8000", "leeds.test", "nowhere.example", "[::1]"])
def test_a_probe_is_answered_at_any_host(probe, host):
    for path, said in (("/healthz", "alive\n"), ("/readyz", "ready\n")):
        answer = probe.get(path, headers={"Host": host})
        assert (answer.status_code, answer.text) == (200, said)
        assert "Set-Cookie" not in answer.headers


def test_the_house_lives_without_a_database_and_is_not_ready(probe, world, monkeypatch):
    gone = kernel_db.engine("postgresql://nobody@127.0.0.1:1/none")
    kernel_db.connect(gone)

    assert probe.get("/healthz").status_code == 200
    stranger = probe.get("/readyz")
    assert (stranger.status_code, stranger.text) == (503, "not ready\n")
    assert json.loads(probe.get("/readyz", headers=KNOWN).text)["database"] == "away"
    assert probe.get("/metrics", headers=KNOWN).status_code == 503


def test_the_house_is_not_ready_for_a_database_that_is_not_migrated(probe, world, monkeypatch):
    monkeypatch.setattr(probes, "_reached", False)
    monkeypatch.setattr(probes, "COLUMNS", probes.COLUMNS + " AND a.attname <> 'late_seconds'")

    assert probe.get("/readyz").status_code == 503
    monkeypatch.undo()
    assert probe.get("/readyz").status_code == 200


def test_redis_is_told_to_those_who_are_known_and_is_not_needed(probe, app, house_settings, monkeypatch):
    assert json.loads(probe.get("/readyz", headers=KNOWN).text) == {"database": "ok", "redis": "ok"}

    jobs.connect("redis://127.0.0.1:1/0", "gone:")
    try:
        answer = probe.get("/readyz", headers=KNOWN)
        assert (answer.status_code, json.loads(answer.text)["redis"]) == (200, "away")
        assert b"hubs_redis_up 0.0" in probe.get("/metrics", headers=KNOWN).data
    finally:
        jobs.connect(house_settings.redis_url, house_settings.redis_prefix)


def test_the_numbers_are_told_by_council_to_whoever_shows_the_token(probe, world):
    with unit_of_work(world.leeds):
        promise("test.unknown", key="old", due_at=now() - timedelta(minutes=50), note_id=new_id())
        promise("test.unknown", key="new", due_at=now() + timedelta(days=1), in_bulk=True, note_id=new_id())
        db.add(
            Message(kind="reminder", about=new_id(), channel=Channel.TEXT, address="+447700900123", key="k",
                    standing=MessageStanding.FAILED, sent_at=now(), late_seconds=90)
        )  # fmt: skip
    drain(world.leeds)
    with unit_of_work(world.leeds):
        promise("test.unknown", key="due", note_id=new_id())
    jobs.swept()

    told = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(probe.get("/metrics", headers=KNOWN).text)
        for sample in family.samples
    }

    leeds = ("council", "leeds")
    assert told["hubs_queue_waiting", leeds] == 3
    assert told["hubs_queue_due", leeds] == 1
    assert told["hubs_queue_failing", leeds] == 1
    assert told["hubs_queue_oldest_seconds", leeds] == 3000
    assert told["hubs_queue_dead", ("council", "york")] == 0
    failing = (("failure", "KeyError"), ("standing", "failing"), ("topic", "test.unknown"))
    assert told["hubs_queue_failures", leeds, *failing] == 1
    assert told["hubs_messages_late_seconds", leeds] == 90
    sent = (("channel", "text"), leeds, ("kind", "reminder"), ("standing", "failed"))
    assert told["hubs_messages_last_day", *sent] == 1
    assert told["hubs_redis_up",] == 1
    assert told["hubs_scheduler_seconds",] == 0


@pytest.mark.parametrize("shown", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": f"Basic {TOKEN}"},
                                   {"Authorization": "Bearer ÿ"}])  # fmt: skip
def test_strangers_are_told_no_numbers(probe, app, shown):
    assert probe.get("/metrics", headers=shown).status_code == 404
    assert app.test_client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_a_probe_that_is_sent_something_is_let_in_as_anybody(probe):
    assert probe.post("/healthz", headers={"Host": "leeds.test"}).status_code == 404
