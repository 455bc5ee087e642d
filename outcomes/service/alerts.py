"""Seeing to somebody whose answer speaks of despair or harm."""

from kernel.clock import now
from kernel.db import actor, db, find
from kernel.errors import Unacceptable
from kernel.journal import record
from outcomes.events import RiskSettled
from outcomes.models import RiskAlert


def settle_alert(alert: RiskAlert, done: str) -> None:
    """Keep what was done about an alert, and by whom. Whoever comes second changes nothing."""
    if not done.strip():
        raise Unacceptable(done="Say what was done")
    alert = find(RiskAlert, alert.id, lock=True)
    if alert.settled_at:
        return
    alert.settled_at, alert.settled_by, alert.done = now(), actor(), done.strip()
    db.flush()
    record(RiskSettled(subject=alert.asking_id, about=alert.about_id))
