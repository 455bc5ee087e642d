"""How old a child is, and who is too old."""

from datetime import date, timedelta

from kernel.prose import count, date_only, months_old

LONGEST_AHEAD = timedelta(days=310)
LATEST = timedelta(days=60)


def months_old_on(born: date, on: date) -> int:
    """Return the age on a day, in whole months; negative before the birth."""
    months = (on.year - born.year) * 12 + on.month - born.month
    return months - 1 if on.day < born.day and not _is_last_of_month(on) else months


def age_in_words(born: date | None, due: date | None, *, on: date) -> str:
    """Return ``3 years``, ``5 months``, ``2 weeks``, ``due 3 June 2026``, or nothing when neither is known."""
    if born is None:
        return f"due {date_only(due)}" if due else ""
    if born > on:
        return f"due {date_only(born)}"
    months = months_old_on(born, on)
    if months > 0:
        return months_old(months)
    days = (on - born).days
    return count(days // 7, "week") if days >= 7 else "newborn"


def is_too_old(born: date | None, *, on: date, limit: int, limit_send: int, send: bool) -> bool:
    """Say whether a child is past the council's oldest age in years; that age itself still counts."""
    return born is not None and months_old_on(born, on) // 12 > (limit_send if send else limit)


def problem_with_birth(
    born: date | None, due: date | None, *, on: date, limit: int, limit_send: int, send: bool
) -> str | None:
    """Say why this cannot be the date of birth, or the due date, of a child of a hub; None when it can."""
    if born and due:
        return "Enter a date of birth or a due date, not both"
    if born and born > on:
        return "Date of birth must be in the past. If the baby is not born yet, choose ‘We are expecting’"
    if is_too_old(born, on=on, limit=limit, limit_send=limit_send, send=send):
        return (
            f"Family hubs are for children and young people up to {limit}, "
            f"or {limit_send} with special educational needs or disabilities"
        )
    if due and not on - LATEST <= due <= on + LONGEST_AHEAD:
        return "The due date must be within the next 10 months"
    return None


def _is_last_of_month(day: date) -> bool:
    return (day + timedelta(days=1)).month != day.month
