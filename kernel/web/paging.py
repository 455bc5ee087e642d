"""Lists in pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from flask import request, url_for
from sqlalchemy import Select, func, select

from kernel.db import db

T = TypeVar("T")
PER_PAGE = 30
MOST_PER_PAGE = 100
LAST_PAGE = 10_000


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: its items, its number from 1, and how many there are in all."""

    items: Sequence[T]
    number: int
    per_page: int
    total: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least 1."""
        return max(1, -(-self.total // self.per_page))

    def address(self, number: int) -> str:
        """Return the address of another page of the same list."""
        values: dict[str, Any] = {
            **(request.view_args or {}),
            **request.args.to_dict(flat=False),
            "page": number,
        }
        return url_for(request.endpoint or "", **values)

    @property
    def previous_href(self) -> str | None:
        """Return the address of the page before, if there is one."""
        return self.address(min(self.number - 1, self.pages)) if self.number > 1 else None

    @property
    def next_href(self) -> str | None:
        """Return the address of the next page, if there is one."""
        return self.address(self.number + 1) if self.number < self.pages else None

    @property
    def numbers(self) -> list[dict[str, Any]]:
        """Return the links to pages: the first, those around this one and the last, gaps between them."""
        near = {1, self.pages, *range(self.number - 1, self.number + 2)} & set(range(1, self.pages + 1))
        links: list[dict[str, Any]] = []
        before = 0
        for number in sorted(near):
            if number > before + 1:
                links.append({})
            links.append({"number": number, "href": self.address(number), "current": number == self.number})
            before = number
        return links


def paged(statement: Select[Any], *, per_page: int = PER_PAGE, whole_rows: bool = False) -> Page[Any]:
    """Return the page of the statement's list that the request asks for, or the last: lists become shorter.

    Two statements, or one when it is all.
    """

    def items_of(number: int) -> Sequence[Any]:
        cut = statement.limit(per_page).offset((number - 1) * per_page)
        return db.execute(cut).all() if whole_rows else db.scalars(cut).unique().all()

    number = page_number()
    items = items_of(number)
    if number == 1 and len(items) < per_page:
        return Page(items, number, per_page, len(items))
    total = db.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    found = Page(items, number, per_page, total)
    return found if items else replace(found, items=items_of(found.pages), number=found.pages)


def page_of(statement: Select[Any], asked: Any, *, whole_rows: bool = False) -> Sequence[Any]:
    """Return the page of the statement's list that a request to the API asks for, and tell it how many there are."""
    asked.item_count = db.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    cut = statement.limit(asked.page_size).offset(asked.first_item)
    return db.execute(cut).all() if whole_rows else db.scalars(cut).all()


def page_number() -> int:
    """Return the number of the page that the request asks for; nonsense asks for the first."""
    told = request.args.get("page", "1")
    return min(max(int(told), 1), LAST_PAGE) if told.isascii() and told.isdigit() and len(told) < 7 else 1
