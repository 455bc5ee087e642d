"""Doing a thing once, however often it is asked for with the same key."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from kernel.clock import now
from kernel.db import db, here
from kernel.errors import Refusal
from kernel.ids import new_id
from kernel.tables import TenantTable
from kernel.vault import SealedText


class Answer(TenantTable):
    """What was answered to a request that carried a key."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("tenant_id", "asker", "key"), Index(None, "tenant_id", "asked_at"))

    asker: Mapped[str]
    key: Mapped[str]
    request_hash: Mapped[str]
    status: Mapped[int | None]
    headers: Mapped[str | None] = mapped_column(SealedText)
    body: Mapped[str | None] = mapped_column(SealedText)
    asked_at: Mapped[datetime]


class KeyUsedForSomethingElse(Refusal):
    """A key came back with another request."""

    message = "This form was already sent with other answers. Go back, reload the page and try again."
    status = 422


def ask(asker: str, key: str, request_hash: str) -> tuple[Answer, bool]:
    """Return the answer to this key and whether the caller is the first to ask, who must then give it.

    A twin that asks at the same moment waits here until the first has committed or given up.
    """
    fresh = insert(Answer).values(
        tenant_id=here(), id=new_id(), asker=asker, key=key, request_hash=request_hash, asked_at=now()
    )
    first = db.execute(
        fresh.on_conflict_do_nothing(index_elements=["tenant_id", "asker", "key"]).returning(Answer.id)
    ).first()
    answer = db.scalars(select(Answer).where(Answer.asker == asker, Answer.key == key)).one()
    if answer.request_hash != request_hash:
        raise KeyUsedForSomethingElse
    return answer, first is not None


def forget(answer: Answer) -> None:
    """Let the key be used again: what was asked for was not done."""
    db.delete(answer)


def settle(answer: Answer, *, status: int, headers: str, body: str) -> None:
    """Keep what was answered."""
    answer.status, answer.headers, answer.body = status, headers, body
