"""What somebody meant who answered a text message."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.rules import Reply, meant

YES = ["YES", "yes.", " Y ", "Yes please!", "“Yes” 😊", "ok thanks x", "Yes yes", "Tak", "Да"]
YES += ["Yes, coming", "ok yes", "Так, дякую", "نعم", "جی ہاں", "ہاں، شکریہ"]
NO = ["NO", "no!", "N", "No, sorry", "No thank you", "can’t", "can't", "Cancel please", "Nie", "ні"]
NO += ["Can't come", "can’t make it", "cannot come sorry"]
NO += ["Nie, dziękuję", "Nu, mulțumesc", "لا شكرا", "نہیں، معذرت"]
STOP = ["STOP", "stop.", "Stop all", "stop texting me", "STOP please", "unsubscribe"]
MORE = [
    *(
        "",
        "   ",
        "👍",
        "?",
        "1",
        "maybe",
        "note",
        "yesterday",
        "not coming",
        "no me",
        "no, cancel",
        "yes, cancel",
        "cancel all",
        "I can come",
        "no problem",
        "stop the booking",
    ),
    *(
        "no yes",
        "yes no",
        "yes stop",
        "ok no",
        "no way to say yes",
        "can I bring my mum",
        "Yes, all three of us will",
    ),
    "yes but we will be late",
    *("No thanks we will come", "No, coming", "No we're there", "no worries", "No probs see you"),
]


@pytest.mark.parametrize(
    ("reply", "texts"), [(Reply.YES, YES), (Reply.NO, NO), (Reply.STOP, STOP), (Reply.OTHER, MORE)]
)
def test_only_what_is_short_and_plain_is_taken_for_an_answer(reply: Reply, texts: list[str]):
    assert {text: meant(text) for text in texts} == dict.fromkeys(texts, reply)


@settings(max_examples=40)
@given(st.text(), st.sampled_from(["yes", "no", "stop"]))
def test_whoever_says_more_is_read_by_a_person(text: str, answer: str):
    assert meant(f"{answer} {text} and something else again") == Reply.OTHER


@settings(max_examples=40)
@given(st.text(), st.sampled_from([("yes", "no"), ("no", "yes"), ("yes", "stop"), ("no", "stop")]))
def test_two_answers_are_none(text: str, both: tuple[str, str]):
    assert meant(f"{both[0]} {text} {both[1]}") == Reply.OTHER
