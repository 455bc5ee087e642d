"""What can be done with messages. The only code that changes what is known of them."""

from messaging.rules import APPOINTMENT, Appointment, Reply
from messaging.service import notify, smtp
from messaging.service.addresses import connect, one_step, own_address, read_one_step
from messaging.service.answering import answers, inbox_of, received, settle
from messaging.service.calendars import calendar
from messaging.service.carriers import Busy, Handed, Parcel, Refused
from messaging.service.joining import joins
from messaging.service.looking import Look, fits_in_a_text, look
from messaging.service.receipts import delivered, failed, join_messages, lost, opened
from messaging.service.sending import CHOICES, NO_ADDRESS, SENT, is_known, knows_unsafe, read_ahead, send
from messaging.service.smtp import hang_up
from messaging.service.suppressing import lift, suppress, used_by
from messaging.service.wishes import choose, choose_as_told, forget_wishes, join_wishes, stop

__all__ = [
    "APPOINTMENT", "CHOICES", "NO_ADDRESS", "SENT", "Appointment", "Busy", "Handed", "Look", "Parcel", "Refused",
    "Reply", "answers", "calendar", "choose", "choose_as_told", "connect", "delivered", "failed", "fits_in_a_text",
    "forget_wishes", "hang_up", "inbox_of", "is_known", "join_messages", "join_wishes", "joins", "knows_unsafe",
    "lift", "look", "lost", "notify", "one_step", "opened", "own_address", "read_ahead", "read_one_step", "received",
    "send", "settle", "smtp", "stop", "suppress", "used_by",
]  # fmt: skip
