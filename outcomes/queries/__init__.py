"""Questions about questionnaires."""

from outcomes.queries.askings import (
    GOALS,
    alerts_of_asking,
    answers_of,
    askings_of,
    beside,
    find_alert,
    find_asking,
    goals_of,
    is_open,
    items_of,
    open_alerts,
    scores_of,
)
from outcomes.queries.change_rules import listed_change_rules, rule_in, ruled
from outcomes.queries.instruments import (
    Asked,
    all_bands,
    bands,
    bands_history,
    council_bands,
    find_instrument,
    instruments,
    is_about_child,
    is_ready,
    languages_of,
    shown_in,
    sources,
    words_from,
    words_history,
    words_of,
)
from outcomes.queries.sights import Sight, may_see, sight

__all__ = [
    "GOALS", "Asked", "Sight", "alerts_of_asking", "all_bands", "answers_of", "askings_of", "bands", "bands_history",
    "beside", "council_bands", "find_alert", "find_asking", "find_instrument", "goals_of", "instruments",
    "is_about_child", "is_open", "is_ready", "items_of", "languages_of", "listed_change_rules", "may_see",
    "open_alerts", "rule_in", "ruled", "scores_of", "shown_in", "sight", "sources", "words_from", "words_history",
    "words_of",
]  # fmt: skip
