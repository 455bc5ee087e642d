"""Where somebody on a course may go from where they stand."""

from programmes.terms import Standing

AFTER: dict[Standing, tuple[Standing, ...]] = {
    Standing.REFERRED: (Standing.OFFERED, Standing.BOOKED, Standing.DECLINED, Standing.WITHDRAWN),
    Standing.OFFERED: (Standing.BOOKED, Standing.DECLINED, Standing.WITHDRAWN, Standing.REFERRED),
    Standing.BOOKED: (Standing.STARTED, Standing.WITHDRAWN, Standing.TRANSFERRED),
    Standing.STARTED: (Standing.COMPLETED, Standing.DROPPED_OUT, Standing.TRANSFERRED, Standing.BOOKED),
    Standing.COMPLETED: (Standing.STARTED, Standing.WITHDRAWN),
    Standing.DROPPED_OUT: (Standing.STARTED, Standing.WITHDRAWN),
    Standing.TRANSFERRED: (),
    Standing.WITHDRAWN: (Standing.DROPPED_OUT, Standing.COMPLETED),
    Standing.DECLINED: (),
}
"""Back to ``booked`` or ``started``, and from an end to another, only when a mark in a register was a mistake."""


def may_move(before: Standing, after: Standing) -> bool:
    """Say whether somebody may come to stand there."""
    return after in AFTER[before]
