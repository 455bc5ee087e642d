"""Every address × method × role × council, judged by two oracles (reliability §7, A1-A5).

The *canary oracle*: no answer holds a text that its receiver may not see. The *state oracle*: what was refused
changed nothing, and nobody changed another council.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from werkzeug.routing import Rule

from kernel.ids import new_id
from kernel.web.access import access_of
from tests.security import who
from tests.security.crawling import SPECIMENS, VISITORS, WORDS, Crawler, Visitor, state
from tests.security.furnished import Furniture

CANARY = re.compile(r"CANARY\.[0-9a-f]{12}\.")
REFUSED = {400, 401, 403, 404, 405, 409, 410, 412, 415, 422, 428, 429}
MASS = {
    "tenant_id",
    "id",
    "role",
    "roles",
    "state",
    "standing",
    "is_admin",
    "created_at",
    "price_pence",
    "household_id",
}


@pytest.mark.thorough
@pytest.mark.parametrize("visitor", VISITORS, ids=lambda v: v.name)
def test_no_door_gives_or_takes_what_it_should_not(app, world, councils, knock_as, visitor):
    knocker = knock_as(visitor)
    sees = sight_of(visitor, councils)
    untouchable = [
        c for c in ("leeds", "york") if not visitor.signs_in or visitor.home != c or visitor.host != c
    ]
    before = {council: state(world, council) for council in untouchable}
    faults: list[str] = []
    shut = set()
    for rule, method, path, foreign in doors(app, councils, visitor.host or "leeds"):
        if (rule.rule, method) in shut:
            continue
        answer = try_door(knocker, method, path)
        if answer.status_code in {401, 403} or "/sign-in?next=" in answer.headers.get("Location", ""):
            shut.add((rule.rule, method))  # nobody looked at the ids, so others need not be tried
        faults += judge(visitor, rule, method, path, foreign, answer, sees, councils)
        if visitor.home == visitor.host and method == "POST" and path.endswith(SIGNING_OUT):
            knocker = knock_as(visitor)
    assert faults == [], "\n".join(faults[:40])

    for council in untouchable:
        assert state(world, council) == before[council], f"{visitor.name} changed something in {council}"


def doors(app: Any, councils: dict[str, Furniture], host: str) -> Iterator[tuple[Rule, str, str, bool]]:
    own, other = councils[host], councils["york" if host == "leeds" else "leeds"]
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for values, foreign in _values(rule, own, other):
                built = rule.build(values)
                assert built, f"{rule}: cannot be built from {values}"
                yield rule, method, built[1], foreign


def _values(rule: Rule, own: Furniture, other: Furniture) -> Iterator[tuple[dict[str, Any], bool]]:
    names = sorted(rule.arguments)
    if not names:
        yield {}, False
        return
    for name in names:
        assert name in SPECIMENS or name in WORDS, (
            f"teach me: what is {name} in {rule}? (tests/security/test_crawl.py)"
        )
    ids = [name for name in names if name in SPECIMENS]
    words = {name: _spoken(rule, name) for name in names if name in WORDS}
    spoken = [
        dict(chosen) for chosen in itertools.product(*([(n, w) for w in said] for n, said in words.items()))
    ]
    for said in spoken:
        if not ids:
            yield said, False
            continue
        for pick in PICKS[: 3 if len(ids) > 1 else 2]:
            yield {**said, **_picked(own, ids, pick)}, False
        yield {**said, **_picked(other, ids, (0, 0))}, True
        if len(ids) > 1:
            yield {**said, **_picked(own, ids[:1], (0, 0)), **_picked(other, ids[1:], (0, 0))}, True


SIGNING_OUT = ("/sign-out", "/tablet")
"""Doors behind which a visitor is signed out, and would knock at all others as a stranger."""
PICKS = ((0, 0), (-1, -1), (0, -1))
"""Which of a council's things go into an address: those of Paula's half, those of Pete's, and one of each."""


def _picked(furniture: Furniture, ids: list[str], pick: tuple[int, int]) -> dict[str, UUID]:
    """Return ids for parts of an address; of Paula's half when they come first, of Pete's when last."""
    found = {name: furniture.ids[SPECIMENS[name]] or [new_id()] for name in ids}
    return {name: found[name][pick[0] if place == 0 else pick[1]] for place, name in enumerate(ids)}


def _spoken(rule: Rule, name: str) -> list[str]:
    """Return words for a part of an address: those that its rule lists, or ours."""
    listed = getattr(rule._converters[name], "items", None)
    return sorted(listed)[:3] if listed else WORDS[name]


def try_door(knocker: Crawler, method: str, path: str) -> Any:
    """Knock at a door, with more than it asks for."""
    if method == "GET":
        return knocker.open(path, method="GET")
    if path.startswith("/api/"):
        return knocker.open(path, method=method, json=dict.fromkeys(MASS, "x"))
    return knocker.send(path, {name: str(new_id()) for name in MASS})


def judge(
    visitor: Visitor, rule: Rule, method: str, path: str, foreign: bool, answer: Any, sees: Any, councils: Any
) -> list[str]:
    door = f"{visitor.name}: {method} {rule}"
    faults = []
    if answer.status_code >= 500:
        faults.append(f"{door} answered {answer.status_code}")
    if foreign and not _is_refused(answer):
        faults.append(f"{door} answered {answer.status_code} to an id of another council")
    told = answer.get_data().decode(errors="replace") + str(answer.headers)
    canaries = {token: c for furniture in councils.values() for token, c in furniture.canaries.items()}
    for token in set(CANARY.findall(told)):
        canary = canaries.get(token)
        if canary is None or not sees(canary):
            where = f"{canary.council}: {canary.table}.{canary.column}" if canary else "an unknown canary"
            faults.append(f"{door} told {where}")
    if any(token in path for token in canaries):
        faults.append(f"{door} has a canary in its address")
    access = access_of(_app(answer).view_functions[rule.endpoint], method)
    if (
        visitor.signs_in is None
        and access
        and (access.permissions or access.signed_in)
        and not _is_refused(answer)
    ):
        faults.append(f"{door} answered a stranger with {answer.status_code}")
    return faults


def _app(answer: Any) -> Any:
    return answer.request.environ["hubs.app"]


def _is_refused(answer: Any) -> bool:
    to_sign_in = answer.status_code in {302, 303} and "/sign-in" in answer.headers.get("Location", "")
    return answer.status_code in REFUSED or to_sign_in


def sight_of(visitor: Visitor, councils: dict[str, Furniture]) -> who.Sees:
    home = councils.get(visitor.home)
    if home is None or visitor.home != visitor.host:
        base: who.Sees = who.nobody
    else:
        base = _sight_at_home(visitor, home)
    host = visitor.host
    return lambda canary: canary.council == host and base(canary)


def _sight_at_home(visitor: Visitor, home: Furniture) -> who.Sees:
    families = {
        "paula": {home.households["paula"], home.households["dan"]},
        "pete": {home.households["pete"]},
    }
    match visitor.signs_in:
        case "paula" | "pete":
            return who.parent(home.households[visitor.signs_in], home.people[visitor.signs_in])
        case "dan":
            return who.parent_apart(home.households["dan"], home.people["dan"], home.mia)
        case "asha":
            return who.hub_staff(families["paula"], home.hubs["paula"])
        case "will":
            return who.hub_staff(families["pete"], home.hubs["pete"])
        case "beth":
            return who.hub_staff(families["paula"], home.hubs["paula"], safeguarding=True, manages=True)
        case "cora":
            return who.hub_staff(families["paula"], home.hubs["paula"], coordinates=True)
        case "lena":
            return who.lead
        case "adam":
            return who.admin
        case "carl":
            return lambda canary: True
    return who.nobody
