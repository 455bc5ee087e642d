"""What was sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from kernel.tables import TenantTable


class Message(TenantTable):
    """A message that was handed to the mail server. Its words are not kept."""

    __tablename__ = "messages"
    __table_args__ = (Index(None, "tenant_id", "about", "sent_at"),)

    kind: Mapped[str]
    about: Mapped[UUID]
    """The booking, account or session that the message is about."""
    address: Mapped[str]
    sent_at: Mapped[datetime]
