"""Instruments, and what answers come to. Pure."""

from outcomes.rules.change import band_of, change_of, left_clinical, rule_of
from outcomes.rules.instrument import (
    Band,
    ChangeRule,
    Instrument,
    Item,
    Response,
    Scale,
    Summary,
    Words,
)
from outcomes.rules.phrases import Phrases, page_languages, phrases
from outcomes.rules.reading import shipped
from outcomes.rules.scoring import risks, score
from outcomes.rules.statistics import summary

__all__ = [
    "Band",
    "ChangeRule",
    "Instrument",
    "Item",
    "Phrases",
    "Response",
    "Scale",
    "Summary",
    "Words",
    "band_of",
    "change_of",
    "left_clinical",
    "page_languages",
    "phrases",
    "risks",
    "rule_of",
    "score",
    "shipped",
    "summary",
]
