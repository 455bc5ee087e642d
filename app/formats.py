"""The filters with which templates write dates, times, ages and money."""

from flask import Flask
from markupsafe import Markup

from kernel import prose

FILTERS = (
    "day",
    "short_day",
    "date_only",
    "month",
    "clock",
    "moment",
    "how_long",
    "money",
    "months_old",
    "count",
    "listing",
)
GLOBALS = ("times", "ages")


def register(app: Flask) -> None:
    """Give the templates the house's ways of writing."""
    for name in FILTERS:
        app.add_template_filter(getattr(prose, name), name)
    for name in GLOBALS:
        app.jinja_env.globals[name] = getattr(prose, name)
    app.add_template_filter(_markdown, "markdown")


def _markdown(text: str) -> Markup:
    # The one place where markup is trusted: it has just been cleaned to a list of harmless tags.
    return Markup(prose.markdown(text))  # noqa: S704
