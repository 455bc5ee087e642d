"""What repeats: entries of the timetable are added, changed and ended, and follow the school calendar."""

from typing import Any
from uuid import UUID

from flask import Response, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from hubs import queries
from hubs.forms import EndForm, EntryForm, Repeats, as_repeated
from hubs.forms.timetable import NO_ROOM
from hubs.models import Hub, TimetableEntry
from hubs.service import timetable
from hubs.terms import Scope, Weekday
from hubs.views import plans
from hubs.views.door import blueprint, chosen_hubs, hub_of_address, seen_hub
from hubs.views.plans import Change
from kernel.clock import now, today
from kernel.db import find
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.forms import made
from kernel.web.once import once
from kernel.web.pages import id_in_address, page


@blueprint.get("/timetable/entries")
@requires(Permission.SEE_ROTA)
def entries() -> Response:
    """Show what repeats at one hub, or at all that whoever asks sees."""
    hub_id = id_in_address("hub")
    found = queries.entries(chosen_hubs(hub_id), on=today())
    hubs = queries.hubs_seen_by(current_user)
    return page("hubs/entries.html", region="results", entries=found, hubs=hubs, hub_id=hub_id)


@blueprint.get("/timetable/entries/new")
@requires(Permission.MANAGE_TIMETABLE)
def new_entry() -> Response:
    """Ask at which hub something is to repeat, and then for the rest."""
    hub = hub_of_address()
    if hub is None:
        return page("hubs/choose_hub.html", hubs=queries.hubs_seen_by(current_user), next="hubs.new_entry",
                    title="Add to the timetable")  # fmt: skip
    return _entry_form_page(hub, _entry_form(hub, filled=True))


@blueprint.post("/hubs/<uuid:hub_id>/entries/plan")
@requires(Permission.MANAGE_TIMETABLE)
def plan_entry(hub_id: UUID) -> Response:
    """Show which sessions a new entry would add."""
    hub = seen_hub(hub_id)
    form = _entry_form(hub)
    answer = None if plans.wants_form_again() else made(form, lambda: plans.show(_new(hub, form)))
    return answer or _entry_form_page(hub, form, status=200 if plans.wants_form_again() else 422)


@blueprint.post("/hubs/<uuid:hub_id>/entries")
@requires(Permission.MANAGE_TIMETABLE)
@once
def add_entry(hub_id: UUID) -> AnyResponse:
    """Add an entry and lay its sessions out."""
    hub = seen_hub(hub_id)
    form = _entry_form(hub)
    answer = made(form, lambda: plans.agree(_new(hub, form)))
    return answer or _entry_form_page(hub, form, status=422)


@blueprint.get("/timetable/entries/<uuid:entry_id>")
@requires(Permission.SEE_ROTA)
def entry(entry_id: UUID) -> Response:
    """Show an entry and its next sessions."""
    entry = _entry(entry_id)
    return page("hubs/entry.html", entry=entry, sessions=queries.next_sessions(entry.id, after=now()))


@blueprint.get("/timetable/entries/<uuid:entry_id>/change")
@requires(Permission.MANAGE_TIMETABLE)
def change_entry(entry_id: UUID) -> Response:
    """Show the form of an entry."""
    entry = _entry(entry_id)
    return page("hubs/change_entry.html", entry=entry, form=_repeats(entry, filled=True))


@blueprint.post("/timetable/entries/<uuid:entry_id>/plan")
@requires(Permission.MANAGE_TIMETABLE)
def plan_entry_change(entry_id: UUID) -> AnyResponse:
    """Show what changing an entry would do."""
    return _changed(_entry(entry_id), plans.show)


@blueprint.post("/timetable/entries/<uuid:entry_id>/change")
@requires(Permission.MANAGE_TIMETABLE)
def make_entry_change(entry_id: UUID) -> AnyResponse:
    """Change an entry and its sessions to come."""
    return _changed(_entry(entry_id), plans.agree)


@blueprint.get("/timetable/entries/<uuid:entry_id>/ending")
@requires(Permission.MANAGE_TIMETABLE)
def end_entry(entry_id: UUID) -> Response:
    """Ask for the last day of an entry."""
    entry = _entry(entry_id)
    return page("hubs/end_entry.html", entry=entry, form=EndForm(formdata=None, last_date=today()))


@blueprint.post("/timetable/entries/<uuid:entry_id>/ending/plan")
@requires(Permission.MANAGE_TIMETABLE)
def plan_ending(entry_id: UUID) -> AnyResponse:
    """Show what ending an entry would do."""
    return _ended(_entry(entry_id), plans.show)


@blueprint.post("/timetable/entries/<uuid:entry_id>/ending")
@requires(Permission.MANAGE_TIMETABLE)
def make_ending(entry_id: UUID) -> AnyResponse:
    """End an entry after its last day."""
    return _ended(_entry(entry_id), plans.agree)


@blueprint.get("/timetable/calendar-changes")
@requires(Permission.MANAGE_COUNCIL)
def calendar_changes() -> Response:
    """Show what the school terms and holidays, as they are entered now, would change in the timetable."""
    return plans.show(_calendar())


@blueprint.post("/timetable/calendar-changes")
@requires(Permission.MANAGE_COUNCIL)
def make_calendar_changes() -> AnyResponse:
    """Bring the timetable into line with the school terms and holidays."""
    return plans.agree(_calendar())


def _calendar() -> Change:
    return Change(
        title="Changes to the timetable",
        caption="School terms and holidays",
        action=url_for("hubs.make_calendar_changes"),
        back=url_for("hubs.timetable"),
        done=url_for("hubs.timetable"),
        preview=timetable.preview_calendar,
        make=lambda because: timetable.apply_calendar(because=because),
    )


def _entry(entry_id: UUID) -> TimetableEntry:
    entry = find(TimetableEntry, entry_id)
    queries.ensure_sees(current_user, entry.hub_id)
    return entry


def _entry_form(hub: Hub, *, filled: bool = False) -> EntryForm:
    usual = {"weekday": Weekday.of(today()), "first_date": today()}
    form = EntryForm(formdata=None, data=usual) if filled else EntryForm()
    form.activity_id.offer(queries.activities(), nothing="Choose an activity")
    form.room_id.offer(queries.rooms(hub.id), nothing=NO_ROOM)
    return form


def _entry_form_page(hub: Hub, form: EntryForm, *, status: int = 200) -> Response:
    return page("hubs/entry_form.html", status=status, hub=hub, form=form)


def _new(hub: Hub, form: EntryForm) -> Change:
    wanted = {**form.parts(), "hub_id": hub.id}
    return Change(
        title="Sessions that this adds",
        caption=hub.name,
        action=url_for("hubs.add_entry", hub_id=hub.id),
        again=url_for("hubs.plan_entry", hub_id=hub.id),
        back=url_for("hubs.entries", hub=hub.id),
        done=url_for("hubs.entries", hub=hub.id),
        preview=lambda: timetable.preview_new(**wanted),
        make=lambda _: timetable.add_entry(**wanted),
    )


def _repeats(entry: TimetableEntry, *, filled: bool = False) -> Repeats:
    form = Repeats(formdata=None, data=as_repeated(entry)) if filled else Repeats()
    form.room_id.offer(queries.rooms(entry.hub_id), nothing=NO_ROOM)
    return form


def _changed(entry: TimetableEntry, then: Any) -> AnyResponse:
    form = _repeats(entry)
    change = _change(
        entry,
        title="What this change does",
        action=url_for("hubs.make_entry_change", entry_id=entry.id),
        again=url_for("hubs.plan_entry_change", entry_id=entry.id),
        preview=lambda: timetable.preview_change(entry, Scope.ALL, form.repeats()),
        make=lambda because: timetable.apply_change(entry, Scope.ALL, form.repeats(), because=because),
    )
    answer = None if plans.wants_form_again() else made(form, lambda: then(change))
    status = 200 if plans.wants_form_again() else 422
    return answer or page("hubs/change_entry.html", status=status, entry=entry, form=form)


def _ended(entry: TimetableEntry, then: Any) -> AnyResponse:
    form = EndForm()
    change = _change(
        entry,
        title="What ending this does",
        action=url_for("hubs.make_ending", entry_id=entry.id),
        again=url_for("hubs.plan_ending", entry_id=entry.id),
        preview=lambda: timetable.preview_end(entry, form.last_date.data),
        make=lambda because: timetable.end_entry(entry, form.last_date.data, because=because),
    )
    answer = None if plans.wants_form_again() else made(form, lambda: then(change))
    status = 200 if plans.wants_form_again() else 422
    return answer or page("hubs/end_entry.html", status=status, entry=entry, form=form)


def _change(entry: TimetableEntry, **parts: Any) -> Change:
    entries = url_for("hubs.entries", hub=entry.hub_id)
    back = url_for("hubs.entry", entry_id=entry.id)
    return Change(caption=f"{entry.activity.title}, {entry.hub.name}", back=back, done=entries, **parts)
