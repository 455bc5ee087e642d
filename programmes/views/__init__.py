"""The pages of programmes and courses."""

from programmes.views import (
    accreditations,
    asking,
    courses,
    dates,
    finding,
    joining,
    making_up,
    manage,
    mine,
    needs,
    participants,
    partners,
    progress,
    referrals,
    results,
    ringing,
    running,
    setting_up,
)
from programmes.views.door import blueprint

__all__ = [
    "accreditations", "asking", "blueprint", "courses", "dates", "finding", "joining", "making_up", "manage", "mine",
    "needs", "participants", "partners", "progress", "referrals", "results", "ringing", "running", "setting_up",
]  # fmt: skip
