"""How it stands with every council's messages and other promised work, for those who run the house. No families."""

from uuid import UUID

from flask import Response, flash
from werkzeug.wrappers import Response as AnyResponse

from kernel import outbox, prose, standing
from kernel.db import visiting
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import PLATFORM, requires
from kernel.web.navigation import in_navigation
from kernel.web.pages import page, see
from kernel.web.paging import paged
from messaging import queries
from messaging.errors import WAITING
from messaging.queries.standing import every_council, of_council
from messaging.service import queues as verbs
from messaging.terms import MessageStanding
from messaging.views.door import blueprint
from tenants import queries as tenants
from tenants.models import Tenant

runs_the_house = requires(Permission.MANAGE_COUNCILS)
in_navigation("Queues", "messaging.queues", order=20, permission=Permission.MANAGE_COUNCILS, ground=PLATFORM)


@blueprint.get("/queues")
@runs_the_house
def queues() -> Response:
    """Show how it stands with each council, those with trouble first."""
    councils = sorted(every_council(), key=lambda one: (-one.queue.dead, -one.queue.age, -one.failed))
    return page("messaging/queues.html", councils=councils)


@blueprint.get("/queues/<slug>")
@runs_the_house
def queue(slug: str) -> Response:
    """Show how it stands with one council, and what was set aside there."""
    house = _house(slug)
    told = of_council(house)
    with visiting(house.id, read_only=True):
        listed = paged(standing.dead())
    failed = [
        (queries.kind_name(one.kind), one.channel.label, one.number)
        for one in told.messages
        if one.standing == MessageStanding.FAILED
    ]
    failures = [
        (
            outbox.what(one.topic), WAITING.get(one.error, one.error),
            "Set aside" if one.dead else "To be tried again", one.number,
        )
        for one in sorted(told.queue.failures, key=lambda one: -one.number)
    ]  # fmt: skip
    return page(
        "messaging/queue.html", told=told, dead=listed, failed=failed, failures=failures, reasons=WAITING,
        what=outbox.what,
    )  # fmt: skip


@blueprint.post("/queues/<slug>/revival")
@runs_the_house
def revive_all(slug: str) -> AnyResponse:
    """Have all that was set aside tried again."""
    with visiting(_house(slug).id, read_only=False):
        number = verbs.revive_all()
    flash(f"{prose.count(number, 'dead letter')} will be tried again", "success")
    return see("messaging.queue", slug=slug)


@blueprint.post("/queues/<slug>/dead-letters/<uuid:promise_id>/revival")
@runs_the_house
def revive(slug: str, promise_id: UUID) -> AnyResponse:
    """Have one thing that was set aside tried again."""
    with visiting(_house(slug).id, read_only=False):
        verbs.revive(promise_id)
    flash("It will be tried again", "success")
    return see("messaging.queue", slug=slug)


@blueprint.get("/queues/<slug>/dead-letters/<uuid:promise_id>/removal")
@runs_the_house
def ask_to_forget(slug: str, promise_id: UUID) -> Response:
    """Ask whether something is to be given up."""
    house = _house(slug)
    with visiting(house.id, read_only=True):
        row = standing.find_dead(promise_id)
    return page("messaging/queue_forget.html", house=house, row=row, what=outbox.what(row.topic))


@blueprint.post("/queues/<slug>/dead-letters/<uuid:promise_id>/removal")
@runs_the_house
def forget(slug: str, promise_id: UUID) -> AnyResponse:
    """Give up something that was set aside."""
    with visiting(_house(slug).id, read_only=False):
        verbs.forget(promise_id)
    flash("It will not be tried again", "success")
    return see("messaging.queue", slug=slug)


def _house(slug: str) -> Tenant:
    house = tenants.by_slug(slug)
    if house is None:
        raise NotFound("council")
    return house
