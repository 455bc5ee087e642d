"""Who shares somebody's place: staff bring a second parent along, or take them off."""

from uuid import UUID

from flask import flash
from flask_login import current_user
from werkzeug.wrappers import Response

from bookings.errors import CannotBook
from bookings.queries import looking
from families import queries as families
from families.terms import PersonKind
from kernel.errors import NotFound, Refusal
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.forms import choices
from kernel.web.pages import page, see
from programmes.forms.joining import NOBODY, PartnerForm
from programmes.models import Participation
from programmes.queries import find_participation
from programmes.service import partners
from programmes.terms import LIVE, Unit
from programmes.views.door import blueprint
from programmes.views.referrals import partners_for

manages = requires(Permission.MANAGE_COURSES)


def may_share(participation: Participation) -> bool:
    """Say whether a place can be shared by two parents, and whoever asks may say by whom."""
    alone = participation.course is not None and participation.course.edition.unit == Unit.PARENT
    return (
        participation.standing in LIVE
        and not alone
        and families.may_open(current_user, participation.household_id)
    )


@blueprint.get("/courses/participants/<uuid:participation_id>/partner")
@manages
def ask_partner(participation_id: UUID) -> Response:
    """Ask who takes part with somebody."""
    participation = _shared(participation_id)
    return _ask(participation, _form(participation))


@blueprint.post("/courses/participants/<uuid:participation_id>/partner")
@manages
def change_partner(participation_id: UUID) -> Response:
    """Let another parent share somebody's place, or nobody."""
    participation = _shared(participation_id)
    form = _form(participation)
    if not form.validate():
        return _ask(participation, form, status=422)
    try:
        if form.partner_id:
            partners.bring_along(participation, form.partner_id)
        else:
            partners.come_alone(participation)
    except CannotBook as refusal:
        form.partner.errors = list(refusal.reasons)
        return _ask(participation, form, status=409)
    except Refusal as refusal:
        form.partner.errors = [str(refusal)]
        return _ask(participation, form, status=409)
    flash("Who takes part is saved.", "success")
    return see("programmes.participant", participation_id=participation.id)


def _shared(participation_id: UUID) -> Participation:
    participation = find_participation(participation_id, seen=current_user)
    if not may_share(participation):
        raise NotFound("participation")
    return participation


def _form(participation: Participation) -> PartnerForm:
    people = looking.who_could_come(participation.household_id, None)
    carers = [person for person in people if person.kind == PersonKind.CARER]
    children = [person for person in people if person.kind == PersonKind.CHILD]
    others = [one for one in partners_for(carers, children) if one.id != participation.person_id]
    form = PartnerForm(partner=str(participation.partner_id or NOBODY))
    form.partner.choices = choices([(NOBODY, "Nobody"), *((str(one.id), one.name) for one in others)])
    return form


def _ask(participation: Participation, form: PartnerForm, *, status: int = 200) -> Response:
    return page("programmes/participants/partner.html", status=status, participation=participation, form=form)
