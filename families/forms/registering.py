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
from kernel.web.choices import Ticks
from kernel.web.forms import DateInput, Form, Line, Postcode, choices
from messaging.terms import Never

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


UNWANTED = {
    Never.TEXT: "Text messages",
    Never.VOICEMAIL: "Messages when I do not answer the telephone",
    Never.POST: "Post",
    Never.PLACE: "Showing others of my family what I book",
}
"""What somebody who registers can ask us not to do, in words that anybody may read over her shoulder."""


class Unwanted(Checked, Form):
    any = choice(
        "Are there ways in which we should not contact you?",
        YES_NO,
        "Say whether we can contact you in any way",
        description="For example, because somebody else uses your telephone",
    )
    unwanted = Ticks(
        "What should we leave out?",
        choices=choices((never.value, words) for never, words in UNWANTED.items()),
        description="You sign in with your email address, so we always use that. If it does not suit you, talk to us "
        "at any hub.",
    )

    def together(self) -> Iterator[tuple[Any, str]]:
        if self.any.data == "yes" and not self.unwanted.data:
            yield self.unwanted, "Choose what we should leave out"


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
