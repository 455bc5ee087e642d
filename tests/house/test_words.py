"""What is written about the house is true: links lead somewhere, commands exist, settings are described."""

import re
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from kernel.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")])
MADE_ELSEWHERE = ("static/vendor/", "tests/vendor/")
LONGEST = 400
LONGER = {
    "hubs/rules/files.py": "every way to write a row of a timetable, beside the others",
    "hubs/rules/preview.py": "what an import would do with a row, in the words that people see",
}
"""Files that may be longer than others, and why."""
FOREIGN = tuple(
    ".".join(parts)
    for parts in (
        ("", "", "/shared"),
        ("uv", "lock"),
        ("pypi", "org"),
        ("registry", "npmjs", "org"),
        ("files", "pythonhosted", "org"),
        ("deb", "debian", "org"),
    )
)
"""What no file names: folders and servers that are not everybody's."""
LATER = re.compile(r"\b(?:TO[D]O|FIX[M]E|X{3})\b")
"""What people write who mean to come back. Written so that it does not find itself."""


def files() -> list[str]:
    """Return every file that is kept, other than those that others made."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no checkout of git")
    kept = (name for name in listed.stdout.splitlines() if not name.startswith(MADE_ELSEWHERE))
    return [name for name in kept if (ROOT / name).is_file()]


def text_of(name: str) -> str:
    return (ROOT / name).read_bytes().decode(errors="ignore")


def headings(page: Path) -> set[str]:
    """Return the anchors of a page, as they are made from its headings."""
    found = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{page.name} leads to {target}"
        if anchor:
            assert anchor in headings(there), f"{page.name} leads to {target}"


def test_every_decision_has_a_number_of_its_own():
    numbers = [page.name[:4] for page in ROOT.glob("docs/decisions/[0-9]*.md")]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_can_do_what_is_said_of_it(page: Path):
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    code = re.findall(r"`([^`\n]+)`", page.read_text()) + re.findall(
        r"^make .*$", page.read_text(), re.MULTILINE
    )
    for command in code:
        if command.startswith("make "):
            wanted = {
                word for word in re.sub('".*?"', "", command).split()[1:] if word.isalpha() and word.islower()
            }
            assert wanted <= targets, f"{page.name}: {command}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_that_are_described_exist(app: Flask, page: Path):
    for group, name in re.findall(r"flask --app wsgi (\w+) ([\w-]+)", page.read_text()):
        commands = getattr(app.cli.commands.get(group), "commands", {})
        assert name in commands, f"{page.name}: flask {group} {name}"


def test_every_setting_is_described_to_operators():
    told = (ROOT / "docs" / "operators.md").read_text()
    for name in Settings.model_fields:
        assert f"`HUBS_{name.upper()}`" in told, name


def test_no_setting_is_described_that_there_is_not():
    known = {f"HUBS_{name.upper()}" for name in Settings.model_fields}
    for page in PAGES:
        assert set(re.findall(r"HUBS_[A-Z0-9_]+", page.read_text())) <= known, page.name


def test_nothing_names_a_place_that_not_everybody_has():
    named = [(name, word) for name in files() for word in FOREIGN if word in text_of(name)]
    assert named == []


def test_nothing_is_left_for_later():
    assert [name for name in files() if LATER.search(text_of(name))] == []


def test_no_file_is_too_long_to_read():
    ours = [
        name for name in files() if name.endswith(".py") and not name.startswith(("tests/", "migrations/"))
    ]
    long = {name for name in ours if text_of(name).count("\n") > LONGEST}
    assert long <= LONGER.keys()
    assert LONGER.keys() <= set(ours), "an exception that is not needed any more"


def test_people_read_one_word_for_one_thing():
    """What stands in templates, as far as it can be told from code: text between tags."""
    for name in files():
        if name.startswith("templates/") and name.endswith(".html"):
            said = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", " ", text_of(name), flags=re.DOTALL)
            for word in ("household", "tenant", "e-mail", "occurrence", "log in", "center", "canceled"):
                assert not re.search(rf"\b{word}", said, re.IGNORECASE), f"{name} says {word}"
