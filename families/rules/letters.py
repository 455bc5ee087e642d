"""What a family is written after it has registered."""

from messaging.terms import Letter


def welcome_letter(reference: str) -> Letter:
    """Return the letter to somebody whose registration is theirs to see as soon as they sign in."""
    return Letter(
        kind="registered",
        subject="You have registered with our family hubs",
        paragraphs=[
            "Thank you for registering.",
            "You can sign in with this email address to book sessions and to see or change what you told us.",
            "If it was not you who registered, please tell us. Nobody can see anything of yours.",
        ],
        facts=[("Your reference", reference)],
        action=("Sign in", "/sign-in"),
    )


def known_already_letter(reference: str) -> Letter:
    """Return the letter to somebody who signs in with this address already, and has not been given the new family."""
    return Letter(
        kind="registered-again",
        subject="You have registered with our family hubs",
        paragraphs=[
            "Somebody registered with this email address, which has an account already.",
            "If it was you, sign in to book sessions. We look at the new registration and join it with what we have.",
            "If it was not you who registered, please tell us. Nobody can see anything of yours.",
        ],
        facts=[("Reference of the new registration", reference)],
        action=("Sign in", "/sign-in"),
    )


def invitation_letter() -> Letter:
    """Return the letter to a carer for whom staff opened the way in."""
    return Letter(
        kind="family-invited",
        subject="You can now sign in to our family hubs",
        paragraphs=[
            "You asked us to let you sign in with this email address.",
            "When you are signed in you can book sessions, and see and change what we know about your family.",
        ],
        action=("Sign in", "/sign-in"),
    )
