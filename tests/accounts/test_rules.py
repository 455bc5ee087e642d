import pytest

from accounts.rules import PERMISSIONS, device_of, password_problem, permissions_of
from accounts.terms import Role
from kernel.permissions import Permission

PAULA = ("Paula Reyes", "paula@people.example", "Leeds City Council")


@pytest.mark.parametrize(
    "password",
    [
        "trumpet gravel moss",
        "v7!kQ2#pL9x$",
        "asha likes long words",
        "lämpchen-öffnet-türen",
        "x" * 3 + "Kd83jsQ0zz",
        "8s2k9d7f6g1h",
    ],
)
def test_a_password_that_is_hard_to_guess_is_good_enough(password):
    assert password_problem(password, about=PAULA) is None


@pytest.mark.parametrize(
    "password",
    [
        "password123", "Password2026!", "P@ssw0rd123", "qwertyuiop", "1234567890", "0123456789012", "aaaaaaaaaaaa",
        "ababababab", "Liverpool1!", "LiverpoolFC1", "leedscouncil1", "familyhubs2026", "welcome12345",
        "iloveyou1234", "1qaz2wsx3edc", "abcdefghij", "passwordpassword", "01012020123", "sunshine!!!!",
    ],
)  # fmt: skip
def test_a_password_that_everybody_tries_is_refused(password):
    assert "harder to guess" in str(password_problem(password))


@pytest.mark.parametrize(
    "password", ["Paula Reyes 1987", "paula@people.example", "reyespaula12!", "Reyes of Leeds!!2026"]
)
def test_a_password_made_of_what_is_known_of_its_owner_is_refused(password):
    assert "not made from your name" in str(password_problem(password, about=PAULA))


def test_length_is_asked_for_in_words():
    assert "at least 10" in str(password_problem("gravel mo"))
    assert "128" in str(password_problem("trumpet " * 20))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox on Linux"),
        ("curl/8.0", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_device_is_called_what_people_call_it(said, words):
    assert device_of(said) == words


def test_those_who_run_the_council_or_the_platform_do_not_see_families():
    for role in (Role.COUNCIL_ADMIN, Role.COUNCIL_LEAD, Role.OPERATOR):
        assert not PERMISSIONS[role] & {
            Permission.SEE_FAMILIES,
            Permission.SEE_CARE,
            Permission.SEE_SAFEGUARDING,
        }


def test_roles_add_up():
    assert (
        permissions_of({Role.PARENT, Role.COUNCIL_LEAD})
        == PERMISSIONS[Role.PARENT] | PERMISSIONS[Role.COUNCIL_LEAD]
    )
