"""Makes pictures of a running demo's pages, as its personas, on a phone and on a desk: ``make screenshots``.

    python -m tests.screenshots --data .demo [--as hub_worker] [/registers /timetable …]

Pictures go to ``.screenshots/``; what axe finds wrong with a page is printed.
"""

import argparse
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.looking import violations

CHROMIUM = "/usr/bin/chromium"
NO_BROWSER = (
    f"!!! BROWSER AND ACCESSIBILITY TESTS SKIPPED: no Chromium at {CHROMIUM} (apt-get install chromium) !!!"
)
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTHS = (375, 1280)
OUT = Path(".screenshots")
PAGES = {
    "stranger": [
        "/",
        "/sessions",
        "/hubs",
        "/programmes",
        "/sign-in",
        "/register",
        "/accessibility",
        "/privacy",
        "/nowhere",
    ],
    "parent": ["/", "/sessions", "/bookings", "/my-family", "/account", "/my-courses"],
    "hub_worker": ["/", "/timetable", "/registers", "/families", "/courses", "/courses/tasks"],
    "coordinator": [
        "/courses", "/courses/new", "/courses/programmes", "/courses/programmes/accreditations", "/courses/referrals",
        "/questionnaires",
    ],
    "hub_manager": ["/timetable", "/hubs/manage", "/families/duplicates", "/reports", "/timetable/import"],
    "council_lead": ["/reports", "/reports/definitions", "/reports/programmes", "/reports/programmes/measures"],
    "council_admin": [
        "/settings", "/settings/terms", "/settings/messages", "/settings/messages/callback", "/settings/messages/words",
        "/announcements", "/staff", "/account",
    ],
    "operator": ["/", "/councils", "/queues"],
}  # fmt: skip


@contextmanager
def browser() -> Iterator[Browser]:
    """Open Debian's Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


def sign_in(page: Page, base: str, persona: dict[str, str]) -> None:
    """Sign in as a persona, by the page."""
    page.goto(f"{base}/sign-in")
    page.fill("input[name=email]", persona["email"])
    page.fill("input[name=password]", persona["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()


def main() -> None:
    """Make the pictures."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--data", type=Path, default=Path(".demo"))
    asked.add_argument("--port")
    asked.add_argument("--as", dest="role", default="")
    asked.add_argument("--council", default="york")
    asked.add_argument("pages", nargs="*")
    told = asked.parse_args()
    personas = json.loads((told.data / "personas.json").read_text())
    OUT.mkdir(exist_ok=True)
    with browser() as opened:
        for role, pages in PAGES.items():
            if told.role in ("", role):
                _visit(opened, personas, told.council, role, told.pages or pages)


def _visit(
    opened: Browser, personas: list[dict[str, str]], council: str, role: str, pages: list[str]
) -> None:
    home = "platform" if role == "operator" else council
    same = [p for p in personas if p["role"] == role]
    persona = next((p for p in same if p["tenant"] == home), same[0] if same else None)
    base = (persona or next(p for p in personas if p["tenant"] == home))["base_url"]
    for width in WIDTHS:
        context = opened.new_context(viewport={"width": width, "height": 900})
        page = context.new_page()
        if persona:
            sign_in(page, base, persona)
        for path in pages:
            answer = page.goto(f"{base}{path}")
            name = re.sub(r"[^a-z0-9]+", "-", path.lower())[:60].strip("-") or "front"
            page.screenshot(path=OUT / f"{role}-{name}-{width}.png", full_page=True)
            wide = page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
            print(
                f"{role} {path} {width}: {answer.status if answer else '?'}{' WIDER THAN THE SCREEN' if wide else ''}"
            )
            for line in violations(page):
                print(f"    {line}")
        context.close()


if __name__ == "__main__":
    main()
