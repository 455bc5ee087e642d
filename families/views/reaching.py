"""How somebody is reached without harm: as staff keep it, and as a carer chooses for herself."""

from uuid import UUID

from flask import url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from families import forms, queries, service
from families.terms import Opened, PersonKind
from families.views.door import asked, blueprint
from families.views.people import manages, opened
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import may, requires
from messaging.terms import Never


@blueprint.route("/families/people/<uuid:person_id>/contact", methods=["GET", "POST"])
@manages
def contact_rules(person_id: UUID) -> AnyResponse:
    """Ask what must not be done when a carer is reached. Why is shown to who sees care, and leaves a trace."""
    carer = opened(person_id, PersonKind.CARER)
    rules = queries.rules_of(carer.id)
    sees_why = may(Permission.SEE_CARE)
    form = (forms.ContactRulesAndWhy if sees_why else forms.ContactRules)(obj=rules)
    if sees_why and not form.is_submitted():
        service.log_opening(carer.id, Opened.CONTACT)
    there = url_for("families.person", person_id=carer.id)
    return asked(
        form,
        lambda: service.set_contact_rules(
            carer,
            [Never(word) for word in form.never.data or []],
            why=(form.why.data or "") if sees_why else None,
        ),
        then=there,
        said="How to contact them safely was changed",
        title="Contact them safely",
        lead="Ask when they are alone: “Is there anything about how we contact you that we should know?” "
        "What you tick is never done, whatever else they have asked for.",
        caption=carer.name,
        back=there,
    )


@blueprint.route("/my-family/contact", methods=["GET", "POST"])
@requires(Permission.BOOK_FOR_OWN_FAMILY)
def my_contact() -> AnyResponse:
    """Ask a carer how we may reach her, in words that anybody may read over her shoulder."""
    me = queries.carer_of(current_user.id)
    if me is None:
        raise NotFound("family")
    rules = queries.rules_of(me.id)
    never = set(rules.never if rules else ())
    form = forms.OwnContact(
        data={
            "may": [channel.value for channel in forms.OWN_WORDS if channel not in never],
            "seen_by": forms.BY_ME if Never.PLACE in never else forms.BY_ALL,
        }
    )
    home = url_for("families.my_family")
    return asked(
        form,
        lambda: service.set_own_contact_rules(me, _never(form)),
        then=home,
        said="Your choices were kept",
        template="families/my_contact.html",
        title="How we contact you",
        back=home,
    )


def _never(form: forms.OwnContact) -> list[Never]:
    """Return what must not be done by what a carer ticked: whatever she did not tick."""
    hides = [Never.PLACE] if form.seen_by.data == forms.BY_ME else []
    return [channel for channel in forms.OWN_WORDS if channel.value not in (form.may.data or [])] + hides
