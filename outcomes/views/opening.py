"""The questionnaire that a private link opens, as its pages draw it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from kernel import prose
from kernel.clock import now
from kernel.errors import NotFound
from kernel.web.pages import page
from outcomes import queries, service
from outcomes.models import Asking
from outcomes.queries import Asked
from outcomes.rules import Instrument
from outcomes.terms import OPEN, AskingStanding, Occasion, Respondent, Way
from outcomes.views.speaking import Voice, voice

SECONDS_EACH = 12


@dataclass(frozen=True)
class Question:
    """One question, its place from 1, and what can be answered."""

    place: int
    number: int
    words: str
    goal: str
    choices: Sequence[tuple[int, str]]
    not_said: str

    def label(self, value: int | None) -> str:
        """Return an answer in words."""
        return dict(self.choices).get(value, "") if value is not None else self.not_said


@dataclass(frozen=True)
class Sheet:
    """A questionnaire in its words, and what has been answered so far."""

    asking: Asking
    instrument: Instrument
    words: Asked
    questions: Sequence[Question]

    @cached_property
    def answers(self) -> Mapping[int, int | None]:
        """Return the answers that were saved."""
        return queries.answers_of(self.asking)

    @property
    def minutes(self) -> int:
        """Return about how long it takes."""
        return max(1, -(-len(self.questions) * SECONDS_EACH // 60))

    @property
    def direction(self) -> str:
        """Return which way its language is written."""
        return prose.direction(self.words.language)

    def first_open(self) -> int | None:
        """Return the place of the first question that is not answered."""
        return next((one.place for one in self.questions if one.number not in self.answers), None)

    def question(self, place: int) -> Question:
        """Return the question at a place, or raise NotFound."""
        if not 1 <= place <= len(self.questions):
            raise NotFound("question")
        return self.questions[place - 1]


def sheet_of(asking: Asking, *, every_item: bool = False) -> Sheet:
    """Return a questionnaire in its words: the items that are asked, or every item of the instrument."""
    instrument = queries.find_instrument(asking.instrument)
    words = queries.words_of(instrument.code, asking.language)
    if words is None:
        raise NotFound("words")
    say = voice(asking.language)
    goals = (
        queries.goals_of(asking.about_id, asking.respondent_id) if instrument.code == queries.GOALS else {}
    )
    items = instrument.items if every_item else queries.items_of(asking)
    questions = [
        Question(
            place=place,
            number=item.number,
            words=_at(words.items, item.number - 1) or f"Question {item.number}",
            goal=goals.get(item.number, ""),
            not_said=words.not_said or say("not_said"),
            choices=[
                (response.value, _at(words.responses.get(item.responses, ()), order) or response.label)
                for order, response in enumerate(instrument.responses[item.responses])
            ],
        )
        for place, item in enumerate(items, start=1)
    ]
    return Sheet(asking, instrument, words, questions)


@dataclass(frozen=True)
class Opening:
    """What a private link opens, and where its pages are."""

    token: str
    asking: Asking
    way: Way

    @cached_property
    def say(self) -> Voice:
        """Return the voice in which its pages speak."""
        return voice(self.asking.language)

    @property
    def on_tablet(self) -> bool:
        """Say whether it is answered on a tablet that is given back."""
        return self.way == Way.TABLET

    @property
    def is_open(self) -> bool:
        """Say whether it can be answered now."""
        return queries.is_open(self.asking, now=now())

    @property
    def wants_goals(self) -> bool:
        """Say whether goals must be set before they can be rated."""
        return self.sets_goals and not queries.goals_of(self.asking.about_id, self.asking.respondent_id)

    @property
    def sets_goals(self) -> bool:
        """Say whether goals are set here."""
        return self.asking.instrument == queries.GOALS and self.asking.occasion == Occasion.BEFORE

    @property
    def young(self) -> bool:
        """Say whether a young person answers."""
        return self.asking.respondent == Respondent.YOUNG_PERSON

    def address(self, name: str, **values: Any) -> str:
        """Return the address of one of its pages."""
        return url_for(f"outcomes.{name}", token=self.token, **values)

    def next_one(self) -> str | None:
        """Return the address of what else the same person is asked now, if anything."""
        for other in queries.beside(self.asking):
            if other.id != self.asking.id and queries.is_open(other, now=now()):
                return service.path_of(other, self.way)
        return None


def read(token: str) -> Opening:
    """Return what a private link opens, or raise NotFound."""
    opened = service.read_link(token)
    if opened is None:
        raise NotFound("link")
    return Opening(token, opened.asking, opened.way)


def quiet(template: str, opening: Opening, *, status: int = 200, **context: Any) -> Response:
    """Show a page to whoever holds the link, in their language: without the way around, and not for search engines."""
    say = opening.say
    answer = page(
        f"outcomes/{template}",
        status=status,
        opening=opening,
        navigation=[],
        say=say,
        page_language=say.language,
        page_direction=say.direction,
        page_error=say("error"),
        **context,
    )
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def closed(opening: Opening) -> Response:
    """Show that a questionnaire cannot be answered now, and why."""
    asking = opening.asking
    answered = asking.standing == AskingStanding.ANSWERED
    early = not answered and asking.standing in OPEN and now() < asking.opens_at
    return quiet(
        "closed.html", opening, status=200 if answered or early else 410, answered=answered, early=early
    )


def _at(texts: Sequence[str], index: int) -> str:
    """Return a text of a list, or nothing when the list is too short."""
    return texts[index] if index < len(texts) else ""
