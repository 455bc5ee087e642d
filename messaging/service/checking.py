"""Looks whether messages can go: what the doctor says. Sends nothing, and names nobody."""

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from redis import RedisError
from rq import Worker
from sqlalchemy import func, select

from kernel import jobs
from kernel.clock import now
from kernel.db import db
from kernel.prose import count, how_long
from messaging.errors import CannotCarry, NotifyRefusesRequest, NotifyTemplateMissing
from messaging.models import Message, MessageSettings, Suppression
from messaging.queries import settings as message_settings
from messaging.queries.standing import CouncilStanding
from messaging.service import smtp
from messaging.service.addresses import connected
from messaging.service.carriers import Busy
from messaging.service.notify import Notify
from messaging.terms import Channel, MessageStanding, NotSent

SILENT = timedelta(seconds=30)
"""A scheduler looks every other second."""
UNSENT = timedelta(minutes=10)
LAST_MONTH = timedelta(days=30)
MOST_SUPPRESSED = 0.1
FEW = 20
"""Shares of fewer messages say little."""


class Finding(NamedTuple):
    """One thing that was looked at, and whether it is well."""

    well: bool
    words: str


def house() -> Iterator[Finding]:
    """Look at what all councils share: the mail server, Redis, the scheduler and the workers."""
    yield _mail_server()
    if connected().mail_domain.endswith(".example"):
        yield Finding(
            False, f"Emails come from @{connected().mail_domain}, which is nobody’s: set HUBS_MAIL_DOMAIN."
        )
    try:
        last = jobs.last_sweep()
        workers = _workers()
    except RedisError:
        yield Finding(False, "Redis does not answer. Nothing is lost, and workers are not woken.")
        return
    yield Finding(True, "Redis answers.")
    silent = now() - last if last else None
    yield Finding(
        silent is not None and silent < SILENT,
        f"A scheduler last looked {how_long(silent)} ago." if silent is not None else "No scheduler runs.",
    )
    yield Finding(workers > 0, f"{count(workers, 'worker')} at work." if workers else "No worker runs.")


def council(told: CouncilStanding) -> Iterator[Finding]:
    """Look at the council under way: how it sends, and what is stuck."""
    settings = message_settings()
    if settings and (settings.texts or settings.email_by_notify):
        yield from _by_notify(settings)
    else:
        yield Finding(True, "Sends emails by the mail server, and no texts.")
    queue = told.queue
    yield Finding(
        queue.age < UNSENT,
        f"The oldest that is not done has been due for {how_long(queue.age)}."
        if queue.oldest
        else "Nothing is due.",
    )
    yield Finding(
        not queue.dead,
        f"{count(queue.dead, 'dead letter')}: see flask messaging dead."
        if queue.dead
        else "No dead letters.",
    )
    yield Finding(
        not told.chores.undone or told.chores.late < UNSENT,
        f"Daily work is {how_long(told.chores.late)} late."
        if told.chores.undone
        else "The daily work is done.",
    )
    yield _suppressed()


def _mail_server() -> Finding:
    try:
        smtp.greet()
    except (OSError, smtplib.SMTPException) as failure:
        return Finding(False, f"The mail server does not answer as it should: {type(failure).__name__}.")
    return Finding(True, "The mail server answers.")


def _workers() -> int:
    queue = jobs.own_queue()
    return len(Worker.all(queue=queue, serializer=queue.serializer)) if queue else 0


def _by_notify(settings: MessageSettings) -> Iterator[Finding]:
    if settings.texts:
        yield _template(settings, "text messages", Channel.TEXT, settings.text_template)
    if settings.email_by_notify:
        yield _template(settings, "emails", Channel.EMAIL, settings.email_template)
    yield Finding(
        bool(settings.callback_hash),
        "Notify has been given a word by which we know it."
        if settings.callback_hash
        else "Notify cannot tell us what arrived, nor bring answers: make a callback token in the settings.",
    )


def _template(settings: MessageSettings, what: str, channel: Channel, template: str) -> Finding:
    try:
        Notify(settings).look_up(channel, template)
    except NotifyRefusesRequest:  # which is what it says of a template that is not there
        return Finding(False, f"{what.capitalize()}: {NotifyTemplateMissing.message}")
    except CannotCarry as trouble:
        return Finding(False, f"{what.capitalize()}: {trouble.message}")
    except Busy:
        return Finding(False, "GOV.UK Notify takes no more from this council just now.")
    return Finding(True, f"GOV.UK Notify takes the key and knows the template for {what}.")


def _suppressed() -> Finding:
    held_back = Message.because == NotSent.SUPPRESSED
    lately = (Message.standing.in_(MessageStanding), Message.sent_at > now() - LAST_MONTH)
    all_of_them, held = db.execute(select(func.count(), func.count().filter(held_back)).where(*lately)).one()
    addresses = db.scalar(select(func.count(Suppression.id)).where(Suppression.lifted_at.is_(None))) or 0
    return Finding(
        all_of_them < FEW or held / all_of_them < MOST_SUPPRESSED,
        f"{count(addresses, 'address', 'addresses')} to which nothing is sent,"
        f" for {count(held, 'message')} of {all_of_them:,} in 30 days.",
    )
