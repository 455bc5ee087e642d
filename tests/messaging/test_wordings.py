"""What a council says in its messages: at the door, and in the letters that people get."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from accounts import service as accounts
from bookings import service as bookings
from bookings.terms import Channel
from families import service as families
from kernel import outbox
from kernel.db import acts, db, unit_of_work
from kernel.errors import Unacceptable
from kernel.ids import new_id
from kernel.journal import Entry
from kernel.permissions import Permission
from messaging import queries, rules, service
from messaging.errors import WordsChanged
from messaging.queries import wordings as said
from messaging.rules.sampling import TOKEN
from messaging.service import wordings
from messaging.service.channels import own_settings
from messaging.terms import At, Letter, Recipient, Way
from tests.hubs.test_api import Machine
from tests.messaging.test_rules_wordings import STARTS
from tests.post import Post, words
from tests.texting import Notify

WORDS = "/settings/messages/words"
OWN = rules.Wording("See you: ((session))", "Come to **((session))** ((day)).", "((session)): ((link))")
REMINDER = Letter(kind="reminder", says={"session": "Stay and Play", "day": At(STARTS, "short_day")})


def reminded(language: str, post: Post) -> Any:
    """Return the letter that somebody of a language gets."""
    outbox.memory().clear()
    about = new_id()
    to = Recipient(email="paula@people.example", language=language)
    assert service.send(REMINDER, to=to, about=about) == service.SENT
    return post.letters[-1]


@pytest.fixture
def adam(leeds: Any, stage: Any) -> None:
    acts(stage.cast["adam"])


def test_people_get_their_own_language_with_its_dates_and_english_where_there_is_none(leeds: Any, post: Post):
    polish, somali = reminded("pl", post), reminded("so", post)

    assert polish["Subject"].startswith("Przypomnienie: Stay and Play, wt. 3 mar")
    assert "Wybierz" not in words(polish), "nobody who is not known can choose"
    assert somali["Subject"].startswith("Reminder: Stay and Play, Tue 3 Mar")


def test_a_councils_own_words_in_a_language_come_before_ours_and_ours_before_its_english(
    adam: None, post: Post
):
    wordings.change_words("reminder", "en", OWN, seen=None)
    assert reminded("en", post)["Subject"] == "See you: Stay and Play"
    assert reminded("so", post)["Subject"] == "See you: Stay and Play"
    assert reminded("pl", post)["Subject"].startswith("Przypomnienie")

    wordings.change_words(
        "reminder", "pl", rules.Wording("Zapraszamy: ((day))", "Do zobaczenia", ""), seen=None
    )
    assert reminded("pl", post)["Subject"] == "Zapraszamy: wt. 3 mar"


def test_words_are_kept_with_who_and_when_and_can_be_given_up_again(adam: None, stage: Any, post: Post):
    row = wordings.change_words("reminder", "en", OWN, seen=None)
    wordings.use_shipped("reminder", "en", seen=row.id)

    newest, oldest = said.wording_history("reminder", "en")
    assert (newest.back_to_shipped, oldest.id, oldest.made_by) == (True, row.id, stage.cast["adam"])
    assert reminded("en", post)["Subject"].startswith("Reminder")
    kinds = db.scalars(select(Entry.kind).where(Entry.subject.in_([newest.id, oldest.id]))).all()
    assert kinds == ["MessageWordsChanged", "MessageWordsChanged"]


def test_whoever_has_not_read_the_newest_words_changes_nothing(adam: None):
    wordings.change_words("reminder", "en", OWN, seen=None)

    with pytest.raises(WordsChanged):
        wordings.change_words("reminder", "en", rules.Wording("Mine", "Mine", ""), seen=None)
    with pytest.raises(WordsChanged):
        wordings.use_shipped("reminder", "en", seen=new_id())
    assert said.wording_in_use("reminder", "en").wording == OWN


def test_words_that_a_kind_must_not_carry_are_not_kept(adam: None):
    for wrong in (
        rules.Wording("For ((name))", "x", ""),
        rules.Wording("x" * 201, "x", ""),
        rules.Wording("x", "x", "ł" * 300 + "((link))"),
    ):
        with pytest.raises(Unacceptable) as refusal:
            wordings.change_words("reminder", "en", wrong, seen=None)
        assert len(refusal.value.problems) == 1
    assert said.wording_history("reminder", "en") == []


def test_a_kind_that_goes_by_email_only_gets_no_text_message_whoever_asks(adam: None):
    with pytest.raises(Unacceptable) as refusal:
        wordings.change_words(
            "sign-in-link", "en", rules.Wording("Sign in", "Sign in", "Sign in: ((link))"), seen=None
        )
    assert refusal.value.problems == {"text": "This message goes by email only"}


def test_a_kind_goes_as_the_council_says_and_only_as_it_can(adam: None):
    wordings.choose_way("reminder", Way.BOTH)
    wordings.choose_way("announcement", Way.NEITHER)
    wordings.choose_way("reminder", Way.EMAIL)
    wordings.choose_way("announcement", None)

    assert queries.house().ways == {"reminder": Way.EMAIL}
    for kind, way in (
        ("booking-confirmed", Way.NEITHER),
        ("sign-in-link", Way.TEXT),
        ("invitation", Way.BOTH),
    ):
        with pytest.raises(Unacceptable):
            wordings.choose_way(kind, way)


def test_what_a_text_message_costs_is_said_once_the_council_has_said_what_one_costs(adam: None):
    kind, wording = rules.kinds()["reminder"], rules.shipped("uk")["reminder"]
    assert wordings.preview(kind, "uk", wording).pence is None

    own_settings().pence_each = Decimal("2.4")

    look = wordings.preview(kind, "uk", wording)
    assert (look.length.plain, look.length.parts) == (False, 3)
    assert look.pence == Decimal("7.2")


def test_a_sample_is_as_long_as_what_people_get(set_up: Any, world: Any, adam: None):
    real = service.one_step("cancel-booking", new_id())
    assert len(TOKEN) == len(real)
    assert service.read_one_step("cancel-booking", TOKEN) is None


def test_an_administrator_writes_words_looks_at_them_and_has_them_sent(
    knock: Any, set_up: Any, post: Post, world: Any
):
    adam = knock("adam")
    page = adam.get(f"{WORDS}/reminder/en")
    assert "Standard words" in page.text
    assert "((medical))" not in page.text
    typed = {
        "subject": "Soon: ((session))",
        "body": "Bring **((bring))**",
        "text": "Soon: ((link))",
        "seen": "",
    }

    looked = adam.post(f"{WORDS}/reminder/en/preview", typed, htmx=True)
    assert "Soon: Stay and Play" in looked.text
    assert "<strong>A drink and a change of clothes</strong>" in looked.text
    assert "<h1" not in looked.text
    carrying = {**typed, "body": "Bring ((medical))"}
    assert adam.post(f"{WORDS}/reminder/en/preview", carrying, htmx=True).text.count("cannot carry") == 1
    whole = adam.post(f"{WORDS}/reminder/en/preview", carrying).text
    assert whole.count("cannot carry") == 2, "in the summary and beside the words, and not in the preview too"
    assert adam.post(f"{WORDS}/reminder/en/preview", typed).text.count("<h1") == 1
    tested = adam.post(f"{WORDS}/reminder/en/test", typed)
    assert "adam@people.example" in tested.text
    assert post.letters[-1]["Subject"] == "Soon: Stay and Play"
    assert post.letters[-1]["To"] == "adam@people.example"

    wrong = adam.post(f"{WORDS}/reminder/en", {**typed, "body": "Bring ((medical))"})
    assert wrong.status_code == 422
    assert "This message cannot carry ((medical))" in wrong.text
    assert adam.post(f"{WORDS}/reminder/en", typed).status_code == 303
    late = adam.post(f"{WORDS}/reminder/en", {**typed, "subject": "Another"})
    assert late.status_code == 422
    assert "These words have been changed since" in late.text
    assert 'name="seen" value=""' not in late.text, "whoever has read that may go on"
    assert 'name="seen" value=""' in wrong.text

    with unit_of_work(world.leeds):
        row = said.wording_in_use("reminder", "en").newest
        assert row
        assert row.subject == "Soon: ((session))"
    before = adam.get(f"{WORDS}/reminder/en/history/{row.id}")
    assert "They are used now" in before.text
    again = adam.get(f"{WORDS}/reminder/en?words={row.id}")
    assert "They are not used until you save them" in again.text
    assert "They are not used until" not in adam.get(f"{WORDS}/reminder/en").text
    assert adam.post(f"{WORDS}/reminder/en/shipped", {"seen": str(row.id)}).status_code == 303
    with unit_of_work(world.leeds):
        seen = said.wording_history("reminder", "en")[0].id
    adam.post(f"{WORDS}/reminder/en/history/{row.id}/use", {"seen": str(seen)})
    listed = adam.get(WORDS)
    assert "The council’s own words" in listed.text
    assert knock("asha").get(WORDS).status_code == 403
    carl = knock("carl")
    assert carl.get(f"{WORDS}/reminder/en/history/{row.id}").status_code == 404


def test_an_administrator_has_the_text_message_sent_to_their_own_number(
    world: Any, knock: Any, notify: Notify, post: Post
):
    adam, path = knock("adam"), f"{WORDS}/reminder/en"
    assert "Send the text message" not in adam.get(path).text, "the council sends none"
    with unit_of_work(world.leeds):
        notify.serves()
    assert "Send the text message" in adam.get(path).text
    typed = {
        "subject": "Soon",
        "body": "Soon",
        "text": "Soon: ((session)) ((link))",
        "seen": "",
        "by": "text",
    }

    for wrong, why in (
        ({}, "Enter a mobile number, like 07700 900123"),
        ({"phone": "07700 900456", "text": ""}, "Enter a text message"),
        ({"phone": "07700 900456", "text": "Soon ((child))"}, "must have ((link))"),
    ):
        answer = adam.post(f"{path}/test", {**typed, **wrong})
        assert answer.status_code == 422
        assert why in answer.text
    sent = adam.post(f"{path}/test", {**typed, "phone": "07700 900456"})

    assert "A test is on its way to 07700 900456" in sent.text
    (text,) = notify.texts
    assert text.to == "+447700900456"
    assert text.body.startswith("Soon: Stay and Play http")
    assert not post.letters


def test_words_in_a_language_that_has_no_standard_words_are_found_again(knock: Any, set_up: Any):
    adam = knock("adam")
    asked = adam.get(f"{WORDS}/reminder/languages?language=")
    assert 'href="#language"' in asked.text, "nothing is chosen for whoever has chosen nothing"
    assert adam.get(f"{WORDS}/reminder/languages?language=fr").location.endswith("/reminder/fr")

    typed = {"subject": "Bientôt", "body": "À bientôt", "text": "", "seen": ""}
    assert adam.post(f"{WORDS}/reminder/fr", typed).status_code == 303

    to_french = f'href="{WORDS}/reminder/fr"'
    assert to_french in adam.get(WORDS).text
    assert to_french in adam.get(f"{WORDS}/reminder/en").text
    assert to_french not in adam.get(f"{WORDS}/booking-confirmed/en").text


@pytest.mark.parametrize(
    "path",
    [
        "nonsense/en",
        "reminder/xx",
        "reminder/way-out",
        "reminder/EN",
        "nonsense/way",
        "reminder/languages?language=xx",
    ],
)
def test_what_is_no_kind_or_language_is_not_found(knock: Any, path: str):
    assert knock("adam").get(f"{WORDS}/{path}").status_code == 404


def test_an_administrator_says_how_a_kind_goes(knock: Any, world: Any):
    adam = knock("adam")

    assert "Not at all" in adam.get(f"{WORDS}/reminder/way").text
    assert "Not at all" not in adam.get(f"{WORDS}/place-offered/way").text
    assert adam.post(f"{WORDS}/place-offered/way", {"way": "neither"}).status_code == 422
    assert adam.post(f"{WORDS}/reminder/way", {"way": "both"}).status_code == 303
    assert "Email and text message (the council’s choice)" in adam.get(WORDS).text
    assert adam.get(f"{WORDS}/reminder/languages?language=so").status_code == 303
    assert "No words yet" in adam.get(f"{WORDS}/reminder/so").text


def test_a_machine_reads_and_puts_words_by_the_same_rules(app: Any, api_key: Any, world: Any):
    machine = Machine(app, api_key("adam", Permission.MANAGE_COUNCIL))

    kinds = {one["code"]: one for one in machine("GET", "/message-kinds").json}
    assert kinds["reminder"]["way"] == "text"
    assert {"name": "bring", "means": "what to bring", "sample": "A drink and a change of clothes"} in kinds[
        "reminder"
    ]["fields"]
    path = "/message-kinds/reminder/words/pl"
    read = machine("GET", path)
    assert (read.json["own"], read.json["subject"][:13]) == (False, "Przypomnienie")

    new = {"subject": "Zapraszamy: ((session))", "body": "Do zobaczenia"}
    assert machine("PUT", path, new).status_code == 428
    seen = read.headers["ETag"]
    refused = machine("PUT", path, {**new, "body": "((name))"}, If_Match=seen)
    assert (refused.status_code, refused.json["problems"]) == (
        422,
        {"body": "This message cannot carry ((name))"},
    )
    put = machine("PUT", path, new, If_Match=seen)
    assert (put.status_code, put.json["own"], put.json["subject"]) == (200, True, new["subject"])
    assert machine("PUT", path, new, If_Match=seen).status_code == 412
    around = {"subject": "Zapraszamy", "body": " Do\r\nzobaczenia\r\n", "text": " \r\n "}
    put = machine("PUT", path, around, If_Match=put.headers["ETag"])
    assert (put.json["body"], put.json["text"]) == ("Do\nzobaczenia", ""), "an empty text would be sent"
    assert machine("DELETE", path, If_Match=put.headers["ETag"]).status_code == 204
    assert machine("GET", path).json["own"] is False

    assert machine("PATCH", "/message-kinds/reminder", {"way": "both"}).json["way"] == "both"
    assert machine("PATCH", "/message-kinds/reminder", {"way": None}).json["way"] == "text"
    assert machine("PATCH", "/message-kinds/place-offered", {"way": "neither"}).status_code == 422
    assert machine("GET", "/message-kinds/nonsense/words/en").status_code == 404
    assert Machine(app, api_key("beth"))("GET", "/message-kinds").status_code == 403


def test_a_family_whose_language_is_polish_is_written_to_in_polish(set_up: Any, post: Post, world: Any):
    with set_up() as make:
        paula, mia = make.family("Mia Reyes", account="paula")
        paula.language = "pl"
        session = make.session()
        bookings.book(
            session.id, household_id=paula.household_id, person_ids=[paula.id, mia.id], carer_id=paula.id,
            channel=Channel.WEB,
        )  # fmt: skip

    outbox.drain(world.leeds)

    (letter,) = post.letters
    assert letter["Subject"] == "Miejsce zarezerwowane: Stay and play, wt. 3 mar, godz. 10:00"
    for said_in_polish in (
        "wtorek, 3 marca 2026, 10:00–11:30",
        "Kiedy",
        "Anuluj tę rezerwację",
        "Masz pytania?",
    ):
        assert said_in_polish in words(letter)


def test_letters_to_the_address_of_an_account_are_in_the_language_of_whose_it_is(
    set_up: Any, post: Post, world: Any
):
    with set_up() as make:
        paula, _ = make.family("Mia Reyes", account="paula")
        zofia = make.carer("Zofia Nowak")
        paula.language = zofia.language = "pl"
        accounts.ask_for_link("paula@people.example", browser="hers")
        accounts.ask_for_link("adam@people.example", browser="his")
        families.invite(zofia, "zofia@people.example")

    outbox.drain(world.leeds)

    assert {letter["To"]: letter["Subject"] for letter in post.letters} == {
        "paula@people.example": "Twój link do logowania",
        "adam@people.example": "Your link to sign in",
        "zofia@people.example": "Możesz już logować się do naszych centrów dla rodzin",
    }
