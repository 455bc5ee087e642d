"""Which way the words of an e-mail run."""

import pytest

from messaging import rules
from messaging.rules.styling import styled
from messaging.terms import Letter, Marked

ENGLISH, ARABIC = "<p>Can you help on <strong>Friday</strong>?</p>", "<p>هل يمكنك المساعدة؟</p>"


@pytest.mark.parametrize(
    ("body", "direction", "turned"),
    [
        (ENGLISH, "rtl", ' dir="ltr"'),
        (ARABIC, "ltr", ' dir="rtl"'),
        (ENGLISH, "ltr", ""),
        (ARABIC, "rtl", ""),
        ("<p>City of York: هل يمكنك</p>", "rtl", ""),
        ("<p><bdi>City of York</bdi></p>", "rtl", ""),
        ("<p>10 – 12</p>", "rtl", ""),
        ("<p>&amp;</p>", "rtl", ""),
    ],
)
def test_words_that_are_all_written_the_other_way_are_turned_that_way(body: str, direction: str, turned: str):
    page = styled(body, direction)

    assert page.startswith(f'<p{turned} style="')
    assert page.partition(">")[2] == body.partition(">")[2], "nothing else is changed"
    assert ("text-align" in page) == bool(turned)


def test_a_list_has_its_room_on_the_side_from_which_it_is_read():
    english = "<ul><li><p>One</p><ul><li>Two</li></ul></li></ul>"

    assert styled(english, "rtl").count('<ul dir="ltr" style="margin:0 0 18px;padding:0 0 0 22px') == 2
    assert "padding:0 22px 0 0" in styled("<ol><li>واحد</li></ol>", "rtl")
    assert styled("", "rtl") == ""


def test_an_announcement_in_english_reads_rightly_in_a_letter_to_a_reader_of_arabic():
    words = Marked("Can you help on **Friday**?", "Can you help on Friday?")
    letter = Letter(kind="announcement", says={"topic": "Text us back", "words": words})
    sender = rules.Sender(
        name="City of York",
        address="hubs@york.example",
        reply_to="",
        phone="",
        colour="#1d5b4f",
        base_url="/",
    )

    page = rules.html(
        rules.worded(letter, rules.shipped("ar")["announcement"], sender, language="ar"), sender
    )

    assert '<p dir="ltr"' in page
    assert "<bdi>Text us back</bdi></h1>" in page
