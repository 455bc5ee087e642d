"""That texts of families were read: each reader of each new one leaves a trace."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from accounts.queries import Person as SignedIn
from correspondence import queries
from families import service as families
from families.terms import Opened

NEVER = datetime.min.replace(tzinfo=UTC)


def keep_that_shown(rows: Sequence[Any], *, to: SignedIn) -> None:
    """Keep that somebody of staff was shown texts, once for each person from whom there is a new one."""
    known = [(row.TextReply.person_id, row.TextReply.received_at) for row in rows if row.household_id]
    before = queries.last_read(to, {person_id for person_id, _ in known})
    new = {person_id for person_id, at in known if before.get(person_id, NEVER) < at}
    families.log_openings(sorted(new), Opened.TEXTS)
