"""Programmes and how they are run: taken from the shipped templates, or a council's own."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select

from hubs import service as hubs
from hubs.models import Activity
from hubs.terms import ActivityKind, BookingMode, CountedIn
from kernel.clock import now
from kernel.db import actor, db, find
from kernel.errors import NotFound, Unacceptable, ensure_known
from kernel.journal import record
from programmes import rules
from programmes.errors import NoLongerOffered
from programmes.events import EditionMade, ProgrammeAdded, ProgrammeChanged
from programmes.models import Edition, EditionContact, Programme
from programmes.rules.shipped import ShippedContact
from programmes.service import accreditations
from programmes.terms import ContactKind, Unit

PARTS = (
    "summary", "suits", "audience", "age_from_years", "age_to_years", "concerns", "way_in", "accreditation",
)  # fmt: skip
EDITION_PARTS = (
    "name", "source", "unit", "fewest", "most", "facilitators", "prerequisites", "least_contacts",
    "late_start_until", "measures",
)  # fmt: skip
ALL_AGES = 18 * 12
"""The ages of a course are a soft matter: its sessions refuse nobody for them."""


def adopt(code: str) -> Programme:
    """Offer a shipped programme, with all its editions; the one there is when it is offered already."""
    template = rules.templates().get(code)
    if template is None:
        raise NotFound("template")
    there = select(Programme).where(Programme.code == code)
    if found := db.scalar(there.order_by(Programme.ended_at.desc().nulls_first(), Programme.id).limit(1)):
        resume_programme(found)
        return found

    parts = {part: getattr(template, part) for part in PARTS}
    programme = add_programme(template.name, **{**parts, "concerns": list(template.concerns)}, code=code)
    for edition in template.editions:
        told = {part: getattr(edition, part) for part in EDITION_PARTS}
        contacts = [asdict(contact) for contact in edition.contacts]
        make_edition(programme, contacts=contacts, **{**told, "measures": list(edition.measures)})
    return programme


def add_programme(name: str, *, code: str = "", **parts: Any) -> Programme:
    """Offer a programme of the council's own, with the activity that its sessions are."""
    ensure_known(parts, PARTS)
    _ensure_possible(name, parts)
    _ensure_free(name)

    activity = hubs.add_activity(
        _free_title(name),
        kind=ActivityKind.PARENTING_SUPPORT,
        description=parts.get("summary", ""),
        audience=parts.get("audience", ""),
        mode=BookingMode.COURSE,
        counted_in=CountedIn.ADULTS,
        age_from_months=0,
        age_to_months=ALL_AGES,
    )
    programme = Programme(
        name=name.strip(), name_key=name_key(name), code=code, activity_id=activity.id, **parts
    )
    db.add(programme)
    db.flush()
    record(ProgrammeAdded(subject=programme.id))
    return programme


def change_programme(programme: Programme, *, renames: bool = False, **changes: Any) -> Programme:
    """Change what is said of a programme; what is not named stays.

    ``renames``: the accreditation that it needs is the same under a new name, so it is renamed on staff's records too.
    """
    name = changes.pop("name", programme.name)
    ensure_known(changes, PARTS)
    _ensure_possible(name, {**{part: getattr(programme, part) for part in PARTS}, **changes})
    _ensure_free(name, but=programme)

    if renames:
        accreditations.rename(programme.accreditation, changes.get("accreditation", ""))
    programme.name, programme.name_key = name.strip(), name_key(name)
    for part, value in changes.items():
        setattr(programme, part, value)
    if db.is_modified(programme):
        db.flush()
        _tell_the_timetable(programme)
        record(ProgrammeChanged(subject=programme.id))
    return programme


def end_programme(programme: Programme) -> None:
    """Offer a programme no longer; its courses go on."""
    if programme.ended_at is None:
        programme.ended_at = now()
        db.flush()
        record(ProgrammeChanged(subject=programme.id))


def resume_programme(programme: Programme) -> None:
    """Offer a programme again."""
    if programme.ended_at:
        programme.ended_at = None
        db.flush()
        record(ProgrammeChanged(subject=programme.id))


def make_edition(programme: Programme, *, contacts: Sequence[Mapping[str, Any]], **parts: Any) -> Edition:
    """Add another way of running a programme. It is never changed: a change makes the next one.

    ``contacts`` in order: ``kind``, ``title``, ``minutes``, ``weeks_after``, ``must_attend``, ``checklist``.
    """
    programme = find(Programme, programme.id, lock=True)
    ensure_known(parts, EDITION_PARTS)
    if programme.ended_at:
        raise NoLongerOffered
    those = [_contact(contact) for contact in contacts]
    _ensure_can_be_run(those, parts)

    last = db.scalar(select(func.max(Edition.number)).where(Edition.programme_id == programme.id)) or 0
    edition = Edition(programme_id=programme.id, number=last + 1, made_by=actor(), **parts)
    db.add(edition)
    db.flush()
    for number, contact in enumerate(those, start=1):
        told = {**asdict(contact), "checklist": list(contact.checklist)}
        if number == 1:
            told["weeks_after"] = 0
        db.add(EditionContact(edition_id=edition.id, number=number, **told))
    db.flush()
    record(EditionMade(subject=edition.id, programme=programme.id))
    return edition


def retire(edition: Edition) -> None:
    """Set up no more courses of an edition; those that run go on."""
    if edition.retired_at is None:
        edition.retired_at = now()
        db.flush()
        record(ProgrammeChanged(subject=edition.programme_id))


def name_key(name: str) -> str:
    """Return a name as it is compared."""
    return " ".join(name.casefold().split())


def _contact(told: Mapping[str, Any]) -> ShippedContact:
    contact = ShippedContact(
        **{**told, "kind": ContactKind(told["kind"]), "checklist": tuple(told.get("checklist", ()))}
    )
    if not contact.title.strip():
        raise Unacceptable(contacts="Every contact needs a name")
    if not 5 <= contact.minutes <= 480:
        raise Unacceptable(contacts=f"{contact.title}: enter a length between 5 minutes and 8 hours")
    if not 0 <= contact.weeks_after <= 60:
        raise Unacceptable(contacts=f"{contact.title}: enter a number of weeks between 0 and 60")
    return contact


def _ensure_can_be_run(contacts: Sequence[ShippedContact], parts: Mapping[str, Any]) -> None:
    if len(contacts) > 60:
        raise Unacceptable(contacts="A programme can have up to 60 contacts")
    least, until = parts.get("least_contacts", 1), parts.get("late_start_until", 1)
    if problems := rules.problems_of(contacts, least_contacts=least, late_start_until=until):
        raise Unacceptable(contacts=problems[0])
    if not 1 <= parts.get("fewest", 1) <= parts.get("most", 12) <= 500:
        raise Unacceptable(most="The largest group must be at least as large as the smallest")
    if not 0 <= parts.get("facilitators", 1) <= 20:
        raise Unacceptable(facilitators="Enter a number of facilitators between 0 and 20")
    Unit(parts.get("unit", Unit.PARENT))


def _ensure_possible(name: str, parts: Mapping[str, Any]) -> None:
    if not name.strip():
        raise Unacceptable(name="Enter the name of the programme")
    if not 0 <= parts.get("age_from_years", 0) <= parts.get("age_to_years", 18) <= 25:
        raise Unacceptable(age_to_years="The oldest age must be the same as or after the youngest, up to 25")
    if set(parts.get("concerns", ())) - rules.CONCERNS.keys():
        raise Unacceptable(concerns="Choose from the list what it helps with")


def _ensure_free(name: str, *, but: Programme | None = None) -> None:
    other = db.scalar(select(Programme).where(Programme.name_key == name_key(name)))
    if other and other is not but:
        raise Unacceptable(name=f"You already have a programme called {other.name}")


def _free_title(name: str) -> str:
    """Return what the sessions are called in the timetable; another activity may bear the name already."""
    taken = set(db.scalars(select(func.lower(Activity.title)).limit(5000)))
    titles = (name.strip(), f"{name.strip()} course", *(f"{name.strip()} course {n}" for n in range(2, 100)))
    return next(title for title in titles if title.lower() not in taken)


def _tell_the_timetable(programme: Programme) -> None:
    """Say of the sessions in the timetable what is said of the programme."""
    if programme.activity_id:
        activity = find(Activity, programme.activity_id)
        hubs.change_activity(activity, description=programme.summary, audience=programme.audience)
