"""The ways to say no. The web turns each into a page, a fragment or problem+json."""

from collections.abc import Collection, Mapping


class NotFound(LookupError):
    """There is no such thing here, or not for this person; the web says 404."""


class Refusal(Exception):
    """A rule of the domain says no, in words that a parent could read; the web says 409."""

    message = "That cannot be done."
    status = 409

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)


class Unacceptable(Refusal):
    """What was sent cannot be understood or is out of bounds; the web says 422.

    ``problems`` maps the name of a field to a sentence.
    """

    message = "Some of what you sent cannot be used."
    status = 422

    def __init__(self, message: str | None = None, **problems: str) -> None:
        super().__init__(message or next(iter(problems.values()), None))
        self.problems = problems


class Busy(Refusal):
    """Somebody else holds what is needed; trying again in a moment will do."""

    message = "This is very busy just now. Wait a few seconds and try again."
    status = 503


def ensure_known(changes: Mapping[str, object], known: Collection[str]) -> None:
    """Refuse changes that nobody has heard of: a mistake in the code, not of a person."""
    if unknown := changes.keys() - set(known):
        raise TypeError(f"nobody knows {sorted(unknown)}")


def place_of(error: BaseException) -> str:
    """Return where in the code something went wrong, for a log: files and lines, and nothing that somebody typed."""
    trace, spots = error.__traceback__, []
    while trace:
        spots.append(f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " ".join(spots[-4:])
