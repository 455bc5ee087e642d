"""How long a text message is, and what it costs. Pure.

The GSM 7-bit alphabet is that of 3GPP TS 23.038, section 6.2.1: 160 characters in one text, 153 in each part of a
longer one; some signs count twice. With any other letter the text is sent as UCS-2: 70 and 67.
"""

from decimal import Decimal
from typing import NamedTuple

import phonenumbers

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = frozenset("^{}\\[~]|€\f")
_USUAL = str.maketrans(
    {
        **dict.fromkeys("‘’ʼ`´", "'"), **dict.fromkeys("“”„", '"'), **dict.fromkeys("–—‑−", "-"), "…": "...", "•": "-",
        **dict.fromkeys("\u00a0\u2009\u202f\t", " "), **dict.fromkeys("\u00ad\u200b\ufeff\r"),
    }
)  # fmt: skip
_TYPE = phonenumbers.PhoneNumberType
_NO_TEXTS = frozenset(
    [
        _TYPE.FIXED_LINE,
        _TYPE.TOLL_FREE,
        _TYPE.PREMIUM_RATE,
        _TYPE.SHARED_COST,
        _TYPE.PAGER,
        _TYPE.UAN,
        _TYPE.VOICEMAIL,
    ]
)
MOST_PARTS = 4
"""Longer texts are refused: a letter is what is wanted."""


class Length(NamedTuple):
    """How long a text message is: characters as they count, the parts it is sent in, whether in plain letters."""

    characters: int
    parts: int
    plain: bool


def length(text: str) -> Length:
    """Return how long a text message is. Nothing at all is no message: no parts."""
    plain = all(sign in BASIC or sign in TWICE for sign in text)
    if plain:
        sizes = [2 if sign in TWICE else 1 for sign in text]
        return Length(sum(sizes), _parts(sizes, 160, 153), True)
    sizes = [len(sign.encode("utf-16-be")) // 2 for sign in text]
    return Length(sum(sizes), _parts(sizes, 70, 67), False)


def in_usual_signs(text: str) -> str:
    """Return a text with the plain signs for those that word processors make: one ’ would make it twice as long.

    GOV.UK Notify does the same with what it is given.
    """
    return text.translate(_USUAL)


def cost(text: str, *, pence_each: Decimal) -> Decimal:
    """Return what a text message costs in pence, at what the council pays for each part."""
    return length(text).parts * pence_each


def mobile(written: str) -> str:
    """Return a number as the networks know it, ``+447700900123``, or nothing for one that takes no texts.

    Told by its digits alone (07 and not 070 or 076, which are personal numbers and pagers, but for 07624, the mobiles
    of the Isle of Man): the numbers that Ofcom keeps for stories are not valid, and are what the demonstration and the
    tests use.
    """
    try:
        number = phonenumbers.parse(written, "GB")
    except phonenumbers.NumberParseException:
        return ""
    known = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.country_code != 44:
        possible = phonenumbers.is_possible_number(number)
        return known if possible and phonenumbers.number_type(number) not in _NO_TEXTS else ""
    is_mobile = known[4:5] not in ("0", "6") or known.startswith("+447624")
    return known if len(known) == 13 and known.startswith("+447") and is_mobile else ""


def _parts(sizes: list[int], alone: int, joined: int) -> int:
    """Return in how many parts so many signs go: a sign that counts twice is never cut in two."""
    if sum(sizes) <= alone:
        return 1 if sizes else 0
    parts, room = 1, joined
    for size in sizes:
        if size > room:
            parts, room = parts + 1, joined
        room -= size
    return parts
