"""What a council says of how it sends."""

from decimal import Decimal
from typing import Any

from wtforms import BooleanField, DecimalField, PasswordField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional, Regexp, ValidationError

from kernel.web.choices import Number
from kernel.web.forms import EmailAddress, Form, Line, choices
from messaging.rules import mobile
from messaging.rules.channels import NOTIFY_ID, NOTIFY_KEY
from messaging.terms import Channel


def _id_of(what: str) -> Regexp:
    return Regexp(NOTIFY_ID, message=f"Enter the ID of the {what}, like 6c1fb0a4-0f02-4f4a-9a60-0d8f7f6f9a31")


SMTP, NOTIFY = "smtp", "notify"


class Pence(DecimalField):
    """An amount in pence, with or without its sign."""

    def process_data(self, value: Decimal | None) -> None:
        """Take a value in, to be shown with no more places than it needs."""
        super().process_data(value if value is None else Decimal(f"{value.normalize():f}"))

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it."""
        try:
            super().process_formdata([value.casefold().replace("p", "").strip() for value in valuelist])
            if self.data is not None and not self.data.is_finite():
                raise ValueError
        except ValueError:
            self.data = None
            raise ValueError("Enter an amount in pence, like 2.4") from None


class ChannelsForm(Form):
    """How a council sends."""

    notify_key = PasswordField("New key", [Optional()])
    forget_key = BooleanField("Forget the key")
    texts = BooleanField("Send text messages")
    text_template = Line("Template for text messages", [Optional(), _id_of("template for text messages")])
    pence_each = Pence(
        "What one text costs the council",
        [Optional(), NumberRange(0, 100, message="Enter an amount in pence from 0 to 100")],
        places=None,
    )
    email_by = RadioField(
        "How emails are sent",
        choices=choices([(SMTP, "By our mail server"), (NOTIFY, "By GOV.UK Notify")]),
        default=SMTP,
    )
    email_template = Line("Template for emails", [Optional(), _id_of("template for emails")])
    reply_to_id = Line("Address for replies", [Optional(), _id_of("address for replies")])
    falls_back = BooleanField("Send it the other way, if there is one")
    approve_above = Number(
        "Number of people",
        [
            InputRequired("Enter a number of people"),
            NumberRange(0, 100_000, message="Enter a number of people from 0 to 100,000"),
        ],
    )

    def validate_notify_key(self, field: Any) -> None:
        """Accept a whole key."""
        if field.data and not NOTIFY_KEY.fullmatch(field.data.strip()):
            raise ValidationError(
                "Copy the whole key from GOV.UK Notify: its name and two ids, joined by hyphens"
            )

    def ask_for_key_again(self) -> None:
        """Say that the key which was entered is not kept: it is never shown, so whoever entered it would not know."""
        if self.notify_key.data and not self.notify_key.errors:
            self.notify_key.errors = ["Enter the key again: it is not kept while something else is wrong"]

    def told(self) -> dict[str, Any]:
        """Return what is asked for, by the names of the settings."""
        return {
            "texts": self.texts.data, "text_template": self.text_template.data or "",
            "email_by_notify": self.email_by.data == NOTIFY, "email_template": self.email_template.data or "",
            "reply_to_id": self.reply_to_id.data or "", "falls_back": self.falls_back.data,
            "pence_each": self.pence_each.data, "approve_above": self.approve_above.data,
        }  # fmt: skip


class TrialForm(Form):
    """Where a test message goes."""

    channel = RadioField(
        "What shall we send?",
        [InputRequired("Choose what to send")],
        choices=choices([(Channel.TEXT.value, "A text message"), (Channel.EMAIL.value, "An email")]),
    )
    phone = Line("Your mobile number")
    email = Line("Your email address", [Optional(), EmailAddress()])

    def validate_phone(self, field: Any) -> None:
        """Accept a number that takes texts, when a text is to be sent."""
        if self.channel.data == Channel.TEXT and not mobile(field.data or ""):
            raise ValidationError("Enter a mobile number, like 07700 900123")

    def validate_email(self, field: Any) -> None:
        """Ask for an address, when an email is to be sent."""
        if self.channel.data == Channel.EMAIL and not field.data:
            raise ValidationError("Enter an email address")

    @property
    def to(self) -> str:
        """Return where it goes."""
        return mobile(self.phone.data or "") if self.channel.data == Channel.TEXT else str(self.email.data)
