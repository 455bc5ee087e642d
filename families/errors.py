"""The ways in which families cannot be changed, in words that people read."""

from kernel.errors import Refusal, Unacceptable


class NeedsACarer(Refusal):
    message = "A family needs at least one parent or carer. Add another carer first."


class AlreadyBorn(Refusal):
    message = "This child has a date of birth already."


class AccountInUse(Unacceptable):
    message = "Somebody else signs in with this email address. Use another one."


class AskAtTheHub(Unacceptable):
    message = "We agreed this with you at a hub. Ring or visit a hub to change it."


class NotInATeam(Refusal):
    message = "You are not in the team of a hub yet. Ask your manager to add you, then open the record."


class RegistrationIsOver(Refusal):
    message = "Your answers are not kept any more. Start again."
    status = 410


class CannotBeOne(Refusal):
    message = "These two records cannot be put together."
