"""The forms about accounts."""

from wtforms import PasswordField
from wtforms.validators import DataRequired, InputRequired, Length

from accounts.rules import STAFF_ROLES
from kernel.web.choices import Ticks
from kernel.web.forms import EmailAddress, Form, Line, choices

LONGEST_TYPED = 1000
"""More than this is not worth hashing."""


def _address() -> Line:
    return Line(
        "Email address",
        [DataRequired("Enter your email address"), Length(max=254), EmailAddress()],
        render_kw={"autocomplete": "email"},
    )


class SignInForm(Form):
    email = _address()
    password = PasswordField(
        "Password",
        [InputRequired("Enter your password, or ask for a link by email"), Length(max=LONGEST_TYPED)],
    )


class LinkForm(Form):
    email = _address()


class NewPasswordForm(Form):
    password = PasswordField(
        "New password",
        [InputRequired("Enter a new password"), Length(max=LONGEST_TYPED)],
        description="At least 10 characters. Three words that do not belong together work well. "
        "Do not use your name or a password that you use elsewhere.",
    )


class ChangePasswordForm(NewPasswordForm):
    old_password = PasswordField(
        "Password that you have now",
        [InputRequired("Enter the password that you have now"), Length(max=LONGEST_TYPED)],
    )


class NameForm(Form):
    name = Line(
        "Your name", [DataRequired("Enter your name"), Length(max=100)], render_kw={"autocomplete": "name"}
    )


def _roles() -> Ticks:
    return Ticks(
        "What they do",
        validators=[DataRequired("Choose at least one role")],
        choices=choices((role.value, role.label) for role in STAFF_ROLES),
    )


class StaffForm(Form):
    name = Line(
        "Name", [DataRequired("Enter their name"), Length(max=100, message="Use 100 characters or fewer")]
    )
    roles = _roles()


class InvitationForm(Form):
    name = Line(
        "Name", [DataRequired("Enter their name"), Length(max=100, message="Use 100 characters or fewer")]
    )
    email = Line(
        "Email address", [DataRequired("Enter their email address"), Length(max=254), EmailAddress()]
    )
    roles = _roles()


class KeyForm(Form):
    name = Line(
        "What is the key for?",
        [DataRequired("Say what the key is for"), Length(max=60, message="Use 60 characters or fewer")],
        description="For example, our website",
    )
    scopes = Ticks(
        "What may it do?", validators=[DataRequired("Choose at least one thing that the key may do")]
    )
