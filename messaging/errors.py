"""Why a message is not sent."""

from kernel.errors import Refusal, Unacceptable


class NotOneAddress(Refusal):
    message = "That is not one email address."
    status = 422


class CannotCarry(Exception):
    """A message waits until somebody has put something right. Its name is what staff find beside the message."""

    message = "It could not be handed over."


class NotSetUp(CannotCarry):
    """The council must put something right first: until then nothing goes by this way, and nothing has gone."""


class NotifyHasNoKey(NotSetUp):
    message = "The council has entered no key to GOV.UK Notify."


class NotifyRefusesKey(NotSetUp):
    message = "GOV.UK Notify does not accept the council’s key."


class NotifyOnTrial(NotSetUp):
    message = "The council’s service at GOV.UK Notify is in trial mode, or its key is for the team only."


class NotifyMayNotSend(NotSetUp):
    message = "The council’s service at GOV.UK Notify is not allowed to send this. Its settings there say what it may."


class NotifyTemplateMissing(NotSetUp):
    message = "GOV.UK Notify does not know the template, or the template lacks ((body)) or ((subject))."


class NotifyReplyAddressMissing(NotSetUp):
    message = "GOV.UK Notify does not know the address for replies that the council has entered."


class NotifyRefusesClock(CannotCarry):
    message = "The clock of our machine is wrong: GOV.UK Notify takes nothing from it until it is right."


class NotifyRefusesRequest(CannotCarry):
    message = "GOV.UK Notify did not understand what it was asked."


class NotifyAway(CannotCarry):
    message = "GOV.UK Notify did not answer, or something failed there."


WAITING = {
    one.__name__: one.message
    for one in (
        NotifyHasNoKey,
        NotifyRefusesKey,
        NotifyOnTrial,
        NotifyMayNotSend,
        NotifyTemplateMissing,
        NotifyReplyAddressMissing,
        NotifyRefusesClock,
        NotifyRefusesRequest,
        NotifyAway,
    )
}
"""Why messages wait, by the name that is kept with their promise."""


class WordsChanged(Unacceptable):
    message = (
        "These words have been changed since you opened this page. "
        "The newest are below, under “Who changed what”. Save again to use yours."
    )
