"""A questionnaire as somebody is asked it: to be printed elsewhere, and keyed in here."""

from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from kernel.errors import NotFound
from outcomes import queries
from outcomes.api.door import blueprint, runs
from outcomes.models import Asking
from outcomes.schemas.askings import SheetSchema


@blueprint.route("/askings/<uuid:asking_id>/sheet")
class Sheet(MethodView):
    """A sheet of paper to fill in."""

    @runs
    @blueprint.response(200, SheetSchema)
    def get(self, asking_id: UUID) -> dict[str, Any]:
        """Read the questions of a sheet of paper in their words, and the code of each answer."""
        asking = queries.find_asking(asking_id, seen=current_user)
        words = queries.words_of(asking.instrument, asking.language)
        if words is None:
            raise NotFound("words")
        return {"language": words.language, "intro": words.intro, "questions": questions_of(asking)}


def questions_of(asking: Asking) -> list[dict[str, Any]]:
    """Return the questions of an asking: item, words, and what can be answered; without words, their numbers."""
    known, words = (
        queries.find_instrument(asking.instrument),
        queries.words_of(asking.instrument, asking.language),
    )
    return [
        {
            "item": item.number,
            "words": _at(words.items, item.number - 1) if words else "",
            "answers": [
                {
                    "answer": one.value,
                    "label": (words and _at(words.responses.get(item.responses, ()), place)) or one.label,
                }
                for place, one in enumerate(known.responses[item.responses])
            ],
        }
        for item in known.items
    ]


def _at(texts: Any, place: int) -> str:
    return texts[place] if place < len(texts) else ""
