"""Why an address is written to again."""

from wtforms import RadioField
from wtforms.validators import InputRequired

from kernel.web.forms import Form, choices
from messaging.models import Suppression
from messaging.service.answering import STOPPED
from messaging.terms import WorksAgain


class Restoration(Form):
    """Why an address that did not work is written to again."""

    because = RadioField("How do you know?", [InputRequired("Choose how you know")])

    @classmethod
    def of(cls, suppression: Suppression) -> "Restoration":
        """Return the form for an address or a number."""
        form = cls()
        form.because.choices = choices((word.value, word.label) for word in offered(suppression))
        return form


def offered(suppression: Suppression) -> list[WorksAgain]:
    """Return what staff can say of an address: whoever asked for no more texts has to ask for them again."""
    return [WorksAgain.WANTED] if suppression.because == STOPPED else [WorksAgain.TOLD, WorksAgain.TRIED]
