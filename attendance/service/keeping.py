"""Opening and closing a register; heads and notes."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from attendance import rules
from attendance.errors import NotACount, NotesChanged
from attendance.events import HeadsCounted, NotesWritten, RegisterClosed, RegisterReopened
from attendance.models import Register
from attendance.service.marking import ensure_open, is_of_course, make, say_unless_said, silent
from attendance.terms import Tap
from kernel.clock import now
from kernel.db import actor, db, here
from kernel.ids import new_id
from kernel.journal import record

ONE_A_SESSION = ["tenant_id", "session_id"]


def open_register(session_id: UUID) -> Register:
    """Return the register of a session, made when nobody has opened it before; no other work changes it now."""
    make(session_id)
    mine = select(Register).where(Register.session_id == session_id).with_for_update()
    return db.scalars(mine.execution_options(populate_existing=True)).one()


def count_heads(register: Any, *, adults: int = 0, children: int = 0) -> tuple[int, int]:
    """Count more heads, or fewer, beside those who are named, and return how many adults and children there are.

    One statement, so that of two workers who count at once nobody's heads are lost.
    """
    ensure_open(register)
    rules.ensure_heads(adults=adults, children=children)
    more = {
        "adults_counted": func.greatest(Register.adults_counted + adults, 0),
        "children_counted": func.greatest(Register.children_counted + children, 0),
    }
    fresh = insert(Register).values(
        tenant_id=here(),
        id=new_id(),
        session_id=register.session_id,
        adults_counted=max(adults, 0),
        children_counted=max(children, 0),
    )
    counted = db.execute(
        fresh.on_conflict_do_update(index_elements=ONE_A_SESSION, set_=more).returning(
            Register.adults_counted, Register.children_counted
        )
    ).one()
    if max(counted) > rules.MOST_HEADS:
        raise NotACount
    record(HeadsCounted(subject=register.session_id, adults=adults, children=children))
    return counted[0], counted[1]


def set_heads(register: Any, *, adults: int, children: int) -> None:
    """Say how many heads there were beside those who are named."""
    ensure_open(register)
    if min(adults, children) < 0:
        raise NotACount
    rules.ensure_heads(adults=adults, children=children)
    row = open_register(register.session_id)
    more = {"adults": adults - row.adults_counted, "children": children - row.children_counted}
    if not any(more.values()):
        return
    row.adults_counted, row.children_counted = adults, children
    record(HeadsCounted(subject=register.session_id, **more))


def note(register: Any, words: str, *, before: str) -> None:
    """Keep the notes of a register, unless they changed since whoever writes has read them ``before``."""
    ensure_open(register)
    row = open_register(register.session_id)
    if row.notes == words:
        return
    if row.notes != before:
        raise NotesChanged
    row.notes = words
    record(NotesWritten(subject=register.session_id))


def close_register(register: Any) -> int:
    """Say that the register is complete: who had a place and was not marked did not come. Return how many those are."""
    ensure_open(register)
    rules.ensure_over(ends_at=register.ends_at, now=now())
    row = open_register(register.session_id)
    if row.closed_at:
        return 0
    absent = say_unless_said(register, silent(register), Tap.ABSENT)
    row.closed_at, row.closed_by = now(), actor()
    record(RegisterClosed(subject=register.session_id, absent=len(absent), of_course=is_of_course(register)))
    return len(absent)


def reopen(register: Any) -> None:
    """Let a closed register be changed again."""
    row = open_register(register.session_id)
    if row.closed_at:
        row.closed_at = row.closed_by = None
        record(RegisterReopened(subject=register.session_id, of_course=is_of_course(register)))
