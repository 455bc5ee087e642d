"""An announcement goes: its audience is paged through, each person is promised a copy, and the copies are sent.

A copy has a key of its own, and a page of the audience is promised in one transaction with what comes after it: however
often any of it is done again, each person gets one. Copies are in bulk, so that nobody waits behind them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from correspondence.models import Announcement
from correspondence.queries import announcements, audience
from correspondence.service import announcements as verbs
from correspondence.terms import AnnouncementStanding
from families import queries as families
from kernel.clock import now
from kernel.db import find
from kernel.outbox import NotYet, Wanted, keeps, memory, promise, promise_all, reads_ahead
from messaging import service as messaging

PAGE = 500
SOONEST, LATEST = timedelta(seconds=5), timedelta(hours=1)
STOPPED, OVERTAKEN = "stopped", "overtaken"
AHEAD = "correspondence.announcements"


@keeps(verbs.STARTED)
def spread(announcement_id: UUID, after_id: UUID | None = None) -> str:
    """Promise a copy to each of the next people of the audience, and to go on after them."""
    announcement = find(Announcement, announcement_id, lock=True)
    if announcement.standing != AnnouncementStanding.SENDING:
        return STOPPED
    if announcement.spread_at:
        return "promised already"
    people = audience.people(announcements.wanted_of(announcement), after=after_id, limit=PAGE)
    promise_all([_copy(announcement_id, person) for person in people])
    announcement.copies += len(people)
    if len(people) == PAGE:
        promise(
            verbs.STARTED,
            key=f"announcement:{announcement_id}:after:{people[-1]}",
            announcement_id=announcement_id,
            after_id=people[-1],
        )
    else:
        announcement.spread_at = now()
        promise(
            "announcement.settled", key=f"announcement:{announcement_id}:settled", due_at=now() + SOONEST,
            announcement_id=announcement_id,
        )  # fmt: skip
    return f"{len(people)} promised"


@reads_ahead("announcement.copy")
def read_ahead(promised: Sequence[Mapping[str, Any]]) -> None:
    """Read at once what several copies need: what they say, who may still be told and how, what is known of them."""
    memory()[AHEAD] = [find(Announcement, one) for one in {one["announcement_id"] for one in promised}]
    for announcement in memory()[AHEAD]:
        people = [one["person_id"] for one in promised if one["announcement_id"] == announcement.id]
        memory()[AHEAD, announcement.id] = _may_still_get(announcement, people)
    reached = families.read_ahead({one["person_id"] for one in promised})
    messaging.read_ahead(
        {
            _key(one["announcement_id"], one["person_id"]): reached[one["person_id"]]
            for one in promised
            if one["person_id"] in reached
        }
    )


@keeps("announcement.copy")
def send_copy(announcement_id: UUID, person_id: UUID) -> str:
    """Send one copy, unless the announcement was stopped, or is not for this person any more since the night.

    One that did not arrive is sent again by another way, also when all the others have gone long ago.
    """
    announcement = find(Announcement, announcement_id)
    if announcement.standing == AnnouncementStanding.STOPPED:
        return STOPPED
    ahead = memory().get((AHEAD, announcement_id))
    if person_id not in (_may_still_get(announcement, [person_id]) if ahead is None else ahead):
        if not messaging.is_known(_key(announcement_id, person_id)):
            find(Announcement, announcement_id, lock=True).copies -= 1
        return OVERTAKEN
    return messaging.send(
        verbs.letter(announcement),
        to=families.recipient(person_id),
        about=announcement_id,
        key=_key(announcement_id, person_id),
    )


@keeps("announcement.settled")
def settle(announcement_id: UUID) -> str:
    """Note that an announcement is finished once it is known of every copy whether it went."""
    announcement = find(Announcement, announcement_id, lock=True)
    if announcement.standing != AnnouncementStanding.SENDING:
        return STOPPED
    waiting = announcements.progress(announcement).waiting
    if waiting:
        assert announcement.spread_at
        pause = (now() - announcement.spread_at) / 10
        raise NotYet(now() + min(max(pause, SOONEST), LATEST), "copies are waiting", on_time=True)
    announcement.standing, announcement.finished_at = AnnouncementStanding.SENT, now()
    return "sent"


def _may_still_get(announcement: Announcement, person_ids: Collection[UUID]) -> set[UUID]:
    return audience.may_still_get(announcements.wanted_of(announcement), person_ids)


def _copy(announcement_id: UUID, person_id: UUID) -> Wanted:
    ids = {"announcement_id": announcement_id, "person_id": person_id}
    return Wanted("announcement.copy", _key(announcement_id, person_id), None, ids, person_id, in_bulk=True)


def _key(announcement_id: UUID, person_id: UUID) -> str:
    return f"announcement:{announcement_id}:{person_id}"
