"""Between the forms of a registration and the answers that are kept: plain JSON."""

from datetime import date
from typing import Any

from families.service import NewCarer, NewChild, NewContact, NewFamily
from families.service.wanted import UNNAMED
from families.terms import ConsentKind, Relationship, Responsibility, SendStatus
from kernel.web.forms import Form
from messaging.terms import Never

DATES = ("date_of_birth", "due_date")


def kept(form: Form) -> dict[str, Any]:
    """Return what a form was told, as JSON can hold it."""
    values = {name: field.data for name, field in form._fields.items() if name != "csrf_token"}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def restored(answers: dict[str, Any]) -> dict[str, Any]:
    """Return kept answers as a form takes them."""
    return {
        name: date.fromisoformat(value) if name in DATES and value else value
        for name, value in answers.items()
    }


def family(given: dict[str, Any]) -> NewFamily:
    """Return the family that the answers tell."""
    name, contact, language = given["name"], given["contact"], given["language"]
    emergency, consents = given["emergency"], given["consents"]
    return NewFamily(
        carer=NewCarer(
            given_name=name["given_name"],
            family_name=name["family_name"] or "",
            known_as=name["known_as"] or "",
            email=contact["email"] or "",
            phone=contact["phone"] or "",
            never=_never(given["unwanted"]),
            language=language["language"] or "",
            needs_interpreter=language["needs_interpreter"] == "yes",
            ethnicity=given["ethnicity"]["ethnicity"] or "",
        ),
        children=tuple(children(given)),
        address=given["address"]["address"] or "",
        postcode=given["address"]["postcode"],
        contacts=(
            (NewContact(emergency["name"], emergency["phone"], emergency["relationship"] or ""),)
            if emergency["name"]
            else ()
        ),
        consents={kind: consents[kind.value] == "yes" for kind in ConsentKind},
    )


def _never(told: dict[str, Any]) -> frozenset[Never]:
    """Return what must not be done: what was ticked and then said not to matter does not count."""
    return frozenset(Never(word) for word in told["unwanted"] or ()) if told["any"] == "yes" else frozenset()


def children(given: dict[str, Any]) -> list[NewChild]:
    """Return the children told so far."""
    ethnicity = given.get("ethnicity", {})
    of_all = ethnicity.get("ethnicity") or "" if ethnicity.get("same") == "yes" else ""
    by_child = ethnicity.get("same") == "no"
    return [
        _child(
            child,
            ethnicity=(child.get("ethnicity") or "") if by_child else of_all,
            language=given.get("language", {}).get("language") or "",
        )
        for child in given.get("children", [])
    ]


def _child(child: dict[str, Any], *, ethnicity: str, language: str) -> NewChild:
    dates = restored(child)
    awaited = child["awaited"] == "awaited"
    needs = child.get("needs", {})
    return NewChild(
        given_name=child["given_name"] or UNNAMED,
        family_name=child["family_name"] or "",
        date_of_birth=None if awaited else dates["date_of_birth"],
        due_date=dates["due_date"] if awaited else None,
        language=language,
        ethnicity=ethnicity,
        send=SendStatus(needs.get("send", SendStatus.NONE)),
        allergies=needs.get("allergies") or "",
        medical=needs.get("medical") or "",
        needs=needs.get("needs") or "",
        relationship=Relationship(child["relationship"]),
        responsibility=Responsibility(child["responsibility"]),
    )


def name_of(child: dict[str, Any]) -> str:
    """Return what to call a child on a page."""
    return f"{child.get('given_name') or UNNAMED} {child.get('family_name') or ''}".strip()
