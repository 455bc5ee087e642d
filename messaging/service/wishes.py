"""What people ask about the messages that they get. What is not safe stays so, whatever they wish."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from kernel.db import db, here
from kernel.errors import Unacceptable
from kernel.ids import new_id
from kernel.journal import record
from messaging import rules
from messaging.events import WishChanged, WishesJoined
from messaging.models import Wish
from messaging.queries.wishes import USUAL, wishes_of
from messaging.terms import Group, Way


def choose(person_id: UUID, chosen: Mapping[Group, Way | None]) -> None:
    """Keep how somebody would like to get groups of messages; None is as usual. What is not named stays."""
    for group, way in chosen.items():
        if group not in rules.ASKED_ABOUT:
            raise Unacceptable(**{group.value: "Nothing can be chosen about these messages"})
        if way == Way.NEITHER and not rules.can_be_stopped(group):
            raise Unacceptable(**{group.value: "These messages cannot be switched off"})
    before = wishes_of(person_id)
    for group, way in chosen.items():
        if before.get(group) == way:
            continue
        _keep(person_id, group, way)
        record(WishChanged(subject=person_id, group=group.value, way=way.value if way else "as usual"))


def choose_as_told(person_id: UUID, told: Mapping[str, str]) -> None:
    """Keep what a page was told, by the names of groups."""
    choose(person_id, {Group(name): None if way == USUAL else Way(way) for name, way in told.items()})


def stop(person_id: UUID, group: Group | None = None) -> None:
    """Send somebody nothing optional of a group any more, or of any group."""
    groups = [group] if group else rules.ASKED_ABOUT
    choose(person_id, {one: Way.NEITHER for one in groups if rules.can_be_stopped(one)})


def join_wishes(*, kept: UUID, gone: UUID) -> None:
    """Two records are one person: what either has switched off stays off, and else the record that stays decides."""
    ours = wishes_of(kept)
    theirs = {group: way for group, way in wishes_of(gone).items() if group not in ours or way == Way.NEITHER}
    choose(kept, theirs)
    forget_wishes(gone)
    record(WishesJoined(subject=gone, kept=kept))


def forget_wishes(person_id: UUID) -> None:
    """Forget what somebody has asked for, who is written to no more."""
    db.execute(delete(Wish).where(Wish.person_id == person_id))


def _keep(person_id: UUID, group: Group, way: Way | None) -> None:
    if way is None:
        db.execute(delete(Wish).where(Wish.person_id == person_id, Wish.group == group))
        return
    row = insert(Wish).values(tenant_id=here(), id=new_id(), person_id=person_id, group=group, way=way)
    db.execute(
        row.on_conflict_do_update(
            index_elements=["tenant_id", "person_id", "group"], set_={"way": row.excluded.way}
        )
    )
