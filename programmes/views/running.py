"""A facilitator's page of one contact: who is here, what was covered, which times are offered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app, flash, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from attendance import queries as registers
from attendance import service as attendance
from attendance.terms import Mark, Tap
from families.service import log_opening
from families.terms import Opened
from kernel.clock import now, today
from kernel.errors import NotFound, Unacceptable
from kernel.permissions import Permission
from kernel.prose import count
from kernel.web.access import requires
from kernel.web.once import once
from kernel.web.pages import page, see_address, wants_fragment
from programmes import queries
from programmes.errors import NotesChanged
from programmes.forms.running import CoverForm, SlotsForm
from programmes.models import Course, CourseContact, Participation
from programmes.queries import tonight
from programmes.service import running, slots
from programmes.terms import BY_APPOINTMENT, CourseStanding, Presence
from programmes.views.door import blueprint
from programmes.views.tonight import register_address, seen_contact, state, tonight_of

CONTACT = "programmes/running/contact.html"
WORDS = {
    "attended": Presence.ATTENDED,
    "missed": Presence.MISSED,
    "apologies": Presence.APOLOGIES,
    "undo": None,
}


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "state_of": state,
        "course_page": _course_page,
        "participant_page": _participant_page,
        "Mark": Mark,
    }


def _course_page(course: Course) -> str | None:
    there = "programmes.course" in current_app.view_functions
    return url_for("programmes.course", course_id=course.id) if there else None


def _participant_page(participation: Participation) -> str | None:
    there = "programmes.participant" in current_app.view_functions
    return url_for("programmes.participant", participation_id=participation.id) if there else None


@blueprint.get("/courses/<uuid:course_id>/contacts/<uuid:course_contact_id>")
@requires(Permission.RUN_COURSES)
def contact(course_id: UUID, course_contact_id: UUID) -> Response:
    """Show who is on the course tonight with all that a facilitator needs to know."""
    return _page(seen_contact(course_id, course_contact_id))


@blueprint.post("/courses/<uuid:course_id>/contacts/<uuid:course_contact_id>/people/<uuid:participation_id>")
@requires(Permission.RUN_COURSES)
def say_of_contact(course_id: UUID, course_contact_id: UUID, participation_id: UUID) -> Response:
    """Say whether somebody is here, through the session's register, or whether they had a call or visit."""
    contact = seen_contact(course_id, course_contact_id)
    participation = tonight.find_one(contact, participation_id)
    button = (
        _say_in_register(participation, contact.session_id)
        if contact.session_id
        else _say(participation, contact)
    )
    if not wants_fragment():
        # The anchor is the button that was pressed: without scripts, too, the keyboard goes on from there.
        return see_address(_here(contact, button))
    shown = tonight_of(contact)
    return page("programmes/running/_change.html", shown=shown, line=shown.line_of(participation_id))


@blueprint.post("/courses/<uuid:course_id>/contacts/<uuid:course_contact_id>/closing")
@requires(Permission.RUN_COURSES)
def close_contact(course_id: UUID, course_contact_id: UUID) -> Response:
    """Close the register of the session: who was not marked did not come."""
    contact = seen_contact(course_id, course_contact_id)
    absent = attendance.close_register(_register(contact))
    flash(f"The register is closed: {count(absent, 'person')} did not come", "success")
    return see_address(_here(contact, "who"))


@blueprint.post("/courses/<uuid:course_id>/contacts/<uuid:course_contact_id>/reopening")
@requires(Permission.RUN_COURSES)
def reopen_contact(course_id: UUID, course_contact_id: UUID) -> Response:
    """Let the register of the session be changed again."""
    contact = seen_contact(course_id, course_contact_id)
    attendance.reopen(_register(contact))
    return see_address(_here(contact, "who"))


def _register(contact: CourseContact) -> Any:
    if contact.session_id is None:
        raise NotFound("register")
    return registers.find_register(contact.session_id)


@blueprint.get(
    "/courses/<uuid:course_id>/contacts/<uuid:course_contact_id>/people/<uuid:participation_id>/needs"
)
@requires(Permission.RUN_COURSES)
def access_needs(course_id: UUID, course_contact_id: UUID, participation_id: UUID) -> Response:
    """Show what somebody needs to take part. Opening it is logged."""
    contact = seen_contact(course_id, course_contact_id)
    participation = tonight.find_one(contact, participation_id)
    log_opening(participation.person_id, Opened.REFERRAL)
    return page("programmes/running/needs.html", region="needs", contact=contact, participation=participation)


@blueprint.post("/courses/<uuid:course_id>/contacts/<uuid:course_contact_id>/notes")
@requires(Permission.RUN_COURSES)
def cover(course_id: UUID, course_contact_id: UUID) -> Response:
    """Keep what the contact covered, how long it took, and notes."""
    contact = seen_contact(course_id, course_contact_id)
    form = _cover_form(contact, sent=True)
    if form.validate_on_submit():
        try:
            running.cover(
                contact,
                covered=form.covered.data or [],
                minutes=form.minutes.data,
                notes=form.notes.data or "",
                noted_before=_moment(form.noted_before.data),
            )
        except NotesChanged as refusal:
            form.notes.errors = [str(refusal)]
            form.noted_before.data = contact.noted_at.isoformat() if contact.noted_at else ""
            return _page(contact, status=409, form=form, theirs=contact.notes or "")
        flash("What you covered is saved", "success")
        return see_address(_here(contact, "went"))
    return _page(contact, status=422, form=form)


@blueprint.post("/courses/<uuid:course_id>/contacts/<uuid:course_contact_id>/times")
@requires(Permission.RUN_COURSES)
@once
def offer_times(course_id: UUID, course_contact_id: UUID) -> Response:
    """Offer times for calls or visits, which everybody on the course can pick."""
    contact = seen_contact(course_id, course_contact_id)
    form = _slots_form(contact, sent=True)
    if not form.validate_on_submit():
        return _page(contact, status=422, slots_form=form)
    who, asked = UUID(form.account_id.data), form.asked()
    if not form.goes_ahead(pause := slots.worth_a_look(who, **asked)):
        return _page(contact, status=409, slots_form=form, pause=pause)
    try:
        offered = slots.offer_slots(contact, who, **asked)
    except Unacceptable as refusal:
        form.blame(refusal, fields={"minutes": "each"})
        return _page(contact, status=422, slots_form=form)
    flash(f"{count(len(offered), 'time is', 'times are')} offered", "success")
    return see_address(_here(contact, "times"))


@blueprint.post("/courses/<uuid:course_id>/contacts/<uuid:course_contact_id>/times/<uuid:slot_id>/release")
@requires(Permission.RUN_COURSES)
def release_time(course_id: UUID, course_contact_id: UUID, slot_id: UUID) -> Response:
    """Let a time go that somebody had picked; they are told."""
    contact = seen_contact(course_id, course_contact_id)
    slots.let_go(tonight.find_slot(contact, slot_id))
    flash("The time is free again. Whoever had picked it gets a letter", "success")
    return see_address(_here(contact, "times"))


@blueprint.post("/courses/<uuid:course_id>/contacts/<uuid:course_contact_id>/times/<uuid:slot_id>/removal")
@requires(Permission.RUN_COURSES)
def remove_time(course_id: UUID, course_contact_id: UUID, slot_id: UUID) -> Response:
    """Offer a time no longer that nobody has picked."""
    contact = seen_contact(course_id, course_contact_id)
    slots.take_away(tonight.find_slot(contact, slot_id))
    flash("The time is not offered any more", "success")
    return see_address(_here(contact, "times"))


def _page(
    contact: CourseContact, *, status: int = 200, form: CoverForm | None = None,
    slots_form: SlotsForm | None = None, theirs: str | None = None, pause: Sequence[str] = (),
) -> Response:  # fmt: skip
    shown = tonight_of(contact)
    contacts = list(shown.course.contacts)
    place = contacts.index(contact)
    appointment = contact.kind in BY_APPOINTMENT
    return page(
        CONTACT,
        status=status,
        shown=shown,
        contact=contact,
        course=shown.course,
        before=contacts[place - 1] if place else None,
        after=contacts[place + 1] if place + 1 < len(contacts) else None,
        total=len(contacts),
        register_href=register_address(shown),
        cover_form=form or _cover_form(contact),
        times_offered=tonight.slots_of(contact.id) if appointment else [],
        names={line.participation.id: line.name for line in shown.lines},
        slots_form=(slots_form or _slots_form(contact)) if appointment else None,
        form=form or slots_form,
        theirs=theirs,
        pause=pause,
        now=now(),
        may_end=shown.course.standing == CourseStanding.OPEN and shown.course.last_date <= today(),
    )


def _cover_form(contact: CourseContact, *, sent: bool = False) -> CoverForm:
    form = (
        CoverForm()
        if sent
        else CoverForm(
            None,
            covered=contact.covered or [],
            minutes=contact.took_minutes,
            notes=contact.notes or "",
            noted_before=contact.noted_at.isoformat() if contact.noted_at else "",
        )
    )
    form.covered.choices = list(enumerate(contact.checklist))
    return form


def _slots_form(contact: CourseContact, *, sent: bool = False) -> SlotsForm:
    leads = tonight.facilitators_of(contact.course_id)
    me = str(current_user.id)
    mine = me if any(str(account_id) == me for account_id, _ in leads) else None
    form = SlotsForm() if sent else SlotsForm(None, account_id=mine, each=contact.minutes, number=6, gap=0)
    form.account_id.choices = [(str(account_id), name) for account_id, name in leads]
    return form


def _say_in_register(participation: Participation, session_id: UUID) -> str:
    """Mark somebody in the register of the session, and return which button was pressed."""
    person_id, tap = _person(participation), _tap()
    spot = registers.find_spot(session_id, person_id)
    attendance.mark(spot, tap)
    pressed = (spot.mark or Mark.HERE) if tap == Tap.UNDO else tap
    return f"{pressed.value}-{person_id}"


def _say(participation: Participation, contact: CourseContact) -> str:
    """Say whether somebody had a call, a visit or a module, and return which button was pressed."""
    said = request.form.get("say", "")
    if said not in WORDS:
        raise Unacceptable(say="Choose what to say of this person")
    known = queries.known_of([participation.id])[participation.id]
    before = next((one.presence for one in known if one.contact_id == contact.id), None)
    running.say(participation, contact, WORDS[said])
    pressed = before if said == "undo" and before else said
    return f"{pressed}-{participation.person_id}"


def _tap() -> Tap:
    try:
        tap = Tap(request.form.get("say", ""))
    except ValueError:
        raise Unacceptable(say="Choose what to say of this person") from None
    if tap == Tap.LEFT:
        raise Unacceptable(say="Say in the register that somebody has left")
    return tap


def _person(participation: Participation) -> UUID:
    """Return of whom something is said, where two take part together."""
    told = request.form.get("person", str(participation.person_id))
    for person_id in (participation.person_id, participation.partner_id):
        if person_id and str(person_id) == told:
            return person_id
    raise NotFound("person")


def _moment(told: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(told) if told else None
    except ValueError:
        raise Unacceptable(notes="Open this page again and save once more") from None


def _here(contact: CourseContact, anchor: str) -> str:
    return url_for(
        "programmes.contact", course_id=contact.course_id, course_contact_id=contact.id, _anchor=anchor
    )
