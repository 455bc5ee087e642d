"""The record of one person: details, who looks after a child, care and safeguarding."""

from typing import Any
from uuid import UUID

from flask import Response, flash, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from families import forms, queries, service
from families.models import Household, Person
from families.terms import Opened, PersonKind, Relationship, Responsibility
from families.views.door import asked, blueprint
from families.views.filled import care_form, care_told, details_form, details_told
from kernel.db import find
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import may, requires
from kernel.web.forms import choices
from kernel.web.pages import page, see

sees = requires(Permission.SEE_FAMILIES)
manages = requires(Permission.MANAGE_FAMILIES)


def opened(person_id: UUID, kind: PersonKind | None = None) -> Person:
    """Return a person whose record whoever asks may open, or raise NotFound."""
    person = find(Person, person_id)
    if person.left_at or kind not in (None, person.kind) or not queries.may_open_person(current_user, person):
        raise NotFound("person")
    return person


def _asked(person: Person, form: Any, do: Any, *, said: str, title: str, **context: Any) -> AnyResponse:
    there = url_for("families.person", person_id=person.id)
    return asked(form, do, then=there, said=said, title=title, back=there, caption=person.name, **context)


@blueprint.get("/families/people/<uuid:person_id>")
@sees
def person(person_id: UUID) -> Response:
    """Show what is known about a person, but care and safeguarding, and keep that it was shown."""
    person = opened(person_id)
    service.log_opening(person.id, Opened.RECORD)
    # The way back leads to a household that whoever asks may open: a child may live in one, and be known by another.
    homes = [person.household_id, *(carer.household_id for carer in queries.carers_of([person.id]))]
    return page(
        "families/person.html",
        person=person,
        home=next(home for home in homes if queries.may_open(current_user, home)),
        caring=queries.carers_of([person.id]) if person.kind == PersonKind.CHILD else [],
        never=queries.never_of([person.id]).get(person.id),
        broken=queries.broken_addresses([person.id]),
    )


@blueprint.route("/families/people/<uuid:person_id>/details", methods=["GET", "POST"])
@manages
def details(person_id: UUID) -> AnyResponse:
    """Change what is known about a person."""
    person = opened(person_id)
    form = details_form(person)
    return _asked(
        person,
        form,
        lambda: service.change_person(person, **details_told(form, person)),
        said="The details were changed",
        title="Change details",
    )


@blueprint.route("/families/people/<uuid:person_id>/birth", methods=["GET", "POST"])
@manages
def birth(person_id: UUID) -> AnyResponse:
    """Ask for the date of birth of a child who was awaited."""
    person = opened(person_id, PersonKind.CHILD)
    form = forms.Birth()
    return _asked(
        person,
        form,
        lambda: service.baby_born(person, form.date_of_birth.data, given_name=form.given_name.data or ""),
        said="The date of birth was added",
        title="The baby is born",
    )


@blueprint.get("/families/people/<uuid:person_id>/care")
@requires(Permission.SEE_CARE)
def care(person_id: UUID) -> Response:
    """Show what those who look after a person must know, and keep that it was shown."""
    person = opened(person_id)
    service.log_opening(person.id, Opened.CARE)
    return page("families/care.html", person=person, care=queries.care_of(person.id))


@blueprint.route("/families/people/<uuid:person_id>/care/details", methods=["GET", "POST"])
@requires(Permission.SEE_CARE)
def care_details(person_id: UUID) -> AnyResponse:
    """Change what those who look after a person must know."""
    person = opened(person_id)
    if not may(Permission.MANAGE_FAMILIES):
        raise NotFound("care")
    form = care_form(person)
    return _asked(
        person,
        form,
        lambda: service.set_care(person, **care_told(form)),
        said="Care and health were changed",
        title="Care and health",
    )


@blueprint.route("/families/people/<uuid:person_id>/safeguarding", methods=["GET", "POST"])
@requires(Permission.SEE_SAFEGUARDING)
def safeguarding(person_id: UUID) -> AnyResponse:
    """Show the notes that few may read, keep that they were shown, and take another."""
    person = opened(person_id)
    form = forms.Note()
    if not form.validate_on_submit():
        # Logged in a work of its own, also when a note is refused and the others are shown again.
        service.log_opening(person.id, Opened.SAFEGUARDING)
    here = url_for("families.safeguarding", person_id=person.id)
    return asked(
        form,
        lambda: service.write_safeguarding_note(person, form.words.data or ""),
        then=here,
        said="The note was kept",
        template="families/safeguarding.html",
        person=person,
        notes=queries.safeguarding_notes_of(person.id),
    )


@blueprint.route("/families/people/<uuid:person_id>/carers", methods=["GET", "POST"])
@manages
def caring(person_id: UUID) -> AnyResponse:
    """Say what a carer is to a child."""
    child = opened(person_id, PersonKind.CHILD)
    form = forms.Caring()
    form.carer.choices = choices((str(carer_id), name) for carer_id, name in _possible_carers(child).items())
    return _asked(
        child,
        form,
        lambda: service.set_caring(
            UUID(form.carer.data),
            child.id,
            relationship=Relationship(form.relationship.data),
            responsibility=Responsibility(form.responsibility.data),
        ),
        said="Who looks after the child was changed",
        title="Who looks after this child",
    )


def _possible_carers(child: Person) -> dict[UUID, str]:
    caring = {c.carer_id: f"{c.given_name} {c.family_name}".strip() for c in queries.carers_of([child.id])}
    at_home = [p for p in queries.people_in(child.household_id) if p.kind == PersonKind.CARER]
    return {carer.id: carer.name for carer in at_home} | caring


@blueprint.post("/families/people/<uuid:person_id>/carers/<uuid:carer_id>/removal")
@manages
def end_caring(person_id: UUID, carer_id: UUID) -> AnyResponse:
    """Say that a carer does not look after a child any more."""
    child = opened(person_id, PersonKind.CHILD)
    service.end_caring(carer_id, child.id)
    flash("Who looks after the child was changed", "success")
    return see("families.person", person_id=child.id)


@blueprint.route("/families/people/<uuid:person_id>/household", methods=["GET", "POST"])
@manages
def own_household(person_id: UUID) -> AnyResponse:
    """Let a carer live apart."""
    carer = opened(person_id, PersonKind.CARER)
    before = carer.household_id
    form = forms.OwnAddress()
    return asked(
        form,
        lambda: service.move_out(carer, address=form.address.data or "", postcode=form.postcode.data or ""),
        then=url_for("families.record", household_id=before),
        said="This carer lives at another address now",
        title="This carer lives apart now",
        lead="They look after the same children as before. Neither carer is shown the other’s address.",
        caption=carer.name,
        back=url_for("families.person", person_id=carer.id),
    )


@blueprint.route("/families/people/<uuid:person_id>/account", methods=["GET", "POST"])
@manages
def account(person_id: UUID) -> AnyResponse:
    """Let a carer sign in with an e-mail address."""
    carer = opened(person_id, PersonKind.CARER)
    form = forms.SignInAddress(data={"email": carer.email})
    return _asked(
        carer,
        form,
        lambda: service.invite(carer, form.email.data or ""),
        said="They can sign in with this email address now",
        title="Let this carer sign in",
        lead="Ask which email address they want to sign in with. We write to it.",
    )


@blueprint.get("/families/people/<uuid:person_id>/departure")
@manages
def ask_departure(person_id: UUID) -> Response:
    """Ask whether a person should be taken out of a household."""
    return page("families/departure.html", person=opened(person_id))


@blueprint.post("/families/people/<uuid:person_id>/departure")
@manages
def departure(person_id: UUID) -> AnyResponse:
    """Take a person out of a household."""
    person = opened(person_id)
    household = find(Household, person.household_id)
    service.leave(person)
    flash("The person was taken out of the family", "success")
    return see("families.record", household_id=household.id)
