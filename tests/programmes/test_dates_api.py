"""Single dates of a course for machines: a new date, another week, times that somebody insists on."""

from datetime import date, timedelta

import pytest

from hubs.models import Shift
from hubs.service import one_session
from hubs.terms import ShiftPart
from kernel.db import db
from programmes.terms import ContactKind
from tests.hubs.test_api import Machine
from tests.programmes import making


@pytest.fixture
def machine(app, api_key):
    return lambda who: Machine(app, api_key(who), "york.test" if who == "carl" else "leeds.test")


@pytest.fixture
def contacts(set_up):
    with set_up() as make:
        course = making.course(make, [ContactKind.GROUP, ContactKind.PHONE])
        one_session.call_off(course.contacts[0].session, "The leader is ill.")
        music = make.session(
            hub=course.hub, activity=make.activity("Music"), starts_in=timedelta(days=15, hours=5)
        )
        db.add(Shift(session_id=music.id, account_id=make.cast["asha"], part=ShiftPart.LEADS))
        db.flush()
        at = {"day": music.on_date.isoformat(), "starts": f"{music.starts_at:%H:%M}"}
        home = f"/courses/{course.id}/contacts"
        return [f"{home}/{contact.id}" for contact in course.contacts], at, str(make.cast["asha"])


def test_a_machine_gives_a_date_and_another_week(contacts, machine):
    (group, call), at, _ = contacts
    asha, wanted = machine("asha"), {"on_date": at["day"], "starts": at["starts"]}
    refused = asha("POST", f"{group}/date", wanted)
    assert refused.status_code == 409
    assert "Music" in refused.text
    done = asha("POST", f"{group}/date", {**wanted, "anyway": True})
    assert done.json["on_date"] == at["day"]
    assert asha("POST", f"{group}/date", {**wanted, "anyway": True}).status_code == 409
    assert asha("PUT", f"{call}/week", {"on_date": "2026-04-02"}).json["on_date"] == "2026-03-30"
    assert asha("PUT", f"{group}/week", {"on_date": "2026-04-02"}).status_code == 422
    assert date.fromisoformat(done.json["on_date"]).year == 2026
    for who in ("carl", "paula"):
        assert machine(who)("PUT", f"{call}/week", {"on_date": "2026-04-02"}).status_code in (403, 404)


def test_a_machine_offers_times_while_somebody_should_be_elsewhere_when_it_insists(contacts, machine):
    (_, call), at, leads = contacts
    asha, wanted = machine("asha"), {**at, "account_id": leads, "minutes": 20, "number": 2}
    assert "Music" in asha("POST", f"{call}/slots", wanted).text
    assert asha("GET", f"{call}/slots").json == []
    assert len(asha("POST", f"{call}/slots", {**wanted, "anyway": True}).json) == 2
