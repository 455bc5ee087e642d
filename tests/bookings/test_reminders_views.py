"""The page on which a council says when families are reminded."""

from typing import Any

from bookings import queries
from bookings.rules import Before

TODDLERS = "/settings/reminders/parent_baby_toddler_groups"


def test_an_administrator_says_when_families_are_reminded_and_sees_what_it_means(knock: Any, set_up: Any):
    adam = knock("adam")
    assert "24 hours before" in adam.get("/settings/reminders").text

    added = adam.post(TODDLERS, {"how": "days", "days": "2", "at": "6pm"}, follow=True)
    adam.post(TODDLERS, {"how": "hours", "hours": "3"})

    assert "Reminder added: 2 days before, at 6pm" in added.text
    assert "Saturday 21 March 2026 at 6pm" in added.text, "an example: of a session on Monday 23 March"
    again = adam.post(TODDLERS, {"how": "hours", "hours": "3"})
    assert again.status_code == 422
    assert "Families are reminded then already" in again.text
    shown = adam.get("/settings/reminders").text
    assert "2 days before, at 6pm; 3 hours before" in shown
    assert "Monday 23 March 2026 at 8am" in shown, "what would come at 6:30am waits for the morning"
    removed = adam.post(f"{TODDLERS}/2d18:00/removal", {}, follow=True)
    assert "Reminder removed: 2 days before" in removed.text
    with set_up():
        (kind, *_), *others = queries.council().reminders
    assert (kind, others) == ("parent_baby_toddler_groups", [])


def test_what_cannot_be_used_is_said_beside_its_field(knock: Any, set_up: Any):
    adam = knock("adam")
    for sent, said in (
        ({}, "Choose when it is sent"),
        ({"how": "hours", "hours": "0"}, "from 1 to 336"),
        ({"how": "hours", "hours": "soon"}, "from 1 to 336"),
        ({"how": "days", "days": "15", "at": "6pm"}, "from 0 to 14"),
        ({"how": "days", "days": "1", "at": ""}, "Enter a time"),
        ({"how": "days", "days": "1", "at": "late"}, "Enter a time"),
    ):
        answer = adam.post(TODDLERS, sent)
        assert answer.status_code == 422, sent
        assert said in answer.text
        assert answer.text.count("govuk-error-message") == 1, "nothing is said of what was not chosen"
    with set_up():
        assert queries.council().reminders_of(None) == [Before(hours=24)]


def test_nobody_else_says_when_families_are_reminded(knock: Any):
    assert knock("beth").get("/settings/reminders").status_code == 403
    assert knock("beth").post(TODDLERS, {"how": "hours", "hours": "3"}).status_code == 403
    assert knock("adam").get("/settings/reminders/nonsense").status_code == 404
    for before in ("3h", "1d25:00", "1d08:60", "soon"):
        assert knock("adam").post(f"{TODDLERS}/{before}/removal", {}).status_code == 404
