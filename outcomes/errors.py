"""The ways in which questionnaires say no."""

from kernel.errors import Refusal


class QuestionnaireClosed(Refusal):
    """It was answered, is not asked any more, or its time is over."""

    message = "This questionnaire cannot be answered any more."
