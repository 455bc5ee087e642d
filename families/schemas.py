"""What the API says about families, and what it takes. Care is at an address of its own."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from families import rules
from families.terms import Entered, PersonKind, Relationship, Responsibility, SendStatus
from kernel.web.fields import EmailField, LineField, PostcodeField
from messaging.terms import Never

NAME = validate.Length(max=100)
LONG = validate.Length(max=2000)
LANGUAGES = [code for choices in rules.language_choices().values() for code, _ in choices]
ETHNICITIES = ["", *(code for codes in rules.ETHNICITIES.values() for code in codes)]


class PhoneField(LineField):
    """A telephone number that could be rung; empty when it is not known."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        written = super()._deserialize(value, attr, data, **kwargs)
        if written and (problem := rules.phone_problem(written)):
            raise ValidationError(problem)
        return written


def _words(words: Any, **kwargs: Any) -> Any:
    return fields.Enum(words, by_value=True, **kwargs)


class SearchSchema(Schema):
    q = fields.String(
        required=True,
        validate=validate.Length(min=1, max=100),
        metadata={"description": "A name, postcode, reference, telephone number or email address."},
    )


class ListedChildSchema(Schema):
    given_name = fields.String()
    age = fields.String(metadata={"description": "In words."})


class ListedFamilySchema(Schema):
    id = fields.UUID(dump_only=True)
    reference = fields.String()
    area = fields.String(metadata={"description": "The first half of the postcode."})
    finished = fields.Boolean(metadata={"description": "False until a registration at the door is finished."})
    carers = fields.List(fields.String())
    children = fields.List(fields.Nested(ListedChildSchema))


class PersonSchema(Schema):
    id = fields.UUID(dump_only=True)
    kind = _words(PersonKind, dump_only=True)
    given_name = LineField(required=True, validate=validate.Length(min=1, max=100))
    family_name = LineField(validate=NAME)
    known_as = LineField(validate=NAME)
    language = fields.String(validate=validate.OneOf(LANGUAGES), metadata={"description": "ISO 639 code."})
    ethnicity = fields.String(
        validate=validate.OneOf(ETHNICITIES), metadata={"description": "DfE main code."}
    )


class CarerSchema(PersonSchema):
    phone = PhoneField(validate=validate.Length(max=40))
    email = EmailField(validate=validate.Length(max=254))
    needs_interpreter = fields.Boolean()
    never = fields.List(
        _words(Never),
        dump_only=True,
        metadata={
            "description": "What must never be done with this number or address, or when they are reached."
        },
    )


class ContactRulesSchema(Schema):
    never = fields.List(
        _words(Never),
        required=True,
        validate=validate.Length(max=5),
        metadata={"description": "What must never be done when this person is reached."},
    )
    why = fields.String(
        validate=validate.Length(max=1000),
        metadata={"description": "In words that staff need. With care:see alone; what is not sent stays."},
    )


class ChildSchema(PersonSchema):
    given_name = LineField(
        validate=NAME, metadata={"description": "May be left out for a child who is awaited."}
    )
    date_of_birth = fields.Date(allow_none=True)
    due_date = fields.Date(allow_none=True)
    send = _words(SendStatus, metadata={"description": "Special educational needs and disabilities."})


class NewChildSchema(ChildSchema):
    relationship = _words(Relationship, metadata={"description": "What the carer is to the child."})
    responsibility = _words(Responsibility, metadata={"description": "Parental responsibility."})

    @validates_schema
    def _born_or_awaited(self, data: dict[str, Any], **_: Any) -> None:
        born, due = data.get("date_of_birth"), data.get("due_date")
        if bool(born) == bool(due):
            raise ValidationError("Send a date of birth or a due date", "date_of_birth")
        if born and not data.get("given_name"):
            raise ValidationError("Send a first name", "given_name")


class ChildChangesSchema(ChildSchema):
    given_name = LineField(validate=validate.Length(min=1, max=100))


class AddressSchema(Schema):
    address = fields.String(validate=validate.Length(max=300))
    postcode = PostcodeField(validate=validate.Length(max=12))


class NewFamilySchema(AddressSchema):
    carer = fields.Nested(CarerSchema, required=True)
    children = fields.List(fields.Nested(NewChildSchema), validate=validate.Length(max=20), load_default=list)
    hub_id = fields.UUID(
        required=True,
        metadata={"description": "The hub at which the family is known: one of the account's own."},
    )


class FamilySchema(AddressSchema):
    id = fields.UUID(dump_only=True)
    reference = fields.String(dump_only=True)
    entered = _words(Entered, dump_only=True)
    completed_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    carers = fields.List(fields.Nested(CarerSchema), dump_only=True)
    children = fields.List(fields.Nested(ChildSchema), dump_only=True)


class CareSchema(Schema):
    allergies = fields.String(validate=LONG)
    medical = fields.String(validate=LONG)
    needs = fields.String(validate=LONG)
