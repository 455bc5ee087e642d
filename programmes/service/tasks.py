"""Who should be rung: tasks come and go with what the registers say."""

from programmes.models import Participation, Task


def keep_up(participation: Participation) -> None:
    """Make the tasks that what is known of somebody asks for, and take away those that it does not."""
    raise NotImplementedError


def finish(task: Task, what_was_said: str) -> None:
    """Say that somebody was rung, and keep what was said, encrypted."""
    raise NotImplementedError
