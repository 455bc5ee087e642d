"""A6: whatever a machine sends, the API refuses in its own words, within what its document says, and tells nothing."""

import json
import os
import re
import traceback
from collections import Counter
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings, strategies
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.security.crawling import MANAGER, PARENT, SPECIMENS, STRANGER, WORDS, Visitor
from tests.security.test_crawl import CANARY, sight_of

pytestmark = pytest.mark.thorough

TRIES = int(os.environ.get("FUZZ", "4"))
"""How many requests are made up for each operation; ``FUZZ=200`` for a long night."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
FUZZERS = [MANAGER, PARENT, STRANGER]


@pytest.fixture
def document(app, world):
    return app.test_client().get("/api/v1/openapi.json", base_url="http://leeds.test").json


@pytest.mark.parametrize("visitor", FUZZERS, ids=lambda v: v.name)
def test_made_up_requests_get_documented_answers(app, world, councils, document, knock_as, visitor: Visitor):
    crawler, sees = knock_as(visitor), sight_of(visitor, councils)
    canaries = {token: c for furniture in councils.values() for token, c in furniture.canaries.items()}
    schema = schemathesis.openapi.from_dict(document)
    schema.app = app
    headers = {"Authorization": f"Bearer {crawler.api_key}"} if visitor.signs_in else {}
    faults: list[str] = []
    statuses: Counter[int] = Counter()
    ids = councils["leeds"].ids

    def examine(case: Any, pick: int | None) -> None:
        if pick is not None:
            case.path_parameters = {
                name: str(ids[SPECIMENS[name]][pick]) if name in SPECIMENS else WORDS[name][0]
                for name in case.path_parameters or {}
            }
        answer = case.call(base_url="http://leeds.test", headers=headers)
        case.validate_response(answer, checks=CHECKS, headers=headers)
        statuses[answer.status_code] += 1
        told = {t for t in CANARY.findall(answer.text) if t not in canaries or not sees(canaries[t])}
        assert not told, [canaries.get(token) for token in told]

    for found in schema.get_all_operations():
        operation = found.ok()
        try:
            _make_up(operation, examine)
        except (Exception, BaseExceptionGroup) as fault:
            why = (
                "".join(traceback.format_exception(fault))
                if isinstance(fault, BaseExceptionGroup)
                else str(fault)
            )
            faults.append(f"{operation.label}: {why}")
    assert faults == [], "\n\n".join(faults)
    assert not visitor.signs_in or statuses[200] > 20, statuses
    assert not visitor.signs_in or statuses[422], statuses


def _make_up(operation: Any, examine: Any) -> None:
    """Make requests up for an operation: half of them about what is there."""

    @given(case=operation.as_strategy(), pick=strategies.sampled_from([None, 0, 0, -1]))
    @settings(
        max_examples=TRIES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def fuzz(case: Any, pick: int | None) -> None:
        examine(case, pick)

    fuzz()


def test_the_document_is_an_openapi_document(document):
    assert document["openapi"].startswith("3.1")
    operations = {
        f"{method} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }
    assert len(operations) > 45
    assert document["security"] == [{"key": []}]
    ids = [operation.get("operationId") for operation in operations.values() if operation.get("operationId")]
    assert len(ids) == len(set(ids))
    for name, operation in operations.items():
        assert operation.get("summary", "").endswith("."), name
        assert {"401", "403", "404"} <= set(operation["responses"]), name
        in_path = {p["name"] for p in operation.get("parameters", []) if p.get("in") == "path"}
        declared = in_path | {
            p["name"] for p in document["paths"][name.partition(" ")[2]].get("parameters", [])
        }
        assert set(re.findall(r"{(\w+)}", name)) == declared, name


def test_every_reference_of_the_document_leads_somewhere(document):
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document))):
        place: Any = document
        for step in reference.split("/"):
            place = place[step]
    numbered = [name for name in document["components"]["schemas"] if re.search(r"\d$", name)]
    assert numbered == [], "two schemas of one name"
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


# What no document would think of

WEIRD = [
    "\x00", "a\x00b", "\ud800", "\u202eevil\u202c", "\ufeff", "x" * 1_000_000, "9" * 5_000, -(2**63) - 1, 2**63, 10**400, 1e308, -0.0,
    True, None, [], {}, [[]] * 500, {"a": {"b": {"c": {}}}}, "NaN", "Infinity", "'; DROP TABLE people; --", "' OR 1=1 --",
    "${jndi:ldap://x}", "../../etc/passwd", "%00", "%s%s%n", "{{7*7}}", "0x10", "1e5", "٣", "２０２６-０３-０２", "2026-02-30",
    "9999-12-31", "0001-01-01", "-1-01-01", "25:00", "24:00", "10:00:00+99:99", "\n\r\t", "\x7f\x1b[31m", "🧸" * 300,
]  # fmt: skip
BODIES = {
    "POST /families/": {"hub_id": "", "carer": {"given_name": "Nia"}, "children": [], "address": "", "postcode": ""},
    "POST /families/search": {"q": ""},
    "POST /hubs": {"name": "A", "area": "", "phone": "", "email": "", "postcode": "", "address": "", "accessibility": ""},
    "POST /activities": {"title": "A", "description": "", "price_pence": 0, "age_from_months": 0, "most_families": 3},
    "POST /sessions": {"hub_id": "", "activity_id": "", "on_date": "2026-03-12", "starts": "10:00", "ends": "11:00"},
    "POST /timetable-entries": {"hub_id": "", "activity_id": "", "weekday": "friday", "starts": "10:00", "ends": "11:00", "first_date": "2026-04-03", "every_weeks": 1},
    "POST /bookings": {"session_id": "", "person_ids": [], "household_id": ""},
    "POST /waiting-list": {"session_id": "", "person_ids": [], "household_id": ""},
    "POST /courses/preview": {"edition_id": "", "hub_id": "", "first_date": "2026-03-17", "starts": "18:00", "places": 8},
    "POST /participations": {"course_id": "", "household_id": "", "person_id": "", "interpreter": "", "access_needs": ""},
    "POST /referrals": {"programme_id": "", "household_id": "", "person_id": "", "source": "gp", "reason": "", "referred_by": ""},
}  # fmt: skip


@pytest.mark.parametrize("visitor", [MANAGER, PARENT], ids=lambda v: v.name)
def test_weird_values_are_refused_or_kept_but_never_fail(councils, knock_as, visitor):
    crawler, leeds, faults = knock_as(visitor), councils["leeds"], []
    ids = {"hub_id": leeds.hubs["paula"], "activity_id": leeds.ids["activities"][0], "session_id": leeds.sessions["free"],
           "household_id": leeds.households["paula"], "programme_id": leeds.ids["programmes"][-1],
           "edition_id": leeds.ids["editions"][0], "course_id": leeds.ids["courses"][0],
           "person_id": leeds.ids["people"][0]}  # fmt: skip
    for request, body in BODIES.items():
        method, path = request.split()
        whole = {
            name: str(ids.get(name, value)) if value == "" and name in ids else value
            for name, value in body.items()
        }
        for name in whole:
            for weird in (
                WEIRD
                if name in {"name", "q", "price_pence", "session_id", "first_date", "starts", "description"}
                else WEIRD[:14]
            ):
                answer = crawler.open(f"/api/v1{path}", method=method, json={**whole, name: weird})
                if answer.status_code >= 500:
                    faults.append(f"{request} {name}={str(weird)[:40]!r} answered {answer.status_code}")
    assert faults == [], "\n".join(faults)


RAW = [
    (b"", "application/json"), (b"{", "application/json"), (b"null", "application/json"), (b"[]", "application/json"),
    (b'"x"', "application/json"), (b"\xff\xfe\x00", "application/json"), ('{"q": "\\u0000"}'.encode("utf-16"), "application/json"),
    (b'{"q": "\\ud800"}', "application/json"), (b"[" * 100_000, "application/json"), (b'{"a":' * 20_000, "application/json"),
    (b'{"q": NaN}', "application/json"), (b'{"q": 1' + b"0" * 5_000 + b"}", "application/json"), (b'{"q":"a","q":"b"}', "application/json"),
    (b"q=a", "application/x-www-form-urlencoded"), (b"<q>a</q>", "application/xml"), (b'{"q":"a"}', "text/plain"), (b'{"q":"a"}', ""),
    (b"--x\r\n\r\n", "multipart/form-data; boundary=x"), (b"x", "multipart/form-data"), (b'{"q":"a"}', "application/json; charset=klingon"),
    (b"\x80\x04K\x01.", "application/python-pickle"), (b"{" + b" " * 7_000_000 + b"}", "application/json"),
]  # fmt: skip


def test_bodies_that_are_nothing_are_refused(councils, knock_as):
    crawler = knock_as(MANAGER)
    family = councils["leeds"].households["paula"]
    for raw, kind in RAW:
        for method, path in (
            ("POST", "/families/search"),
            ("POST", "/bookings"),
            ("PATCH", f"/families/{family}"),
            ("POST", "/hubs"),
        ):
            answer = crawler.open(f"/api/v1{path}", method=method, data=raw, content_type=kind)
            assert answer.status_code < 500, (raw[:30], kind, path)
            assert answer.status_code >= 400 or b'"q"' in raw, (raw[:30], kind, path)
            assert answer.status_code < 400 or answer.mimetype == "application/problem+json", (
                raw[:30],
                kind,
                path,
            )


def test_weird_addresses_and_headers_are_refused_or_overlooked(councils, knock_as):
    crawler = knock_as(MANAGER)
    for weird in (str(w) for w in WEIRD if not isinstance(w, list | dict)):
        short = weird[:3_000].encode("utf-8", "replace").decode()
        for path in ("/sessions", "/families/duplicates", "/hubs", "/timetable", "/timetable/month", "/reports", "/api/v1/sessions",
                     "/api/v1/bookings", "/registers"):  # fmt: skip
            names = (
                "page",
                "per_page",
                "page_size",
                "hub",
                "hub_id",
                "day",
                "date",
                "week",
                "month",
                "first",
                "last",
                "after",
                "age",
                "words",
            )
            answer = crawler.open(path, query_string=dict.fromkeys(names, short))
            assert answer.status_code < 500, (path, short[:40])
    for name in ("Idempotency-Key", "If-Match", "If-None-Match", "Authorization", "Accept", "Content-Length", "Range", "HX-Request", "HX-Current-URL",
                 "Cookie", "X-Forwarded-For", "Accept-Language", "User-Agent", "Transfer-Encoding"):  # fmt: skip
        for weird in (
            "\xff\xfe",
            "x" * 20_000,
            "-1",
            "'\"<>",
            'W/"',
            "Bearer ",
            "a=b; visit=; signed-in=%00",
            "bytes=0-0,1-1",
            "*",
        ):
            if name == "Content-Length" and not weird.isdigit():
                continue
            assert crawler.open("/hubs", headers={name: weird}).status_code < 500, (name, weird[:20])
            answer = crawler.open("/api/v1/hubs", method="POST", json={"name": ""}, headers={name: weird})
            assert answer.status_code < 500, (name, weird[:20])


def test_weird_words_in_forms_are_refused_or_kept_but_never_fail(councils, knock_as):
    paula, stranger = knock_as(PARENT), knock_as(STRANGER)
    for weird in (w for w in WEIRD if isinstance(w, str)):
        word = weird.encode("utf-8", "replace").decode()
        for answer in (
            paula.send("/my-family/children", {"awaited": "born", "given_name": word, "date_of_birth": [word, word, word], "medical": word, "send": word}),
            paula.send("/my-family/address", {"address": word, "postcode": word}),
            paula.send("/my-family/contacts", {"name": word, "phone": word, "relationship": word}),
            paula.send("/account/name", {"name": word}),
            stranger.send("/sign-in", {"email": word, "password": word, "next": word}),
            stranger.send("/sign-in/link", {"email": word}),
            stranger.send("/register/name", {"given_name": word, "family_name": word}),
            paula.open("/b/" + word.replace("/", "")[:2000].replace("\n", "").replace("\r", "").replace("\t", "") + "x"),
        ):  # fmt: skip
            assert answer.status_code < 500, (word[:40], answer.request.path)
