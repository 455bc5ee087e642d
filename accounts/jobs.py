"""The letters about accounts, and the tidying of what is over."""

from datetime import time
from uuid import UUID

from accounts import service
from accounts.models import SignInLink
from kernel.chores import daily
from kernel.db import find
from kernel.outbox import keeps


@keeps("accounts.link")
def send_link(link: UUID) -> str:
    """Send somebody the link to sign in that they asked for."""
    return service.send_link(find(SignInLink, link))


@keeps("accounts.invitation")
def send_invitation(link: UUID) -> str:
    """Send one of the staff the link with which to choose a password."""
    return service.send_invitation(find(SignInLink, link))


@daily("accounts.forget_traces", at=time(3))
def forget_traces() -> None:
    """Remove links and sign-ins that have long been over."""
    service.forget_traces()
