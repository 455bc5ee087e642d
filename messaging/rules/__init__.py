"""What is said, how it looks, whether it goes, and what an answer means. Pure."""

from messaging.rules.bounces import Bounce, bounce, knows_no_such
from messaging.rules.calendar import APPOINTMENT, Appointment, calendar_file
from messaging.rules.choosing import ASKED_ABOUT, Choice, can_be_stopped, choosable
from messaging.rules.discreet import discreet
from messaging.rules.kinds import SEVERAL, Field, Kind, Wording, kinds, labels, languages, shipped
from messaging.rules.letter import (
    Sender,
    Worded,
    email,
    html,
    message_id,
    one_line,
    plain_text,
    reference,
    together,
    unwrapped_text,
    worded,
)
from messaging.rules.replies import Reply, meant
from messaging.rules.routing import (
    House,
    Plan,
    address,
    as_asked,
    is_decent,
    may,
    next_decent,
    plan,
    suppression_key,
)
from messaging.rules.saying import fields_in, problems, say, written
from messaging.rules.texting import Length, cost, length, mobile

__all__ = [
    "APPOINTMENT", "ASKED_ABOUT", "SEVERAL", "Appointment", "Bounce", "Choice", "Field", "House", "Kind", "Length",
    "Plan", "Reply", "Sender", "Worded", "Wording", "address", "as_asked", "bounce", "calendar_file",
    "can_be_stopped", "choosable", "cost", "discreet", "email", "fields_in", "html", "is_decent",
    "kinds", "knows_no_such", "labels", "languages", "length", "may", "meant", "message_id", "mobile",
    "next_decent", "one_line", "plain_text", "plan", "problems", "reference", "say", "shipped", "suppression_key",
    "together", "unwrapped_text", "worded", "written",
]  # fmt: skip
