"""Questionnaires, through the door."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from families.models import RecordOpening
from kernel.clock import now
from kernel.db import db, find, unit_of_work
from messaging.models import Message
from outcomes import queries, service
from outcomes.models import Asking, CouncilBands, RiskAlert, Score, Wording
from outcomes.terms import AskingStanding, Occasion, Respondent, Way
from tests.outcomes.conftest import asked, on_a_course

NASTY = "<script>alert(1)</script>"


class Scene:
    """Paula of a course that Asha runs, who is asked."""

    def __init__(self, set_up, world, instrument="bpses", **parts):
        self.world = world
        with set_up() as make:
            self.paula = make.carer("Paula Reyes", household=make.household())
            self.paula.phone = "07700 900123"
            self.participation = on_a_course(make, self.paula)
            asking = asked(self.paula, instrument=instrument, about_id=self.participation.id, **parts)
            self.asking_id, self.path = asking.id, service.path_of(asking)
            self.tablet = service.path_of(asking, Way.TABLET)

    def asking(self):
        with unit_of_work(self.world.leeds):
            return find(Asking, self.asking_id)

    def answers(self):
        return queries.answers_of(self.asking())

    def count(self, model):
        with unit_of_work(self.world.leeds):
            return db.scalar(select(func.count()).select_from(model))

    def alert_id(self):
        with unit_of_work(self.world.leeds):
            return db.scalar(select(RiskAlert.id))


@pytest.fixture
def scene(set_up, world):
    return lambda *args, **parts: Scene(set_up, world, *args, **parts)


def title_of(answer):
    return re.search(r"<title>(.*?)</title>", answer.text)[1]


# By the private link


def test_somebody_answers_one_question_after_another(scene, knock):
    asked_of = scene("gad7")
    paula = knock()

    start = paula.get(asked_of.path)
    assert "7 questions" in start.text
    assert "Calm parents" in start.text
    for place in range(1, 8):
        page = paula.get(f"{asked_of.path}/{place}")
        assert f"Question {place} of 7" in title_of(page)
        answer = paula.post(f"{asked_of.path}/{place}", {"answer": "2"})
        wanted = "check" if place == 7 else str(place + 1)
        assert (answer.status_code, answer.location) == (303, f"{asked_of.path}/{wanted}")
        assert asked_of.answers()[place] == 2
    check = paula.get(f"{asked_of.path}/check")
    assert check.text.count("Change<") == 7
    sent = paula.post(f"{asked_of.path}/check", follow=True)

    assert "Thank you" in sent.text
    asking = asked_of.asking()
    assert (asking.standing, asking.way) == (AskingStanding.ANSWERED, Way.LINK)
    with unit_of_work(asked_of.world.leeds):
        assert db.scalar(select(Score.value)) == 14


def test_the_pages_tell_nobodys_name_and_are_not_for_search_engines(scene, knock):
    asked_of = scene("phq9")
    paula = knock()

    for path in ("", "/1", "/check", "/9/help"):
        page = paula.get(asked_of.path + path)
        assert "Paula" not in page.text
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert page.headers["Cache-Control"] == "no-store"
        assert "phq" not in title_of(page).lower()


def test_staff_see_that_the_letter_was_opened_and_not_that_the_tablet_was(scene, set_up, knock, world):
    asked_of = scene()
    with set_up() as make:
        another = make.carer("Omar Reyes", household=make.household()).id
        rows = [
            Message(kind=kind, about=asked_of.participation.id, person_id=person, key=kind + str(person),
                    address="somebody@people.example", sent_at=now() - timedelta(hours=age))
            for kind, person, age in [("questions-asked", asked_of.paula.id, 2), ("questions-reminder", another, 1),
                                      ("course-joined", asked_of.paula.id, 0)]
        ]  # fmt: skip
        db.add_all(rows)
        ids = [row.id for row in rows]

    def seen():
        with unit_of_work(world.leeds):
            return [find(Message, one).opened_at is not None for one in ids]

    assert knock().get(asked_of.tablet).status_code == 200
    assert seen() == [False, False, False]
    assert knock().get(asked_of.path).status_code == 200
    assert seen() == [True, False, False]


def test_a_question_must_be_answered_or_not_said(scene, knock):
    asked_of = scene()
    paula = knock()

    for nothing in ({}, {"answer": "99"}, {"answer": "x"}):
        refused = paula.post(f"{asked_of.path}/1", nothing)
        assert refused.status_code == 422
        assert "Choose an answer" in refused.text
        assert title_of(refused).startswith("Error: ")
    paula.post(f"{asked_of.path}/1", {"answer": "none"})

    assert asked_of.answers() == {1: None}
    assert re.search(r'value="none" checked', paula.get(f"{asked_of.path}/1").text)


def test_somebody_stops_and_comes_back(scene, knock):
    asked_of = scene()
    knock().post(f"{asked_of.path}/1", {"answer": "3"})

    start = knock().get(asked_of.path)

    assert "Go on" in start.text
    assert f'href="{asked_of.path}/2"' in start.text


def test_what_is_not_answered_yet_is_said_before_sending(scene, knock):
    asked_of = scene()
    paula = knock()
    paula.post(f"{asked_of.path}/1", {"answer": "3"})

    refused = paula.post(f"{asked_of.path}/check")

    assert refused.status_code == 422
    assert "Question 2 is not answered yet" in refused.text
    assert asked_of.asking().standing == AskingStanding.STARTED


def test_answers_that_come_at_once_are_all_kept(scene, world):
    asked_of = scene("phq9")

    def save(number):
        with unit_of_work(world.leeds):
            service.save(find(Asking, asked_of.asking_id), number, 1)

    with ThreadPoolExecutor(9) as pool:
        list(pool.map(save, range(1, 10)))

    assert asked_of.answers() == dict.fromkeys(range(1, 10), 1)
    assert asked_of.count(RiskAlert) == 1


def test_a_change_returns_to_the_check(scene, knock):
    asked_of = scene()
    paula = knock()
    for place in range(1, 6):
        paula.post(f"{asked_of.path}/{place}", {"answer": "3"})

    changed = paula.post(f"{asked_of.path}/2", {"answer": "1"})

    assert changed.location.endswith("/check")


def test_despair_is_answered_with_help_at_once(scene, knock):
    asked_of = scene("phq9")
    paula = knock()

    told = paula.post(f"{asked_of.path}/9", {"answer": "1"})
    assert told.location == f"{asked_of.path}/9/help"
    page = paula.get(told.location)

    for number in ("999", "111", "116 123", "85258"):
        assert number in page.text
    assert "The people who run your course are being told" in page.text
    assert f'href="{asked_of.path}/check"' in page.text
    assert asked_of.alert_id()


def test_a_closed_questionnaire_says_so_and_nothing_else(scene, knock, clock):
    asked_of = scene()
    clock.shift(timedelta(days=15))

    for path in ("", "/1", "/check", "/goals"):
        closed = knock().get(asked_of.path + path)
        assert closed.status_code == 410
        assert "closed" in title_of(closed)
    assert knock().post(f"{asked_of.path}/1", {"answer": "3"}).status_code == 410
    assert asked_of.answers() == {}


def test_a_questionnaire_that_is_not_open_yet_says_when(scene, knock, clock):
    asked_of = scene(opens_at=clock_in(days=2), closes_at=clock_in(days=9))

    early = knock().get(asked_of.path)

    assert "4 March 2026" in early.text
    assert "not open yet" in early.text


def clock_in(days):
    from kernel.clock import now

    return now() + timedelta(days=days)


def test_answers_cannot_be_seen_once_they_are_sent(scene, knock):
    asked_of = scene()
    paula = knock()
    for place in range(1, 6):
        paula.post(f"{asked_of.path}/{place}", {"answer": "3"})
    paula.post(f"{asked_of.path}/check")

    for path in ("", "/1", "/check"):
        assert "Thank you" in paula.get(asked_of.path + path).text


@pytest.mark.parametrize("path", ["/q/nothing", "/q/nothing/1", "/q/nothing/done", "/q/x.y/check"])
def test_a_link_that_is_none_leads_nowhere(world, knock, path):
    assert knock().get(path).status_code == 404


def test_a_link_leads_nowhere_in_another_council(scene, knock):
    asked_of = scene()

    assert knock(None, "york").get(asked_of.path).status_code == 404
    assert knock(None, "york").get(asked_of.tablet).status_code == 404


@pytest.mark.parametrize("place", ["/0", "/6", "/99/help"])
def test_there_is_no_other_question(scene, knock, place):
    assert knock().get(scene().path + place).status_code == 404


def test_the_next_questionnaire_follows_the_first(scene, set_up, knock):
    asked_of = scene()
    with set_up():
        other = asked(asked_of.paula, instrument="gad7", about_id=asked_of.participation.id)
        path = service.path_of(other)
    paula = knock()
    for place in range(1, 6):
        paula.post(f"{asked_of.path}/{place}", {"answer": "3"})

    sent = paula.post(f"{asked_of.path}/check", follow=True)

    assert f'href="{path}"' in sent.text


def test_large_print_and_another_language(scene, set_up, knock):
    asked_of = scene()
    with set_up():
        known = queries.find_instrument("bpses")
        service.attest(
            "bpses", language="ur", intro="", items=[f"سوال {n}" for n in range(1, 6)], evidence="Ours",
            responses={name: [f"جواب {r.value}" for r in rs] for name, rs in known.responses.items()},
            by=asked_of.world.cast["adam"], not_said="کہنا نہیں چاہتا",
        )  # fmt: skip
    paula = knock()

    chosen = paula.post(f"{asked_of.path}/look", {"language": "ur", "large_print": "y"})
    page = paula.get(f"{asked_of.path}/1")

    assert chosen.status_code == 303
    assert "hubs-large" in page.text
    assert '<html lang="ur" dir="rtl"' in page.text
    assert "<span>سوال 1" not in page.text
    assert ">سوال 1</h1>" in page.text
    assert "<span>کہنا نہیں چاہتا</span>" in page.text
    assert "محفوظ کر کے آگے بڑھیں" in page.text
    assert paula.post(f"{asked_of.path}/look", {"language": "xx"}).status_code == 422


def test_goals_are_written_down_and_then_rated(scene, knock):
    asked_of = scene("goals")
    paula = knock()

    assert paula.get(f"{asked_of.path}/1").location == f"{asked_of.path}/goals"
    assert f'href="{asked_of.path}/goals"' in paula.get(asked_of.path).text
    refused = paula.post(f"{asked_of.path}/goals", {"first": " "})
    assert (refused.status_code, "at least one goal" in refused.text) == (422, True)
    paula.post(f"{asked_of.path}/goals", {"first": NASTY, "second": "Sleep"})
    page = paula.get(f"{asked_of.path}/1")
    assert "Question 1 of 2" in page.text
    assert "&lt;script&gt;" in page.text
    paula.post(f"{asked_of.path}/1", {"answer": "2"})
    paula.post(f"{asked_of.path}/2", {"answer": "4"})

    assert "Thank you" in paula.post(f"{asked_of.path}/check", follow=True).text


def test_goals_of_before_are_rated_afterwards_and_not_changed(scene, set_up, knock):
    asked_of = scene("goals")
    with set_up():
        service.set_goals(asked_of.participation.id, asked_of.paula.id, ["Sleep"])
        after = asked(
            asked_of.paula, instrument="goals", about_id=asked_of.participation.id, occasion=Occasion.AFTER
        )
        path = service.path_of(after)

    assert "Sleep" in knock().get(f"{path}/1").text
    assert knock().get(f"{path}/goals").location == path


def test_a_young_person_is_told_that_parents_do_not_see(scene, knock):
    asked_of = scene("goals", respondent=Respondent.YOUNG_PERSON)

    page = knock().get(asked_of.path)

    assert "Your parent or carer does not see them" in page.text


ENGLISH_OF_THE_PAGE = (
    "Question",
    "Save and continue",
    "rather not say",
    "There is a problem",
    "Error:",
    "Change<",
    "Send",
)


@pytest.mark.parametrize(
    ("language", "said"),
    [("pl", "Pytanie 9 z 9"), ("ar", "السؤال 9 من 9"), ("so", "Question 9 of 9")],
)
def test_the_page_speaks_the_language_of_the_person_where_the_questions_do_not(scene, knock, language, said):
    asked_of = scene("phq9", language=language)
    paula = knock()

    pages = [
        paula.get(asked_of.path),
        paula.get(f"{asked_of.path}/9"),
        paula.post(f"{asked_of.path}/9", {}),
        paula.get(paula.post(f"{asked_of.path}/9", {"answer": "2"}).location),
        paula.get(f"{asked_of.path}/check"),
        paula.post(f"{asked_of.path}/check"),
    ]

    assert said in pages[1].text
    shown, direction = ("en" if language == "so" else language), ' dir="rtl"' if language == "ar" else ""
    for page in pages:
        assert f'<html lang="{shown}"{direction} class=' in page.text
        main = page.text.partition("<main")[2].partition("</main>")[0]
        assert shown == "en" or not [word for word in ENGLISH_OF_THE_PAGE if word in main]
    assert (
        shown == "en" or '<h1 class="govuk-fieldset__heading" lang="en" dir="ltr">Thoughts' in pages[1].text
    )
    for number in ("tel:999", "tel:111", "tel:116123", "sms:85258"):
        assert number in pages[3].text


def test_goals_are_asked_for_in_the_language_of_the_person(scene, knock):
    asked_of = scene("goals", language="ro")
    paula = knock()

    empty = paula.post(f"{asked_of.path}/goals", {"first": " "})
    long = paula.post(f"{asked_of.path}/goals", {"first": "Sleep", "second": "x" * 201})

    assert "Scrieți cel puțin un obiectiv" in empty.text
    assert "Al doilea obiectiv: cel mult 200 de caractere" in long.text
    assert title_of(long).startswith("Eroare: ")


def test_somebody_chooses_the_language_of_the_page(scene, knock):
    asked_of = scene()
    paula = knock()

    assert "Polski (Polish)" in paula.get(asked_of.path).text
    page = paula.post(f"{asked_of.path}/look", {"language": "pl"}, follow=True)

    assert "Jest 5 pytań. Zajmie to około 1 minuty." in page.text
    assert "Same pytania są w języku: angielski." in page.text
    assert "16 marca 2026, 10:00" in page.text


# In the room


def test_the_tablet_is_handed_over_signed_out_and_asked_back(scene, knock):
    asked_of = scene()
    asha = knock("asha")

    before = asha.get(f"/questionnaires/askings/{asked_of.asking_id}/tablet").text
    assert "signs you out on this tablet" in before
    over = asha.post(f"/questionnaires/askings/{asked_of.asking_id}/tablet")
    assert over.location == asked_of.tablet
    assert asha.get("/families").location.startswith("/sign-in")
    for place in range(1, 6):
        asha.post(f"{asked_of.tablet}/{place}", {"answer": "3"})
    sent = asha.post(f"{asked_of.tablet}/check", follow=True)

    assert "Please give the tablet back" in sent.text
    assert asked_of.asking().way == Way.TABLET


def test_a_closed_questionnaire_is_not_handed_over(scene, knock, clock):
    asked_of = scene()
    clock.shift(timedelta(days=15))
    asha = knock("asha")

    refused = asha.post(f"/questionnaires/askings/{asked_of.asking_id}/tablet")

    assert refused.status_code == 409
    assert asha.get("/families").status_code == 200


def test_a_sheet_of_paper_can_be_printed(scene, knock):
    asked_of = scene("gad7")

    sheet = knock("asha").get(f"/questionnaires/askings/{asked_of.asking_id}/sheet")

    assert sheet.text.count('scope="row"') == 7
    assert "116 123" in sheet.text


def test_paper_is_keyed_in_with_numbers(scene, knock):
    asked_of = scene("gad7")
    asha, path = knock("asha"), f"/questionnaires/askings/{asked_of.asking_id}/paper"

    assert asha.get(path).text.count('inputmode="numeric"') == 7
    saved = asha.post(path, {**{f"answer-{n}": "1" for n in range(1, 7)}, "answer-7": ""}, follow=True)

    assert "The answers were saved" in saved.text
    assert asked_of.answers() == {1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: None}
    assert (asked_of.asking().way, asked_of.asking().entered_by) == (Way.PAPER, asked_of.world.cast["asha"])


def test_what_cannot_be_read_on_paper_is_said_and_kept(scene, knock):
    asked_of = scene("gad7")
    path = f"/questionnaires/askings/{asked_of.asking_id}/paper"

    refused = knock("asha").post(path, {"answer-1": "3", "answer-2": "7"})
    empty = knock("asha").post(path, {})

    assert refused.status_code == empty.status_code == 422
    assert "Question 2: enter one of 0, 1, 2, 3" in refused.text
    assert 'value="7"' in refused.text
    assert "Enter at least one answer" in empty.text
    assert asked_of.answers() == {}


def test_paper_does_not_replace_what_somebody_answered_themselves(scene, knock):
    asked_of = scene()
    paula = knock()
    for place in range(1, 6):
        paula.post(f"{asked_of.path}/{place}", {"answer": "3"})
    paula.post(f"{asked_of.path}/check")
    path = f"/questionnaires/askings/{asked_of.asking_id}/paper"

    assert "cannot be keyed in" in knock("asha").get(path).text
    assert knock("asha").post(path, {"answer-1": "1"}).status_code == 409


def test_paper_with_despair_shows_the_alert(scene, knock):
    asked_of = scene("phq9")
    path = f"/questionnaires/askings/{asked_of.asking_id}/paper"

    saved = knock("asha").post(path, {"answer-9": "2"}, follow=True)

    assert f"/questionnaires/alerts/{asked_of.alert_id()}" in saved.text


# Alerts


def despairing(scene, knock):
    asked_of = scene("phq9")
    knock().post(f"{asked_of.path}/9", {"answer": "2"})
    return asked_of, f"/questionnaires/alerts/{asked_of.alert_id()}"


def test_a_facilitator_sees_to_somebody(scene, knock):
    asked_of, path = despairing(scene, knock)
    asha = knock("asha")

    page = asha.get(path)
    assert "Paula Reyes" in page.text
    assert "07700 900123" in page.text
    assert asked_of.count(RecordOpening) == 1
    assert asha.post(path, {"done": " "}).status_code == 422
    settled = asha.post(path, {"done": f"Rang her {NASTY}"}, follow=True)

    assert "What was done is saved" in settled.text
    assert "&lt;script&gt;" in settled.text
    assert "Asha" in settled.text


@pytest.mark.parametrize("page", ["paper", "sheet", "tablet"])
def test_others_do_not_see_what_was_asked(scene, knock, page):
    asked_of = scene()
    path = f"/questionnaires/askings/{asked_of.asking_id}/{page}"

    assert knock("asha").get(path).status_code == 200
    assert knock("beth").get(path).status_code == 200
    assert knock("lena").get(path).status_code == 403
    assert knock("paula").get(path).status_code == 403
    assert knock("carl").get(path).status_code == 404
    assert knock().get(path).location.startswith("/sign-in")


def test_a_facilitator_of_another_course_sees_nothing(scene, set_up, world, knock):
    with set_up() as make:
        person = make.carer("Nobody Known", household=make.household())
        elsewhere = on_a_course(make, person, facilitator="beth")
        asking = asked(person, instrument="phq9", about_id=elsewhere.id)
        service.save(asking, 9, 3)
        alert_id = db.scalar(select(RiskAlert.id))

    assert knock("asha").get(f"/questionnaires/askings/{asking.id}/paper").status_code == 404
    assert knock("asha").get(f"/questionnaires/alerts/{alert_id}").status_code == 404
    assert knock("asha").post(f"/questionnaires/alerts/{alert_id}", {"done": "x"}).status_code == 404


# Words and bands


SDQ = {
    "language": "en",
    "intro": "",
    "items": "\n".join(f"{n} {NASTY}" for n in range(1, 26)),
    "answers-true": "Not\nSome\nTrue",
    "go_on": "Next",
    "hold": "y",
    "evidence": "Letter of May",
}


def test_the_questionnaires_and_what_is_ready(world, knock):
    page = knock("adam").get("/questionnaires")

    assert "PHQ-9" in page.text
    assert page.text.count("Not ready") >= 4
    assert "end of the second contact" in page.text


def test_every_questionnaire_has_its_page(world, knock):
    adam = knock("adam")
    for known in queries.instruments():
        page = adam.get(f"/questionnaires/{known.code}")
        assert page.status_code == 200, known.code
        assert known.citation.split(",")[0].split("&")[0].strip() in page.text
    assert adam.get("/questionnaires/nothing").status_code == 404


def test_a_council_puts_words_in_and_withdraws_them(world, knock):
    adam = knock("adam")

    assert adam.get("/questionnaires/sdq/words/new").status_code == 200
    saved = adam.post("/questionnaires/sdq/words", SDQ, follow=True)
    assert "The words were saved" in saved.text
    assert "Licence confirmed by" in saved.text
    assert NASTY not in saved.text
    with unit_of_work(world.leeds):
        wording = db.scalars(select(Wording)).one()
        assert (wording.attested_by, len(wording.words["items"])) == (world.cast["adam"], 25)
        assert (queries.words_of("sdq").go_on, queries.words_of("sdq").not_said) == ("Next", "")
    path = f"/questionnaires/words/{wording.id}/withdrawal"
    assert adam.get(path).status_code == 200
    assert "not used any more" in adam.post(path, follow=True).text

    with unit_of_work(world.leeds):
        assert not queries.is_ready("sdq")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"items": "One"}, "There must be 25 items"),
        ({"answers-true": "Not"}, "There must be 3 answers"),
        ({"hold": ""}, "Confirm that the council holds a licence"),
        ({"evidence": ""}, "Say which licence you hold"),
        ({"language": "xx"}, "Choose from the list"),
    ],
)
def test_words_that_cannot_be_used_are_refused(world, knock, changes, said):
    refused = knock("adam").post("/questionnaires/sdq/words", {**SDQ, **changes})

    assert refused.status_code == 422
    assert said in refused.text


def test_a_council_enters_bands_and_withdraws_them(world, knock):
    adam = knock("adam")
    told = {
        "scale": "emotional",
        "respondent": "parent",
        "lines": "0-3, Close to average\n4 – 10, High, needs help",
    }

    assert adam.get("/questionnaires/sdq/bands/new?scale=conduct").status_code == 200
    saved = adam.post("/questionnaires/sdq/bands", {**told, "source": "Norms of 2014"}, follow=True)
    assert "The bands were saved" in saved.text
    assert "Norms of 2014" in saved.text
    with unit_of_work(world.leeds):
        bands = queries.bands("sdq", "emotional", Respondent.PARENT)
        assert [(band.name, band.clinical) for band in bands] == [("Close to average", False), ("High", True)]
        bands_id = db.scalar(select(CouncilBands.id))
    path = f"/questionnaires/bands/{bands_id}/withdrawal"
    assert adam.get(path).status_code == 200
    assert "not used any more" in adam.post(path, follow=True).text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lines": "nought"}, "Line 1: write a band"),
        ({"lines": "0-3, A\n3-5, B"}, "overlap"),
        ({"lines": ""}, "Enter at least one band"),
        ({"source": ""}, "Say where the bands come from"),
        ({"scale": "nothing"}, "Choose a scale"),
        ({"respondent": "nobody"}, "Choose who answers"),
    ],
)
def test_bands_that_cannot_be_used_are_refused(world, knock, changes, said):
    told = {"scale": "emotional", "respondent": "parent", "lines": "0-10, All", "source": "Norms"}

    refused = knock("adam").post("/questionnaires/sdq/bands", {**told, **changes})

    assert refused.status_code == 422
    assert said in refused.text


@pytest.mark.parametrize("path", ["/questionnaires", "/questionnaires/sdq", "/questionnaires/sdq/words/new"])
def test_only_those_who_manage_programmes_put_words_in(world, knock, path):
    assert knock("asha").get(path).status_code == 403
    assert knock("paula").get(path).status_code == 403
