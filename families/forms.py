"""The forms in which families tell who they are, one thing at a time, and staff all at once."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from wtforms import (  # type: ignore[attr-defined]
    BooleanField,
    FieldList,
    FormField,
    RadioField,
    SelectChoice,
    SelectField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import EmailInput, TelInput

from families import rules
from families.terms import Because, ConsentKind, Relationship, Responsibility, SendStatus
from kernel.web.forms import DateInput, EmailAddress, Form, Line, Postcode, choices

YES_NO = choices([("yes", "Yes"), ("no", "No")])
BORN, AWAITED = "born", "awaited"
QUESTIONS = {
    ConsentKind.PHOTOS: "Can we take photos and videos in which your family can be seen?",
    ConsentKind.FIRST_AID: "Can we give first aid, and call an ambulance, in an emergency?",
    ConsentKind.SHARING: "Can we share what you told us with health visitors, midwives and schools?",
    ConsentKind.NEWS: "Can we send you news about activities?",
}


def _one_line(label: str, missing: str | None = None, longest: int = 100, **kwargs: Any) -> Line:
    first = InputRequired(missing) if missing else Optional()
    too_long = Length(max=longest, message=f"Must be {longest} characters or fewer")
    return Line(label, [first, too_long], **kwargs)


def _several_lines(label: str, longest: int = 2000, **kwargs: Any) -> TextAreaField:
    too_long = Length(max=longest, message=f"Must be {longest} characters or fewer")
    return TextAreaField(label, [Optional(), too_long], filters=[_trimmed], **kwargs)


def _trimmed(text: str | None) -> str:
    return "\n".join(line.strip() for line in (text or "").strip().splitlines())


class PhoneNumber:
    """Accepts any number that could be rung, in the way it was written; empty is fine."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data and (problem := rules.phone_problem(field.data)):
            raise ValidationError(problem)


def _phone(label: str = "Phone number", missing: str | None = None, **attributes: str) -> Line:
    first = InputRequired(missing) if missing else Optional()
    return Line(label, [first, Length(max=40), PhoneNumber()], widget=TelInput(), render_kw=attributes)


def _email(missing: str | None = None, **attributes: str) -> Line:
    first = InputRequired(missing) if missing else Optional()
    return Line(
        "Email address", [first, Length(max=254), EmailAddress()], widget=EmailInput(), render_kw=attributes
    )


def _choice(label: str, words: Any, missing: str, **kwargs: Any) -> RadioField:
    return RadioField(label, [InputRequired(missing)], choices=words, validate_choice=True, **kwargs)


def _language() -> SelectField:
    return SelectField("Language spoken at home", [Optional()], choices=_grouped(rules.language_choices()))


def ethnic_group(label: str = "Ethnic group") -> SelectField:
    """Return a field for an ethnic group, which nobody has to answer."""
    return SelectField(label, [Optional()], choices=_grouped(rules.ethnicity_choices()))


def _grouped(groups: dict[str, list[tuple[str, str]]]) -> list[SelectChoice]:
    return [
        SelectChoice(value, label, optgroup=group)
        for group, pairs in groups.items()
        for value, label in pairs
    ]


class CarerName(Form):
    given_name = _one_line("First name", "Enter your first name", render_kw={"autocomplete": "given-name"})
    family_name = _one_line("Last name", render_kw={"autocomplete": "family-name"})
    known_as = _one_line("What you like to be called", description="If it is not your first name")


class EmailAndPhone(Form):
    email = _email("Enter your email address", autocomplete="email")
    phone = _phone(autocomplete="tel")


class Phone(Form):
    phone = _phone(autocomplete="tel")


class Address(Form):
    address = _several_lines(
        "Address", 300, description="Without the postcode", render_kw={"autocomplete": "street-address"}
    )
    postcode = Line(
        "Postcode",
        [InputRequired("Enter your postcode"), Length(max=12), Postcode()],
        render_kw={"autocomplete": "postal-code"},
    )


class OwnAddress(Form):
    address = _several_lines("Address", 300, description="You can leave this empty when you do not know it")
    postcode = Line("Postcode", [Optional(), Length(max=12), Postcode()])


class _Checked:
    """A form whose fields are also looked at together, when each has been looked at alone."""

    def together(self) -> Iterator[tuple[Any, str]]:
        raise NotImplementedError

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)  # type: ignore[misc]
        for field, sentence in self.together():
            field.errors = [*field.errors, sentence]
            good = False
        return bool(good)


class _Birth(_Checked):
    """A child is born or awaited; a date belongs to each."""

    date_of_birth: Any
    due_date: Any
    awaited: Any
    given_name: Any

    def born_on(self) -> date | None:
        return self.date_of_birth.data if self.awaited.data == BORN else None

    def due_on(self) -> date | None:
        return self.due_date.data if self.awaited.data == AWAITED else None

    def validate(self, extra_validators: Any = None) -> bool:
        # The date that belongs to the other answer is hidden: what is wrong with it does not matter.
        hidden = self.date_of_birth if self.awaited.data == AWAITED else self.due_date
        hidden.process_errors = []
        return super().validate(extra_validators)

    def together(self) -> Iterator[tuple[Any, str]]:
        if self.awaited.data == AWAITED and not (self.due_date.data or self.due_date.errors):
            yield self.due_date, "Enter the due date"
        if self.awaited.data == BORN and not (self.date_of_birth.data or self.date_of_birth.errors):
            yield self.date_of_birth, "Enter the date of birth"
        if self.awaited.data == BORN and not (self.given_name.data or self.given_name.errors):
            yield self.given_name, "Enter a first name"


class ChildDetails(_Birth, Form):
    awaited = _choice(
        "Is the child born?",
        choices([(BORN, "Yes, the child is born"), (AWAITED, "No, we are expecting")]),
        "Say whether the child is born",
    )
    given_name = _one_line(
        "First name", description="You can leave this empty for a baby who is not born yet"
    )
    family_name = _one_line("Last name")
    date_of_birth = DateInput("Date of birth")
    due_date = DateInput("Due date")


class NewChildOfMine(ChildDetails):
    relationship = SelectField("What are you to this child?", choices=choices(Relationship.choices()))
    responsibility = RadioField(
        "Do you have parental responsibility?",
        [InputRequired("Say whether you have parental responsibility")],
        choices=choices([("yes", "Yes"), ("no", "No"), ("not_known", "I am not sure")]),
        description="Mothers have it from birth. Fathers usually have it if they are married to the mother or are "
        "named on the birth certificate.",
    )


class NewChildOfFamily(ChildDetails):
    carer = SelectField("Parent or carer who tells you")
    relationship = SelectField("What are they to the child?", choices=choices(Relationship.choices()))
    responsibility = RadioField(
        "Do they have parental responsibility?",
        choices=choices(Responsibility.choices()),
        default=Responsibility.NOT_KNOWN.value,
    )


class Birth(Form):
    given_name = _one_line("First name")
    date_of_birth = DateInput("Date of birth", validators=[InputRequired("Enter the date of birth")])


class ChildNeeds(Form):
    send = _choice(
        "Special educational needs or disabilities",
        choices(SendStatus.choices()),
        "Choose what is right for this child",
        default=SendStatus.NONE.value,
    )
    allergies = _several_lines("Allergies", description="What to avoid, and what happens if it is not")
    medical = _several_lines("Health", description="Conditions and medicines that we should know about")
    needs = _several_lines("What helps", description="Anything that makes a visit go well")


class CareNeeds(Form):
    allergies = ChildNeeds.allergies
    medical = ChildNeeds.medical
    needs = ChildNeeds.needs


class Languages(Form):
    language = _language()
    needs_interpreter = _choice("Do you need an interpreter?", YES_NO, "Say whether you need an interpreter")


class Ethnicity(Form):
    ethnicity = ethnic_group("Your ethnic group")
    same = RadioField(
        "Is it the same for all your children?",
        [Optional()],
        choices=choices(
            [("yes", "Yes"), ("no", "No, I will choose for each child"), ("skip", "I do not want to say")]
        ),
        default="yes",
    )


class Contact(_Checked, Form):
    name = _one_line("Name")
    phone = _phone()
    relationship = _one_line(
        "What they are to your family", description="For example, grandmother or neighbour"
    )

    def together(self) -> Iterator[tuple[Any, str]]:
        if self.phone.data and not self.name.data:
            yield self.name, "Enter the name of the person with this phone number"
        if self.name.data and not self.phone.data:
            yield self.phone, "Enter a phone number at which we can reach them"


class NeededContact(Form):
    name = _one_line("Name", "Enter a name")
    phone = _phone(missing="Enter a phone number")
    relationship = _one_line(
        "What they are to the family", description="For example, grandmother or neighbour"
    )


def _consent(kind: ConsentKind) -> RadioField:
    return _choice(QUESTIONS[kind], YES_NO, "Choose yes or no")


class Consents(Form):
    photos = _consent(ConsentKind.PHOTOS)
    first_aid = _consent(ConsentKind.FIRST_AID)
    sharing = _consent(ConsentKind.SHARING)
    news = _consent(ConsentKind.NEWS)

    def answers(self) -> dict[ConsentKind, bool]:
        return {kind: self[kind.value].data == "yes" for kind in ConsentKind if self[kind.value].data}


class AddAnother(Form):
    another = _choice(
        "Do you want to add another child?", YES_NO, "Say whether you want to add another child"
    )


class CarerDetails(Form):
    given_name = _one_line("First name", "Enter a first name")
    family_name = _one_line("Last name")
    known_as = _one_line("Likes to be called")
    email = _email()
    phone = _phone()
    language = _language()
    needs_interpreter = BooleanField("Needs an interpreter")
    ethnicity = ethnic_group()


class ChildChanges(_Birth, Form):
    awaited = ChildDetails.awaited
    given_name = _one_line("First name", "Enter a first name")
    family_name = _one_line("Last name")
    known_as = _one_line("Likes to be called")
    date_of_birth = DateInput("Date of birth")
    due_date = DateInput("Due date")
    send = ChildNeeds.send
    language = _language()
    ethnicity = ethnic_group()


class OtherCarer(Form):
    given_name = _one_line("First name", "Enter a first name")
    family_name = _one_line("Last name")
    phone = _phone()
    relationship = SelectField("What are they to the children?", choices=choices(Relationship.choices()))
    responsibility = RadioField(
        "Do they have parental responsibility?",
        [InputRequired("Say whether they have parental responsibility")],
        choices=choices(Responsibility.choices()),
        default=Responsibility.NOT_KNOWN.value,
    )
    lives_here = _choice(
        "Do they live at the same address?", YES_NO, "Say whether they live at the same address"
    )


class Caring(Form):
    carer = SelectField("Parent or carer")
    relationship = SelectField("What they are to the child", choices=choices(Relationship.choices()))
    responsibility = RadioField(
        "Parental responsibility",
        choices=choices(Responsibility.choices()),
        default=Responsibility.NOT_KNOWN.value,
    )


class FirstContact(Form):
    because = _choice(
        "Why do you open this record?",
        choices((word.value, word.label) for word in (Because.HERE, Because.TELEPHONE, Because.OTHER)),
        "Say why you open this record",
    )
    hub = RadioField("Which hub are you at?", [InputRequired("Choose a hub")])


class SignInAddress(Form):
    email = _email("Enter an email address")


class Note(Form):
    words = TextAreaField(
        "New note",
        [InputRequired("Enter the note"), Length(max=5000, message="Must be 5,000 characters or fewer")],
    )


class ChildRow(_Checked, PlainForm):
    """A child in the form of staff; a row that is left empty is no child."""

    given_name = _one_line("First name")
    family_name = _one_line("Last name")
    date_of_birth = DateInput("Date of birth", description="For example, 27 3 2024")
    due_date = DateInput("Or due date", description="For a baby who is not born yet")
    relationship = SelectField("The parent or carer is their", choices=choices(Relationship.choices()))

    @property
    def is_empty(self) -> bool:
        told = (self.given_name, self.family_name, self.date_of_birth, self.due_date)
        return not any(field.data or field.process_errors for field in told)

    def together(self) -> Iterator[tuple[Any, str]]:
        if self.is_empty:
            return
        if not (self.given_name.data or self.due_date.data):
            yield self.given_name, "Enter a first name"
        if not (self.date_of_birth.data or self.due_date.data or self.errors):
            yield self.date_of_birth, "Enter a date of birth or a due date"


class NewFamily(_Checked, Form):
    given_name = _one_line("First name", "Enter the first name of the parent or carer")
    family_name = _one_line("Last name")
    phone = _phone()
    email = _email()
    address = _several_lines("Address", 300)
    postcode = Line("Postcode", [InputRequired("Enter the postcode"), Length(max=12), Postcode()])
    language = _language()
    needs_interpreter = BooleanField("Needs an interpreter")
    ethnicity = ethnic_group()
    children = FieldList(FormField(ChildRow), min_entries=2, max_entries=12)
    contact_name = _one_line("Name")
    contact_phone = _phone()
    contact_relationship = _one_line("What they are to the family")
    photos = RadioField("Photos and videos", [Optional()], choices=YES_NO)
    first_aid = RadioField("First aid in an emergency", [Optional()], choices=YES_NO)
    sharing = RadioField("Sharing with health and school staff", [Optional()], choices=YES_NO)
    news = RadioField("News about activities", [Optional()], choices=YES_NO)
    hub = RadioField("Hub", [InputRequired("Choose the hub at which you register the family")])

    def together(self) -> Iterator[tuple[Any, str]]:
        if self.contact_name.data and not self.contact_phone.data:
            yield self.contact_phone, "Enter a phone number for the emergency contact"
        if self.contact_phone.data and not self.contact_name.data:
            yield self.contact_name, "Enter the name of the emergency contact"

    def consent_answers(self) -> dict[ConsentKind, bool]:
        return {kind: self[kind.value].data == "yes" for kind in ConsentKind if self[kind.value].data}


class Same(Form):
    answer = RadioField("Are these the same?", [InputRequired("Choose an answer")])
    kept = RadioField("Which record do you keep?", [Optional()])
