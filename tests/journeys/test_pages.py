"""Every page of everybody, as a browser shows it: nothing wrong for axe, and no scrolling sideways at 320 pixels.

Pages that only a journey can reach (the steps of registering, links in letters) are looked at there.
"""

from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from http.client import HTTPConnection
from typing import Any
from zlib import crc32

import pytest
from flask import Flask
from werkzeug.routing import Rule

from accounts.rules import permissions_of
from accounts.terms import Role
from kernel.web.access import COUNCIL, PLATFORM, access_of
from tests.journeys.conftest import Visit
from tests.journeys.looking import NARROW, faults

pytestmark = pytest.mark.thorough

SPECIMENS = {
    "account_id": "accounts", "activity_id": "activities", "booking_id": "bookings", "carer_id": "people",
    "contact_id": "emergency_contacts", "entry_id": "timetable_entries", "household_id": "households", "hub_id": "hubs",
    "key_id": "api_keys", "person_id": "people", "room_id": "rooms", "session_id": "sessions", "term_id": "term_dates",
    "upload_id": "uploads", "one_id": "people", "other_id": "people", "child_id": "people",
    "programme_id": "programmes", "edition_id": "editions", "course_id": "courses", "slot_id": "course_slots",
    "course_contact_id": "course_contacts", "participation_id": "participations", "task_id": "course_tasks",
    "interest_id": "interests", "accreditation_id": "accreditations", "asking_id": "askings", "alert_id": "risk_alerts",
    "wording_id": "wordings", "bands_id": "council_bands", "rule_id": "council_change_rules", "token": "links",
    "slug": "slugs", "promise_id": "outbox",
    "announcement_id": "announcements", "suppression_id": "message_suppressions",
    "place": "questions", "code": "instruments", "words_id": "message_wordings", "message_kind": "message_kinds",
    "language": "languages", "activity_kind": "activity_kinds",
}  # fmt: skip
TRIES = 12
"""How many things of a kind are tried until one is a page that somebody may see."""
ELSEWHERE = {
    "accounts.show_invitation", "accounts.show_link", "accounts.link_sent", "bookings.letter_link",
    "families.step", "families.check_answers", "families.childrens_ethnicity", "families.registered",
    "families.registered_child", "families.registered_childs_needs", "families.registered_children",
    "families.add_registered_child", "hubs.import_run", "attendance.care",
    "bookings.check", "bookings.family_check", "families.pair", "families.first_contact",
    "programmes.interest_link", "outcomes.help_now", "outcomes.check", "outcomes.done", "outcomes.goals",
    "messaging.choices",
}  # fmt: skip
"""Pages that a journey looks at, for they cannot be opened without what comes before."""
ENTRANCES = {"accounts.sign_in", "families.start_registration"}
"""Pages that are only for those who have not signed in."""
NO_PAGES = {
    "static", "bookings.calendar", "bookings.letter_calendar", "reports.comparison_file",
    "programmes.course_results_file", "programmes.report_file", "programmes.programme_report_file",
    "programmes.certificate", "programmes.own_certificate", "programmes.certificate_of", "programmes.my_dates",
    "messaging.previewed_wording", "messaging.sample_sent",  # which lead back to the editor
}  # fmt: skip
VISITORS = [
    "",
    "parent",
    "hub_worker",
    "coordinator",
    "hub_manager",
    "council_lead",
    "council_admin",
    "operator",
]
PARTS = 2
"""How many processes share the pages: all roles' pages of one endpoint are looked at by one of them."""


@pytest.mark.parametrize(
    ("who", "part"),
    [
        pytest.param(who, part, marks=pytest.mark.xdist_group(f"pages-{part}"))
        for who in VISITORS
        for part in range(PARTS)
    ],
)
def test_every_page_is_well_made(app, house, visits, who, part):
    council = "" if who == "operator" else "leeds"
    visit = visits(who or None, council, width=NARROW)
    found, seen = [], 0
    for rule, paths in pages(app, house, who):
        if crc32(rule.endpoint.encode()) % PARTS != part:
            continue
        path, shape = next(answering(visit, paths), ("", ""))
        if not path:
            found.append(f"{rule.endpoint}: nothing was found that could be opened")
        elif not seen or (rule.endpoint, shape) not in LOOKED_AT:
            LOOKED_AT.add((rule.endpoint, shape))
            visit.page.goto(path)
            found += [f"{rule.endpoint} {path}: {fault}" for fault in faults(visit.page)]
        seen += 1
    assert not found, "\n".join(found)
    assert seen


def pages(app: Flask, house: Any, who: str) -> Iterator[tuple[Rule, list[str]]]:
    """Return the addresses that somebody might open, each with several things to fill it with."""
    may = permissions_of({Role(who)}) if who else frozenset()
    ids: dict[str, list[str]] = house.arrange("ids")
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if "GET" not in (rule.methods or ()) or rule.endpoint in ELSEWHERE | NO_PAGES or "/api/" in rule.rule:
            continue
        access = access_of(app.view_functions[rule.endpoint], "GET")
        if access is None or (access.permissions and not may & set(access.permissions)):
            continue
        if (access.signed_in and not who) or (rule.endpoint in ENTRANCES and who):
            continue
        if (PLATFORM if who == "operator" else COUNCIL) not in access.grounds:
            continue
        yield rule, list(dict.fromkeys(addresses(rule, ids)))


def addresses(rule: Rule, ids: dict[str, list[Any]]) -> Iterator[str]:
    for number in range(TRIES if rule.arguments else 1):
        values = {}
        for name in rule.arguments:
            those = ids[SPECIMENS[name]]
            if not those:
                return
            values[name] = those[(number + (name == "other_id")) % len(those)]
        built = rule.build(values)
        assert built, rule
        yield built[1]


def answering(visit: Visit, paths: list[str]) -> Iterator[tuple[str, str]]:
    """Return the addresses that are pages, and their shapes, asked for outside the browser, which is quicker."""
    host = visit.house.base(visit.council).removeprefix("http://")
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in visit.context.cookies())
    connection = HTTPConnection("127.0.0.1", visit.house.port)
    for path in paths:
        connection.request("GET", path, headers={"Host": host, "Cookie": cookies})
        answer = connection.getresponse()
        html = answer.read().decode()
        assert answer.status < 500, f"{path} answered {answer.status}"
        if answer.status == 200:
            yield path, Shape.of(html)


LOOKED_AT: set[tuple[str, str]] = set()
"""The pages that the browser has looked at, by endpoint and shape: another role's page of one shape is not new."""


class Shape(HTMLParser):
    """The main part of a page but for its words and addresses: what axe and the width of a page go by.

    Of neighbours of one shape, such as the rows of a list, one is told. The frame around it is the same on all pages.
    """

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, list[str]]] = [("", [])]
        self.main = ""

    @classmethod
    def of(cls, html: str) -> str:
        """Return the shape of a page as one word."""
        shape = cls()
        shape.feed(html)
        return sha256(shape.main.encode()).hexdigest()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = sorted((name, value if name in TELLING else bool(value)) for name, value in attrs)
        if tag in EMPTY:
            self._keep(f"<{tag} {told}>")
        else:
            self.open.append((f"{tag} {told}", []))

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1:
            told, parts = self.open.pop()
            whole = f"<{told}>{''.join(parts)}</>"
            self._keep(whole)
            if tag == "main" and told.startswith("main "):
                self.main = whole
            if told.startswith(f"{tag} "):
                return

    def handle_data(self, data: str) -> None:
        if words := data.split():
            self._keep(" ".join(["_", *(word for word in words if len(word) > LONG_WORD)]))

    def _keep(self, part: str) -> None:
        before = self.open[-1][1]
        if not before or before[-1] != part:
            before.append(part)


TELLING = {"class", "role", "type", "scope", "lang", "hidden", "tabindex", "colspan", "open", "aria-hidden"}
EMPTY = {"input", "br", "img", "hr", "meta", "link", "path", "rect", "circle", "line", "use", "col", "wbr"}
LONG_WORD = 20
"""A word that could make a narrow page scroll."""


NO_SUCH = "00000000-0000-0000-0000-000000000000"
EMPTY_OR_WRONG = [
    ("", "/nowhere"),
    ("", "/sessions?words=xylophone"),
    ("", "/sessions?date=31&date=2&date=2026"),
    ("", f"/sessions/{NO_SUCH}"),
    ("", "/b/nonsense"),
    ("", "/set-password/nonsense"),
    ("", "/sign-in/link/nonsense"),
    ("", "/register/contact"),
    ("parent", "/bookings/past"),
    ("parent", "/settings"),
    ("hub_worker", "/registers?day=25&day=12&day=2026"),
    ("hub_worker", "/registers?day=99&day=12&day=2026"),
    ("hub_worker", f"/registers/{NO_SUCH}"),
    ("hub_manager", "/timetable?week=2030-01-07"),
    ("council_lead", "/reports?first=2026-02-01&last=2025-01-01"),
    ("council_lead", "/reports?kind=music_arts_dance&band=18_25"),
    ("council_admin", "/staff?name=xylophone"),
]
"""Pages with nothing on them, and pages that say what is wrong."""


@pytest.mark.parametrize("who", VISITORS[:-1])
def test_pages_that_are_empty_or_say_what_is_wrong_are_well_made_too(visits, who):
    page = visits(who or None, width=NARROW).page
    found = []
    for _, path in [one for one in EMPTY_OR_WRONG if one[0] == who]:
        page.goto(path)
        found += [f"{path}: {fault}" for fault in faults(page)]
    assert not found, "\n".join(found)
