"""Answering by a private link: one question on each page, saved as they go. For strangers: the link is the key."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from werkzeug.wrappers import Response

from kernel.db import apart
from kernel.errors import Unacceptable
from kernel.web.access import public
from kernel.web.limits import limiter
from kernel.web.pages import see_address
from outcomes import queries, service
from outcomes.forms.answering import NOT_SAID, AnswerForm, GoalsForm, LookForm
from outcomes.forms.languages import own_name
from outcomes.terms import Way
from outcomes.views.door import blueprint
from outcomes.views.opening import Opening, closed, quiet, read, sheet_of

OFTEN = "300 per minute"
"""A whole group answers behind one address."""


def door(rule: str, *, post: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Open a door to whoever holds the link: the view is given what it opens, while that can be answered."""
    method = blueprint.post if post else blueprint.get

    def opening(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def entering(token: str, **values: Any) -> Any:
            opened = read(token)
            return view(opened, **values) if opened.is_open else closed(opened)

        method(f"/q/<token>{rule}", endpoint=view.__name__)(public(limiter.limit(OFTEN)(entering)))
        return view

    return opening


@door("")
def questions(opening: Opening) -> Response:
    """Say what the questions are for, how long they take and who sees the answers."""
    if opening.way == Way.LINK:
        with apart():  # to look changes nothing, but that the letter was opened is seen by staff
            service.opened(opening.asking)
    return _start(opening, LookForm(language=_shown_in(opening), large_print=opening.asking.large_print))


@door("/look", post=True)
def look(opening: Opening) -> Response:
    """Show the questions in another language or size."""
    form = LookForm()
    form.offer(_languages(opening), opening.say)
    if not form.validate_on_submit():
        return _start(opening, form, status=422)
    service.show_as(opening.asking, language=form.language.data, large_print=form.large_print.data)
    return see_address(opening.address("questions"))


def _start(opening: Opening, form: LookForm, *, status: int = 200) -> Response:
    sheet = sheet_of(opening.asking)
    form.offer(_languages(opening), opening.say)
    first = sheet.first_open()
    if opening.wants_goals:
        start = opening.address("goals")
    elif first is None:
        start = opening.address("check")
    else:
        start = opening.address("question", place=first)
    return quiet("start.html", opening, status=status, sheet=sheet, start=start, form=form)


def _languages(opening: Opening) -> list[tuple[str, str]]:
    return [(code, own_name(code)) for code in queries.shown_in(opening.asking.instrument)]


def _shown_in(opening: Opening) -> str:
    """Return the language that somebody sees now: English where there are no words of theirs."""
    wanted = opening.asking.language
    return wanted if wanted in queries.shown_in(opening.asking.instrument) else opening.say.language


@door("/goals")
def goals(opening: Opening) -> Response:
    """Ask what somebody wants to be different."""
    if not opening.sets_goals:
        return see_address(opening.address("questions"))
    held = queries.goals_of(opening.asking.about_id, opening.asking.respondent_id)
    form = GoalsForm(first=held.get(1, ""), second=held.get(2, ""), third=held.get(3, ""))
    form.speak(opening.say)
    return quiet("goals.html", opening, form=form)


@door("/goals", post=True)
def save_goals(opening: Opening) -> Response:
    """Keep what somebody wants to be different."""
    if not opening.sets_goals:
        return see_address(opening.address("questions"))
    form = GoalsForm()
    form.speak(opening.say)
    if not form.is_well(opening.say):
        return quiet("goals.html", opening, status=422, form=form)
    service.set_goals(opening.asking.about_id, opening.asking.respondent_id, form.words())
    return see_address(opening.address("question", place=1))


@door("/<int:place>")
def question(opening: Opening, place: int) -> Response:
    """Ask one question."""
    if opening.wants_goals:
        return see_address(opening.address("goals"))
    sheet = sheet_of(opening.asking)
    asked = sheet.question(place)
    form = AnswerForm(formdata=None)
    form.offer(asked.choices, not_said=asked.not_said, say=opening.say)
    if asked.number in sheet.answers:
        said = sheet.answers[asked.number]
        form.answer.data = NOT_SAID if said is None else str(said)
    return quiet("question.html", opening, sheet=sheet, question=asked, form=form)


@door("/<int:place>", post=True)
def save_answer(opening: Opening, place: int) -> Response:
    """Keep the answer to one question and go on; say where to get help when it speaks of despair."""
    sheet = sheet_of(opening.asking)
    asked = sheet.question(place)
    form = AnswerForm()
    form.offer(asked.choices, not_said=asked.not_said, say=opening.say)
    if not form.validate_on_submit():
        return quiet("question.html", opening, status=422, sheet=sheet, question=asked, form=form)
    if service.save(opening.asking, asked.number, form.said()):
        return see_address(opening.address("help_now", place=place))
    return see_address(_after(opening, place))


def _after(opening: Opening, place: int) -> str:
    """Return the address of the next question, or of the page on which all are checked."""
    sheet = sheet_of(opening.asking)
    if sheet.first_open() is None or place >= len(sheet.questions):
        return opening.address("check")
    return opening.address("question", place=place + 1)


@door("/<int:place>/help")
def help_now(opening: Opening, place: int) -> Response:
    """Say where to get help now, and go on if somebody likes."""
    sheet_of(opening.asking).question(place)
    return quiet("help.html", opening, go_on=_after(opening, place))


@door("/check")
def check(opening: Opening) -> Response:
    """Show the answers before they are sent."""
    if opening.wants_goals:
        return see_address(opening.address("goals"))
    return quiet("check.html", opening, sheet=sheet_of(opening.asking))


@door("/check", post=True)
def send(opening: Opening) -> Response:
    """Take the answers as they are."""
    try:
        service.finish(opening.asking, opening.way)
    except Unacceptable:
        sheet = sheet_of(opening.asking)
        problem = opening.say("not_answered", place=sheet.first_open())
        return quiet("check.html", opening, status=422, sheet=sheet, problem=problem)
    return see_address(opening.address("done"))


@blueprint.get("/q/<token>/done")
@public
@limiter.limit(OFTEN)
def done(token: str) -> Response:
    """Thank somebody, and go on to what else they are asked."""
    opening = read(token)
    if opening.is_open:
        return see_address(opening.address("questions"))
    return closed(opening)
