"""Messages: how many a second and with how many statements, and how soon a place goes on to the next family.

``python -m bench.messages`` measures this alone; ``BENCH_MESSAGES=1000`` makes it shorter.
"""

import json
import os
import smtplib
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import time as clock
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from uuid import UUID

import psycopg
from sqlalchemy import event

from accounts import service as accounts
from accounts.queries import Person, by_api_key
from accounts.terms import Role
from app.demo import servers
from bench import families as making
from bench import load
from bench.post import Post, served
from bookings import service as bookings
from bookings.terms import Channel
from correspondence.service import announcements
from correspondence.terms import AnnouncementStanding, Audience, Wanted
from hubs import service as hubs
from hubs.models import Activity, Hub
from kernel import outbox
from kernel.clock import now
from kernel.db import unit_of_work
from kernel.permissions import Permission
from messaging.terms import Way
from tenants import service as tenants

MESSAGES = int(os.environ.get("BENCH_MESSAGES", "10000"))
WORKERS = int(os.environ.get("BENCH_WORKERS", "2"))
COUNTED = 200
APOLOGIES = 5
HOST = "post.localhost"
PATIENCE = 1800.0
Row = Callable[[str, str, str], None]


def measured(folder: Path, running: servers.Servers, row: Row) -> None:
    """Measure, and print the rows."""
    with ExitStack() as stack:
        post = Post(folder, running, stack)
        council, hub, play = _council()
        _sending(post, council, hub, play, row)
        _apologies(post, council, hub, play, row)


def _council() -> tuple[UUID, Hub, Activity]:
    council = tenants.create_council("post", "Post Council", contact_email="hubs@post.example")
    with unit_of_work(council):
        tenants.change_settings(waking_from=clock(0), waking_until=clock(23, 59, 59))
        hub = hubs.add_hub("Post hub", area="Centre")
        play = making.stay_and_play()
    return council, hub, play


def _sending(post: Post, council: UUID, hub: Hub, play: Activity, row: Row) -> None:
    with unit_of_work(council):
        session = making.session(hub, play, now() + timedelta(hours=23.5), places=100_000)
        everybody = making.families(hub.id, MESSAGES + COUNTED)
        booked = making.booked(session, everybody)
        making.remind(booked[:COUNTED], everybody[:COUNTED])
    _analyze(post)
    asked: list[str] = []
    event.listen(post.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    kept = outbox.drain(council)
    row(
        "statements for each reminder, with all that is around it", f"{len(asked) / kept:.1f}", f"over {kept}"
    )

    before = post.taken()
    with unit_of_work(council):
        making.remind(booked[COUNTED:], everybody[COUNTED:])
    for _ in range(WORKERS):
        post.start("app.worker")
    begun, first = time.perf_counter(), 0.0
    post.start("app.scheduler")
    while (there := post.taken() - before) < MESSAGES:
        if there and not first:
            first = time.perf_counter()
        if time.perf_counter() - begun > PATIENCE:
            raise RuntimeError(f"only {there} of {MESSAGES} arrived")
        time.sleep(0.05)
    rate = MESSAGES / (time.perf_counter() - first)
    letter = _a_letter()
    bare = _bare(post.port, letter)
    made = _made_each_time(post.port, letter)
    row(
        f"{MESSAGES:,} reminders by SMTP, {WORKERS} workers",
        f"{rate:,.0f}/s",
        f"letters of {len(letter) / 1000:.1f} kB",
    )
    row(
        "    share of a bare smtplib loop that makes each letter",
        f"{rate / made:.2f}",
        f"{made:,.0f}/s; goal: 0.5 or more",
    )
    row(
        "    share of a bare smtplib loop that sends one over and over",
        f"{rate / bare:.2f}",
        f"{bare:,.0f}/s",
    )


def _a_letter() -> bytes:
    """Return a reminder as it goes over the wire."""
    from messaging.rules import email, shipped, worded
    from messaging.rules.letter import Sender
    from messaging.terms import At, Letter, Span, Value

    starts = now() + timedelta(days=1)
    sender = Sender(name="Post Council", address="post@hubs.example", reply_to="hubs@post.example", phone="", colour="#1d70b8", base_url="https://post.hubs.example")  # fmt: skip
    says: dict[str, Value] = {"session": "Stay and play", "day": At(starts, "short_day"), "weekday": At(starts, "day"), "time": At(starts, "clock"), "where": "Post hub", "reference": "ABCDEFGH"}  # fmt: skip
    facts: list[tuple[str, Value]] = [("Session", "Stay and play"), ("When", Span(starts, starts + timedelta(hours=1))), ("Where", "Post hub"), ("Reference", "ABCDEFGH")]  # fmt: skip
    letter = Letter(kind="reminder", says=says, facts=facts, action=("Say whether you are coming", f"/b/{'x' * 60}"), small_links=[("See your bookings", "/bookings")])  # fmt: skip
    message = worded(letter, shipped("en")["reminder"], sender)
    return email(message, sender, to="somebody@people.example", key="bench", now=now()).as_bytes()


def _bare(port: int, letter: bytes) -> float:
    with smtplib.SMTP("127.0.0.1", port) as server:
        begun = time.perf_counter()
        for _ in range(MESSAGES):
            server.sendmail("post@hubs.example", ["somebody@people.example"], letter)
        return MESSAGES / (time.perf_counter() - begun)


def _made_each_time(port: int, letter: bytes) -> float:
    """Return the rate of a loop that does nothing but put the same words into a letter, and sends it."""
    from email.message import EmailMessage

    read = message_from_bytes(letter, policy=policy.default)
    plain, html = (part.get_content() for part in read.walk() if part.get_content_maintype() == "text")
    count = max(MESSAGES // 5, 100)
    with smtplib.SMTP("127.0.0.1", port) as server:
        begun = time.perf_counter()
        for number in range(count):
            mail = EmailMessage(policy=policy.SMTP)
            for name in ("Subject", "From", "Reply-To", "Date", "Auto-Submitted"):
                mail[name] = str(read[name])
            mail["To"] = f"somebody{number}@people.example"
            mail["Message-ID"] = f"<{number}@hubs.example>"
            mail.set_content(plain)
            mail.add_alternative(html, subtype="html")
            server.send_message(mail)
        return count / (time.perf_counter() - begun)


def _apologies(post: Post, council: UUID, hub: Hub, play: Activity, row: Row) -> None:
    """Cancel through HTTP, and wait until the next family's offer is accepted by the far side."""
    with unit_of_work(council):
        worker = accounts.open_account("Wendy Worker", "wendy@post.example", Role.HUB_WORKER)
        hubs.join_team(hub, worker.id)
        key = accounts.make_api_key(worker, "bench", set(Permission))
        rounds = [_full(hub, play, number) for number in range(2 * APOLOGIES)]
    with served(post.env) as port:
        _until(lambda: not _open(post))
        took = [_apology(post, port, key, *one) for one in rounds[:APOLOGIES]]
        row("from an apology to the next offer accepted, at rest", f"{max(took):.2f} s", _spread(took))
        _announce(council)
        _until(lambda: _open(post) >= MESSAGES / 2)
        took = [_apology(post, port, key, *one) for one in rounds[APOLOGIES:]]
        left = _open(post)
        row(
            f"    behind {MESSAGES:,} queued announcements",
            f"{max(took):.2f} s",
            f"{_spread(took)}, {left:,} still queued",
        )


def _full(hub: Hub, play: Activity, number: int) -> tuple[UUID, str]:
    session = making.session(hub, play, now() + timedelta(days=3, hours=number), places=1)
    first, second = making.families(hub.id, 2, prefix=f"apology{number}-")
    has = _take(session.id, first, bookings.book)
    _take(session.id, second, bookings.join)
    return has, second.email


def _take(session: UUID, family: making.Family, how: Callable[..., object]) -> UUID:
    made = how(
        session, household_id=family.household, person_ids=[family.carer, family.child],
        carer_id=family.carer, channel=Channel.WEB,
    )  # fmt: skip
    return made.id  # type: ignore[attr-defined,no-any-return]


def _apology(post: Post, port: int, key: str, booking: UUID, next_family: str) -> float:
    before, begun = post.seen(next_family), time.time()
    body = json.dumps({"because": "not well"})
    tally = load.each_once(
        port, [load.post(HOST, f"/api/v1/bookings/{booking}/cancellation", body, key=key)], clients=1
    )
    if not all(200 <= status < 300 for status in tally.statuses):
        raise RuntimeError(f"the apology was answered {dict(tally.statuses)}")
    while (at := post.seen(next_family)) <= before:
        if time.time() - begun > 60:
            raise RuntimeError("the place was not offered on")
        time.sleep(0.01)
    return at - begun


def _announce(council: UUID) -> None:
    """Have an announcement sent to all families of another hub: one writes it, and another lets it go."""
    with unit_of_work(council):
        hub = hubs.add_hub("Far hub", area="Edge")
        making.agree_to_news(making.families(hub.id, MESSAGES, prefix="told"))
        one, other = (_lead(name) for name in ("Lena", "Linus"))
        announcement = announcements.write(
            topic="A day for everybody",
            words="On **Saturday** the hub has its doors open from 10am to 2pm.\n\n- a bouncy castle\n- lunch is free",
            way=Way.EMAIL,
            wanted=Wanted(audience=Audience.HUB, hub_id=hub.id),
            by=one,
        )
        announcements.ask(announcement, by=one)
        if announcement.standing == AnnouncementStanding.ASKED:
            announcements.approve(announcement, by=other)


def _lead(name: str) -> Person:
    account = accounts.open_account(f"{name} Lead", f"{name}@post.example", Role.COUNCIL_LEAD)
    person = by_api_key(accounts.make_api_key(account, "bench", set(Permission)))
    assert person
    return person


def _until(true: Callable[[], bool]) -> None:
    begun = time.perf_counter()
    while not true() and time.perf_counter() - begun < PATIENCE:
        time.sleep(0.2)


def _open(post: Post) -> int:
    with psycopg.connect(post.urls.owner) as owner:
        found = owner.execute(
            "SELECT count(*) FROM outbox WHERE done_at IS NULL AND due_at <= now()"
        ).fetchone()
    return int(found[0]) if found else 0


def _analyze(post: Post) -> None:
    with psycopg.connect(post.urls.owner, autocommit=True) as owner:
        owner.execute("ANALYZE")


def _spread(took: list[float]) -> str:
    return f"slowest of {len(took)}, quickest {min(took):.2f} s; goal: under 5 s"


def main() -> None:
    """Measure messages alone."""
    with tempfile.TemporaryDirectory(prefix="hubs-bench-") as home:
        Path(home).chmod(0o755)
        running = servers.start(Path(home))
        try:
            measured(
                Path(home),
                running,
                lambda what, figure, more: print(f"{what:62} {figure:>14}   {more}", flush=True),
            )
        finally:
            running.stop()


if __name__ == "__main__":
    main()
