"""What a council needs before it sends by GOV.UK Notify. Pure."""

import re
from collections.abc import Mapping
from typing import Any

_ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
NOTIFY_KEY = re.compile(rf"\S.*-{_ID}-{_ID}", re.IGNORECASE)
"""A key of Notify: its name, the id of the service, and its secret."""
NOTIFY_ID = re.compile(rf"{_ID}$", re.IGNORECASE)


def channel_problems(told: Mapping[str, Any], *, has_key: bool) -> dict[str, str]:
    """Return what is missing for what a council wants, by the names of the fields."""
    problems = {}
    if (told["texts"] or told["email_by_notify"]) and not has_key:
        problems["notify_key"] = "Enter the key from GOV.UK Notify, or choose to send nothing by it"
    if told["texts"] and not told["text_template"]:
        problems["text_template"] = "Enter the ID of the template for text messages"
    if told["email_by_notify"] and not told["email_template"]:
        problems["email_template"] = "Enter the ID of the template for emails"
    return problems
