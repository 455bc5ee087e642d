"""Booking a session: who comes, check, done; or the waiting list. For own families and for those on the telephone."""

from typing import Any
from uuid import UUID

from flask import request
from werkzeug.wrappers import Response

from bookings import queries, service
from bookings.errors import CannotBook
from bookings.forms import WhoComes, WhoMightCome
from bookings.models import Booking
from bookings.queries import looking
from bookings.rules import FULL, Decision
from bookings.views import words
from bookings.views.asking import Asking, door
from bookings.views.sessions import reasons_for
from families.terms import PersonKind
from hubs.models import Session
from kernel.db import find
from kernel.web.once import once
from kernel.web.pages import page, see_address

NOBODY = "Choose who is coming"


@door("/sessions/<uuid:session_id>/booking/new")
def choose(asking: Asking, session_id: UUID) -> Response:
    """Ask who comes."""
    return _choose(asking, session_id)


@door("/sessions/<uuid:session_id>/booking/check")
def check(asking: Asking, session_id: UUID) -> Response:
    """Show what is about to be booked."""
    form = WhoMightCome(request.args)
    form.offer(asking.people())
    chosen = form.chosen()
    if not chosen:
        form.people.errors = [NOBODY]
        return _choose(asking, session_id, form=form, status=422)
    return _checked(asking, find(Session, session_id), chosen)


@door("/sessions/<uuid:session_id>/bookings", post=True)
@once
def book(asking: Asking, session_id: UUID) -> Response:
    """Book the party a place."""
    return _take(service.book, asking, session_id)


@door("/sessions/<uuid:session_id>/waiting-list", post=True)
@once
def join(asking: Asking, session_id: UUID) -> Response:
    """Put the party on the waiting list."""
    return _take(service.join, asking, session_id)


def _choose(
    asking: Asking, session_id: UUID, *, form: WhoMightCome | None = None, status: int = 200
) -> Response:
    session = find(Session, session_id)
    anybody = queries.may_book(session.id, by_staff=asking.is_staff)
    if asking.is_full(session.id):
        anybody = Decision(False, (FULL,))
    mine = looking.live_bookings(session.id, asking.household_id, asked_by=asking.asked_by)
    there = looking.with_a_place(session.id, asking.household_id, asked_by=asking.asked_by) if mine else set()
    kept_out = reasons_for(session, asking, anybody, there=there)
    able = [person for person in asking.people() if person.id not in kept_out and person.id not in there]
    form = form or WhoMightCome(request.args)
    form.offer(able)
    if not form.people.data and asking.carer:
        form.tick([asking.carer.id])
    return page(
        "bookings/choose.html",
        status=status,
        asking=asking,
        session=session,
        when=words.when(session),
        form=form,
        anybody=anybody,
        mine=mine,
        kept_out=list(kept_out.values()),
        open=any(person.kind == PersonKind.CARER for person in able),
        rule=words.party_rule(session.activity),
    )


def _checked(
    asking: Asking, session: Session, chosen: list[UUID], *, refused: CannotBook | None = None
) -> Response:
    decision = refused or queries.may_book(
        session.id, household_id=asking.household_id, person_ids=chosen, by_staff=asking.is_staff,
        asked_by=asking.told(chosen),
    )  # fmt: skip
    names = [person.called for person in asking.people() if person.id in chosen]
    return page(
        "bookings/check.html",
        status=409 if refused else 200,
        asking=asking,
        session=session,
        chosen=chosen,
        rows=words.short_facts(session, people=names),
        allowed=not refused and getattr(decision, "allowed", False),
        may_wait=decision.may_wait,
        reasons=decision.reasons,
        waiting=words.waiting(queries.room_left([session.id]).get(session.id)),
    )


def _take(verb: Any, asking: Asking, session_id: UUID) -> Response:
    session = find(Session, session_id)
    form = WhoComes()
    form.offer(asking.people())
    chosen = form.chosen()
    if not chosen:
        return see_address(asking.address("choose", session_id=session_id))
    try:
        booking: Booking = verb(
            session.id,
            household_id=asking.household_id,
            person_ids=chosen,
            carer_id=asking.told(chosen),
            channel=asking.channel,
        )
    except CannotBook as refusal:
        return _checked(asking, session, chosen, refused=refusal)
    return see_address(asking.address("done", booking_id=booking.id))
