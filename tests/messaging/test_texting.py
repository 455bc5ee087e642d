"""How long a text is and what it costs, and which numbers take texts."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.rules.texting import BASIC, TWICE, cost, length, mobile

plain = st.text(st.sampled_from(sorted(BASIC | TWICE)), max_size=500)
anything = st.text(
    st.one_of(st.sampled_from("abc€[]é’łЖ場👍\U0001f469"), st.characters(exclude_categories=["Cs"]))
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (0, 0, True)),
        ("a" * 160, (160, 1, True)),
        ("a" * 161, (161, 2, True)),
        ("a" * 306, (306, 2, True)),
        ("a" * 307, (307, 3, True)),
        ("€" * 80, (160, 1, True)),
        ("€" * 81, (162, 2, True)),
        ("a" * 152 + "€" + "a" * 152, (306, 3, True)),
        ("ł" * 70, (70, 1, False)),
        ("ł" * 71, (71, 2, False)),
        ("👍" * 35, (70, 1, False)),
        ("a" * 66 + "👍" * 3, (72, 2, False)),
        ("a" * 66 + "👍" + "a" * 66, (134, 3, False)),
    ],
)
def test_a_text_is_as_long_as_the_networks_say(text: str, expected: tuple[int, int, bool]):
    assert length(text) == expected


@settings(max_examples=40)
@given(anything, anything)
def test_joining_never_makes_fewer_parts_and_more_never_costs_less(one: str, other: str):
    both = length(one + other)

    assert both.parts >= max(length(one).parts, length(other).parts)
    assert both.plain != length(one).plain or both.characters >= length(one).characters
    assert cost(one + other, pence_each=Decimal("2.27")) == both.parts * Decimal("2.27")


@settings(max_examples=40)
@given(plain)
def test_a_sign_that_counts_twice_is_never_cut(text: str):
    said = length(text)
    room = 160 if said.parts == 1 else 153
    parts: list[int] = [0]
    for sign in text:
        size = 2 if sign in TWICE else 1
        if parts[-1] + size > room:
            parts.append(0)
        parts[-1] += size

    assert said.plain
    assert said.parts == (len(parts) if text else 0)
    assert sum(parts) == said.characters


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("07700 900123", "+447700900123"),
        ("+44 (0)7700 900123", "+447700900123"),
        ("0044 7700-900-123", "+447700900123"),
        ("7700900123", "+447700900123"),
        ("07624 500123", "+447624500123"),
        ("+48 512 345 678", "+48512345678"),
        ("+353 87 123 4567", "+353871234567"),
        ("+1 212 555 0123", "+12125550123"),
        ("07600 123456", ""),
        ("070 1234 5678", ""),
        ("01904 551550", ""),
        ("+33 1 42 68 53 00", ""),
        ("+999 123", ""),
        ("0770090012", ""),
        ("077009001234", ""),
        ("999", ""),
        ("", ""),
        ("ask for Sue", ""),
        ("07\x00700900123", ""),
    ],
)
def test_only_a_number_that_takes_texts_is_texted(written: str, expected: str):
    assert mobile(written) == expected


@settings(max_examples=40)
@given(st.one_of(st.text(max_size=40), st.from_regex(r"\+?[0-9 ()-]{6,16}", fullmatch=True)))
def test_a_number_is_known_by_one_writing_whatever_was_typed(written: str):
    known = mobile(written)

    assert mobile(known) == known
    assert known == "" or (known[0] == "+" and known[1:].isascii() and known[1:].isdigit())
