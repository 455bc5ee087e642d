"""Reading when a place is open."""

from datetime import time

import pytest

from hubs.rules import read_openings
from hubs.terms import Weekday


@pytest.mark.parametrize(
    ("text", "days", "unread"),
    [
        ("Mon-Fri 9am-5pm", 5, ()),
        ("Monday to Friday 9am to 5pm; Sat 10-12", 6, ()),
        ("Mon 9-5, Tue 9am - 4pm", 2, ()),
        ("9am-5pm Monday, Wednesday and Friday", 3, ()),
        ("daily 9-5", 7, ()),
        ("Mon 9-5, Sun closed", 1, ()),
        ("Mon 9am-5pm Tue 10am-2pm", 2, ()),
        ("by appointment", 0, ("by appointment",)),
        ("Mon 9am-5pm; Mon 4pm-6pm", 1, ("Mon 4pm-6pm",)),
        ("", 0, ()),
    ],
)
def test_opening_times_are_read_and_what_is_not_is_kept(
    text: str, days: int, unread: tuple[str, ...]
) -> None:
    read = read_openings(text)

    assert len({weekday for weekday, _, _ in read.stretches}) == days
    assert read.unread == unread


def test_a_morning_and_an_afternoon_are_two_stretches() -> None:
    read = read_openings("Mon 9am-12noon; Mon 1pm-4pm")

    assert read.stretches == (
        (Weekday.MONDAY, time(9), time(12)),
        (Weekday.MONDAY, time(13), time(16)),
    )
