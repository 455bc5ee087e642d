"""Where hub managers, council leads and administrators tell many families something at once."""

from typing import Any
from uuid import UUID

from flask import Response, flash, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from accounts import queries as accounts
from correspondence.errors import SomebodyChangedIt
from correspondence.forms.announcements import BLAMED, AnnouncementForm
from correspondence.models import Announcement
from correspondence.queries import announcements as queries
from correspondence.queries import audience
from correspondence.service import announcements as service
from correspondence.terms import AnnouncementStanding
from correspondence.views.door import blueprint
from hubs import queries as hubs
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.forms import accepted, made
from kernel.web.navigation import in_navigation
from kernel.web.once import once
from kernel.web.pages import page, see, wants_fragment
from kernel.web.paging import paged

MAY = Permission.WRITE_ANNOUNCEMENTS
COLOURS = {
    AnnouncementStanding.DRAFT: "grey", AnnouncementStanding.ASKED: "yellow", AnnouncementStanding.SENDING: "blue",
    AnnouncementStanding.SENT: "green", AnnouncementStanding.STOPPED: "red",
}  # fmt: skip

in_navigation("Announcements", "correspondence.announcements", order=45, permission=MAY)


@blueprint.get("/announcements")
@requires(MAY)
def announcements() -> Response:
    """List the announcements of the hubs that whoever asks sees."""
    listed = paged(queries.listed(seen_by=current_user))
    return page(
        "correspondence/announcements.html",
        announcements=listed,
        who=queries.who,
        colours=COLOURS,
        writers=accounts.names(one.written_by for one in listed.items),
    )


@blueprint.get("/announcements/new")
@requires(MAY)
def new_announcement() -> Response:
    """Show an empty form for an announcement."""
    return _form(AnnouncementForm(), None)


@blueprint.post("/announcements")
@requires(MAY)
@once
def write_announcement() -> AnyResponse:
    """Keep an announcement, and lead to what sending it would do."""
    form = AnnouncementForm()
    _offer(form, None)
    written = made(form, lambda: service.write(**form.parts(), by=current_user), fields=BLAMED)
    if written is None:
        return _form(form, None, status=422)
    return see("correspondence.announcement", announcement_id=written.id)


@blueprint.get("/announcements/<uuid:announcement_id>")
@requires(MAY)
def announcement(announcement_id: UUID) -> Response:
    """Show an announcement: whom it would go to before it goes, and how far it is when it does."""
    found = queries.find_announcement(announcement_id, seen_by=current_user)
    if wants_fragment() and queries.is_over(found):
        finished = page("correspondence/_progress.html", announcement=found, progress=queries.progress(found))
        finished.headers["HX-Refresh"] = "true"  # the buttons around it are over, too
        return finished
    sending = queries.sending()
    is_open = found.standing in (AnnouncementStanding.DRAFT, AnnouncementStanding.ASKED)
    return page(
        "correspondence/announcement.html",
        region=None if is_open else "progress",
        announcement=found,
        who=queries.who(found),
        colour=COLOURS[found.standing],
        look=service.look(found),
        seen=service.digest(found),
        pence_each=sending.pence_each,
        names=accounts.names([found.written_by, found.asked_by, found.approved_by, found.stopped_by]),
        sends_texts=sending.texts,
        **(_before(found, sending) if is_open else {"progress": queries.progress(found)}),
    )


@blueprint.get("/announcements/<uuid:announcement_id>/words")
@requires(MAY)
def announcement_words(announcement_id: UUID) -> AnyResponse:
    """Show the form with which a draft is changed."""
    found = queries.find_announcement(announcement_id, seen_by=current_user)
    if found.standing != AnnouncementStanding.DRAFT:
        return see("correspondence.announcement", announcement_id=found.id)
    return _form(AnnouncementForm(found), found)


@blueprint.post("/announcements/<uuid:announcement_id>/words")
@requires(MAY)
def rewrite_announcement(announcement_id: UUID) -> AnyResponse:
    """Change a draft."""
    found = queries.find_announcement(announcement_id, seen_by=current_user)
    form = AnnouncementForm(found)
    _offer(form, found)
    seen = form.seen.data or ""
    if not accepted(
        form, lambda: service.rewrite(found, **form.parts(), by=current_user, seen=seen), fields=BLAMED
    ):
        if form.form_errors:  # it is said that a colleague has changed it: saving again is on purpose
            form.seen.data = ""
        return _form(form, found, status=422)
    return see("correspondence.announcement", announcement_id=found.id)


@blueprint.post("/announcements/length")
@blueprint.post("/announcements/<uuid:announcement_id>/length")
@requires(MAY)
def measure_announcement(announcement_id: UUID | None = None) -> Response:
    """Show how long what is typed is as a text message: that alone for htmx, else the form as it was typed."""
    found = queries.find_announcement(announcement_id, seen_by=current_user) if announcement_id else None
    return _form(AnnouncementForm(found), found)


@blueprint.post("/announcements/<uuid:announcement_id>/request")
@requires(MAY)
def ask_for_announcement(announcement_id: UUID) -> AnyResponse:
    """Have an announcement sent, now or once a second person has approved it."""
    found = queries.find_announcement(announcement_id, seen_by=current_user)
    try:
        service.ask(found, by=current_user, seen=request.form.get("seen", ""))
    except SomebodyChangedIt:
        flash(
            "Somebody else has changed this since you opened it. Read it again before you send it",
            "information",
        )
    if found.standing == AnnouncementStanding.ASKED:
        flash("A second person must approve this now. Tell them: nothing goes before that", "success")
    return see("correspondence.announcement", announcement_id=found.id)


@blueprint.post("/announcements/<uuid:announcement_id>/approval")
@requires(MAY)
def approve_announcement(announcement_id: UUID) -> AnyResponse:
    """Let an announcement go that somebody else asked for."""
    found = queries.find_announcement(announcement_id, seen_by=current_user)
    service.approve(found, by=current_user)
    return see("correspondence.announcement", announcement_id=found.id)


@blueprint.post("/announcements/<uuid:announcement_id>/stop")
@requires(MAY)
def stop_announcement(announcement_id: UUID) -> AnyResponse:
    """Let nothing more of an announcement go."""
    found = queries.find_announcement(announcement_id, seen_by=current_user)
    service.stop(found, by=current_user)
    if found.standing == AnnouncementStanding.SENT:
        flash("It had gone to everybody before you stopped it", "information")
    elif found.copies:
        flash("Stopped. Nothing more of this is sent", "success")
    else:
        flash("Nothing of this is sent", "success")
    return see("correspondence.announcement", announcement_id=found.id)


def _before(found: Announcement, sending: queries.Sending) -> dict[str, Any]:
    """Return what must be known before an announcement goes."""
    counted = service.reach(found, sending)
    return {
        "counted": counted,
        "sample": audience.sample(queries.wanted_of(found), seen_by=current_user),
        "above": sending.approve_above,
        "needs_another": counted.people > sending.approve_above,
        "may_approve": found.asked_by != current_user.id,
    }


def _form(form: AnnouncementForm, found: Announcement | None, *, status: int = 200) -> Response:
    if form.hub_id.choices == {}:
        _offer(form, found)
    if found and not form.seen.data:
        form.seen.data = service.digest(found)
    words, sending = (form.words.data or "").strip(), queries.sending()
    return page(
        "correspondence/announcement_form.html",
        region="length",
        status=status,
        form=form,
        announcement=found,
        sends_texts=sending.texts,
        pence_each=sending.pence_each,
        look=service.look_of(form.topic.data or "", words) if words else None,
    )


def _offer(form: AnnouncementForm, found: Announcement | None) -> None:
    """Offer the open hubs, and that of the announcement: it must not become another's because it has closed."""
    offered = list(hubs.hubs_seen_by(current_user))
    if found and found.hub and found.hub not in offered:
        offered.append(found.hub)
    form.offer(offered, all_of_them=current_user.sees_all_hubs)
