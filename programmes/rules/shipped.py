"""The templates that the house ships: what developers and evaluators publish about a programme, in our own words."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from programmes.terms import TOGETHER, ContactKind, Unit, WayIn

SHIPPED = Path(__file__).with_name("shipped")

CONCERNS = {
    "behaviour": "Behaviour, tantrums and not listening",
    "understanding": "Understanding my child and how they feel",
    "sleep": "Sleep and bedtime",
    "mealtimes": "Mealtimes",
    "anxiety": "Worry and anxiety",
    "teenagers": "Life with a teenager",
    "separation": "Separating from a partner",
    "additional_needs": "Additional needs or a disability",
    "confidence": "My own confidence as a parent",
    "family": "Getting on better as a family",
}
"""What parents worry about, by code, in their words."""

INSTRUMENTS = tuple(
    "bpses gad7 phq9 core10 goals kpcs sdq sdq_self wemwbs swemwbs topse pafas parenting_scale".split()
)
WHENS = ("before", "after", "follow_up")


@dataclass(frozen=True, kw_only=True)
class ShippedContact:
    """One contact of a template."""

    kind: ContactKind
    title: str
    minutes: int
    weeks_after: int = 1
    must_attend: bool = False
    checklist: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ShippedEdition:
    """One published way of running a programme."""

    name: str
    source: str
    source_keys: tuple[str, ...]
    unit: Unit
    fewest: int
    most: int
    facilitators: int
    prerequisites: str
    least_contacts: int
    late_start_until: int
    measures: tuple[dict[str, Any], ...]
    contacts: tuple[ShippedContact, ...]


@dataclass(frozen=True, kw_only=True)
class Template:
    """A programme that a council can take over and change."""

    code: str
    name: str
    summary: str
    suits: str
    audience: str
    age_from_years: int
    age_to_years: int
    concerns: tuple[str, ...]
    way_in: WayIn
    accreditation: str
    editions: tuple[ShippedEdition, ...]


@lru_cache(maxsize=1)
def templates() -> Mapping[str, Template]:
    """Return every shipped template by its code, in the order in which they are offered."""
    read = [
        read_template(path.stem, tomllib.loads(path.read_text("utf-8"))) for path in SHIPPED.glob("*.toml")
    ]
    return {template.code: template for template in sorted(read, key=lambda t: (t.code == "blank", t.name))}


def read_template(code: str, written: Mapping[str, Any]) -> Template:
    """Return the template that a file says; ValueError when it contradicts itself."""
    first, last = written["ages"]
    unknown = set(written["concerns"]) - CONCERNS.keys()
    if unknown or not 0 <= first <= last <= 25:
        raise ValueError(f"{code}: {sorted(unknown) or 'ages'}")
    return Template(
        code=code,
        name=written["name"],
        summary=written["summary"].strip(),
        suits=written["suits"].strip(),
        audience=written["audience"],
        age_from_years=first,
        age_to_years=last,
        concerns=tuple(written["concerns"]),
        way_in=WayIn(written.get("way_in", "both")),
        accreditation=written.get("accreditation", ""),
        editions=tuple(_edition(code, edition) for edition in written["editions"]),
    )


def problems_of(contacts: Iterable[Any], *, least_contacts: int, late_start_until: int) -> list[str]:
    """Return why contacts cannot be an edition, a sentence each; nothing when they can."""
    those = list(contacts)
    problems = []
    if not those:
        problems.append("Add at least one contact")
    if not 1 <= least_contacts <= max(len(those), 1):
        problems.append("The least number of contacts must be between 1 and the number of contacts")
    if not 1 <= late_start_until <= max(len(those), 1):
        problems.append("The last contact to start at must be one of the contacts")
    must = sum(contact.must_attend for contact in those)
    if must > least_contacts:
        problems.append(
            "Everybody must attend more contacts than they need to complete. Raise the least number"
        )
    weeks = 0
    group_week = -1
    for number, contact in enumerate(those, start=1):
        weeks += contact.weeks_after if number > 1 else 0
        if contact.kind in TOGETHER:
            if weeks == group_week:
                problems.append(
                    f"Contact {number}: the group meets once a week, so it needs at least 1 week after"
                )
            group_week = weeks
    return problems


def _edition(code: str, written: Mapping[str, Any]) -> ShippedEdition:
    contacts = tuple(_contacts(written["contacts"]))
    fewest, most = written["group"]
    edition = ShippedEdition(
        name=written.get("name", ""),
        source=" ".join(written["source"].split()),
        source_keys=tuple(written.get("source_keys", ())),
        unit=Unit(written.get("unit", "parent")),
        fewest=fewest,
        most=most,
        facilitators=written.get("facilitators", 1),
        prerequisites=written.get("prerequisites", ""),
        least_contacts=written["least_contacts"],
        late_start_until=written["late_start_until"],
        measures=tuple(written.get("measures", DEFAULT_MEASURES)),
        contacts=contacts,
    )
    problems = problems_of(
        contacts, least_contacts=edition.least_contacts, late_start_until=edition.late_start_until
    )
    strange = [
        m for m in edition.measures if m["instrument"] not in INSTRUMENTS or not set(m["when"]) <= {*WHENS}
    ]
    if problems or strange or not 1 <= fewest <= most:
        raise ValueError(f"{code} {edition.name}: {problems or strange or 'group size'}")
    return edition


def _contacts(rows: Iterable[Mapping[str, Any]]) -> Iterable[ShippedContact]:
    """Read contacts; ``times`` repeats a row, and ``{n}`` in its title counts from ``first``."""
    for row in rows:
        told = {name: value for name, value in row.items() if name not in {"times", "first"}}
        first = row.get("first", 1)
        for n in range(first, first + row.get("times", 1)):
            yield ShippedContact(
                **{
                    **told,
                    "kind": ContactKind(row["kind"]),
                    "title": row["title"].format(n=n),
                    "checklist": tuple(row.get("checklist", ())),
                }
            )


DEFAULT_MEASURES = (
    {
        "instrument": "bpses",
        "respondent": "parent",
        "when": ["before", "after", "follow_up"],
        "follow_up_weeks": 12,
    },
)
