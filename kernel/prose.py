"""How dates, times, ages and money are written for people, in the style of GOV.UK."""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import nh3
from babel.numbers import format_currency
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.tree import SyntaxTreeNode

from kernel.clock import wall

MONTHS = ("January February March April May June July August September October November December").split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
RIGHT_TO_LEFT = frozenset("ar fa he ku ps sd ug ur yi".split())
_PART_OF_AN_ADDRESS = re.compile(r'href="(?!https?:|mailto:|tel:)')
_ALLOWED = {"h2", "h3", "p", "ul", "ol", "li", "a", "strong", "em", "br"}


def day(value: date | datetime) -> str:
    """Return ``Tuesday 3 March 2026``."""
    return _day(_date(value))


def short_day(value: date | datetime) -> str:
    """Return ``Tue 3 Mar``."""
    d = _date(value)
    return f"{DAYS[d.weekday()][:3]} {d.day} {MONTHS[d.month - 1][:3]}"


def date_only(value: date | datetime) -> str:
    """Return ``3 March 2026``."""
    d = _date(value)
    return f"{d.day} {MONTHS[d.month - 1]} {d.year}"


def month(value: date | datetime) -> str:
    """Return ``March 2026``."""
    d = _date(value)
    return f"{MONTHS[d.month - 1]} {d.year}"


def clock(value: time | datetime) -> str:
    """Return ``9:30am``, ``1pm``, ``midday`` or ``midnight``, as clocks in England show it."""
    t = wall(value).time() if isinstance(value, datetime) else value
    return _clock(t.hour, t.minute)


def times(starts: time | datetime, ends: time | datetime) -> str:
    """Return ``9:30am to 11am``."""
    return f"{clock(starts)} to {clock(ends)}"


def moment(value: datetime) -> str:
    """Return ``3 March 2026 at 9:30am``."""
    return f"{date_only(value)} at {clock(value)}"


def how_long(passed: timedelta) -> str:
    """Return how long something lasted: ``40 minutes``, ``3 hours``, ``2 days``. Minutes count for up to two hours."""
    minutes = int(passed.total_seconds() // 60)
    if minutes < 1:
        return "under a minute"
    if minutes < 120:
        return count(minutes, "minute")
    return count(minutes // 60, "hour") if minutes < 48 * 60 else count(minutes // 1440, "day")


def money(pence: int) -> str:
    """Return ``£2.50``, or ``Free``."""
    return "Free" if pence == 0 else _money(pence)


def months_old(months: int) -> str:
    """Return an age: ``5 months``, ``1 year``, ``3 years``."""
    if months < 24 and months != 12:
        return f"{months} month{'' if months == 1 else 's'}"
    years = months // 12
    return f"{years} year{'' if years == 1 else 's'}"


def ages(from_months: int, to_months: int) -> str:
    """Return an age range in which the last month still counts: ``Birth to 4 years``, ``Up to 11 months``."""
    if from_months == 0:
        return f"Up to {months_old(to_months)}" if to_months < 12 else f"Birth to {_years(to_months)}"
    return f"{months_old(from_months)[0].upper()}{months_old(from_months)[1:]} to {_years(to_months)}"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return ``1 child``, ``3 children``, ``2,400 visits``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def direction(language: str) -> str:
    """Return which way a language is written: ``rtl`` or ``ltr``."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def listing(things: list[str], last: str = "and") -> str:
    """Return ``Ann``, ``Ann and Bo`` or ``Ann, Bo and Cy``."""
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} {last} {things[-1]}"


@lru_cache(maxsize=500)
def markdown(text: str) -> str:
    """Return the clean HTML of a council's own words: headings, lists, links and emphasis, nothing else."""
    return nh3.clean(
        _markdown.render(text),
        tags=_ALLOWED,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto", "tel"},
    )


@lru_cache(maxsize=500)
def plain(text: str) -> str:
    """Return Markdown as it reads without its signs: each link by its words and its address."""
    return _blocks(SyntaxTreeNode(_markdown.parse(text)))


def leads_nowhere(text: str) -> bool:
    """Say whether Markdown has a link that leads nowhere from an email: ``/sessions``, ``www.york.gov.uk``."""
    return bool(_PART_OF_AN_ADDRESS.search(markdown(text)))


def _below_the_title(state: StateCore) -> None:
    """Make headings second and third: the first is the page's own."""
    for token in state.tokens:
        if token.type.startswith("heading"):
            token.tag = "h2" if token.tag in ("h1", "h2") else "h3"


_markdown = MarkdownIt("commonmark", {"html": False})
_markdown.core.ruler.push("below_the_title", _below_the_title)


def _blocks(node: SyntaxTreeNode, between: str = "\n\n") -> str:
    return between.join(filter(None, map(_block, node.children)))


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "inline":
            return "".join(map(_inline, node.children))
        case "bullet_list":
            return _items(node, ["- "] * len(node.children))
        case "ordered_list":
            first = int(node.attrs.get("start", 1))
            return _items(node, [f"{first + number}. " for number in range(len(node.children))])
        case "code_block" | "fence":
            return node.content.rstrip("\n")
        case _:
            return _blocks(node)


def _items(node: SyntaxTreeNode, marks: list[str]) -> str:
    close = any(part.type == "paragraph" and part.hidden for item in node.children for part in item.children)
    between = "\n" if close else "\n\n"
    items = zip(marks, node.children, strict=True)
    return between.join(mark + _blocks(item, between).replace("\n", "\n  ") for mark, item in items)


def _inline(node: SyntaxTreeNode) -> str:
    match node.type:
        case "softbreak" | "hardbreak":
            return "\n"
        case "link":
            return _link("".join(map(_inline, node.children)), str(node.attrs["href"]))
        case "image":
            return ""
        case _:
            return "".join(map(_inline, node.children)) if node.children else node.content


def _link(words: str, address: str) -> str:
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    return bare if words in ("", address, bare) else f"{words}: {bare}"


def _date(value: date | datetime) -> date:
    return wall(value).date() if isinstance(value, datetime) else value


@lru_cache(maxsize=2000)
def _day(d: date) -> str:
    return f"{DAYS[d.weekday()]} {d.day} {MONTHS[d.month - 1]} {d.year}"


@lru_cache(maxsize=1500)
def _clock(hour: int, minute: int) -> str:
    if minute == 0 and hour in (0, 12):
        return "midday" if hour else "midnight"
    minutes = f":{minute:02}" if minute else ""
    return f"{hour % 12 or 12}{minutes}{'am' if hour < 12 else 'pm'}"


@lru_cache(maxsize=500)
def _money(pence: int) -> str:
    return format_currency(pence / 100, "GBP", locale="en_GB")


def _years(to_months: int) -> str:
    return months_old(to_months) if to_months < 24 else f"{to_months // 12} years"
