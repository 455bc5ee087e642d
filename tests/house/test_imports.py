"""Contexts meet at their front doors; some idioms have a better name here."""

import re
import subprocess
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
CONTEXTS = {
    "reports", "attendance", "correspondence", "bookings", "outcomes", "programmes", "hubs", "families", "messaging",
    "accounts", "tenants",
}  # fmt: skip
FRONT_DOORS = {"service", "queries", "models", "events", "errors", "terms"}
ALSO = {"outcomes.rules"}  # instruments and the arithmetic of change: pure, and what outcomes is for

BETTER = {
    r"set_config\(": "kernel.db tells PostgreSQL the council, with SET LOCAL",
    r"isolation_level=": "READ COMMITTED and the door of a session",
    r"\|\s*safe\b": "let Jinja escape; council's words go through |markdown",
    r"utcnow|datetime\.now\(|date\.today\(": "kernel.clock.now() and today()",
    r"\btime\.sleep\(": "an event to wait for",
    r"\.commit\(\)": "the unit of work commits, at the edge",
    r"(\.\./shared|uv\.lock)": "copy what is needed into the project",
}
ALLOWED = {
    "kernel/db.py": r"Never set_config",
    "kernel/clock.py": r"datetime\.now\(",
    ".gitignore": r"uv\.lock",
    "tests/servers.py": r"\btime\.sleep\(",
    "bench/": r"\btime\.sleep\(",
    "tests/faults/": r"\btime\.sleep\(",
    "app/demo/": r"\btime\.sleep\(|datetime\.now\(|isolation_level=",
}


def test_contexts_meet_at_their_front_doors():
    graph = grimp.build_graph("app", "kernel", *CONTEXTS)
    strays = [
        f"{importer} -> {imported}"
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
        if importer.split(".")[0] in CONTEXTS
        and imported.split(".")[0] in CONTEXTS - {importer.split(".")[0]}
        and imported.split(".")[1:2] not in [[door] for door in FRONT_DOORS]
        and ".".join(imported.split(".")[:2]) not in ALSO
    ]
    assert strays == [], "another context is entered by its service, queries, models, events, errors or terms"


def test_weak_idioms_are_not_used():
    files = subprocess.run(
        ["git", "ls-files", "*.py", "*.html"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = [
        f"{name}:{number}: {better}"
        for name in files.stdout.split()
        if name != "tests/house/test_imports.py" and not name.startswith("migrations/versions")
        for number, line in enumerate((ROOT / name).read_text().splitlines(), start=1)
        for idiom, better in BETTER.items()
        if re.search(idiom, line) and not _allowed(name, line)
    ]
    assert found == []


def _allowed(name: str, line: str) -> bool:
    return any(name.startswith(place) and re.search(idiom, line) for place, idiom in ALLOWED.items())


def test_no_page_is_without_its_frame():
    pages = [p for p in (ROOT / "templates").rglob("*.html") if not p.name.startswith("_")]
    frames = {"layout", "parts"}
    stray = [
        str(p.relative_to(ROOT))
        for p in pages
        if p.parent.name not in frames and p.name not in {"swagger_ui.html", "fragment.html", "letter.html"}
        and "{% extends" not in p.read_text()
    ]  # fmt: skip
    assert stray == [], "a page extends layout/page.html; a piece of one has a name that begins with _"
