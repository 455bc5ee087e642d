"""What a council says in its messages: at the door, and in the letters that people get."""

from typing import Any

import pytest
from sqlalchemy import select

from kernel import outbox
from kernel.db import acts, db, unit_of_work
from kernel.errors import Unacceptable
from kernel.ids import new_id
from kernel.journal import Entry
from messaging import queries, rules, service
from messaging.errors import WordsChanged
from messaging.queries import wordings as said
from messaging.service import wordings
from messaging.terms import At, Letter, Recipient, Way
from tests.messaging.test_rules_wordings import STARTS
from tests.post import Post, words

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


def test_every_kind_can_be_looked_at_in_every_language(adam: None):
    for language in rules.languages():
        for code, wording in rules.shipped(language).items():
            look = wordings.preview(rules.kinds()[code], language, wording)
            assert "((" not in look.message.subject + look.plain + look.message.text, code
            assert look.pence is None
            assert look.length.parts <= rules.texting.MOST_PARTS, f"{language} {code}"


def test_an_administrator_writes_words_looks_at_them_and_has_them_sent(
    knock: Any, set_up: Any, post: Post, world: Any
):
    adam = knock("adam")
    page = adam.get(f"{WORDS}/reminder/en")
    assert "Our words" in page.text
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
    assert "Somebody else has changed these words" in late.text
    assert 'name="seen" value=""' not in late.text, "whoever has read that may go on"
    assert 'name="seen" value=""' in wrong.text

    with unit_of_work(world.leeds):
        row = said.wording_in_use("reminder", "en").newest
        assert row
        assert row.subject == "Soon: ((session))"
    before = adam.get(f"{WORDS}/reminder/en/history/{row.id}")
    assert "They are used now" in before.text
    assert adam.post(f"{WORDS}/reminder/en/shipped", {"seen": str(row.id)}).status_code == 303
    with unit_of_work(world.leeds):
        seen = said.wording_history("reminder", "en")[0].id
    adam.post(f"{WORDS}/reminder/en/history/{row.id}/use", {"seen": str(seen)})
    listed = adam.get(WORDS)
    assert "The council’s own words" in listed.text
    assert knock("asha").get(WORDS).status_code == 403
    carl = knock("carl")
    assert carl.get(f"{WORDS}/reminder/en/history/{row.id}").status_code == 404


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
