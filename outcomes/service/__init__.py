"""What can be done with questionnaires. The only code that changes them."""

from outcomes.service import following
from outcomes.service.alerts import settle_alert
from outcomes.service.answering import can_key_in, finish, re_key, save, show_as
from outcomes.service.asking import (
    LETTER,
    REMINDER,
    ask,
    lapse_due,
    link_of,
    opened,
    path_of,
    read_link,
    withdraw,
    withdraw_from,
)
from outcomes.service.change_rules import enter_change_rule, withdraw_change_rule
from outcomes.service.goals import set_goals
from outcomes.service.wording import attest, enter_bands, withdraw_bands, withdraw_words

__all__ = [
    "LETTER", "REMINDER", "ask", "attest", "can_key_in", "enter_bands", "enter_change_rule", "finish", "following",
    "lapse_due", "link_of", "opened", "path_of", "re_key", "read_link", "save", "set_goals", "settle_alert", "show_as",
    "withdraw", "withdraw_bands", "withdraw_change_rule", "withdraw_from", "withdraw_words",
]  # fmt: skip
