"""How names, postcodes and telephone numbers are compared, whatever way they were written."""

import re
import unicodedata
from random import Random

import phonenumbers

# Letters that do not come apart into a plain letter and an accent.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŧ": "t"}
)
_APOSTROPHES = re.compile(r"['’‘`´ʼʻʹ′＇.]")
_GAPS = re.compile(r"[\s\-‐‑‒–—_/,·()]+")
_LETTERS = "CDFGHJKMNPQRTWXY"
_DIGITS = "234679"


def name_key(name: str) -> str:
    """Return a name as it is searched: small letters without accents or apostrophes, one space between parts."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    bare = "".join(letter for letter in folded if not _is_accent(letter))
    joined = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", bare).translate(_PLAIN))
    return _GAPS.sub(" ", joined).strip()


def _is_accent(letter: str) -> bool:
    # Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic. The vowel signs of other scripts are
    # letters to those who write them, and stay.
    return unicodedata.combining(letter) in range(10, 36) or unicodedata.combining(letter) in range(200, 241)


def postcode_key(postcode: str) -> str:
    """Return a postcode as it is compared: ``YO306QX``."""
    return re.sub(r"[^A-Z0-9]", "", postcode.upper())


def outward(postcode: str) -> str:
    """Return the first half of a postcode, which says about where, and not where."""
    key = postcode_key(postcode)
    return key[:-3] if len(key) > 4 else key


def phone_key(phone: str) -> str:
    """Return a telephone number as it is compared: its digits, as dialled within the United Kingdom."""
    digits = re.sub(r"[^0-9+]", "", phone.replace("(0)", ""))
    for abroad in ("+44", "0044"):
        if digits.startswith(abroad):
            return "0" + digits[len(abroad) :].lstrip("0+")
    return digits.replace("+", "")


def phone_problem(phone: str) -> str | None:
    """Say what is wrong with a telephone number, in words for whoever typed it; None when it can be rung."""
    try:
        if phonenumbers.is_possible_number(phonenumbers.parse(phone, "GB")):
            return None
    except phonenumbers.NumberParseException:
        pass
    return "Enter a phone number, like 01632 960 001 or 07700 900 982"


def email_key(email: str) -> str:
    """Return an e-mail address as it is compared."""
    return email.strip().casefold()


def new_reference(random: Random) -> str:
    """Return a reference that can be read out without confusion and spells nothing, such as ``F4K7-2M``."""
    marks = "".join(random.choice(_LETTERS + _DIGITS) for _ in range(5))
    return f"F{marks[:3]}-{marks[3:]}"


def reference_key(written: str) -> str | None:
    """Return the reference that somebody wrote in their own way, or None when it cannot be one."""
    packed = re.sub(r"[^A-Z0-9]", "", written.upper())
    return f"{packed[:4]}-{packed[4:]}" if re.fullmatch(r"F[A-Z0-9]{5}", packed) else None
