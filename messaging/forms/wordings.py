"""What a council says in a kind of message, and by which way it goes."""

from uuid import UUID

from wtforms import HiddenField, RadioField, SelectField, TextAreaField

from kernel.web.forms import Form, Line, Question
from messaging.rules import Wording
from messaging.terms import Channel, Way

AS_IT_COMES = "as-it-comes"


class WordingForm(Form):
    """The words of a kind of message in one language. What they may be, ``rules.problems`` says."""

    subject = Line("Subject of the email")
    body = TextAreaField("Email")
    text = TextAreaField("Text message")
    phone = Line("Your mobile number")
    by = HiddenField()
    """By which way a test goes; none is by email."""
    seen = HiddenField()
    """The newest change that whoever writes has read."""

    @property
    def wording(self) -> Wording:
        """Return the words as they were typed."""
        return Wording.typed(*(str(part.data or "") for part in (self.subject, self.body, self.text)))

    @property
    def by_text(self) -> bool:
        """Say whether a test is to go as a text message."""
        return bool(self.by.data == Channel.TEXT)

    @property
    def newest_seen(self) -> UUID | None:
        """Return the newest change that whoever writes has read; what is no id is none that there is."""
        try:
            return UUID(self.seen.data) if self.seen.data else None
        except ValueError:
            return UUID(int=0)


class WayForm(Form):
    """By which way a kind of message goes."""

    way = RadioField("How should it be sent?")

    @property
    def chosen(self) -> Way | None:
        """Return the way, or None for as it comes with the product."""
        return None if self.way.data == AS_IT_COMES else Way(self.way.data)


class LanguageForm(Question):
    """For which language somebody has words."""

    language = SelectField("Language")
