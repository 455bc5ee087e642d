"""In the room: a tablet that is handed over, a sheet of paper, and keying paper in."""

from collections.abc import Mapping
from uuid import UUID

from flask import Response, flash, request, session
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from accounts import queries as accounts
from accounts import service as sign_ins
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.forms import Form
from kernel.web.once import once
from kernel.web.pages import page, see, see_address
from outcomes import queries, service
from outcomes.models import Asking
from outcomes.terms import Way
from outcomes.views.door import blueprint
from outcomes.views.opening import Opening, Sheet, sheet_of
from outcomes.views.speaking import voice

MAY = (Permission.RUN_COURSES, Permission.MANAGE_COURSES)


@blueprint.get("/questionnaires/askings/<uuid:asking_id>/paper")
@requires(*MAY)
def paper(asking_id: UUID) -> Response:
    """Show the form into which a sheet of paper is keyed."""
    asking = queries.find_asking(asking_id, seen=current_user)
    return _keying(asking, {}, {})


@blueprint.post("/questionnaires/askings/<uuid:asking_id>/paper")
@requires(*MAY)
@once
def key_in(asking_id: UUID) -> AnyResponse:
    """Keep a sheet of paper."""
    asking = queries.find_asking(asking_id, seen=current_user)
    sheet = sheet_of(asking, every_item=True)
    typed = {one.number: request.form.get(f"answer-{one.number}", "").strip() for one in sheet.questions}
    answers, problems = _read(sheet, typed)
    if not Form().validate_on_submit() or problems:
        return _keying(asking, typed, problems, status=422)
    service.re_key(asking, answers)
    flash("The answers were saved", "success")
    return see("outcomes.paper", asking_id=asking.id)


def _keying(
    asking: Asking, typed: Mapping[int, str], problems: Mapping[int, str], *, status: int = 200
) -> Response:
    return page(
        "outcomes/keying.html",
        status=status,
        asking=asking,
        sheet=sheet_of(asking, every_item=True),
        typed=typed,
        problems=problems,
        takes=service.can_key_in(asking),
        alerts=[alert for alert in queries.alerts_of_asking(asking.id) if not alert.settled_at],
    )


def _read(sheet: Sheet, typed: Mapping[int, str]) -> tuple[dict[int, int | None], dict[int, str]]:
    """Return the answers as they were typed, and what is wrong with which."""
    answers: dict[int, int | None] = {}
    problems: dict[int, str] = {}
    for one in sheet.questions:
        codes = {str(value): value for value, _ in one.choices}
        written = typed[one.number]
        if not written:
            answers[one.number] = None
        elif written in codes:
            answers[one.number] = codes[written]
        else:
            problems[one.number] = f"Question {one.place}: enter one of {', '.join(codes)}, or leave it empty"
    if not problems and not any(value is not None for value in answers.values()):
        problems[sheet.questions[0].number] = "Enter at least one answer"
    return answers, problems


@blueprint.get("/questionnaires/askings/<uuid:asking_id>/sheet")
@requires(*MAY)
def sheet(asking_id: UUID) -> Response:
    """Show a questionnaire as a sheet of paper to print."""
    asking = queries.find_asking(asking_id, seen=current_user)
    return page(
        "outcomes/sheet.html",
        asking=asking,
        sheet=sheet_of(asking, every_item=True),
        say=voice(asking.language),
    )


@blueprint.get("/questionnaires/askings/<uuid:asking_id>/tablet")
@requires(*MAY)
def tablet(asking_id: UUID) -> Response:
    """Say what happens when the tablet is handed over."""
    asking = queries.find_asking(asking_id, seen=current_user)
    opening = Opening("", asking, Way.TABLET)
    return page("outcomes/tablet.html", asking=asking, open=opening.is_open)


@blueprint.post("/questionnaires/askings/<uuid:asking_id>/tablet")
@requires(*MAY)
def hand_over(asking_id: UUID) -> AnyResponse:
    """Sign out here and open the questions, so that whoever holds the tablet sees nothing else."""
    asking = queries.find_asking(asking_id, seen=current_user)
    if not Opening("", asking, Way.TABLET).is_open:
        return page("outcomes/tablet.html", status=409, asking=asking, open=False)
    if current_user.sign_in_id is None:
        raise NotFound("sign-in")
    sign_ins.end_sign_in(accounts.own_sign_in(current_user, current_user.sign_in_id))
    session.clear()
    return see_address(service.path_of(asking, Way.TABLET))
