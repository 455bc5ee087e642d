"""What a parent is asked who registers, one thing at a time."""

from collections.abc import Iterator
from typing import Any

from wtforms import (  # type: ignore[attr-defined]
    RadioField,
)
from wtforms.validators import InputRequired, Length, Optional

from families.forms.parts import (
    AWAITED,
    BORN,
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
from families.terms import ConsentKind, SendStatus
from kernel.web.forms import DateInput, Form, Line, Postcode, choices

QUESTIONS = {
    ConsentKind.PHOTOS: "Can we take photos and videos in which your family can be seen?",
    ConsentKind.FIRST_AID: "Can we give first aid, and call an ambulance, in an emergency?",
    ConsentKind.SHARING: "Can we share what you told us with health visitors, midwives and schools?",
    ConsentKind.NEWS: "Can we send you news about activities?",
}


class CarerName(Form):
    given_name = one_line("First name", "Enter your first name", render_kw={"autocomplete": "given-name"})
    family_name = one_line("Last name", render_kw={"autocomplete": "family-name"})
    known_as = one_line("What you like to be called", description="If it is not your first name")


class EmailAndPhone(Form):
    email = email_address("Enter your email address", autocomplete="email")
    phone = phone_number(autocomplete="tel")


class Phone(Form):
    phone = phone_number(autocomplete="tel")


class Address(Form):
    address = several_lines(
        "Address", 300, description="Without the postcode", render_kw={"autocomplete": "street-address"}
    )
    postcode = Line(
        "Postcode",
        [InputRequired("Enter your postcode"), Length(max=12), Postcode()],
        render_kw={"autocomplete": "postal-code"},
    )


class ChildDetails(BornOrAwaited, Form):
    awaited = choice(
        "Is the child born?",
        choices([(BORN, "Yes, the child is born"), (AWAITED, "No, we are expecting")]),
        "Say whether the child is born",
    )
    given_name = one_line("First name", description="You can leave this empty for a baby who is not born yet")
    family_name = one_line("Last name")
    date_of_birth = DateInput("Date of birth")
    due_date = DateInput("Due date")


class NewChildOfMine(ChildDetails):
    relationship = relationship_to("What are you to this child?", missing="Choose what you are to this child")
    responsibility = RadioField(
        "Do you have parental responsibility?",
        [InputRequired("Say whether you have parental responsibility")],
        choices=choices([("yes", "Yes"), ("no", "No"), ("not_known", "I am not sure")]),
        description="Mothers have it from birth. Fathers usually have it if they are married to the mother or are "
        "named on the birth certificate.",
    )


class ChildNeeds(Form):
    send = choice(
        "Special educational needs or disabilities",
        choices(SendStatus.choices()),
        "Choose what is right for this child",
        default=SendStatus.NONE.value,
    )
    allergies = several_lines("Allergies", description="What to avoid, and what happens if it is not")
    medical = several_lines("Health", description="Conditions and medicines that we should know about")
    needs = several_lines("What helps", description="Anything that makes a visit go well")


class Languages(Form):
    language = home_language()
    needs_interpreter = choice("Do you need an interpreter?", YES_NO, "Say whether you need an interpreter")


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


class Contact(Checked, Form):
    name = one_line("Name")
    phone = phone_number()
    relationship = one_line(
        "What they are to your family", description="For example, grandmother or neighbour"
    )

    def together(self) -> Iterator[tuple[Any, str]]:
        if self.phone.data and not self.name.data:
            yield self.name, "Enter the name of the person with this phone number"
        if self.name.data and not self.phone.data:
            yield self.phone, "Enter a phone number at which we can reach them"


def _consent(kind: ConsentKind) -> RadioField:
    asked = QUESTIONS[kind].removeprefix("Can we ").removesuffix("?")
    return choice(QUESTIONS[kind], YES_NO, f"Say whether we can {asked}")


class Consents(Form):
    photos = _consent(ConsentKind.PHOTOS)
    first_aid = _consent(ConsentKind.FIRST_AID)
    sharing = _consent(ConsentKind.SHARING)
    news = _consent(ConsentKind.NEWS)

    def answers(self) -> dict[ConsentKind, bool]:
        return {kind: self[kind.value].data == "yes" for kind in ConsentKind if self[kind.value].data}


class AddAnother(Form):
    another = choice("Do you want to add another child?", YES_NO, "Say whether you want to add another child")
