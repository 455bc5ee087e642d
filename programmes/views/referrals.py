"""Referrals, for staff: who waits for a course, and referring somebody."""

from uuid import UUID

from flask import flash, request
from flask_login import current_user
from werkzeug.wrappers import Response

from bookings.queries import looking
from families import queries as families
from families.models import Household, Person
from families.terms import PersonKind
from hubs import queries as hubs
from kernel.clock import today, wall
from kernel.db import find
from kernel.errors import Refusal
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.forms import choices
from kernel.web.once import once
from kernel.web.pages import page, see
from kernel.web.paging import paged
from programmes.forms.joining import ReferForm, chosen
from programmes.queries import joining as queries
from programmes.queries import mine
from programmes.queries import participants as listed
from programmes.service import joining
from programmes.terms import Source
from programmes.views.door import blueprint

manages = requires(Permission.MANAGE_COURSES)


@blueprint.get("/courses/referrals")
@manages
def referrals() -> Response:
    """Show who is referred and has no place yet, those who have waited longest first."""
    programmes = mine.on_offer()
    wanted = request.args.get("programme", "")
    programme_id = next((one.id for one in programmes if str(one.id) == wanted), None)
    waiting = paged(listed.waiting(current_user, programme_id), whole_rows=True)
    return page(
        "programmes/participants/referrals.html",
        region="waiting",
        programmes=programmes,
        programme_id=programme_id,
        waiting=[
            {
                "id": row.id,
                "name": f"{row.given_name} {row.family_name}".strip(),
                "programme": row.programme,
                "hub": row.hub,
                "course": row.course,
                "source": row.source.label,
                "since": row.referred_at,
                "days": (today() - wall(row.referred_at).date()).days,
            }
            for row in waiting.items
        ],
        pages=waiting,
    )


@blueprint.get("/courses/referrals/new")
@manages
def new_referral() -> Response:
    """Ask for which family the referral is."""
    return page("programmes/participants/find_family.html", region="results", q="", found=None, known=set())


# A search is sent by POST, so that nobody's name stands in an address.
@blueprint.post("/courses/referrals/new")
@manages
def find_referred() -> Response:
    """Show the families that match, so that one of them can be referred."""
    q = request.form.get("q", "").strip()[:100]
    found = families.search(q)
    known = looking.known_to(current_user, [family.id for family in found]) if found else set()
    return page("programmes/participants/find_family.html", region="results", q=q, found=found, known=known)


@blueprint.get("/courses/referrals/new/<uuid:household_id>")
@manages
def ask_referral(household_id: UUID) -> Response:
    """Ask who of a family is referred to what, by whom and why."""
    form = _form(household_id)
    return _ask(household_id, form)


@blueprint.post("/courses/referrals/new/<uuid:household_id>")
@manages
@once
def refer(household_id: UUID) -> Response:
    """Keep the referral."""
    form = _form(household_id)
    if not form.validate():
        return _ask(household_id, form, status=422)
    person_id, programme_id = chosen(form.person), chosen(form.programme)
    assert person_id
    assert programme_id
    if form.partner_id == person_id:
        form.partner.errors = ["Choose somebody else, or nobody"]
        return _ask(household_id, form, status=422)
    try:
        referred = joining.refer(
            programme_id=programme_id,
            household_id=household_id,
            person_id=person_id,
            child_id=form.child_id,
            partner_id=form.partner_id,
            source=Source(form.source.data),
            referred_by=form.referred_by.data or "",
            reason=(form.reason.data or "").strip(),
            hub_id=chosen(form.hub),
        )
    except Refusal as refusal:
        form.person.errors = [str(refusal)]
        return _ask(household_id, form, status=409)
    flash("The referral is kept. Offer a place when there is one.", "success")
    return see("programmes.participant", participation_id=referred.id)


def _form(household_id: UUID) -> ReferForm:
    families.ensure_may_open(current_user, find(Household, household_id).id)
    people = looking.who_could_come(household_id, None)
    carers = [person for person in people if person.kind == PersonKind.CARER]
    children = [person for person in people if person.kind == PersonKind.CHILD]
    form = ReferForm()
    form.person.choices = choices([(str(carer.id), carer.name) for carer in carers])
    form.offer(children, partners_for(carers, children), alone="Nobody", both="{}")
    form.partner.label.text = "Who would take part with them?"
    form.programme.choices = choices([("", "Choose"), *((str(one.id), one.name) for one in mine.on_offer())])
    own = hubs.hubs_seen_by(current_user)
    form.hub.choices = choices([("", "Anywhere"), *((str(hub.id), hub.name) for hub in own)])
    return form


def partners_for(carers: list[Person], children: list[Person]) -> list[Person]:
    """Return who could take part with one of these: another of them, or a carer of the children who lives apart."""
    known = {carer.id for carer in carers}
    apart = {row.carer_id for row in families.carers_of([child.id for child in children])} - known
    return [*(carers if len(carers) > 1 else []), *queries.people(apart)]


def _ask(household_id: UUID, form: ReferForm, *, status: int = 200) -> Response:
    return page("programmes/participants/refer.html", status=status, household_id=household_id, form=form)
