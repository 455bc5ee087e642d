"""The lists from which people choose: ethnic groups in the words of GOV.UK, and languages."""

from functools import lru_cache

from babel import Locale

ETHNICITIES: dict[str, dict[str, str]] = {
    "Asian or Asian British": {
        "AIND": "Indian",
        "APKN": "Pakistani",
        "ABAN": "Bangladeshi",
        "CHNE": "Chinese",
        "AOTH": "Any other Asian background",
    },
    "Black, Black British, Caribbean or African": {
        "BCRB": "Caribbean",
        "BAFR": "African",
        "BOTH": "Any other Black, Black British, Caribbean or African background",
    },
    "Mixed or multiple ethnic groups": {
        "MWBC": "White and Black Caribbean",
        "MWBA": "White and Black African",
        "MWAS": "White and Asian",
        "MOTH": "Any other mixed or multiple ethnic background",
    },
    "White": {
        "WBRI": "English, Welsh, Scottish, Northern Irish or British",
        "WIRI": "Irish",
        "WIRT": "Irish Traveller",
        "WROM": "Gypsy or Roma",
        "WOTH": "Any other White background",
    },
    "Other ethnic group": {"OOTH": "Arab, or any other ethnic group"},
    "No answer": {"REFU": "Prefer not to say"},
}
"""What people read, by the DfE's main code. GOV.UK's ‘Arab’ and ‘any other’ are one code, so they are one choice;
‘Gypsy or Irish Traveller’ are two codes, so they are two."""

_COMMON = (
    "en pl ro pa ur pt es ar bn gu it ta fr lt tr yue zh fa bg ru so ku hu el sq uk hi ml ps ti vi bfi"
).split()
_NOT_SPOKEN_AT_HOME = ("Old ", "Middle ", "Ancient", "Classical", "Church ", "Proto", "(historical)")
_NAMES = {"bfi": "British Sign Language", "fa": "Persian or Farsi", "pa": "Punjabi", "zh": "Chinese, Mandarin",
          "yue": "Chinese, Cantonese"}  # fmt: skip


def ethnicity_choices() -> dict[str, list[tuple[str, str]]]:
    """Return the ethnic groups as a form offers them: no answer first, then by group."""
    return {"You do not have to answer": [("", "No answer yet")]} | {
        group: list(codes.items()) for group, codes in ETHNICITIES.items()
    }


def ethnicity_label(code: str) -> str:
    """Return the words for a code, with the group where they would not be understood alone."""
    for group, codes in ETHNICITIES.items():
        if code in codes:
            alone = group in ("No answer", "Other ethnic group", "Mixed or multiple ethnic groups")
            return codes[code] if alone or codes[code].startswith("Any other") else f"{group}: {codes[code]}"
    return ""


@lru_cache
def _languages() -> dict[str, str]:
    known = {
        code: name
        for code, name in Locale("en").languages.items()
        if code.isalpha() and len(code) < 4 and code not in ("mul", "und", "zxx", "mis", "art")
        and not any(word in name for word in _NOT_SPOKEN_AT_HOME)
    }  # fmt: skip
    return known | _NAMES


@lru_cache
def language_choices() -> dict[str, list[tuple[str, str]]]:
    """Return ISO 639 codes and names of languages, those most spoken in England first."""
    names = _languages()
    others = sorted(names.keys() - set(_COMMON), key=lambda code: names[code].casefold())
    return {
        "You do not have to answer": [("", "No answer yet")],
        "Often spoken in England": [(code, names[code]) for code in _COMMON],
        "Other languages": [(code, names[code]) for code in others],
    }


def language_label(code: str) -> str:
    """Return the name of a language."""
    return _languages().get(code, "")
