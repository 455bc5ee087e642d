"""The web under load while Redis and the database go away: what was answered stays."""

import time

import pytest

from tests.faults.machines import until
from tests.faults.office import Office, p95

pytestmark = pytest.mark.faults


@pytest.fixture
def office(installation):
    made = Office(installation)
    made.serve()
    yield made
    made.close()


def test_r4_redis_away_and_silent_under_load(installation, office, machines, figures):
    installation.start("app.scheduler")
    installation.workers(1)
    begun = time.monotonic()
    with office.at_work():
        time.sleep(6)
        gone = time.monotonic()
        machines.kill("valkey")
        time.sleep(6)
        machines.start("valkey")
        machines.freeze("valkey")
        silent = time.monotonic()
        time.sleep(6)
        machines.freeze("valkey", thaw=True)
        back = time.monotonic()
    until(lambda: not installation.still_open(), what="open promises")
    sent = time.monotonic() - back

    well, away, mute = office.between(begun, gone), office.between(gone, silent), office.between(silent, back)
    assert not office.failures(), office.failures()
    assert office.made
    assert not office.refused()
    assert not office.lost()
    assert not office.untold()
    assert p95(away) <= p95(well) + 0.5
    assert p95(mute) <= p95(well) + 0.5
    assert sent <= 30
    figures(
        f"{len(office.answers)} answers, 0 failures; p95 {p95(well):.2f} s well, {p95(away):.2f} s away,"
        f" {p95(mute):.2f} s silent; {len(office.made)} booked, all told {sent:.0f} s after its return"
    )


def test_r5_database_killed_under_load(office, machines, figures):
    with office.at_work():
        time.sleep(5)
        gone = time.monotonic()
        machines.kill("postgresql")
        time.sleep(3)
        machines.start("postgresql")
        back = time.monotonic()
        time.sleep(8)

    failures = office.failures()
    early = [one for one in failures if one[0] + one[1] < gone]
    healed = max([one[0] for one in failures], default=back) - back
    assert not early
    assert healed <= 5
    assert office.made
    assert not office.refused()
    assert not office.lost()
    figures(
        f"{len(office.made)} bookings answered, 0 lost; {len(failures)} of {len(office.answers)} requests failed while"
        f" it was down, the last {max(healed, 0):.1f} s after its return"
    )
