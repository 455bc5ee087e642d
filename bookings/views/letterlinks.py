"""The one-step links in letters. They work for whoever holds the letter, and tell nothing about the family."""

from uuid import UUID

from werkzeug.wrappers import Response

from bookings import service
from bookings.errors import NoLongerHeld, NothingOffered, TooLateToCancel
from bookings.jobs.messages import ACCEPT, CANCEL
from bookings.models import Booking
from bookings.terms import Standing
from bookings.views import words
from bookings.views.doors import blueprint
from hubs.terms import SessionStanding
from kernel import clock
from kernel.db import find
from kernel.errors import NotFound
from kernel.web.access import public
from kernel.web.limits import limiter
from kernel.web.pages import page
from messaging import service as messaging


@blueprint.get("/b/<token>")
@public
@limiter.limit("60 per minute")
def letter_link(token: str) -> Response:
    """Ask whether the one thing is to be done that the link is for."""
    purpose, booking = _read(token)
    return _page(token, purpose, booking, problem=_problem(purpose, booking))


@blueprint.post("/b/<token>")
@public
@limiter.limit("60 per minute")
def follow_letter_link(token: str) -> Response:
    """Do the one thing that the link is for."""
    purpose, booking = _read(token)
    if problem := _problem(purpose, booking):
        return _page(token, purpose, booking, problem=problem, status=409)
    waited = booking.standing in (Standing.WAITING, Standing.OFFERED)
    try:
        if purpose == ACCEPT:
            service.accept(booking)
        elif waited:
            service.decline(booking)
        else:
            service.cancel(booking)
    except (NoLongerHeld, NothingOffered, TooLateToCancel) as refusal:
        return _page(token, purpose, booking, problem=str(refusal), status=409)
    done = "Your place is booked" if purpose == ACCEPT else "Your booking is cancelled"
    if purpose == CANCEL and waited:
        done = "You have left the waiting list"
    return _page(token, purpose, booking, done=done)


def _read(token: str) -> tuple[str, Booking]:
    for purpose in (CANCEL, ACCEPT):
        found: UUID | None = messaging.read_one_step(purpose, token)
        if found:
            return purpose, find(Booking, found)
    raise NotFound("link")


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
    purpose: str,
    booking: Booking,
    *,
    problem: str | None = None,
    done: str | None = None,
    status: int = 200,
) -> Response:
    response = page(
        "bookings/letterlink.html",
        status=status,
        token=token,
        accepting=purpose == ACCEPT,
        waited=booking.standing in (Standing.WAITING, Standing.OFFERED),
        title=booking.session.activity.title,
        when=words.when(booking.session),
        party=words.party(booking),
        problem=problem,
        done=done,
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
