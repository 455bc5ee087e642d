"""The ways in which questionnaires say no."""

from kernel.errors import Refusal


class QuestionnaireClosed(Refusal):
    """It was answered, is not asked any more, or its time is over."""

    message = "This questionnaire cannot be answered any more."


class GoalsStand(Refusal):
    """The goals have been rated, so they cannot be others now."""

    message = "These goals have been rated already, so they cannot be changed any more."
