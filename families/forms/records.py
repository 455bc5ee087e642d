"""What is asked once a family is known, and the one-page form of staff."""

from collections.abc import Iterator
from typing import Any

from wtforms import (  # type: ignore[attr-defined]
    BooleanField,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, Optional

from families.forms.parts import (
    YES_NO,
    BornOrAwaited,
    Checked,
    choice,
    email_address,
    ethnic_group,
    home_language,
    one_line,
    phone_number,
    relationship_to,
    several_lines,
)
from families.forms.registering import ChildDetails, ChildNeeds
from families.terms import Because, ConsentKind, Responsibility
from kernel.web.choices import Ticks
from kernel.web.forms import DateInput, Form, Line, Postcode, choices
from messaging.terms import Never

OWN_WORDS = {
    Never.TEXT: "Text message",
    Never.EMAIL: "Email",
    Never.VOICEMAIL: "A message when I do not answer the telephone",
    Never.POST: "Post",
}
"""How somebody is reached, as they are asked: what is not ticked is not done."""


class OwnAddress(Form):
    address = several_lines("Address", 300, description="You can leave this empty when you do not know it")
    postcode = Line("Postcode", [Optional(), Length(max=12), Postcode()])


class NewChildOfFamily(ChildDetails):
    carer = SelectField("Parent or carer who tells you")
    relationship = relationship_to("What are they to the child?")
    responsibility = RadioField(
        "Do they have parental responsibility?",
        choices=choices(Responsibility.choices()),
        default=Responsibility.NOT_KNOWN.value,
    )


class Birth(Form):
    given_name = one_line("First name")
    date_of_birth = DateInput("Date of birth", validators=[InputRequired("Enter the date of birth")])


class CareNeeds(Form):
    allergies = ChildNeeds.allergies
    medical = ChildNeeds.medical
    needs = ChildNeeds.needs


class NeededContact(Form):
    name = one_line("Name", "Enter a name")
    phone = phone_number(missing="Enter a phone number")
    relationship = one_line(
        "What they are to the family", description="For example, grandmother or neighbour"
    )


class CarerDetails(Form):
    given_name = one_line("First name", "Enter a first name")
    family_name = one_line("Last name")
    known_as = one_line("Likes to be called")
    email = email_address()
    phone = phone_number()
    language = home_language()
    needs_interpreter = BooleanField("Needs an interpreter")
    ethnicity = ethnic_group()


class ChildChanges(BornOrAwaited, Form):
    awaited = ChildDetails.awaited
    given_name = one_line("First name", "Enter a first name")
    family_name = one_line("Last name")
    known_as = one_line("Likes to be called")
    date_of_birth = DateInput("Date of birth")
    due_date = DateInput("Due date")
    send = ChildNeeds.send
    language = home_language()
    ethnicity = ethnic_group()


class OtherCarer(Form):
    given_name = one_line("First name", "Enter a first name")
    family_name = one_line("Last name")
    phone = phone_number()
    relationship = relationship_to("What are they to the children?")
    responsibility = RadioField(
        "Do they have parental responsibility?",
        [InputRequired("Say whether they have parental responsibility")],
        choices=choices(Responsibility.choices()),
        default=Responsibility.NOT_KNOWN.value,
    )
    lives_here = choice(
        "Do they live at the same address?", YES_NO, "Say whether they live at the same address"
    )


class Caring(Form):
    carer = SelectField("Parent or carer")
    relationship = relationship_to("What they are to the child")
    responsibility = RadioField(
        "Parental responsibility",
        choices=choices(Responsibility.choices()),
        default=Responsibility.NOT_KNOWN.value,
    )


class FirstContact(Form):
    because = choice(
        "Why do you open this record?",
        choices((word.value, word.label) for word in (Because.HERE, Because.TELEPHONE, Because.OTHER)),
        "Say why you open this record",
    )
    hub = RadioField("Which hub are you at?", [InputRequired("Choose a hub")])


class SignInAddress(Form):
    email = email_address("Enter an email address")


NEVER = choices((never.value, never.label) for never in Never)


class ContactRules(Form):
    never = Ticks("What must we not do?", choices=NEVER)


class ContactRulesAndWhy(ContactRules):
    why = several_lines(
        "What else must staff know?",
        1000,
        description="For example, whom to ask for, or when it is safe to ring. It is encrypted. Each opening is kept",
    )


REACHED = choices((never.value, words) for never, words in OWN_WORDS.items())
BY_ALL, BY_ME = "family", "me"


class OwnContact(Form):
    """How a carer wishes to be reached, in words that anybody could read over her shoulder."""

    may = Ticks("How can we reach you?", choices=REACHED)
    seen_by = RadioField(
        "Who can see the sessions that you book?",
        [InputRequired("Choose who can see what you book")],
        choices=choices([(BY_ALL, "Everybody of my family who signs in"), (BY_ME, "Only me")]),
    )


class Note(Form):
    words = TextAreaField(
        "New note",
        [InputRequired("Enter the note"), Length(max=5000, message="Must be 5,000 characters or fewer")],
    )


class ChildRow(Checked, PlainForm):
    """A child in the form of staff; a row that is left empty is no child."""

    given_name = one_line("First name")
    family_name = one_line("Last name")
    date_of_birth = DateInput("Date of birth", description="For example, 27 3 2024")
    due_date = DateInput("Or due date", description="For a baby who is not born yet")
    relationship = relationship_to("The parent or carer is their", needed=False)

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


class NewFamily(Checked, Form):
    given_name = one_line("First name", "Enter the first name of the parent or carer")
    family_name = one_line("Last name")
    phone = phone_number()
    email = email_address()
    address = several_lines("Address", 300)
    postcode = Line("Postcode", [InputRequired("Enter the postcode"), Length(max=12), Postcode()])
    language = home_language()
    needs_interpreter = BooleanField("Needs an interpreter")
    ethnicity = ethnic_group()
    children = FieldList(FormField(ChildRow), min_entries=2, max_entries=12)
    contact_name = one_line("Name")
    contact_phone = phone_number()
    contact_relationship = one_line("What they are to the family")
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
    kept = RadioField("If they are the same, which record do you keep?")
