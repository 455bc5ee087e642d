"""Decisions about families: names, ages, codes, and who might be the same person. Pure."""

from families.rules.ages import (
    age_in_words,
    is_too_old,
    months_old_on,
    problem_with_birth,
)
from families.rules.letters import invitation_letter, known_already_letter, welcome_letter
from families.rules.likeness import ALIKE, Likeness, Looks, are_twins, likeness
from families.rules.lists import (
    ETHNICITIES,
    ethnicity_choices,
    ethnicity_label,
    language_choices,
    language_label,
)
from families.rules.missing import missing_from
from families.rules.names import (
    email_key,
    name_key,
    new_reference,
    outward,
    phone_key,
    phone_problem,
    postcode_key,
    reference_key,
)

__all__ = [
    "ALIKE",
    "ETHNICITIES",
    "Likeness",
    "Looks",
    "age_in_words",
    "are_twins",
    "email_key",
    "ethnicity_choices",
    "ethnicity_label",
    "invitation_letter",
    "is_too_old",
    "known_already_letter",
    "language_choices",
    "language_label",
    "likeness",
    "missing_from",
    "months_old_on",
    "name_key",
    "new_reference",
    "outward",
    "phone_key",
    "phone_problem",
    "postcode_key",
    "problem_with_birth",
    "reference_key",
    "welcome_letter",
]
