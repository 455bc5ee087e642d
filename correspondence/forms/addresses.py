"""Why an address is written to again."""

from wtforms import RadioField

from kernel.web.choices import Needed
from kernel.web.forms import Form, choices
from messaging.terms import Channel, WorksAgain


class Restoration(Form):
    """Why an address that did not work is written to again."""

    because = RadioField("How do you know?", [Needed("Choose how you know")], validate_choice=True)

    @classmethod
    def of(cls, channel: Channel) -> "Restoration":
        """Return the form for an address or a number: only a number can have asked for no more texts."""
        form = cls()
        form.because.choices = choices((word.value, word.label) for word in offered(channel))
        return form


def offered(channel: Channel) -> list[WorksAgain]:
    """Return what staff can say of an address by a channel."""
    texts = [WorksAgain.WANTED] if channel == Channel.TEXT else []
    return [WorksAgain.TOLD, WorksAgain.TRIED, *texts]
