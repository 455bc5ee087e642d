"""A parent's own family. What belongs to a carer who lives apart is not shown, even when they have a child together."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from families import forms, queries, service
from families.models import EmergencyContact, Household, Person
from families.service import NewCarer
from families.terms import ConsentKind, Opened, PersonKind, Relationship, Responsibility
from families.views.door import asked, blueprint
from families.views.filled import (
    answer_all,
    care_form,
    care_told,
    child_told,
    consents_form,
    contact_told,
    details_form,
    details_told,
)
from kernel.db import find
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.navigation import in_navigation
from kernel.web.once import once
from kernel.web.pages import page, see

parent_only = requires(Permission.BOOK_FOR_OWN_FAMILY)
in_navigation("My family", "families.my_family", order=30, permission=Permission.BOOK_FOR_OWN_FAMILY)


def _me() -> Person:
    carer = queries.carer_of(current_user.id)
    if carer is None:
        raise NotFound("family")
    return carer


def _mine(person_id: UUID) -> Person:
    """Return one of the family whom the parent may change: not another carer with a sign-in of their own."""
    me = _me()
    person = queries.find_own(me, person_id)
    if person not in _changeable(me, [person]):
        raise NotFound("person")
    return person


def _changeable(me: Person, people: Sequence[Person]) -> list[Person]:
    """Return whom a parent may change: not another carer with a sign-in, or one whom we contact with care."""
    others = [person for person in people if person.kind == PersonKind.CARER and person.id != me.id]
    careful = queries.never_of([person.id for person in others if not person.account_id])
    return [
        person for person in people if person not in others or not (person.account_id or person.id in careful)
    ]


def _home() -> str:
    return url_for("families.my_family")


def _asked(form: Any, do: Any, *, said: str, title: str, **context: Any) -> AnyResponse:
    return asked(form, do, then=_home(), said=said, title=title, back=_home(), **context)


@blueprint.get("/my-family")
@parent_only
def my_family() -> AnyResponse:
    """Show the parent's household and her children."""
    me = queries.carer_of(current_user.id)
    if me is None:
        return see("families.start_registration")
    people = queries.own_family(me)
    return page(
        "families/my_family.html",
        me=me,
        household=find(Household, me.household_id),
        people=people,
        changeable=_changeable(me, people),
        contacts=queries.contacts_of(me.household_id),
        consents=queries.consents_now(me.household_id),
        questions=ConsentKind,
    )


@blueprint.route("/my-family/people/<uuid:person_id>", methods=["GET", "POST"])
@parent_only
def my_person(person_id: UUID) -> AnyResponse:
    """Change what is known about one of the family."""
    person = _mine(person_id)
    title = "Your details" if person.account_id else "Change details"
    form = details_form(person)
    return _asked(
        form,
        lambda: service.change_person(person, **details_told(form, person)),
        said="The details were changed",
        title=title,
    )


@blueprint.route("/my-family/people/<uuid:person_id>/care", methods=["GET", "POST"])
@parent_only
def my_persons_care(person_id: UUID) -> AnyResponse:
    """Show and change what must be known to look after one of the family."""
    person = _mine(person_id)
    form = care_form(person)
    return _asked(
        form,
        lambda: service.set_care(person, **care_told(form)),
        said="What we should know was changed",
        title="What we should know",
        lead="We show this only to those who need it.",
        caption=person.name,
    )


@blueprint.route("/my-family/people/<uuid:person_id>/birth", methods=["GET", "POST"])
@parent_only
def my_babys_birth(person_id: UUID) -> AnyResponse:
    """Ask for the date of birth of a child who was awaited."""
    person = _mine(person_id)
    form = forms.Birth()
    return _asked(
        form,
        lambda: service.baby_born(person, form.date_of_birth.data, given_name=form.given_name.data or ""),
        said="The date of birth was added",
        title="Your baby is born",
    )


@blueprint.route("/my-family/children", methods=["GET", "POST"])
@parent_only
@once
def add_my_child() -> AnyResponse:
    """Add a child to the parent's household."""
    me = _me()
    form = forms.NewChildOfMine(data={"family_name": me.family_name})
    return _asked(
        form,
        lambda: service.add_child(me.household_id, child_told(form), told_by=me.id),
        said="The child was added",
        title="Add a child",
    )


@blueprint.route("/my-family/carers", methods=["GET", "POST"])
@parent_only
@once
def add_other_carer() -> AnyResponse:
    """Add another carer of the parent's children, who lives with them or apart."""
    me = _me()
    form = forms.OtherCarer()
    return _asked(
        form,
        lambda: _add_other_carer(me, form),
        said="The other carer was added",
        title="Add another parent or carer",
        lead="When they live somewhere else, only our staff see who they are and how to reach them.",
    )


def _add_other_carer(me: Person, form: Any) -> None:
    wanted = NewCarer(
        given_name=form.given_name.data, family_name=form.family_name.data or "", phone=form.phone.data or ""
    )
    carer = service.add_carer(me.household_id, wanted)
    for child in queries.own_family(me):
        if child.kind == PersonKind.CHILD:
            service.set_caring(
                carer.id,
                child.id,
                relationship=Relationship(form.relationship.data),
                responsibility=Responsibility(form.responsibility.data),
            )
    if form.lives_here.data == "no":
        service.move_out(carer)


@blueprint.route("/my-family/address", methods=["GET", "POST"])
@parent_only
def my_address() -> AnyResponse:
    """Change the address of the parent's household."""
    household = find(Household, _me().household_id)
    form = forms.Address(obj=household)
    return _asked(
        form,
        lambda: service.move_household(
            household, address=form.address.data or "", postcode=form.postcode.data or ""
        ),
        said="The address was changed",
        title="Your address",
    )


@blueprint.route("/my-family/contacts", methods=["GET", "POST"])
@parent_only
@once
def add_my_contact() -> AnyResponse:
    """Add somebody to ring in an emergency."""
    me = _me()
    form = forms.NeededContact()
    return _asked(
        form,
        lambda: service.add_contact(me.household_id, contact_told(form)),
        said="The emergency contact was added",
        title="Add an emergency contact",
    )


@blueprint.post("/my-family/contacts/<uuid:contact_id>/removal")
@parent_only
def remove_my_contact(contact_id: UUID) -> AnyResponse:
    """Ring somebody no more."""
    contact = find(EmergencyContact, contact_id)
    if contact.household_id != _me().household_id:
        raise NotFound("contact")
    service.remove_contact(contact)
    flash("The emergency contact was removed", "success")
    return see("families.my_family")


@blueprint.route("/my-family/consents", methods=["GET", "POST"])
@parent_only
def my_consents() -> AnyResponse:
    """Show and change what the household has agreed to."""
    me = _me()
    form = consents_form(me.household_id)
    return _asked(
        form,
        lambda: answer_all(me.household_id, form),
        said="Your answers were kept",
        title="What you agree to",
        lead="You can come to our hubs whatever you answer.",
    )


@blueprint.get("/my-family/what-we-hold")
@parent_only
def what_we_hold() -> AnyResponse:
    """Show all that is known about the parent's household and her children."""
    me = _me()
    people = _changeable(me, queries.own_family(me))
    service.log_openings([person.id for person in people], Opened.CARE)
    return page(
        "families/what_we_hold.html",
        me=me,
        household=find(Household, me.household_id),
        people=people,
        care=queries.care_of_all([person.id for person in people]),
        contacts=queries.contacts_of(me.household_id),
        consents=queries.consent_history(me.household_id),
        openings=queries.openings_of(me.household_id, without=queries.others_unseen(me)),
    )
