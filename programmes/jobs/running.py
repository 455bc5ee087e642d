"""Courses that end by themselves."""

from datetime import time

from kernel import prose
from kernel.chores import daily
from programmes.service import running


@daily("programmes.end_courses", at=time(3))
def end_courses() -> str:
    """End the courses whose last contact was over two weeks ago."""
    return f"{prose.count(len(running.end_those_over()), 'course')} ended"
