"""What is encrypted, and who looked at it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import insert

from families import queries
from families.events import CareRecordChanged, SafeguardingNoteWritten
from families.models import CareRecord, Person, RecordOpening, SafeguardingNote
from families.terms import Opened
from kernel.clock import now
from kernel.db import actor, apart, db, here
from kernel.errors import Unacceptable
from kernel.ids import new_id
from kernel.journal import record


def set_care(person: Person, *, allergies: str = "", medical: str = "", needs: str = "") -> None:
    """Keep what those who look after a person must know."""
    care = queries.care_of(person.id)
    told = (allergies or None, medical or None, needs or None)
    if (care and told == (care.allergies, care.medical, care.needs)) or (not care and not any(told)):
        return
    if not care:
        care = CareRecord(person_id=person.id)
        db.add(care)
    care.allergies, care.medical, care.needs = told
    db.flush()
    record(CareRecordChanged(subject=person.id))


def write_safeguarding_note(person: Person, words: str) -> SafeguardingNote:
    """Keep a note that few may read. It is never changed: what was wrong is put right by another."""
    if not words.strip():
        raise Unacceptable(words="Enter the note")
    note = SafeguardingNote(person_id=person.id, words=words, written_at=now(), written_by=actor())
    db.add(note)
    db.flush()
    record(SafeguardingNoteWritten(subject=person.id, note=note.id))
    return note


def log_opening(person_id: UUID, what: Opened) -> None:
    """Keep that whoever asks was shown this part of a person's record. Raises, and the page fails, when it cannot."""
    log_openings([person_id], what)


def log_openings(person_ids: Iterable[UUID], what: Opened) -> None:
    """Keep that whoever asks was shown this part of several people's records. One statement, in a work of its own."""
    who, at, council = actor(), now(), here()
    rows = [
        {"tenant_id": council, "id": new_id(), "person_id": person_id, "account_id": who, "what": what, "opened_at": at}
        for person_id in person_ids
    ]  # fmt: skip
    if not rows:
        return
    with apart() as trace:
        trace.execute(insert(RecordOpening).values(rows))
