"""Letters that came back: a mail server that took one tells later that it could not deliver it."""

from sqlalchemy import select

from kernel.db import db
from messaging import rules
from messaging.models import Message
from messaging.rules import Bounce
from messaging.service.addresses import connected
from messaging.service.receipts import failed
from messaging.service.smtp import NO_SUCH_ADDRESS


def council_of(bounce: Bounce) -> str | None:
    """Return the slug of the council in whose name a letter went, as its address tells; None when it is not ours."""
    slug, _, domain = bounce.sent_by.rpartition("@")
    return slug if domain == connected().mail_domain.lower() else None


def came_back(bounce: Bounce) -> bool:
    """Note that a letter of the council under way came back. Say whether it is one of ours; twice changes nothing.

    An address is given up only when it is the one to which we wrote, and not one to which that one forwards.
    """
    written_to = db.scalars(select(Message.address).where(Message.reference == bounce.reference).limit(50))
    ours = bounce.addresses & {rules.suppression_key(address) for address in written_to}
    return failed(bounce.reference, NO_SUCH_ADDRESS, address_is_bad=bounce.address_is_bad and bool(ours))
