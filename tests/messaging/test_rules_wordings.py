"""What is said: every language says what English says, and no value ever becomes a part of the page."""

import ast
import re
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging import rules
from messaging.rules import letter as frame
from messaging.rules.discreet import IN_WORDS, discreet
from messaging.rules.kinds import values
from messaging.rules.replies import Reply
from messaging.rules.sampling import sample_letter
from messaging.rules.texting import MOST_PARTS
from messaging.terms import PARTY, At, Group, Letter, Phrase, Span
from programmes.jobs.letters import APPOINTMENTS
from programmes.terms import ContactKind

KINDS = rules.kinds()
FAMILIES = [code for code, kind in KINDS.items() if kind.group != Group.STAFF]
OTHERS = [code for code in rules.languages() if code != "en"]
SENDER = rules.Sender(
    name="City of York Council",
    address="york@hubs.example",
    reply_to="hubs@york.example",
    phone="01904 551550",
    colour="#1d70b8",
    base_url="https://york.hubs.example",
)
WRITING = ["bookings/jobs", "programmes/jobs", "outcomes/jobs", "families/rules/letters.py", "accounts/rules.py",
           "messaging/service/sending.py"]  # fmt: skip
STAFF_ONLY = {"Open the course", "Choose a password"}
STARTS, ENDS = datetime(2026, 3, 3, 9, 30, tzinfo=UTC), datetime(2026, 3, 3, 11, 0, tzinfo=UTC)
TAG = re.compile(r"<[^>]*>")
"""A tag, as browsers read what is escaped."""


def said_in(path: Path) -> set[str]:
    """Return the words of labels and links in a module that writes letters: pairs that begin with a text."""
    pairs = (one for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.Tuple))
    first = [one.elts[0] for one in pairs if len(one.elts) == 2]
    words = [one.value for one in first if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return {one for one in words if re.fullmatch(r"[A-Z][a-z]+( .+)?", one)}


def labels_of_letters() -> set[str]:
    """Return every label and link that a letter to a family can have."""
    browsers = {"Edg", "Firefox", "Chrome", "Safari", "Android", "Windows", "Macintosh", "Linux"}
    return {one for path in files_that_write() for one in said_in(path)} - browsers - STAFF_ONLY


def phrases_of_letters() -> set[str]:
    """Return the words of every phrase in which a letter puts values."""
    calls = (
        one
        for path in files_that_write()
        for one in ast.walk(ast.parse(path.read_text()))
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "Phrase"
    )
    words = [one.args[0] for one in calls]
    return {one.value if isinstance(one, ast.Constant) else PARTY for one in words}  # type: ignore[misc]


def files_that_write() -> list[Path]:
    return [path for place in WRITING for path in (sorted(Path(place).glob("*.py")) or [Path(place)])]


def test_english_says_every_kind_and_the_others_what_families_get():
    assert rules.languages() == ["en", "ar", "pl", "ro", "uk", "ur"]
    assert list(rules.shipped("en")) == list(KINDS)
    for code in OTHERS:
        assert list(rules.shipped(code)) == FAMILIES, code
    assert rules.shipped("so") == rules.shipped("../en") == {}


@pytest.mark.parametrize("language", rules.languages())
def test_words_that_come_with_the_product_are_in_order(language: str):
    for code, wording in rules.shipped(language).items():
        english = rules.shipped("en")[code]
        assert rules.problems(KINDS[code], wording) == {}, code
        assert bool(wording.text) == bool(english.text), code
        for part in ("subject", "body", "text"):
            own, source = getattr(wording, part), getattr(english, part)
            assert rules.fields_in(own) == rules.fields_in(source), f"{language} {code} {part}"
            assert language == "en" or not FIELDLESS.sub("", source).strip() or own != source, (
                f"{code} is English"
            )


FIELDLESS = re.compile(r"\(\([a-z_]+\)\)|[^A-Za-z]")


@pytest.mark.parametrize("language", OTHERS)
def test_every_label_and_the_frame_of_letters_are_translated(language: str):
    labels = rules.labels(language)

    assert {"See your bookings", "Answer the questions", "Where"} <= labels_of_letters()
    assert labels_of_letters() <= set(labels)
    assert set(frame.FRAME) <= set(labels)
    phrases = phrases_of_letters()
    assert {PARTY, "From ((day))"} <= phrases
    assert {APPOINTMENTS, IN_WORDS, *phrases, *(kind.label for kind in ContactKind)} == set(values(language))
    for english, own in [*labels.items(), *values(language).items()]:
        assert rules.fields_in(own) == rules.fields_in(english), english
        assert own.strip(), english
        assert own != english, english


@pytest.mark.parametrize(
    ("words", "meant"),
    [("TAK", "YES"), ("NIE", "NO"), ("DA", "YES"), ("NU", "NO"), ("ТАК", "YES"), ("НІ", "NO")],
)
def test_the_answers_that_a_text_asks_for_are_understood(words: str, meant: str):
    assert rules.meant(words) == Reply[meant]
    assert any(f" {words}" in one.text for code in OTHERS for one in rules.shipped(code).values())


@pytest.mark.parametrize("language", OTHERS)
def test_a_letter_in_another_language_has_no_english_left_but_names(language: str):
    letter = Letter(
        kind="course-slot-picked",
        says={"contact": "Telephone call", "day": At(STARTS, "short_day"), "time": At(STARTS, "clock")},
        facts=[("What", "2. Telephone call"), ("When", Span(STARTS, ENDS)), ("3. Home visit", "x")],
        action=("See your course", "/my-courses/1"),
    )
    message = rules.worded(
        letter, rules.shipped(language)[letter.kind], SENDER, language=language, stop="/stop"
    )

    page, text = rules.html(message, SENDER), rules.plain_text(message, SENDER)

    called = values(language)["Telephone call"]
    assert message.subject.startswith(called)
    assert (rules.labels(language)["What"], f"2. {called}") in message.facts
    for part in (page, text):
        assert not re.search(
            r"See your|Questions|Choose|This message|Telephone|Home visit|Tuesday|March", part
        )
    assert f'lang="{language}" dir="{"rtl" if language in ("ar", "ur") else "ltr"}"' in page
    assert "mailto:hubs@york.example" in page
    assert "01904 551550" in text


@pytest.mark.parametrize("language", rules.languages())
def test_every_kind_can_be_looked_at_with_sample_values(language: str):
    for code, wording in rules.shipped(language).items():
        kind = KINDS[code]
        message = rules.worded(sample_letter(kind), wording, SENDER, language=language)
        assert "((" not in message.subject + rules.html(message, SENDER) + message.text, code
        assert rules.length(message.text).parts <= MOST_PARTS, code
        assert set(sample_letter(kind).says) == kind.names - {"council", "link"}, code
        for field in kind.fields:
            assert rules.written(sample_letter(kind).says[field.name]) == field.sample, (
                "English samples agree"
            )


def test_english_letters_say_who_wrote_and_where_to_ask():
    message = rules.worded(Letter(kind="registered"), rules.shipped("en")["registered"], SENDER, stop="/stop")

    page = TAG.sub("", rules.html(message, SENDER))

    assert "This message was sent to you by City of York Council." in page
    assert "Reply to it, or write to hubs@york.example or ring 01904 551550." in page
    assert "Choose what we write to you about" in page


def test_mail_programs_can_read_where_to_stop_a_message():
    """Over the wire: folded, the address would be encoded, and the button of the mail program would not be there."""
    stop = f"/messages/choices/{'x' * 90}?about=reminders"
    message = rules.worded(Letter(kind="registered"), rules.shipped("en")["registered"], SENDER, stop=stop)

    mail = rules.email(message, SENDER, to="paula@people.example", key="1", now=STARTS)

    assert f"\r\nList-Unsubscribe: <https://york.hubs.example{stop}>\r\n".encode() in mail.as_bytes()


def test_what_counts_or_dates_is_in_the_language_of_whoever_reads_it():
    letter = Letter(
        kind="booking-confirmed",
        says={"session": "Stay and Play", "places": PLACES},
        facts=[
            ("Places", PLACES),
            ("Price", Phrase("((price)) for each family", {"price": "£2.00"})),
            ("1. Home visit", Phrase("You pick a time, in the week of ((day))", {"day": At(STARTS, "day")})),
        ],
    )

    english, polish, somali = (facts_in(letter, language) for language in ("en", "pl", "so"))

    assert english == [
        ("Places", "1 adult and 2 children"),
        ("Price", "£2.00 for each family"),
        ("1. Home visit", "You pick a time, in the week of Tuesday 3 March 2026"),
    ]
    assert polish == [
        ("Miejsca", "Dorośli: 1, dzieci: 2"),
        ("Cena", "£2.00 od rodziny"),
        ("1. Wizyta w domu", "Termin wybierasz Ty, w tygodniu, w którym jest wtorek, 3 marca 2026"),
    ]
    assert somali[0] == ("Places", "1 adult and 2 children")


PLACES = Phrase(PARTY, {"adults": "1", "children": "2"}, english="1 adult and 2 children")


def facts_in(letter: Letter, language: str) -> list[tuple[str, str]]:
    return list(rules.worded(letter, rules.Wording("s", "b", ""), SENDER, language=language).facts)


@pytest.mark.parametrize("language", rules.languages())
def test_a_letter_that_must_not_tell_the_place_still_reads_as_one(language: str):
    for kind in KINDS.values():
        if wording := rules.shipped(language).get(kind.code):
            letter = discreet(sample_letter(kind), language)
            message = rules.worded(letter, wording, SENDER, language=language)
            told = message.subject + rules.html(message, SENDER) + message.text + str(letter.calendar)
            assert not re.search("Clifton|Kingsway|YO30|Main hall", told), kind.code
            assert rules.labels(language).get("See your bookings", "See your bookings") not in message.text


def test_dates_are_written_as_people_of_the_language_write_them():
    assert rules.written(Span(STARTS, ENDS), "pl") == "wtorek, 3 marca 2026, 09:30–11:00"
    assert rules.written(At(STARTS, "day"), "uk") == "вівторок, 3 березня 2026\u202fр."
    assert rules.written(Span(STARTS, ENDS), "ar") == "الثلاثاء، 3 مارس 2026، 9:30 ص–11:00 ص"
    in_urdu = rules.written(Span(STARTS, ENDS), "ur")
    assert in_urdu.endswith("2026، \u200e9:30 AM–\u200e11:00 AM"), (
        "AM stays with its hour, from right to left, too"
    )
    assert rules.written(At(STARTS, "until")) == "9:30am on Tuesday 3 March 2026"
    assert rules.written(At(STARTS, "clock"), "tlh") == "9:30am", "a language that nobody knows is English"
    assert rules.written(At(datetime(2026, 7, 1, 8, 30, tzinfo=UTC), "clock"), "pl") == "09:30"


@pytest.mark.parametrize(
    ("part", "words", "sentence"),
    [
        ("body", "Bring ((medical)) and ((name)).", "This message cannot carry ((medical)) or ((name))"),
        ("subject", "For ((name))", "This message cannot carry ((name))"),
        ("subject", "For ((Session))", "This message cannot carry ((Session))"),
        ("body", "Come to ((the session))!", "This message cannot carry ((the session))"),
        ("text", "((bring??Bring it)) ((link))", "This message cannot carry ((bring??Bring it))"),
        ("body", "Come to ((session)", "A field needs two brackets on both sides, like ((council))"),
        ("subject", " ", "Enter a subject"),
        ("body", "", "Enter what the email says"),
        ("body", "[here](https://example.com/((session)))", "A field cannot stand in the address of a link"),
        ("body", "<https://example.com/((session))>", "A field cannot stand in the address of a link"),
        (
            "body",
            "[us](www.york.gov.uk)",
            "Write the whole address of a link, like https://www.example.org.uk",
        ),
        ("body", "[us](//york.gov.uk)", "Write the whole address of a link, like https://www.example.org.uk"),
        ("body", "[a]\n\n[a]: https://x.example/((hub))", "A field cannot stand in the address of a link"),
        (
            "body",
            "See ((link))",
            "((link)) is for text messages: an email has its buttons and links below the words",
        ),
        (
            "text",
            "Come along",
            "The text message must have ((link)), so that people can do something about it",
        ),
    ],
)
def test_words_that_a_message_must_not_carry_are_refused_beside_their_part(
    part: str, words: str, sentence: str
):
    parts = {"subject": "A subject", "body": "Some words", "text": "See ((link))", part: words}

    assert rules.problems(KINDS["reminder"], rules.Wording(**parts)) == {part: sentence}


def test_brackets_around_a_field_and_whole_addresses_are_fine():
    wording = rules.Wording(
        "Come (((day)))",
        "(( session )) (at ((time))) [us](https://york.gov.uk/x) <hubs@york.example> [ring](tel:01904551550)",
        "",
    )

    assert rules.problems(KINDS["reminder"], wording) == {}


@pytest.mark.parametrize(
    "value",
    [
        "[x](http://evil.example)",
        "# One",
        "* one",
        "**x**",
        "O'Neill-Łukasz",
        "李",
        "((hub))",
        "&lt;b&gt;",
        "_x_",
    ],
)
def test_a_value_is_shown_as_it_was_written(value: str):
    said = rules.say(
        rules.Wording("((session))", "**See** ((session))\n\n((session))", "((session))"), {"session": value}
    )

    assert said.subject == said.text == value
    assert said.plain == f"See {value}\n\n{value}"
    assert said.html == f"<p><strong>See</strong> {escape(value)}</p>\n<p>{escape(value)}</p>\n"


def test_a_value_written_from_right_to_left_turns_nothing_round_it():
    said = rules.say(rules.Wording("s", "((session)), 9:30am", ""), {"session": "\u202eسارة"})

    assert said.html == "<p><bdi>\u202eسارة</bdi>, 9:30am</p>\n"


def test_signs_of_word_processors_do_not_make_a_text_message_cost_twice():
    wording = rules.Wording("s", "b", "“((session))” – it’s on…\u00a0Now")

    said = rules.say(wording, {"session": "Mums’ group"})

    assert said.text == "\"Mums' group\" - it's on... Now"
    assert rules.length(said.text).plain


def test_samples_have_the_buttons_and_links_that_letters_have():
    letters = [sample_letter(kind) for kind in KINDS.values()]
    led_by = {
        words for one in letters for words, _ in [*one.small_links, *([one.action] if one.action else [])]
    }
    facts = {label for one in letters for label, _ in one.facts}

    assert sample_letter(KINDS["several"]).facts == []
    assert [label for label, _ in sample_letter(KINDS["questions-asked"]).facts] == ["Please answer by"]
    assert led_by <= labels_of_letters() | STAFF_ONLY
    assert labels_of_letters() - led_by - facts == NOT_SAMPLED


NOT_SAMPLED = {
    "Price",
    "Last day",
    "It was",
    "Week of",
    "Your reference",
    "Reference of the new registration",
}
"""Facts that no field stands for."""


def test_what_a_stranger_can_have_sent_carries_no_words_of_theirs():
    for code in ("sign-in-link", "sign-in-nobody", "registered", "registered-again"):
        assert "name" not in KINDS[code].names, code


def test_a_kind_without_a_text_message_needs_none():
    assert rules.problems(KINDS["reminder"], rules.Wording("A subject", "Some words", "")) == {}


@given(
    st.dictionaries(st.sampled_from(sorted(KINDS["reminder"].names)), st.text()),
    st.sampled_from(["en", "ar"]),
)
def test_no_value_ever_changes_the_tags_of_a_page(says: dict[str, str], language: str):
    wording = rules.shipped(language)["reminder"]
    plain = {name: "x" if value.split() else "" for name, value in says.items()}

    told, usual = (rules.say(wording, one, language=language) for one in (says, plain))

    assert tags(told.html) == tags(usual.html)
    assert "\n" not in told.subject


def tags(html: str) -> list[str]:
    return [tag for tag in TAG.findall(html) if tag not in ("<br>", "<bdi>", "</bdi>")]
