"""A careful look at a page in a browser: axe, the width of a small telephone, its headings, what the console says."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = 320

_AXE_RUN = """async (rules) => {
  const {violations} = await axe.run(document, {runOnly: rules, resultTypes: ['violations'], preload: false})
  return violations.map(v => `${v.id}: ${v.nodes[0].target} (${v.nodes.length} of them) ${v.help}`)
}"""
_SHAPE = """() => {
  const root = document.documentElement
  return {
    scripts: document.body.classList.contains('js-enabled'),
    wide: root.scrollWidth > root.clientWidth ? root.scrollWidth : 0,
    headings: document.querySelectorAll('h1').length,
    title: document.title,
  }
}"""


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong with the page, a line each."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_axe())
    return list(page.evaluate(_AXE_RUN, RULES))


def faults(page: Page) -> list[str]:
    """Return what is wrong with the page as it stands, a line each. Axe cannot look where scripts do not run."""
    page.wait_for_load_state()
    seen: dict[str, Any] = page.evaluate(_SHAPE)
    found = violations(page) if seen["scripts"] else []
    if seen["wide"]:
        found.append(f"scrolls sideways: {seen['wide']} px wide")
    if seen["headings"] != 1:
        found.append(f"{seen['headings']} h1")
    if not seen["title"].strip(" –"):
        found.append("no title")
    return found


def look(page: Page) -> None:
    """Fail when something is wrong with the page, at its width and on a small telephone."""
    found = faults(page)
    size = page.viewport_size or {"width": NARROW, "height": 700}
    if size["width"] > NARROW:
        page.set_viewport_size({"width": NARROW, "height": size["height"]})
        wide = page.evaluate("document.documentElement.scrollWidth")
        page.set_viewport_size(size)
        found += [f"scrolls sideways at {NARROW} px: {wide} px wide"] if wide > NARROW else []
    assert not found, f"{page.url}\n" + "\n".join(found)


def refused(page: Page) -> None:
    """Fail unless a form was refused well: the problem is told on top of the page, and focused where scripts run."""
    problem = page.locator(".govuk-error-summary")
    expect(problem).to_be_visible()
    expect(page).to_have_title(re.compile("^Error: "))
    if page.evaluate(_SHAPE)["scripts"]:
        expect(problem).to_be_focused()
    look(page)


def signed_in(page: Page, name: str) -> None:
    """Fail unless the page says who is signed in."""
    expect(page.get_by_role("link", name=re.compile(f"^Your account ?, {name}"))).to_be_visible()


@cache
def _axe() -> str:
    return AXE.read_text()
