"""The kinds of message, what they say, and by which way they go."""

from collections.abc import Mapping
from typing import Any

from flask.views import MethodView

from kernel.permissions import Permission
from kernel.web.access import requires
from messaging import queries, rules
from messaging.api.door import blueprint
from messaging.models import MessageWording
from messaging.queries import wordings as said
from messaging.schemas import KindSchema, WaySchema, WordsSchema
from messaging.service import wordings as service
from messaging.terms import Way


@blueprint.route("/message-kinds")
class MessageKinds(MethodView):
    """The kinds of message."""

    @requires(Permission.MANAGE_COUNCIL)
    @blueprint.response(200, KindSchema(many=True))
    def get(self) -> list[dict[str, Any]]:
        """List the kinds of message, how each goes, and what its words may use. They are few: all are told."""
        ways, newest = queries.house().ways, said.newest_wordings()
        return [_told(kind, ways.get(kind.code), newest) for kind in rules.kinds().values()]


@blueprint.route("/message-kinds/<message_kind>")
class OneMessageKind(MethodView):
    """A kind of message."""

    @requires(Permission.MANAGE_COUNCIL)
    @blueprint.arguments(WaySchema)
    @blueprint.response(200, KindSchema)
    def patch(self, wanted: dict[str, Any], message_kind: str) -> dict[str, Any]:
        """Have a kind of message go by another way."""
        service.choose_way(message_kind, Way(wanted["way"]) if wanted["way"] else None)
        way = queries.house().ways.get(message_kind)
        return _told(said.find_kind(message_kind), way, said.newest_wordings())


@blueprint.route("/message-kinds/<message_kind>/words/<language>")
class Words(MethodView):
    """What a kind of message says in a language."""

    @requires(Permission.MANAGE_COUNCIL)
    @blueprint.etag
    @blueprint.response(200, WordsSchema)
    def get(self, message_kind: str, language: str) -> dict[str, Any]:
        """Read what a kind of message says; empty where there are no words and English is used."""
        return _words(message_kind, language)

    @requires(Permission.MANAGE_COUNCIL)
    @blueprint.etag
    @blueprint.arguments(WordsSchema)
    @blueprint.response(200, WordsSchema)
    def put(self, words: dict[str, str], message_kind: str, language: str) -> dict[str, Any]:
        """Say this from now on. A field that the kind must not carry is refused."""
        blueprint.check_etag(_words(message_kind, language), WordsSchema)
        newest = said.wording_in_use(message_kind, language).newest
        wording = rules.Wording.typed(words["subject"], words["body"], words["text"])
        service.change_words(message_kind, language, wording, seen=newest.id if newest else None)
        return _words(message_kind, language)

    @requires(Permission.MANAGE_COUNCIL)
    @blueprint.etag
    @blueprint.response(204)
    def delete(self, message_kind: str, language: str) -> None:
        """Say again what comes with the product. The council's words stay in the history."""
        blueprint.check_etag(_words(message_kind, language), WordsSchema)
        newest = said.wording_in_use(message_kind, language).newest
        service.use_shipped(message_kind, language, seen=newest.id if newest else None)


def _told(
    kind: rules.Kind, way: Way | None, newest: Mapping[tuple[str, str], MessageWording]
) -> dict[str, Any]:
    own = [
        language for (code, language), row in newest.items() if code == kind.code and not row.back_to_shipped
    ]
    return {
        "code": kind.code, "name": kind.name, "group": kind.group, "way": way or kind.way, "usual_way": kind.way,
        "ways": service.ways_for(kind), "optional": kind.optional, "fields": kind.fields,
        "own_languages": sorted(own),
    }  # fmt: skip


def _words(message_kind: str, language: str) -> dict[str, Any]:
    said.find_kind(message_kind), said.find_language(language)
    in_use = said.wording_in_use(message_kind, language)
    wording, newest = in_use.wording, in_use.newest
    return {
        "subject": wording.subject, "body": wording.body, "text": wording.text, "own": in_use.own,
        "made_at": newest.made_at if newest else None,
    }  # fmt: skip
