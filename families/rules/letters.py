"""What a family is written after it has registered."""

from messaging.terms import Letter


def welcome_letter(reference: str) -> Letter:
    """Return the letter to somebody whose registration is theirs to see as soon as they sign in."""
    return Letter(
        kind="registered",
        facts=[("Your reference", reference)],
        action=("Sign in", "/sign-in"),
    )


def known_already_letter(reference: str) -> Letter:
    """Return the letter to somebody who signs in with this address already, and has not been given the new family."""
    return Letter(
        kind="registered-again",
        facts=[("Reference of the new registration", reference)],
        action=("Sign in", "/sign-in"),
    )


def invitation_letter() -> Letter:
    """Return the letter to a carer for whom staff opened the way in."""
    return Letter(
        kind="family-invited",
        action=("Sign in", "/sign-in"),
    )
