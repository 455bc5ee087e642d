"""Fills in the forms of the house as somebody would who means well: what is asked for, and no more."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from tests.security.crawling import Crawler

UUID_WORD = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LAST = (
    "removal", "cancellation", "closure", "ending", "disabling", "departure", "revocation", "answer", "household", "end",
    "password", "sign-out",
)  # fmt: skip
"""Forms that take something away are sent after all others."""
WORDS_FOR = {
    "email": "new.person@people.example", "phone": "0113 496 0002", "postcode": "LS1 4AP", "starts": "14:00", "ends": "15:00",
    "age_from": "0", "age_to": "4", "website": "https://council.example", "brand_colour": "#0f5c5a", "slug": "bradford",
    "password": "trumpet gravel moss", "people": "9", "date_of_birth": ("1", "3", "2024"), "due_date": ("1", "6", "2026"),
    "host": "", "old_password": "carl likes long words", "file": "",
}  # fmt: skip


@dataclass
class FoundForm:
    """A form as it stood on a page: where it is sent, and what is in it."""

    page: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    takes_files: bool = False

    @property
    def key(self) -> tuple[str, frozenset[str]]:
        """Return what makes it the same form on another page."""
        return UUID_WORD.sub("-", self.action), frozenset(self.names)

    def filled(self) -> dict[str, list[str]]:
        """Return the form filled in."""
        told: dict[str, list[str]] = {}
        for name, value in self.fields:
            told.setdefault(name, []).append(value)
        for name, options in self.choices.items():
            if name not in told and (real := [o for o in options if o]):
                told[name] = real[:1]
        for name, values in told.items():
            planted = "CANARY." in "".join(values) and name.rpartition("-")[2] in WORDS_FOR
            if not any(values) or planted:
                told[name] = _words_for(name, len(values))
        return told


def _words_for(name: str, boxes: int) -> list[str]:
    last = name.rpartition("-")[2]
    if boxes == 3:
        return list(WORDS_FOR.get(last, ("1", "6", "2026")))
    said = WORDS_FOR.get(last) or next((w for n, w in WORDS_FOR.items() if last.endswith(f"_{n}")), "Words")
    numbers = (
        "most_",
        "opens_days",
        "children_per",
        "price",
        "minutes",
        "counted",
        "adults",
        "children",
        "hours",
    )
    return [str(said) if not any(n in name for n in numbers) else "3"] * boxes


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms, self.form = page, [], None
        self.select: str | None = None
        self.area: str | None = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        told = dict(attrs)
        if tag == "form":
            post = (told.get("method") or "get").lower() == "post"
            action = urljoin(self.page, told.get("action") or self.page)
            self.form = FoundForm(self.page, action) if post else None
            if self.form:
                self.forms.append(self.form)
        elif self.form:
            self._inside(tag, told)

    def _inside(self, tag: str, told: dict[str, Any]) -> None:
        form, name, value = self.form, told.get("name"), told.get("value") or ""
        assert form
        if tag == "option" and self.select:
            form.choices.setdefault(self.select, []).append(value)
            if "selected" in told and value:
                form.fields.append((self.select, value))
        if not name or name == "csrf_token" or "disabled" in told:
            return
        form.names.add(name)
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            self.area = name
            form.fields.append((name, ""))
        elif tag in {"button", "input"}:
            self._box(form, name, value, tag if tag == "button" else told.get("type", "text"), told)

    def _box(self, form: FoundForm, name: str, value: str, kind: str, told: dict[str, Any]) -> None:
        if kind in {"radio", "checkbox", "button"}:
            form.choices.setdefault(name, []).append(value)
            if "checked" in told:
                form.fields.append((name, value))
        elif kind == "file":
            form.takes_files = True
        else:
            form.fields.append((name, value))

    def handle_data(self, data: str) -> None:
        if self.area and self.form:
            name, before = self.form.fields[-1]
            self.form.fields[-1] = (name, before + data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None


def forms_on(page: str, html: str) -> list[FoundForm]:
    """Return the forms of a page that are sent with POST."""
    reader = _Reader(page)
    reader.feed(html)
    return reader.forms


def forms_of(crawler: Crawler, pages: list[str]) -> Iterator[FoundForm]:
    """Return each form that somebody finds on these pages once, those that take something away last."""
    found: dict[Any, FoundForm] = {}
    for page in pages:
        answer = crawler.open(page)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            for form in forms_on(page, answer.text):
                found.setdefault(form.key, form)
    yield from sorted(found.values(), key=_lateness)


def _lateness(form: FoundForm) -> int:
    what = form.action.rpartition("/")[2]
    return LAST.index(what) + 1 if what in LAST else 0
