"""Sending a message: whether, when and how is ``rules.plan``; what went, and what did not, is kept."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, Text, bindparam, literal, select, union_all
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import insert

from kernel import outbox
from kernel.clock import now
from kernel.db import apart, db, here, kept
from kernel.ids import new_id
from kernel.outbox import NotYet
from messaging import queries, rules
from messaging.errors import NotSetUp
from messaging.models import Message, MessageSettings, Suppression, Wish
from messaging.queries.wordings import newest_wordings, words_of
from messaging.rules import House, Kind, Sender, Worded, Wording
from messaging.rules.falling_back import instead
from messaging.service.addresses import one_step, sender
from messaging.service.carriers import Busy, Handed, Parcel, Refused, carrier_of
from messaging.service.joining import due_with, told_with
from messaging.service.suppressing import suppress
from messaging.terms import Channel, Group, Letter, MessageStanding, Never, NotSent, Recipient, Way

SENT, NO_ADDRESS = outbox.KEPT, NotSent.NO_ADDRESS.label
MORNING = "waits for the council's waking hours"
BUSY = "waits for whoever carries it"
KNOWN = "messaging.known"
CHOICES = "message-choices"
"""The purpose of the link by which somebody chooses what they are sent."""

_unsafe: list[Callable[[str], Collection[Never]]] = []


def knows_unsafe(says: Callable[[str], Collection[Never]]) -> Callable[[str], Collection[Never]]:
    """Make a function one that says what must not be done at an address or a number of which no person is known.

    A link with which to sign in is sent to an address that somebody typed.
    """
    if says not in _unsafe:
        _unsafe.append(says)
    return says


def never_at(address: str) -> frozenset[Never]:
    """Return what must not be done at an address or a number, whoever's it is."""
    return frozenset().union(*(says(address) for says in _unsafe))


class _Council(NamedTuple):
    """What a council has set, read once for some messages in a row."""

    house: House
    sender: Sender
    settings: MessageSettings | None
    wordings: Mapping[tuple[str, str], Wording]


class _Known(NamedTuple):
    """What is known of one message and its person: ways that it went already, wishes, addresses that do not work."""

    gone: frozenset[Channel]
    failed: frozenset[Channel]
    """By which of these it did not arrive."""
    wishes: Mapping[Group, Way]
    suppressed: frozenset[str]


def send(
    letter: Letter, *, to: Recipient, about: UUID, key: str | None = None, of_several: bool = False
) -> str:
    """Send a letter by the ways that are safe, wanted and there; return a word on what came of it.

    A failure that may pass is raised, so that the promise is kept later; so is ``NotYet`` in the night. Letters of one
    key are one message, which goes by each channel once: give the key of the promise when one booking can get several
    letters of one kind. ``of_several``: one promise sends several messages, so that this one went is kept at once,
    whatever becomes of the next.
    """
    kind, council = rules.kinds()[letter.kind], _council()
    if to.id is None:
        to = replace(to, never=to.never.union(*map(never_at, _addresses(to))))
    key = _own(key or f"{letter.kind}:{about}")
    known = outbox.memory().get(KNOWN, {}).get(key) or _known({key: to})[key]
    plan = rules.plan(
        kind, to, rules.as_asked(letter, _house_for(kind, to, council)),
        wishes=known.wishes, suppressed=known.suppressed, useless_after=letter.useless_after, now=now(),
    )  # fmt: skip
    if plan.until:
        raise NotYet(plan.until, MORNING, on_time=True)
    note = _Note(letter, kind, to, about, key, outbox.under_way())
    if plan.because:
        if not known.gone:
            note.keep(Channel.EMAIL, MessageStanding.NOT_SENT, because=plan.because)
        return plan.because.label
    message = _written(letter, kind, to, council)
    notes: Sequence[_Note] = [note]
    if kind.joins and to.id:
        message, notes = _with_others(message, note, plan.by, council, known.gone)
    return _carry(message, plan.by, notes, council, known, at_once=of_several or len(plan.by) > 1)


class _Note(NamedTuple):
    """What is kept of a message."""

    letter: Letter
    kind: Kind
    to: Recipient
    about: UUID
    key: str
    promise_id: UUID | None

    def keep(
        self, channel: Channel, standing: MessageStanding, *, because: NotSent | None = None, reference: str = "",
        parts: int = 0, asks: bool = False,
    ) -> None:  # fmt: skip
        """Keep what became of a message, by a channel."""
        db.execute(
            _KEEP,
            {
                "tenant_id": here(), "id": new_id(), "kind": self.letter.kind, "about": self.about,
                "person_id": self.to.id, "session_id": self.letter.session_id, "channel": channel, "standing": standing,
                "address": rules.address(channel, self.to), "because": because, "key": self.key,
                "promise_id": self.promise_id, "reference": reference, "asks": asks, "parts": parts, "sent_at": now(),
                "late_seconds": int(outbox.lateness().total_seconds()),
            },
        )  # fmt: skip


def _carry(
    message: Worded,
    ways: tuple[Channel, ...],
    notes: Sequence[_Note],
    council: _Council,
    known: _Known,
    *,
    at_once: bool,
) -> str:
    """Hand a message to those who carry it; ``at_once``: keep that it went before anything else can fail."""
    refused, went, first = False, bool(known.gone - known.failed), notes[0]
    # Told together again, in whichever order, it is one message.
    key = "+".join(sorted(note.key for note in notes))
    left = list(ways)

    def others() -> tuple[Channel, ...]:
        return instead(
            left, first.kind, first.to, council.house, suppressed=known.suppressed, now=now(),
            can_be_texted=bool(message.text) and first.letter.by_text,
        )  # fmt: skip

    left += others() if known.failed and not went else ()
    for channel in left:
        if channel in known.gone:
            continue
        parcel = Parcel(message, council.sender, channel, rules.address(channel, first.to), key)
        try:
            handed = _hand_over(parcel, council)
        except Refused as refusal:
            refused = True
            _set_aside(parcel, notes, refusal)
        except NotSetUp:
            if not went and not others():
                raise
        except Busy as busy:
            until = now() + busy.pause
            if went or not _is_useless(notes, until) or not others():
                raise NotYet(until, BUSY) from None
        else:
            went = True
            with apart() if at_once else nullcontext():
                _keep_sent(parcel, notes, handed)
        left += () if went else others()
    return SENT if went or not refused else NotSent.REFUSED.label


def _keep_sent(parcel: Parcel, notes: Sequence[_Note], handed: Handed) -> None:
    """Keep that a message went: what was told together is paid once, and asks nothing that YES or NO could mean."""
    parts = rules.length(parcel.message.text).parts if parcel.channel == Channel.TEXT else 0
    for number, note in enumerate(notes):
        note.keep(
            parcel.channel, MessageStanding.SENT, reference=handed.reference, parts=0 if number else parts,
            asks=note.kind.asks and len(notes) == 1,
        )  # fmt: skip


def _is_useless(notes: Sequence[_Note], at: datetime) -> bool:
    """Say whether some of what is told would come too late at a moment."""
    return any(note.letter.useless_after and note.letter.useless_after <= at for note in notes)


def _set_aside(parcel: Parcel, notes: Sequence[_Note], refusal: Refused) -> None:
    """Keep that a message will never be taken, and send nothing more to its address where that is why."""
    for note in notes:
        note.keep(parcel.channel, MessageStanding.NOT_SENT, because=NotSent.REFUSED)
    if refusal.address_is_bad:
        suppress(parcel.to, parcel.channel, refusal.why, person_id=notes[0].to.id)
        outbox.memory().pop(KNOWN, None)


def _hand_over(parcel: Parcel, council: _Council) -> Handed:
    """Hand a message over, unless an attempt before this one did, as far as the carrier can tell."""
    carrier = carrier_of(parcel.channel, council.settings)
    if outbox.attempt() > 1 and (handed := carrier.find(parcel)):
        return handed
    return carrier.carry(parcel)


def is_known(key: str) -> bool:
    """Say whether it is known of a message, by its key, that it went or why it does not."""
    return db.scalar(select(Message.id).where(Message.key == _own(key)).limit(1)) is not None


def in_each_language(letter: Letter, *, to: Recipient) -> Mapping[str, Worded]:
    """Return a letter in the words in which somebody would get it now, by every language that has words for it."""
    kind, council = rules.kinds()[letter.kind], _council()
    own = {language for code, language in council.wordings if code == letter.kind}
    return {
        language: _written(letter, kind, replace(to, language=language), council)
        for language in {*rules.languages(), *own}
    }


def _written(letter: Letter, kind: Kind, to: Recipient, council: _Council) -> Worded:
    language, wording = _wording(kind.code, to.language or "en", council)
    if Never.PLACE in to.never:
        letter = rules.discreet(letter, language)
    stop = (
        f"/messages/choices/{one_step(CHOICES, to.id)}?about={kind.group}" if kind.optional and to.id else ""
    )
    return rules.worded(letter, wording, council.sender, language=language, stop=stop)


def _wording(kind: str, language: str, council: _Council) -> tuple[str, Wording]:
    """Return the words of a kind in somebody's language, or in English where there are none."""
    for code in (language, "en"):
        wording = council.wordings.get((kind, code)) or rules.shipped(code).get(kind)
        if wording:
            return code, wording
    raise LookupError(kind)


def _with_others(
    first: Worded, note: _Note, ways: Collection[Channel], council: _Council, gone: Collection[Channel]
) -> tuple[Worded, Sequence[_Note]]:
    """Tell what else is due to the same person now in the same message, if it went by the same ways so far."""
    assert note.to.id
    keys = {_own(one.promise.dedup_key): one for one in due_with(note.to.id)}
    known = _known(dict.fromkeys(keys, note.to)) if keys else {}
    others = [one for key, one in keys.items() if known[key].gone == gone]
    if not others:
        return first, [note]
    letters = sorted(
        [note.letter, *(other.letter for other in others)], key=lambda one: one.useless_after or now()
    )
    cover = Letter(
        kind=rules.SEVERAL,
        says={**letters[0].says, "count": str(len(letters))},
        small_links=[("See or change your bookings", "/bookings")],
    )
    message = _written(cover, rules.kinds()[rules.SEVERAL], note.to, council)
    if Channel.TEXT in ways and not message.text:
        return first, [note]
    told_with(others)
    each = [_written(one, rules.kinds()[one.kind], note.to, council) for one in letters]
    notes = [
        _Note(
            one.letter,
            rules.kinds()[one.letter.kind],
            note.to,
            one.about,
            _own(one.promise.dedup_key),
            one.promise.id,
        )
        for one in others
    ]
    return rules.together(message, each), [note, *notes]


def _council() -> _Council:
    """Return what the council under way has set; read once for some messages in a row."""
    remembered = outbox.memory()
    if "messaging" not in remembered:
        remembered["messaging"] = _read_council()
    return remembered["messaging"]  # type: ignore[no-any-return]


def _read_council() -> _Council:
    settings = queries.settings()
    return _Council(
        house=queries.house_by(settings),
        sender=sender(),
        settings=settings,
        wordings={
            kind_and_language: words_of(row)
            for kind_and_language, row in newest_wordings().items()
            if not row.back_to_shipped
        },
    )


def _house_for(kind: Kind, to: Recipient, council: _Council) -> House:
    """Return how the council sends a kind: without texts when there are no words for one."""
    _, wording = _wording(kind.code, to.language or "en", council)
    if wording.text or Channel.TEXT not in council.house.channels:
        return council.house
    return replace(council.house, channels=council.house.channels - {Channel.TEXT}, falls_back=True)


_KNOWN = kept(
    union_all(
        select(
            literal("gone").label("what"),
            Message.key.label("whose"),
            as_type(Message.channel, Text).label("one"),
            as_type(Message.standing, Text).label("other"),
        ).where(
            Message.key.in_(bindparam("keys", expanding=True)), Message.standing != MessageStanding.NOT_SENT
        ),
        select(literal("bad"), Suppression.address, literal(""), literal("")).where(
            Suppression.address.in_(bindparam("at", expanding=True)), Suppression.lifted_at.is_(None)
        ),
        select(
            literal("wish"), as_type(Wish.person_id, Text), as_type(Wish.group, Text), as_type(Wish.way, Text)
        ).where(Wish.person_id.in_(bindparam("people", expanding=True))),
    )
)


def read_ahead(letters: Mapping[str, Recipient]) -> None:
    """Read at once what is known of a few messages by their keys, and of the people to whom they go."""
    outbox.memory()[KNOWN] = _known({_own(key): to for key, to in letters.items()})


def _known(letters: Mapping[str, Recipient]) -> Mapping[str, _Known]:
    """Return what is known of messages and their people, by key, in one statement."""
    at = {to: _addresses(to) for to in letters.values()}
    told = {
        "keys": list(letters),
        "at": list(set().union(*at.values())),
        "people": [to.id for to in letters.values() if to.id],
    }
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in db.execute(_KNOWN, told):
        found[row.what, row.whose].append((row.one, row.other))
    return {
        key: _Known(
            gone=frozenset(Channel(one) for one, _ in found["gone", key]),
            failed=frozenset(
                Channel(one) for one, what in found["gone", key] if what == MessageStanding.FAILED
            ),
            wishes={Group(one): Way(other) for one, other in found["wish", str(to.id)]},
            suppressed=frozenset(address for address in at[to] if ("bad", address) in found),
        )
        for key, to in letters.items()
    }


def _addresses(to: Recipient) -> set[str]:
    return {rules.suppression_key(at) for channel in Channel if (at := rules.address(channel, to))}


def _own(key: str) -> str:
    """Return the key of a message as carriers may be told it: no other council has it."""
    return f"{here()}:{key}"


_messages = cast(Table, Message.__table__)
_OUTCOME = (
    "standing", "address", "because", "reference", "asks", "parts", "sent_at", "late_seconds",
)  # fmt: skip
_NEW = insert(_messages)
_KEEP = _NEW.on_conflict_do_update(
    index_elements=["tenant_id", "key", "channel"],
    set_={name: _NEW.excluded[name] for name in _OUTCOME},
    where=_messages.c.standing == MessageStanding.NOT_SENT,
)
"""What did not go can be tried again under its key, when what went another way came back. What went is not undone."""
