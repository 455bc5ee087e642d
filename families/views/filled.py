"""The same forms for parents and for staff: filled in with what is known, and read."""

from typing import Any
from uuid import UUID

from families import forms, queries, service
from families.models import Person
from families.service import NewChild, NewContact
from families.terms import Opened, PersonKind, Relationship, Responsibility, SendStatus


def details_form(person: Person) -> Any:
    """Return the form of a carer or a child as it is now."""
    if person.kind == PersonKind.CARER:
        return forms.CarerDetails(obj=person)
    return forms.ChildChanges(
        obj=person,
        data={"awaited": forms.AWAITED if person.due_date else forms.BORN, "send": person.send.value},
    )


def details_told(form: Any, person: Person) -> dict[str, Any]:
    """Return what the form says that can be changed about a person."""
    words = ("given_name", "family_name", "known_as", "language", "ethnicity")
    told: dict[str, Any] = {name: form[name].data or "" for name in words}
    if person.kind == PersonKind.CARER:
        more = {name: form[name].data or "" for name in ("email", "phone")}
        return {**told, **more, "needs_interpreter": bool(form.needs_interpreter.data)}
    dates = {"date_of_birth": form.born_on(), "due_date": form.due_on()}
    return {**told, **dates, "send": SendStatus(form.send.data)}


def care_form(person: Person) -> Any:
    """Return the form of what must be known about a person, as it is now, and log that it was shown."""
    form = forms.CareNeeds(obj=queries.care_of(person.id))
    if not form.is_submitted():
        service.log_opening(person.id, Opened.CARE)
    return form


def care_told(form: Any) -> dict[str, str]:
    """Return what the form says about care."""
    return {name: form[name].data or "" for name in ("allergies", "medical", "needs")}


def child_told(form: Any) -> NewChild:
    """Return the child that the form tells, and what the carer is to it."""
    return NewChild(
        given_name=form.given_name.data or "",
        family_name=form.family_name.data or "",
        date_of_birth=form.born_on(),
        due_date=form.due_on(),
        relationship=Relationship(form.relationship.data),
        responsibility=Responsibility(form.responsibility.data),
    )


def contact_told(form: Any) -> NewContact:
    """Return the emergency contact that the form tells."""
    return NewContact(form.name.data, form.phone.data, form.relationship.data or "")


def consents_form(household_id: UUID) -> forms.Consents:
    """Return the form of what a household has agreed to."""
    answered = queries.consents_now(household_id)
    return forms.Consents(data={kind.value: "yes" if agreed else "no" for kind, agreed in answered.items()})


def answer_all(household_id: UUID, form: forms.Consents) -> None:
    """Keep what the form says that a household agrees to."""
    for kind, agreed in form.answers().items():
        service.answer_consent(household_id, kind, agreed)
