"""The kinds of message: data of the product. Their wording is a council's to change, their fields are not."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from messaging.terms import Group, Way

HERE = Path(__file__).parent
EVERYWHERE = ("council", "link")
"""Fields that every kind has: the name of the council, and in texts the link to what can be done."""
SEVERAL = "several"
"""The kind that stands for several of a kind that joins."""


@dataclass(frozen=True, slots=True)
class Field:
    """A named field of a wording: what it means, and what it may look like."""

    name: str
    means: str
    sample: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message."""

    code: str
    name: str
    group: Group
    at_once: bool
    """Whether it goes at any hour: somebody has just asked for it, or it cannot wait."""
    way: Way
    fields: tuple[Field, ...]
    optional: bool = False
    joins: bool = False
    asks: bool = False
    """Whether YES and NO are answers to it."""

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the fields that its wording may use."""
        return frozenset([*(field.name for field in self.fields), *EVERYWHERE])

    @property
    def by_text(self) -> bool:
        """Say whether it can be a text message at all: not when it is for one browser, or for staff."""
        return bool(shipped("en")[self.code].text)


@dataclass(frozen=True, slots=True)
class Wording:
    """What a kind of message says: the email's subject and Markdown, and the text message."""

    subject: str
    body: str
    text: str

    @classmethod
    def typed(cls, subject: str, body: str, text: str) -> "Wording":
        """Return a wording as somebody typed it, without what browsers and programs put around it."""
        return cls(subject, *(part.replace("\r\n", "\n").strip() for part in (body, text)))


@cache
def kinds() -> Mapping[str, Kind]:
    """Return every kind of message by its code, in the order in which people read of them."""
    told = tomllib.loads((HERE / "kinds.toml").read_text())
    fields = {name: Field(name, row["means"], row["sample"]) for name, row in told["fields"].items()}
    return {
        code: Kind(
            code=code,
            name=row["name"],
            group=Group(row["group"]),
            at_once=row["hour"] == "at_once",
            way=Way(row.get("way", "email")),
            fields=tuple(fields[name] for name in row["fields"]),
            optional=row.get("optional", False),
            joins=row.get("joins", False),
            asks=row.get("asks", False),
        )
        for code, row in told["kinds"].items()
    }


@cache
def shipped(language: str) -> Mapping[str, Wording]:
    """Return the wordings that come with the product in a language, by kind: none for a language it does not have."""
    file = HERE / "wordings" / f"{language}.toml"
    if not language.isalpha() or not file.exists():
        return {}
    told = tomllib.loads(file.read_text())["kinds"]
    return {code: Wording(row["subject"], row["body"].strip(), row["text"]) for code, row in told.items()}


@cache
def labels(language: str) -> Mapping[str, str]:
    """Return what the labels, links and frame of a letter are in a language, by their English words."""
    return _named("labels", language)


@cache
def values(language: str) -> Mapping[str, str]:
    """Return what values of the product's own, such as the kinds of contact of a course, are called in a language."""
    return _named("values", language)


def _named(table: str, language: str) -> Mapping[str, str]:
    file = HERE / "wordings" / f"{language}.toml"
    if not language.isalpha() or not file.exists():
        return {}
    return dict(tomllib.loads(file.read_text()).get(table, {}))


@cache
def languages() -> Sequence[str]:
    """Return the languages in which wordings come with the product, English first."""
    return sorted(
        (file.stem for file in (HERE / "wordings").glob("*.toml")), key=lambda code: (code != "en", code)
    )
