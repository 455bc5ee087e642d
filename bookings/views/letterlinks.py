"""The one-step links in letters. They work for whoever holds the letter, and tell nothing about the family."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from flask import Response as Answered
from flask import request
from werkzeug.wrappers import Response

from bookings import queries, service
from bookings.errors import NoLongerHeld, NothingOffered, TooLateToCancel, TooLateToSay
from bookings.jobs.letters import ACCEPT, CANCEL, appointment, told_by
from bookings.models import Booking
from bookings.terms import Standing
from bookings.views import words
from bookings.views.doors import blueprint
from hubs.terms import SessionStanding
from kernel import clock
from kernel.db import apart, find
from kernel.errors import NotFound
from kernel.web.access import public
from kernel.web.limits import GUESSES
from kernel.web.pages import page
from messaging import service as messaging
from messaging.terms import Never


class Answer(NamedTuple):
    """Something that can be answered: what its button says, what it does, and what is said when it is done."""

    says: str
    do: Callable[[Booking], object]
    done: str
    then: str = ""


YES, NO = "yes", "no"
COMING = Answer("Yes, I am coming", service.say_coming, "We have noted that you are coming", "See you there.")
NOT_COMING = Answer(
    "No, I cannot come", service.cancel, "Your booking is cancelled",
    "Thank you for telling us. The place goes to another family.",
)  # fmt: skip
MISSING = Answer(
    "No, I cannot come", service.cancel, "We have noted that you are not coming",
    "Thank you for telling us. You still have your place on the course.",
)  # fmt: skip
TAKE = Answer("Yes, take the place", service.accept, "Your place is booked", "We look forward to seeing you.")
TURN_DOWN = Answer(
    "No, I do not want it", service.decline, "You have left the waiting list",
    "Thank you for telling us. The place is offered to another family.",
)  # fmt: skip
LEAVE = Answer("Leave the waiting list", service.decline, "You have left the waiting list")


@blueprint.get("/b/<token>")
@public
@GUESSES
def letter_link(token: str) -> Response:
    """Ask what the link is for: whether the family comes, or takes the place that it is offered."""
    purpose, told = _read(token)
    with apart():  # to look changes nothing, but that the letter was opened is seen by staff
        messaging.opened(told.id)
    booking = queries.in_its_place(told)
    return _page(token, booking, problem=_problem(purpose, booking))


@blueprint.get("/b/<token>/session.ics")
@public
@GUESSES
def letter_calendar(token: str) -> Answered:
    """Give the session of a booking as an appointment for a calendar: a letter by Notify carries none."""
    booking = queries.in_its_place(_read(token)[1])
    if booking.standing != Standing.CONFIRMED:
        raise NotFound("booking")
    answer = Answered(appointment(booking), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="session.ics"'
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@blueprint.post("/b/<token>")
@public
@GUESSES
def follow_letter_link(token: str) -> Response:
    """Do what was answered; without an answer, the one thing for which the link was sent."""
    purpose, told = _read(token)
    booking = queries.in_its_place(told)
    if problem := _problem(purpose, booking):
        return _page(token, booking, problem=problem, status=409)
    answers = _answers(booking)
    said = request.form.get("answer") or (YES if purpose == ACCEPT else NO)
    answer = answers.get(said)
    if answer is None:
        return _page(token, booking, status=422)
    try:
        answer.do(booking)
    except (NoLongerHeld, NothingOffered, TooLateToCancel, TooLateToSay) as refusal:
        return _page(token, booking, problem=str(refusal), status=409)
    return _page(token, booking, done=answer)


def _read(token: str) -> tuple[str, Booking]:
    """Return what a link is for, and the booking about which it was sent."""
    for purpose in (CANCEL, ACCEPT):
        found: UUID | None = messaging.read_one_step(purpose, token)
        if found:
            return purpose, find(Booking, found)
    raise NotFound("link")


def _answers(booking: Booking) -> dict[str, Answer]:
    """Return what a family can say about a booking as it stands."""
    return {
        Standing.CONFIRMED: {YES: COMING, NO: MISSING if booking.of_course else NOT_COMING},
        Standing.OFFERED: {YES: TAKE, NO: TURN_DOWN},
        Standing.WAITING: {NO: LEAVE},
    }.get(booking.standing, {NO: NOT_COMING})


def _problem(purpose: str, booking: Booking) -> str | None:
    session, now = booking.session, clock.now()
    if session.standing == SessionStanding.CALLED_OFF:
        return "This session has been called off."
    if session.starts_at <= now:
        return "This session has started already."
    if booking.standing == Standing.CANCELLED:
        return "This booking is cancelled already. You do not need to do anything."
    if purpose == ACCEPT and booking.standing == Standing.CONFIRMED:
        return "You have accepted this place already. It is booked for you."
    lapsed = booking.standing == Standing.EXPIRED or (booking.expires_at and booking.expires_at <= now)
    return NoLongerHeld.message if lapsed else None


def _page(
    token: str,
    booking: Booking,
    *,
    problem: str | None = None,
    done: Answer | None = None,
    status: int = 200,
) -> Response:
    response = page(
        "bookings/letterlink.html",
        status=status,
        token=token,
        answers=_answers(booking),
        offered=booking.standing == Standing.OFFERED,
        waiting=booking.standing == Standing.WAITING,
        of_course=booking.of_course,
        coming=booking.coming_said_at,
        until=booking.expires_at,
        title=booking.session.activity.title,
        when=words.when(booking.session),
        where="" if Never.PLACE in told_by(booking).never else booking.session.hub.name,
        party=words.party(booking),
        problem=problem,
        done=done,
        booked=booking.standing == Standing.CONFIRMED and not problem,
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
