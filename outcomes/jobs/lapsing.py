"""Questionnaires whose time is over."""

from datetime import time

from kernel.chores import daily
from outcomes import service


@daily("outcomes.lapse", at=time(2, 30))
def lapse() -> str:
    """Let go what was not answered in time."""
    let_go = 0
    while some := service.lapse_due():
        let_go += some
    return f"{let_go} questionnaires"
