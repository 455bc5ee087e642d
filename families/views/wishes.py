"""What we write to a carer about: chosen by themselves, or by staff on their word."""

from uuid import UUID

from flask import url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from families import queries
from families.models import Person
from families.terms import ConsentKind, PersonKind
from families.views.door import asked, blueprint
from families.views.my_family import parent_only
from families.views.people import manages, opened
from kernel.errors import NotFound
from kernel.web.choices import answers_of, one_each
from messaging import queries as messages
from messaging import service
from messaging.terms import Channel


@blueprint.route("/my-family/messages", methods=["GET", "POST"])
@parent_only
def my_messages() -> AnyResponse:
    """Show and change what a parent is written to about."""
    me = queries.carer_of(current_user.id)
    if me is None:
        raise NotFound("family")
    return _chosen(me, back=url_for("families.my_family"), whose="own")


@blueprint.route("/families/people/<uuid:person_id>/messages", methods=["GET", "POST"])
@manages
def messages_of(person_id: UUID) -> AnyResponse:
    """Show and change what a carer is written to about, on their word."""
    carer = opened(person_id, PersonKind.CARER)
    return _chosen(carer, back=url_for("families.person", person_id=carer.id), whose="theirs")


def _chosen(carer: Person, *, back: str, whose: str) -> AnyResponse:
    offered, house = messages.choosable(), messages.house()
    texts = Channel.TEXT in house.channels
    form = one_each(messages.asked_of(carer.id, offered))
    to = queries.recipient(carer.id)
    at, has_mobile = messages.reached_at(to), messages.takes_texts(to)
    return asked(
        form,
        lambda: service.choose_as_told(carer.id, answers_of(form)),
        then=back,
        said="Your choices are kept" if whose == "own" else "The choices are kept",
        template="families/messages.html",
        offered=offered,
        back=back,
        whose=whose,
        person=carer,
        at=at,
        broken=[row.address for row in messages.suppressed_among([to]).get(carer.id, [])],
        texts=texts,
        falls_back=house.falls_back,
        no_mobile=texts and not has_mobile,
        not_texted=texts and has_mobile and Channel.TEXT not in at,
        wants_news=queries.consents_now(carer.household_id).get(ConsentKind.NEWS, False),
    )
