"""One session as staff see it: its rota, and how it is moved, changed or called off."""

from typing import Any
from uuid import UUID

from flask import Response, flash, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from hubs import queries
from hubs.forms import (
    BecauseForm,
    MoveForm,
    PlacesForm,
    Repeats,
    ScopeForm,
    SessionForm,
    ShiftForm,
    as_moved,
    as_repeated,
)
from hubs.forms.timetable import NO_ROOM
from hubs.models import Hub, Session
from hubs.service import rota, timetable
from hubs.service.drafts import bookings_of
from hubs.terms import Scope, SessionStanding
from hubs.views import plans
from hubs.views.door import blueprint, hub_of_address, seen_hub
from hubs.views.plans import Change
from kernel.clock import now, today
from kernel.permissions import Permission
from kernel.web.access import may, requires
from kernel.web.forms import accepted, made
from kernel.web.once import once
from kernel.web.pages import address_if_any, page, see, wants_fragment

UPSTAIRS = (
    ("attendance.register", "Register", Permission.SEE_ROTA),
    ("bookings.session_bookings", "Bookings", Permission.SEE_ROTA),
    ("correspondence.session_messages", "Messages", Permission.MANAGE_BOOKINGS),
)
"""Pages of upper contexts about a session, when the house has them."""


@blueprint.get("/timetable/sessions/<uuid:session_id>")
@requires(Permission.SEE_ROTA)
def session(session_id: UUID) -> Response:
    """Show a session, where and when it is, and who works at it."""
    return _session_page(queries.find_session(session_id, seen_by=current_user))


@blueprint.post("/timetable/sessions/<uuid:session_id>/shifts")
@requires(Permission.MANAGE_TIMETABLE)
def assign(session_id: UUID) -> AnyResponse:
    """Give somebody a part in a session."""
    session = queries.find_session(session_id, seen_by=current_user)
    form = _shift_form(session)
    if not accepted(form, lambda: rota.assign(session, form.account_id.data, form.part.data)):
        return _session_page(session, form=form, status=422)
    return _rota_changed(session)


@blueprint.post("/timetable/sessions/<uuid:session_id>/shifts/<uuid:account_id>/removal")
@requires(Permission.MANAGE_TIMETABLE)
def unassign(session_id: UUID, account_id: UUID) -> AnyResponse:
    """Take somebody off a session."""
    session = queries.find_session(session_id, seen_by=current_user)
    rota.unassign(session, account_id)
    return _rota_changed(session)


@blueprint.get("/timetable/sessions/<uuid:session_id>/change")
@requires(Permission.MANAGE_TIMETABLE)
def change_session(session_id: UUID) -> Response:
    """Ask which sessions a change is for, and then what is to change."""
    session = queries.find_session(session_id, seen_by=current_user)
    scope = _scope(session, request.args.get("scope", ""))
    if scope is None:
        asked = "asked" in request.args or "scope" in request.args
        form = ScopeForm(formdata=None)
        if asked:
            form.scope.errors = ["Choose what you want to change"]
        return page("hubs/scope.html", status=422 if asked else 200, session=session, form=form)
    form = _change_form(session, scope, filled=True)
    return page("hubs/change_session.html", session=session, scope=scope, form=form)


@blueprint.post("/timetable/sessions/<uuid:session_id>/plan")
@requires(Permission.MANAGE_TIMETABLE)
def plan_change(session_id: UUID) -> Response:
    """Show what a change would do, before it is made."""
    session = queries.find_session(session_id, seen_by=current_user)
    return _changed(session, show=True)  # type: ignore[return-value]


@blueprint.post("/timetable/sessions/<uuid:session_id>/change")
@requires(Permission.MANAGE_TIMETABLE)
def make_change(session_id: UUID) -> AnyResponse:
    """Change a session, it and those that follow, or all."""
    return _changed(queries.find_session(session_id, seen_by=current_user), show=False)


@blueprint.get("/timetable/sessions/<uuid:session_id>/places")
@requires(Permission.MANAGE_TIMETABLE)
def session_places(session_id: UUID) -> Response:
    """Show the form of how many may come to a session."""
    session = queries.find_session(session_id, seen_by=current_user)
    return page("hubs/places_form.html", session=session, form=PlacesForm(obj=session))


@blueprint.post("/timetable/sessions/<uuid:session_id>/places")
@requires(Permission.MANAGE_TIMETABLE)
def change_places(session_id: UUID) -> AnyResponse:
    """Change how many may come to one session."""
    session = queries.find_session(session_id, seen_by=current_user)
    form = PlacesForm()
    if not accepted(form, lambda: timetable.change_places(session, **form.places())):
        return page("hubs/places_form.html", status=422, session=session, form=form)
    return _shown(session, "The number of places was changed")


@blueprint.get("/timetable/sessions/<uuid:session_id>/cancellation")
@requires(Permission.MANAGE_TIMETABLE)
def confirm_call_off(session_id: UUID) -> Response:
    """Ask why a session is called off, and whether it really is."""
    session = queries.find_session(session_id, seen_by=current_user)
    return _call_off_page(session, BecauseForm())


@blueprint.post("/timetable/sessions/<uuid:session_id>/cancellation")
@requires(Permission.MANAGE_TIMETABLE)
def call_off(session_id: UUID) -> AnyResponse:
    """Call a session off and tell its families why."""
    session = queries.find_session(session_id, seen_by=current_user)
    form = BecauseForm()
    if not accepted(form, lambda: timetable.call_off(session, form.because.data or "")):
        return _call_off_page(session, form, status=422)
    return _shown(session, "The session was called off")


@blueprint.get("/timetable/sessions/new")
@requires(Permission.MANAGE_TIMETABLE)
def new_session() -> Response:
    """Ask at which hub a single session takes place, and then for the rest."""
    hub = hub_of_address()
    if hub is None:
        return page("hubs/choose_hub.html", hubs=queries.hubs_seen_by(current_user), next="hubs.new_session",
                    title="Add a single session")  # fmt: skip
    return page("hubs/session_form.html", hub=hub, form=_single_form(hub))


@blueprint.post("/hubs/<uuid:hub_id>/sessions")
@requires(Permission.MANAGE_TIMETABLE)
@once
def add_session(hub_id: UUID) -> AnyResponse:
    """Add a single session at a hub."""
    hub = seen_hub(hub_id)
    form = _single_form(hub)
    session = made(form, lambda: timetable.add_session(
        hub_id=hub.id, activity_id=form.activity_id.data, **form.changes()))  # fmt: skip
    if session is None:
        return page("hubs/session_form.html", status=422, hub=hub, form=form)
    return _shown(session, "The session was added")


def _session_page(session: Session, *, form: ShiftForm | None = None, status: int = 200) -> Response:
    pages = [
        (text, address_if_any(endpoint, session_id=session.id))
        for endpoint, text, permission in UPSTAIRS
        if may(permission)
    ]
    staffing = queries.staffing([session.id]).get(session.id, [])
    manages = may(Permission.MANAGE_TIMETABLE)
    return page(
        "hubs/session.html",
        region="staff",
        status=status,
        session=session,
        staffing=staffing,
        elsewhere={account: clashes for (_, account), clashes in rota.in_two_places([session.id]).items()},
        pages=[(text, address) for text, address in pages if address],
        form=(form or _shift_form(session)) if manages else None,
        to_come=session.standing == SessionStanding.PLANNED and session.starts_at > now(),
        bookings=bookings_of([session.id]).get(session.id, 0),
    )


def _rota_changed(session: Session) -> AnyResponse:
    if wants_fragment():
        return _session_page(session, form=_shift_form(session, empty=True))
    return _shown(session, "The rota was changed")


def _shown(session: Session, says: str) -> AnyResponse:
    flash(says, "success")
    return see("hubs.session", session_id=session.id)


def _shift_form(session: Session, *, empty: bool = False) -> ShiftForm:
    form = ShiftForm(formdata=None) if empty else ShiftForm()
    team = queries.team(session.hub_id)
    there = {member.id for member in team}
    others = [person for person in queries.staff() if person.id not in there]
    form.account_id.group({f"Team of {session.hub.name}": team, "Others": others}, nothing="Choose a name")
    return form


def _scope(session: Session, written: str) -> Scope | None:
    if session.entry_id is None:
        return Scope.THIS_ONE
    return Scope(written) if written in list(Scope) else None


def _change_form(session: Session, scope: Scope, *, filled: bool = False) -> Any:
    if scope == Scope.THIS_ONE or session.entry is None:
        form: Any = MoveForm(formdata=None, data=as_moved(session)) if filled else MoveForm()
    else:
        form = Repeats(formdata=None, data=as_repeated(session.entry)) if filled else Repeats()
    form.room_id.offer(queries.rooms(session.hub_id), nothing=NO_ROOM)
    return form


def _changed(session: Session, *, show: bool) -> AnyResponse:
    scope = _scope(session, request.form.get("scope", "")) or Scope.THIS_ONE
    form = _change_form(session, scope)

    def shown() -> AnyResponse:
        change = _as_change(session, scope, form)
        return plans.show(change) if show else plans.agree(change)

    answer = None if plans.wants_form_again() else made(form, shown)
    if answer is None:
        status = 200 if plans.wants_form_again() else 422
        return page("hubs/change_session.html", status=status, session=session, scope=scope, form=form)
    return answer


def _as_change(session: Session, scope: Scope, form: Any) -> Change:
    wanted = form.changes() if isinstance(form, MoveForm) else form.repeats()
    return Change(
        title="What this change does",
        caption=f"{session.activity.title}, {session.hub.name}",
        action=url_for("hubs.make_change", session_id=session.id),
        again=url_for("hubs.plan_change", session_id=session.id),
        back=url_for("hubs.session", session_id=session.id),
        done=url_for("hubs.session", session_id=session.id)
        if scope == Scope.THIS_ONE
        else url_for("hubs.timetable", hub=session.hub_id, week=session.on_date.isoformat()),
        preview=lambda: timetable.preview_change(session, scope, wanted),
        make=lambda because: timetable.apply_change(session, scope, wanted, because=because),
    )


def _call_off_page(session: Session, form: BecauseForm, *, status: int = 200) -> Response:
    bookings = bookings_of([session.id]).get(session.id, 0)
    return page("hubs/call_off.html", status=status, session=session, form=form, bookings=bookings)


def _single_form(hub: Hub) -> SessionForm:
    form = SessionForm(on_date=today())
    form.activity_id.offer(queries.activities(), nothing="Choose an activity")
    form.room_id.offer(queries.rooms(hub.id), nothing=NO_ROOM)
    return form
