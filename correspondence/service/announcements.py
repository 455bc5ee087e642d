"""Announcements: written, counted, asked for, approved by a second person when they are large, and stopped."""

import hashlib
from typing import Any

from accounts.queries import Person as SignedIn
from correspondence import rules
from correspondence.errors import (
    AlreadyGone,
    AnotherPersonNeeded,
    NobodyToTell,
    NotAsked,
    SomebodyChangedIt,
)
from correspondence.events import (
    AnnouncementApproved,
    AnnouncementAsked,
    AnnouncementStopped,
    AnnouncementWritten,
)
from correspondence.models import Announcement
from correspondence.queries import announcements, audience
from correspondence.terms import AnnouncementStanding, Audience, Wanted
from kernel import prose
from kernel.clock import now
from kernel.db import actor, db
from kernel.errors import Unacceptable
from kernel.ids import new_id
from kernel.journal import record
from kernel.outbox import promise
from messaging import service as messaging
from messaging.terms import Letter, Marked, Recipient, Way

KIND = "announcement"
STARTED = "announcement.started"
"""The topic of the promise that an announcement goes."""


def write(*, topic: str, words: str, way: Way, wanted: Wanted, by: SignedIn) -> Announcement:
    """Write an announcement for families of a hub that the writer sees, or of all hubs. It goes to nobody yet."""
    announcements.ensure_may_write_for(by, wanted.hub_id)
    announcement = Announcement(
        **_told(topic, words, way, wanted), written_at=now(), written_by=by.id, people=0, approve_above=0
    )
    db.add(announcement)
    db.flush()
    record(AnnouncementWritten(subject=announcement.id))
    return announcement


def rewrite(
    announcement: Announcement, *, topic: str, words: str, way: Way, wanted: Wanted, by: SignedIn, seen: str = ""
) -> None:  # fmt: skip
    """Write an announcement anew that nobody has asked to be sent; ``seen``: as whoever changes it has read it."""
    announcement = announcements.find_announcement(announcement.id, seen_by=by, lock=True)
    announcements.ensure_may_write_for(by, wanted.hub_id)
    if announcement.standing != AnnouncementStanding.DRAFT:
        raise AlreadyGone
    _ensure_as_seen(announcement, seen)
    for name, value in _told(topic, words, way, wanted).items():
        setattr(announcement, name, value)
    record(AnnouncementWritten(subject=announcement.id))


def ask(announcement: Announcement, *, by: SignedIn, seen: str = "") -> None:
    """Have an announcement sent: at once, or when a second person has agreed. Asking again changes nothing.

    ``seen``: as whoever asks has read it, so that nobody sends what a colleague has just written over it.
    """
    announcement = announcements.find_announcement(announcement.id, seen_by=by, lock=True)
    if announcement.standing != AnnouncementStanding.DRAFT:
        return
    _ensure_as_seen(announcement, seen)
    sending = announcements.sending()
    announcement.people = _counted(announcement, sending)
    announcement.approve_above = sending.approve_above
    announcement.asked_at, announcement.asked_by = now(), by.id
    record(AnnouncementAsked(subject=announcement.id, people=announcement.people))
    if announcement.people > announcement.approve_above:
        announcement.standing = AnnouncementStanding.ASKED
    else:
        _start(announcement)


def approve(announcement: Announcement, *, by: SignedIn) -> None:
    """Let an announcement go that somebody else asked for. Approving again changes nothing."""
    announcement = announcements.find_announcement(announcement.id, seen_by=by, lock=True)
    if announcement.approved_at:
        return
    if announcement.standing != AnnouncementStanding.ASKED:
        raise NotAsked
    if announcement.asked_by == by.id:
        raise AnotherPersonNeeded
    announcement.people = _counted(announcement, announcements.sending())
    announcement.approved_at, announcement.approved_by = now(), by.id
    record(AnnouncementApproved(subject=announcement.id, people=announcement.people))
    _start(announcement)


def stop(announcement: Announcement, *, by: SignedIn) -> None:
    """Let nothing more of an announcement go. What has gone has gone; stopping again changes nothing."""
    announcement = announcements.find_announcement(announcement.id, seen_by=by, lock=True)
    if announcements.is_over(announcement):
        return
    announcement.standing = AnnouncementStanding.STOPPED
    announcement.stopped_at, announcement.stopped_by = now(), actor()
    record(AnnouncementStopped(subject=announcement.id))


def digest(announcement: Announcement) -> str:
    """Return by what an announcement is told from what it was before somebody changed it."""
    told = (
        announcement.topic, announcement.words, announcement.way.value, announcement.audience.value,
        str(announcement.hub_id), sorted(announcement.wanted.items()),
    )  # fmt: skip
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def reach(announcement: Announcement, sending: announcements.Sending) -> audience.Counted:
    """Return how many people would get an announcement now, as the council sends."""
    by_text = sending.texts and letter(announcement).by_text
    return audience.count(announcements.wanted_of(announcement), by_text=by_text)


def letter(announcement: Announcement) -> Letter:
    """Return what an announcement says to each."""
    return _letter(announcement.topic, announcement.words, announcement.way)


def look(announcement: Announcement) -> messaging.Look:
    """Return how an announcement will look to a carer."""
    return look_of(announcement.topic, announcement.words)


def look_of(topic: str, words: str) -> messaging.Look:
    """Return how words that are being written will look to a carer, whose link stands in them."""
    return messaging.look(_letter(topic, words), to=Recipient(id=new_id()))


def _letter(topic: str, words: str, way: Way | None = None) -> Letter:
    plain = prose.plain(words)
    return Letter(
        kind=KIND,
        says={"topic": topic, "words": Marked(words, plain)},
        way=way,
        by_text=messaging.fits_in_a_text(plain),
    )


def _ensure_as_seen(announcement: Announcement, seen: str) -> None:
    if seen and seen != digest(announcement):
        raise SomebodyChangedIt


def _start(announcement: Announcement) -> None:
    announcement.standing = AnnouncementStanding.SENDING
    promise(STARTED, key=f"announcement:{announcement.id}", announcement_id=announcement.id)


def _counted(announcement: Announcement, sending: announcements.Sending) -> int:
    counted = reach(announcement, sending)
    if not counted.reached:
        raise NobodyToTell
    return counted.people


def _told(topic: str, words: str, way: Way, wanted: Wanted) -> dict[str, Any]:
    """Return what is kept of an announcement as it is written, or refuse it."""
    too_long = not messaging.fits_in_a_text(prose.plain(words))
    if found := rules.problems(topic, words, way=way, too_long_for_text=too_long, wanted=wanted):
        raise Unacceptable(**found)
    return {
        "topic": topic,
        "words": words.replace("\r\n", "\n").strip(),
        "way": way,
        "audience": wanted.audience,
        "hub_id": wanted.hub_id,
        "wanted": _kept(wanted),
    }


def _kept(wanted: Wanted) -> dict[str, Any]:
    """Return what narrows an audience, and nothing that means nothing to it."""
    if wanted.audience == Audience.BOOKED:
        assert wanted.first
        assert wanted.last
        return {"first": wanted.first.isoformat(), "last": wanted.last.isoformat()}
    if wanted.audience == Audience.CHILDREN:
        return {
            "from_months": wanted.from_months,
            "to_months": wanted.to_months,
            "expected": wanted.expected,
            "district": wanted.district,
        }
    return {}
