"""The things that are asked one after the other of a parent who registers."""

from typing import Any, NamedTuple

from flask_login import current_user

from families import forms
from kernel.web.forms import Form


class Step(NamedTuple):
    """One thing that is asked for on a page of its own."""

    form: type[Form]
    question: str
    lead: str = ""


STEPS: dict[str, Step] = {
    "name": Step(forms.CarerName, "What is your name?", "We ask about your children in a moment."),
    "contact": Step(
        forms.EmailAndPhone,
        "How can we reach you?",
        "We send confirmations and reminders to your email address. You sign in with it too.",
    ),
    "unwanted": Step(forms.Unwanted, "Contacting you"),
    "address": Step(
        forms.Address, "What is your address?", "This helps us to see which areas our hubs reach."
    ),
    "children": Step(forms.AddAnother, "Your children"),
    "language": Step(forms.Languages, "Which language do you speak at home?"),
    "ethnicity": Step(
        forms.Ethnicity,
        "What is your ethnic group?",
        "You do not have to answer. It helps us to see whether our hubs reach everybody.",
    ),
    "emergency": Step(
        forms.Contact,
        "Who can we ring in an emergency?",
        "Somebody to ring when we cannot reach you. You can leave this empty.",
    ),
    "consents": Step(
        forms.Consents,
        "What do you agree to?",
        "You can come to our hubs whatever you answer, and change it later.",
    ),
}


def form_of(step: str) -> type[Form]:
    """Return the form of a step; who is signed in is not asked for an e-mail address."""
    if step == "contact" and current_user.is_authenticated:
        return forms.Phone
    return STEPS[step].form


def missing_from(given: dict[str, Any]) -> str | None:
    """Return the first thing that is still to be told, or None."""
    if not all("needs" in child for child in given.get("children", [])):
        return "children"
    return next((name for name in STEPS if not _is_told(name, given)), None)


def _is_told(name: str, given: dict[str, Any]) -> bool:
    if name == "children":
        return bool(given.get("children")) and bool(given.get("all_children"))
    if name == "contact":
        return bool(given.get("contact", {}).get("email"))
    return name in given
