"""A thousand messages to send, and what must hold of them whatever happened meanwhile."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from bench import families as making
from bench.families import Family
from families.models import ContactRules
from hubs import service as hubs
from hubs.models import Activity, Hub
from kernel.clock import now
from kernel.db import db, unit_of_work
from messaging import service as messaging
from messaging.rules import mobile
from messaging.terms import Channel, Never
from tests.faults.machines import House


@dataclass(frozen=True)
class Due:
    """Families to be told, and those who must never be."""

    by_mail: list[Family]
    by_text: list[Family]
    unsafe: list[Family]
    suppressed: list[Family]

    @property
    def count(self) -> int:
        return len(self.by_mail) + len(self.by_text)


def stay_and_play() -> tuple[Hub, Activity]:
    """Make a hub, and what one books there."""
    hub = hubs.add_hub("Seacroft", area="East")
    return hub, making.stay_and_play()


def promise(
    house: House, count: int, *, texts: int | None = None, unsafe: int = 20, suppressed: int = 20
) -> Due:
    """Promise so many reminders, half of them or ``texts`` by text, and more to people who must not get them."""
    with unit_of_work(house.leeds):
        hub, play = stay_and_play()
        session = making.session(hub, play, now() + timedelta(hours=23, minutes=30), places=10_000)
        mails = count // 2 if texts is None else count - texts
        by_mail = making.families(hub.id, mails + unsafe + suppressed, prefix="mail")
        by_text = making.families(hub.id, count - mails, prefix="text", by_text=True)
        due = Due(by_mail[:mails], by_text, by_mail[mails : mails + unsafe], by_mail[mails + unsafe :])
        everybody = [family for pair in zip(by_mail, by_text, strict=False) for family in pair]
        everybody += [family for family in by_mail + by_text if family not in set(everybody)]
        making.remind(making.booked(session, everybody), everybody)
        for family in due.unsafe:
            db.add(ContactRules(person_id=family.carer, never=[Never.EMAIL.value], set_at=now()))
        for family in due.suppressed:
            messaging.suppress(family.email, Channel.EMAIL, "the mail server knows no such address")
    return due


def check(house: House, due: Due, *, may_repeat: bool) -> str:
    """Assert what must hold, and say it in a line: at least once, where we are told exactly once, to none in danger."""
    mails, texts = house.times_by_mail(), house.times_by_text()
    numbers = Counter(mobile(one.to) or one.to for one in house.notify.texts)
    assert {family.email for family in due.by_mail} <= set(mails), "an e-mail was lost"
    assert {mobile(family.phone) for family in due.by_text} == set(numbers), "a text was lost"
    assert set(texts.values()) == {1}, f"Notify took one message more than once: {texts.most_common(3)}"
    assert set(numbers.values()) == {1}, "somebody was texted twice"
    for family in (*due.unsafe, *due.suppressed):
        assert family.email not in mails, "sent where nothing may be sent"
    again = sum(times - 1 for times in mails.values())
    assert may_repeat or again == 0, "sent twice although nothing failed"
    ids = Counter(one.message_id for one in house.sink.taken)
    assert len(ids) == len(mails), "a repeat does not call itself what the first one did"
    kept = dict(house.ask("SELECT coalesce(outcome, error, 'open'), count(*) FROM outbox GROUP BY 1"))
    assert kept.get("sent") == due.count, kept
    assert kept.get("not safe to send", 0) == len(due.unsafe), kept
    assert kept.get("their address does not work", 0) == len(due.suppressed), kept
    return (
        f"{len(mails)} e-mails accepted ({again} twice), {len(texts)} texts accepted exactly once,"
        f" 0 lost, 0 of {len(due.unsafe) + len(due.suppressed)} unsafe or suppressed"
    )
