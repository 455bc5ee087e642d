"""What a council says in its messages, and by which way each kind goes."""

from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from markupsafe import Markup

from kernel.clock import now
from kernel.db import actor, db
from kernel.errors import Unacceptable
from kernel.journal import record
from messaging import rules
from messaging.errors import WordsChanged
from messaging.events import MessageWayChanged, MessageWordsChanged
from messaging.models import MessageWording
from messaging.queries import settings as message_settings
from messaging.queries.wordings import InUse, find_kind, find_language, wording_in_use
from messaging.rules import Wording
from messaging.rules.sampling import sample_letter, sample_stop
from messaging.rules.texting import MOST_PARTS, Length
from messaging.service.addresses import sender
from messaging.service.channels import hand_over_test, own_settings
from messaging.terms import Channel, Way

LONGEST_SUBJECT, LONGEST_BODY, LONGEST_TEXT = 200, 10_000, 1_000


class Preview(NamedTuple):
    """How a message will look, with sample values."""

    message: rules.Worded
    html: Markup
    sender: rules.Sender
    plain: str
    length: Length
    pence: Decimal | None
    """What its text message costs; nothing while nobody has said what one text costs."""


def preview(kind: rules.Kind, language: str, wording: Wording) -> Preview:
    """Return how a message in these words will look."""
    message, settings = _sample(kind, language, wording), message_settings()
    each, own = settings.pence_each if settings else None, sender()
    return Preview(
        message=message,
        # ``say`` made it clean: the council's Markdown without HTML, and every field escaped.
        html=Markup(message.html),  # noqa: S704
        sender=own,
        plain=rules.plain_text(message, own),
        length=rules.length(message.text),
        pence=rules.cost(message.text, pence_each=each) if each is not None else None,
    )


def change_words(kind_code: str, language: str, wording: Wording, *, seen: UUID | None) -> MessageWording:
    """Say this in a kind of message and a language from now on.

    ``seen`` is the newest row that whoever changes it has read: refused when there is a newer one.
    """
    kind, _ = find_kind(kind_code), find_language(language)
    ensure_can_be_said(kind, language, wording)
    before = _unchanged(kind_code, language, seen)
    if before.newest and before.own and before.wording == wording:
        return before.newest
    return _keep(kind_code, language, wording, after=before.newest)


def use_shipped(kind_code: str, language: str, *, seen: UUID | None) -> None:
    """Say again what comes with the product."""
    find_kind(kind_code), find_language(language)
    before = _unchanged(kind_code, language, seen)
    if before.own:
        _keep(kind_code, language, Wording("", "", ""), after=before.newest, back_to_shipped=True)


def ensure_can_be_said(kind: rules.Kind, language: str, wording: Wording) -> None:
    """Refuse words that a kind of message must not carry, beside the part that has them."""
    problems = rules.problems(kind, wording)
    for part, most in (("subject", LONGEST_SUBJECT), ("body", LONGEST_BODY), ("text", LONGEST_TEXT)):
        if len(getattr(wording, part)) > most:
            problems.setdefault(part, f"This must be {most:,} characters or fewer")
    if not problems and rules.length(_sample(kind, language, wording).text).parts > MOST_PARTS:
        problems["text"] = f"The text message would be sent in more than {MOST_PARTS} parts: make it shorter"
    if problems:
        raise Unacceptable(**problems)


def send_sample(kind: rules.Kind, language: str, wording: Wording, *, to: str) -> None:
    """Send an e-mail in these words, with sample values, to somebody who wants to look at it."""
    ensure_can_be_said(kind, language, wording)
    hand_over_test(_sample(kind, language, wording), Channel.EMAIL, to)


def send_sample_text(kind: rules.Kind, language: str, wording: Wording, *, to: str) -> None:
    """Send a text message in these words, with sample values, to somebody who wants to look at it."""
    ensure_can_be_said(kind, language, wording)
    number = rules.mobile(to)
    if not wording.text:
        raise Unacceptable(text="Enter a text message")
    if not number:
        raise Unacceptable(phone="Enter a mobile number, like 07700 900123")
    hand_over_test(_sample(kind, language, wording), Channel.TEXT, number)


def choose_way(kind_code: str, way: Way | None) -> None:
    """Have a kind of message go by this way from now on, or as it comes with the product."""
    kind = find_kind(kind_code)
    if way and way not in ways_for(kind):
        raise Unacceptable(way="This message cannot go like that. Choose from the list.")
    row = own_settings()
    if row.ways.get(kind_code) == (way.value if way else None):
        return
    others = {code: other for code, other in row.ways.items() if code != kind_code}
    row.ways = {**others, kind_code: way.value} if way else others
    record(MessageWayChanged(subject=row.id, kind=kind_code, way=way.value if way else "as it comes"))
    db.flush()


def ways_for(kind: rules.Kind) -> list[Way]:
    """Return the ways by which a council can have a kind go: those that it has words for."""
    texts = [Way.TEXT, Way.BOTH] if kind.by_text else []
    return [Way.EMAIL, *texts, *([Way.NEITHER] if kind.optional else [])]


def _sample(kind: rules.Kind, language: str, wording: Wording) -> rules.Worded:
    return rules.worded(sample_letter(kind), wording, sender(), language=language, stop=sample_stop(kind))


def _unchanged(kind: str, language: str, seen: UUID | None) -> InUse:
    """Return what is said now, which is what was seen; nobody else changes it before this work is done."""
    own_settings()
    before = wording_in_use(kind, language)
    if (before.newest.id if before.newest else None) != seen:
        raise WordsChanged
    return before


def _keep(
    kind: str, language: str, wording: Wording, *, after: MessageWording | None, back_to_shipped: bool = False
) -> MessageWording:
    by = actor()
    assert by, "somebody writes the words"
    row = MessageWording(
        kind=kind, language=language, subject=wording.subject, body=wording.body, text=wording.text,
        back_to_shipped=back_to_shipped, made_by=by,
        # The newest is the newest also when a clock was put back.
        made_at=max(now(), after.made_at + timedelta.resolution) if after else now(),
    )  # fmt: skip
    db.add(row)
    db.flush()
    record(MessageWordsChanged(subject=row.id, kind=kind, language=language, back_to_shipped=back_to_shipped))
    return row
