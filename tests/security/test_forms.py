"""Every form, filled in as it should be but for one thing: an id of another council (A4), or more than it asks (A5)."""

from typing import Any
from uuid import UUID

import pytest

import app.models as house
from kernel.tables import TenantTable
from tests.security.crawling import (
    ADMIN,
    OPERATOR,
    PARENT,
    YORK,
    Crawler,
    State,
    Visitor,
    addresses,
    words_in,
)
from tests.security.filling import UUID_WORD, FoundForm, forms_of
from tests.security.furnished import Furniture

pytestmark = pytest.mark.thorough

FILLERS = [PARENT, YORK]
FEWEST_SWAPS = {PARENT.name: 5, YORK.name: 45}
REFUSED = {400, 403, 404, 405, 409, 410, 422}
SENTINEL = "MASSASSIGNED"
NUMBER = "424242424"
STRANGER_ID = "0190a0a0-4242-7242-8242-424242424242"


@pytest.fixture
def fill(app, world, councils, knock_as):
    """Return who fills in, their own council, another, and the forms that they find."""

    def finding(visitor: Visitor) -> tuple[Crawler, Furniture, Furniture, list[FoundForm]]:
        crawler = knock_as(visitor)
        own = councils[visitor.host or "leeds"]
        other = councils["york" if own.council == "leeds" else "leeds"]
        return crawler, own, other, list(forms_of(crawler, addresses(app, own)))

    return finding


@pytest.mark.parametrize("visitor", FILLERS, ids=lambda v: v.name)
def test_what_belongs_to_another_council_cannot_be_named_in_a_form(world, fill, visitor):
    """In a form of one council, each id in turn (of its fields, its choices, its address) is another council's."""
    crawler, own, other, forms = fill(visitor)
    swap = twins(own, other)
    faults: list[str] = []
    tried = 0
    with State(world) as state:
        theirs = state.of(other.council)
        for form in forms:
            for what, path, told in _swapped(form, swap):
                before = state.of(own.council)
                answer = crawler.send(path, told)
                tried += 1
                faults += _faults(form, what, answer, before, state.of(own.council))
        assert state.of(other.council) == theirs
    assert faults == [], "\n".join(faults)
    assert tried >= FEWEST_SWAPS[visitor.name]
    mixed = set(UUID_WORD.findall(words_in(world, own.council))) & set(map(str, swap.values()))
    assert mixed == set()


def twins(own: Furniture, other: Furniture) -> dict[str, UUID]:
    """Return for each id of the own council that of the same thing in the other."""
    return {
        str(mine): other.ids[table][min(place, len(other.ids[table]) - 1)]
        for table, ids in own.ids.items()
        for place, mine in enumerate(ids)
        if other.ids[table]
    }


def _swapped(form: FoundForm, swap: dict[str, UUID]) -> Any:
    told = form.filled()
    for own in dict.fromkeys(UUID_WORD.findall(form.action)):
        if own in swap:
            yield f"address {own}", form.action.replace(own, str(swap[own])), told
    for name in form.names:
        values = [*told.get(name, []), *form.choices.get(name, [])]
        mine = next((own for value in values for own in UUID_WORD.findall(value) if own in swap), None)
        if mine:
            now = next(value for value in values if mine in value)
            yield name, form.action, {**told, name: [now.replace(mine, str(swap[mine]))]}


def _faults(form: FoundForm, what: str, answer: Any, before: Any, after: Any) -> list[str]:
    where = f"{form.action} ({what}) answered {answer.status_code}"
    if answer.status_code >= 500:
        return [where]
    if answer.status_code in REFUSED and before != after:
        return [f"{where} and changed {_changed(before, after)}"]
    if answer.status_code == 303 and before != after and what.startswith("address"):
        return [f"{where} and changed {_changed(before, after)}"]
    return []


def _changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [table for table in before if before[table] != after[table]]


@pytest.mark.parametrize("visitor", [*FILLERS, ADMIN, OPERATOR], ids=lambda v: v.name)
def test_a_form_takes_nothing_that_it_does_not_ask_for(world, fill, visitor):
    """Each form is sent with every column of the house as well, and none of it gets anywhere."""
    crawler, own, other, forms = fill(visitor)
    more = _more(getattr(world, other.council))
    taken, refused = [], []
    for form in forms:
        if form.takes_files or form.action.endswith("/sign-out"):
            continue
        told = form.filled()
        answer = crawler.send(form.action, {**{n: v for n, v in more.items() if n not in form.names}, **told})
        assert answer.status_code < 500, form.action
        (taken if answer.status_code in {200, 303} else refused).append(f"{answer.status_code} {form.action}")
    print("\n".join(["taken", *taken, "refused", *refused]), "tried")

    everything = words_in(world, own.council) + words_in(world, other.council)
    assert SENTINEL not in everything
    assert NUMBER not in everything
    assert STRANGER_ID not in everything
    assert "'operator'" not in everything
    assert len(taken) > len(refused), f"too few forms were filled in well: {refused}"


def _more(other_council: UUID) -> dict[str, str]:
    more = {"is_admin": "y", "role": "operator", "roles": "operator", "price": NUMBER, "capacity": NUMBER}
    for mapper in house.Table.registry.mappers:
        if issubclass(mapper.class_, TenantTable):
            for column in mapper.local_table.columns:
                more[column.name] = _odd(column)
    return {**more, "tenant_id": str(other_council)}


def _odd(column: Any) -> str:
    kind = column.type.python_type
    return {UUID: STRANGER_ID, int: NUMBER, bool: "y"}.get(kind, SENTINEL)
