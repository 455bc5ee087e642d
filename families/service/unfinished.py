"""Answers of people who are registering and have not finished."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from families import queries
from families.models import Registration
from kernel.clock import now
from kernel.db import db, find
from kernel.errors import NotFound

KEPT = timedelta(days=1)


def keep_answers(registration_id: UUID | None, answers: dict[str, Any]) -> UUID:
    """Keep what was answered so far, encrypted, and return under which id. It is gone after a day."""
    registration = queries.registration(registration_id, now=now()) if registration_id else None
    if registration is None:
        registration = Registration()
        db.add(registration)
    registration.answers = json.dumps(answers)
    registration.expires_at = now() + KEPT
    db.flush()
    return registration.id


def forget_registration(registration_id: UUID) -> bool:
    """Forget the answers, which are a family now. Says no when somebody has done so, after waiting for them."""
    try:
        db.delete(find(Registration, registration_id, lock=True))
    except NotFound:
        return False
    db.flush()
    return True


def forget_stale_registrations() -> None:
    """Forget answers that were left lying for a day."""
    db.execute(delete(Registration).where(Registration.expires_at <= now()))
