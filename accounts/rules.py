"""What roles may do, which passwords are good enough, and what the letters about accounts say. Pure."""

import re
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from accounts.terms import Role
from kernel.permissions import Permission
from messaging.terms import Letter

_WORKER = {
    Permission.SEE_ROTA,
    Permission.SEE_FAMILIES,
    Permission.MANAGE_FAMILIES,
    Permission.SEE_CARE,
    Permission.MANAGE_BOOKINGS,
    Permission.TAKE_REGISTERS,
    Permission.RUN_COURSES,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.COUNCIL_ADMIN: frozenset(
        {
            Permission.MANAGE_COUNCIL,
            Permission.MANAGE_ACCOUNTS,
            Permission.MANAGE_HUBS,
            Permission.MANAGE_TIMETABLE,
            Permission.MANAGE_PROGRAMMES,
            Permission.SEE_ROTA,
            Permission.SEE_REPORTS,
            Permission.WRITE_ANNOUNCEMENTS,
        }
    ),
    Role.COUNCIL_LEAD: frozenset(
        {Permission.SEE_REPORTS, Permission.SEE_ROTA, Permission.WRITE_ANNOUNCEMENTS}
    ),
    Role.COORDINATOR: frozenset(
        {*_WORKER, Permission.MANAGE_PROGRAMMES, Permission.MANAGE_COURSES, Permission.SEE_REPORTS}
    ),
    Role.HUB_MANAGER: frozenset(
        {
            *_WORKER,
            Permission.SEE_SAFEGUARDING,
            Permission.MANAGE_HUBS,
            Permission.MANAGE_TIMETABLE,
            Permission.MANAGE_COURSES,
            Permission.SEE_REPORTS,
            Permission.WRITE_ANNOUNCEMENTS,
        }
    ),
    Role.HUB_WORKER: frozenset(_WORKER),
    Role.PARENT: frozenset({Permission.BOOK_FOR_OWN_FAMILY}),
    Role.OPERATOR: frozenset({Permission.MANAGE_COUNCILS}),
}

COUNCIL_WIDE = {Role.COUNCIL_ADMIN, Role.COUNCIL_LEAD}
"""Roles that see all hubs; the others see the hubs in whose teams they are."""


def permissions_of(roles: set[Role]) -> frozenset[Permission]:
    """Return all that holders of these roles may do."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))


STAFF_IDLE, PARENT_IDLE = timedelta(minutes=30), timedelta(hours=24)
LONGEST_STAFF, LONGEST = timedelta(hours=12), timedelta(days=14)


def limits_of(roles: Iterable[Role]) -> tuple[timedelta, timedelta]:
    """Return how long a sign-in in these roles may be idle, and how long it may last."""
    return (PARENT_IDLE, LONGEST) if set(roles) == {Role.PARENT} else (STAFF_IDLE, LONGEST_STAFF)


STAFF_ROLES = (Role.COUNCIL_ADMIN, Role.COUNCIL_LEAD, Role.COORDINATOR, Role.HUB_MANAGER, Role.HUB_WORKER)
"""The roles that a council's administrator gives."""

ROLE_HINTS = {
    Role.COUNCIL_ADMIN: "Changes settings, staff, hubs and the timetable. Does not see families.",
    Role.COUNCIL_LEAD: "Reads the reports of all hubs and writes announcements. Does not see families.",
    Role.COORDINATOR: "Sets up parenting programmes and courses, and sees the families of their own hubs.",
    Role.HUB_MANAGER: "Runs hubs: timetable, families, bookings, registers and reports of their own hubs.",
    Role.HUB_WORKER: "Works with families, bookings and registers at their own hubs.",
}

SCOPES = {
    Permission.MANAGE_COUNCIL: "Change the council’s settings",
    Permission.MANAGE_ACCOUNTS: "Manage staff accounts",
    Permission.MANAGE_HUBS: "Change hubs, rooms and activities",
    Permission.MANAGE_TIMETABLE: "Change the timetable",
    Permission.SEE_ROTA: "See who works when",
    Permission.SEE_FAMILIES: "See families",
    Permission.MANAGE_FAMILIES: "Change families",
    Permission.SEE_CARE: "See needs, allergies and medical notes",
    Permission.SEE_SAFEGUARDING: "See safeguarding notes",
    Permission.MANAGE_BOOKINGS: "Make and cancel bookings",
    Permission.TAKE_REGISTERS: "Take registers",
    Permission.SEE_REPORTS: "Read reports",
    Permission.WRITE_ANNOUNCEMENTS: "Write announcements to families, and have them sent",
    Permission.MANAGE_PROGRAMMES: "Change parenting programmes and questionnaires",
    Permission.MANAGE_COURSES: "Set up courses, and see who takes part",
    Permission.RUN_COURSES: "Run courses",
    Permission.BOOK_FOR_OWN_FAMILY: "Book for their own family",
    Permission.MANAGE_COUNCILS: "Set up councils",
}
"""What each scope of an API key lets a machine do, in words."""

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 128
TOO_COMMON = "Choose a password that is harder to guess. Three words that do not belong together work well."
TOO_OWN = "Choose a password that is not made from your name, email address or council."
_LEET = str.maketrans("@4301!$57", "aaeoiisst")
_RUNS = [
    run + run[::-1] + run
    for run in ("0123456789", "1234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm",
                "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm")
]  # fmt: skip


def password_problem(password: str, *, about: Iterable[str] = ()) -> str | None:
    """Say why a password is not good enough, or nothing. ``about`` is what strangers know of its owner."""
    if len(password) < SHORTEST_PASSWORD:
        return f"Your password must have at least {SHORTEST_PASSWORD} characters"
    if len(password) > LONGEST_PASSWORD:
        return f"Your password must have {LONGEST_PASSWORD} characters or fewer"
    folded = password.casefold()
    if _is_pattern(folded) or _is_common(folded):
        return TOO_COMMON
    if len(_without_own_words(folded, about)) < min(len(folded), 8):
        return TOO_OWN
    return None


def _is_pattern(folded: str) -> bool:
    return (
        len(set(folded)) < 5
        or folded.isdigit()
        or any(folded in run for run in _RUNS)
        or bool(re.fullmatch(r"(.{1,6})\1+.?", folded))
    )


def _is_common(folded: str) -> bool:
    cores = {folded, re.sub(r"^[^a-z]+|[^a-z]+$", "", folded)}
    cores |= {re.sub(r"[^a-z]+", "", core) for core in cores} | {
        re.sub(r"[^a-z]", "", core.translate(_LEET)) for core in cores
    }
    return any(core in _common() for core in cores)


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("common-passwords.txt").read_text().split())


def _without_own_words(folded: str, about: Iterable[str]) -> str:
    own = {word for known in about for word in re.findall(r"[^\W\d_]{3,}", known.casefold())}
    rest = folded
    for word in sorted(own, key=len, reverse=True):
        rest = rest.replace(word, "")
    return folded if rest == folded else re.sub(r"[\W\d_]", "", rest)


_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_DEVICES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"), ("Windows", "Windows"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(user_agent: str) -> str:
    """Return what a browser says it is, in plain words: ``Chrome on Android``."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "A browser")
    device = next((name for mark, name in _DEVICES if mark in user_agent), None)
    return f"{browser} on {device}" if device else browser


def sign_in_letter(address: str, *, minutes: int) -> Letter:
    """Return the letter with a link that signs somebody in."""
    return Letter(kind="sign-in-link", says={"minutes": str(minutes)}, action=("Sign in", address))


def nobody_letter(address: str) -> Letter:
    """Return the letter to an address with which nobody can sign in."""
    return Letter(kind="sign-in-nobody", action=("Try another email address", address))


def invitation_letter(name: str, roles: Iterable[Role], address: str, *, hours: int) -> Letter:
    """Return the letter that invites somebody to work with us here."""
    held = " and ".join(role.label.lower() for role in roles)
    return Letter(
        kind="invitation",
        says={"name": name, "roles": held, "hours": str(hours)},
        action=("Choose a password", address),
    )
