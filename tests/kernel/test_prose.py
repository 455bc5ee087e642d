"""How things are written for people."""

from datetime import UTC, date, datetime, time

import pytest

from kernel import prose


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (time(9, 30), "9:30am"), (time(13), "1pm"), (time(12), "midday"), (time(0), "midnight"),
        (time(12, 15), "12:15pm"), (datetime(2026, 7, 1, 9, tzinfo=UTC), "10am"),
    ],
)  # fmt: skip
def test_a_time_is_written_as_people_say_it(at, written):
    assert prose.clock(at) == written


@pytest.mark.parametrize(
    ("ages", "written"),
    [
        ((0, 59), "Birth to 4 years"), ((0, 11), "Up to 11 months"), ((24, 47), "2 years to 3 years"),
        ((6, 18), "6 months to 18 months"),
    ],
)  # fmt: skip
def test_an_age_range_says_the_last_age_that_still_comes(ages, written):
    assert prose.ages(*ages) == written


def test_a_day_is_written_whole():
    assert prose.day(date(2026, 3, 3)) == "Tuesday 3 March 2026"


@pytest.mark.parametrize(("pence", "written"), [(0, "Free"), (250, "£2.50"), (120000, "£1,200.00")])
def test_money_is_pence(pence, written):
    assert prose.money(pence) == written


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>",
        "[x](data:text/html;base64,PHN)", "<a href=x onclick=alert(1)>x</a>",
    ],
)  # fmt: skip
def test_a_council_s_own_words_carry_nothing_that_runs(words):
    html = prose.markdown(words)

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert "<a href=x onclick" not in html


def test_a_council_s_own_words_keep_lists_and_links():
    assert "<li>socks</li>" in prose.markdown("Bring:\n\n- socks\n- [a map](https://example.org)")


@pytest.mark.parametrize(
    ("words", "html"),
    [
        ("# Friday", "<h2>Friday</h2>"),
        ("Friday\n===", "<h2>Friday</h2>"),
        ("##### Friday", "<h3>Friday</h3>"),
    ],
)
def test_headings_of_every_size_stay_headings(words, html):
    assert prose.markdown(words).strip() == html


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("## Friday\n\nCome *early*, _please_", "Friday\n\nCome early, please"),
        ("**Friday**: a __new__ hour", "Friday: a new hour"),
        ("my_own_name and 2 * 3 * 4", "my_own_name and 2 * 3 * 4"),
        ("((first_name)), **((bring))**", "((first_name)), ((bring))"),
        ("<https://a.example>", "https://a.example"),
        ("[our page](https://a.example)", "our page: https://a.example"),
        ("[hubs@a.example](mailto:hubs@a.example)", "hubs@a.example"),
        ("* one\n* two\n\n1. three\n2. four", "- one\n- two\n\n1. three\n2. four"),
        ("* one\n  * a\n  * b\n* two", "- one\n  - a\n  - b\n- two"),
        ("- one\n\n- two", "- one\n\n- two"),
        ("Friday\n======\n\n> Come", "Friday\n\nCome"),
        (r"2 \* 3\* and \_this\_", "2 * 3* and _this_"),
        ("[our page][1]\n\n[1]: https://a.example", "our page: https://a.example"),
        ("![](https://a.example/logo.png)`now`  \nhere", "now\nhere"),
        ("1 < 2 &amp; <b>3</b>", "1 < 2 & <b>3</b>"),
        ("", ""),
    ],
)
def test_markdown_reads_plainly(markdown, plain):
    assert prose.plain(markdown) == plain


@pytest.mark.parametrize(
    ("words", "nowhere"),
    [
        ("[us](www.york.gov.uk)", True),
        ("[us](//york.gov.uk)", True),
        ("[us](/sessions)", True),
        ("[us][1]\n\n[1]: york.gov.uk", True),
        ("[us](https://york.gov.uk) <hubs@york.example> [ring](tel:01904551550) (see below)", False),
    ],
)
def test_a_link_without_its_whole_address_leads_nowhere_from_an_email(words, nowhere):
    assert prose.leads_nowhere(words) == nowhere
