"""Mail servers and Notify that time out, refuse, have no time, break, or take a message and cut the line."""

import threading
import time
from collections import Counter
from datetime import timedelta

import pytest

from bench import families as making
from bench.sink import CUT, HANG, SLOW
from bookings import service as bookings
from bookings.models import Booking
from bookings.terms import Channel
from kernel import jobs
from kernel.clock import now
from kernel.db import find, unit_of_work
from tests.faults.machines import until
from tests.faults.sending import check, promise, stay_and_play

pytestmark = pytest.mark.faults

BUSY_FOR = 3


class Moody:
    """A mail server that goes through its moods, some letters each, and is well in the end."""

    moods = (
        [("connect", "421 too busy")] * 3
        + [("rcpt", "451 greylisted")] * 15
        + [("data", "452 no room")] * 15
        + [("data", CUT)] * 15
        + [("accepted", CUT)] * 15
        + [("accepted", "451 it went wrong afterwards")] * 10
        + [("accepted", HANG)]
        + [("data", HANG)]
    )

    def __init__(self):
        self.left = list(self.moods)
        self.lock = threading.Lock()
        self.shown = Counter()

    def __call__(self, stage, address):
        with self.lock:
            if self.left and self.left[0][0] == stage:
                mood = self.left.pop(0)
                self.shown[mood] += 1
                return mood[1]
        return None


def test_mail_server_in_every_mood(installation, figures):
    due = promise(installation, 200)
    installation.sink.trouble = moody = Moody()
    installation.start("app.scheduler")
    installation.workers(2)
    until(lambda: not installation.open_promises(), what="open promises")
    lost_answers = sum(times for (stage, _), times in moody.shown.items() if stage == "accepted")

    said = check(installation, due, may_repeat=True)
    assert not moody.left, "not every mood was met"
    again = sum(times - 1 for times in installation.times_by_mail().values())
    assert again <= lost_answers, "sent again though nothing had been accepted"
    figures(
        f"{sum(moody.shown.values())} refusals, cut lines and silences, {lost_answers} after acceptance: {said}"
    )


def test_notify_in_every_mood(installation, figures):
    due = promise(installation, 160, unsafe=5, suppressed=5)
    installation.notify.be("silence", times=2)
    installation.start("app.scheduler")
    installation.workers(2)
    moods = ["silence 2"]
    for mood, times in (("cut", 15), ("error", 15), ("timeout", 2), ("stranger", 10)):
        until(lambda: is_well(installation), what=f"before {mood}")
        installation.notify.be(mood, times=times)
        moods.append(f"{mood} {times}")
    until(lambda: is_well(installation), what="in the end")
    until(lambda: not installation.open_promises(), what="open promises")

    figures(f"{', '.join(moods)}: {check(installation, due, may_repeat=False)}")


def test_notify_takes_no_more_for_a_while(installation, figures):
    # Texts alone: some of those that are kept in a row are told to wait before any has gone.
    due = promise(installation, 60, texts=60, unsafe=1, suppressed=1)
    installation.notify.per_minute = 10
    installation.start("app.scheduler")
    installation.workers(1)
    until(lambda: len(installation.notify.kept) == 10, what="nothing was sent")
    time.sleep(BUSY_FOR)
    assert len(installation.notify.kept) == 10
    installation.notify.per_minute = 1_000_000
    waited = until(lambda: not installation.open_promises(), what="open promises")

    dead = installation.ask("SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL OR error IS NOT NULL")
    assert dead == [(0,)], "being told to wait is no failure"
    figures(
        f"429 for {BUSY_FOR} s, all sent {waited:.0f} s later: {check(installation, due, may_repeat=False)}"
    )


def test_confirmed_comes_before_cancelled_though_the_line_is_slow(installation, figures):
    """Two workers, a mail server that thinks for a while: nobody reads that they are booked after it was cancelled."""
    pairs = _book_and_cancel(installation, 6)
    subjects = _subjects(installation)
    wrong = [address for address, said in subjects.items() if said == ["cancelled", "booked"]]
    both = sum(said == ["booked", "cancelled"] for said in subjects.values())

    assert not wrong, f"{len(wrong)} of {pairs} in the wrong order"
    assert all(said[-1] == "cancelled" for said in subjects.values())
    assert both > pairs / 2, "few bookings were cancelled while their confirmation was on the line"
    figures(
        f"{pairs} bookings cancelled while the confirmation was on the line: {both} told of both"
        ", in order; 0 in the wrong order"
    )


def _book_and_cancel(house, count):
    jobs.connect(house.settings.redis_url, house.settings.redis_prefix)
    seen = set()

    def slow_at_first(stage, address):
        if stage != "rcpt" or address in seen:
            return None
        seen.add(address)
        return SLOW

    house.sink.trouble = slow_at_first
    with unit_of_work(house.leeds):
        hub, play = stay_and_play()
        session = making.session(hub, play, now() + timedelta(days=3), places=10_000)
        everybody = making.families(hub.id, count)
        session_id = session.id
    house.start("app.scheduler")
    house.workers(2)
    for family in everybody:
        with unit_of_work(house.leeds):
            booking = bookings.book(
                session_id, household_id=family.household, person_ids=[family.carer, family.child],
                carer_id=family.carer, channel=Channel.WEB,
            ).id  # fmt: skip
        # Its confirmation is on the line, and the other worker has nothing to do.
        until(lambda address=family.email: address in seen, what="no confirmation")
        with unit_of_work(house.leeds):
            bookings.cancel(find(Booking, booking))
        until(lambda address=family.email: house.times_by_mail()[address] == 2, what="not told of both")
    until(lambda: not house.open_promises(), what="open promises")
    return count


def _subjects(house):
    said = {}
    for one in house.sink.taken:
        head = one.content.partition(b"\r\n\r\n")[0].lower()
        said.setdefault(one.to, []).append("cancelled" if b"is cancelled" in head else "booked")
    return said


def is_well(house):
    return house.notify._mode == "well"
