import json
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from families.events import PeopleMerged
from kernel.clock import now
from kernel.db import acts, db
from kernel.errors import Unacceptable
from kernel.ids import new_id
from kernel.journal import Entry, record
from kernel.outbox import Promise
from outcomes import queries, service
from outcomes.errors import GoalsStand, QuestionnaireClosed
from outcomes.models import Asking, Goal, RiskAlert, Score
from outcomes.rules import Band
from outcomes.service.wording import attest
from outcomes.terms import AskingStanding, Occasion, Respondent, Way, WordsFrom
from tests.outcomes.conftest import asked

FIRST = timedelta(0)


def answer_all(asking, value):
    for item in queries.items_of(asking):
        service.save(asking, item.number, value)


def scores(asking):
    return {row.scale: row for row in db.scalars(select(Score).where(Score.asking_id == asking.id))}


def happened(kind):
    return list(db.scalars(select(Entry.subject).where(Entry.kind == kind)))


def promised():
    made = select(Promise.dedup_key, Promise.due_at).where(Promise.topic.startswith("outcomes."))
    return dict(db.execute(made).all())


def sdq_words(**changes):
    known = queries.find_instrument("sdq")
    usual = {
        "language": "en", "intro": "", "items": [f"Line {n}" for n in range(1, 26)],
        "responses": {name: [f"Answer {r.value}" for r in rs] for name, rs in known.responses.items()},
        "evidence": "Licence 17 of May",
    }  # fmt: skip
    return attest("sdq", **{**usual, **changes})


# Asking


def test_somebody_is_asked_once(paula):
    about = new_id()

    first, again = asked(paula, about_id=about), asked(paula, about_id=about)

    assert first.id == again.id
    assert happened("QuestionnaireAsked") == [first.id]


def test_what_has_no_words_is_not_asked(paula):
    assert queries.words_from("sdq") == WordsFrom.NONE
    assert asked(paula, instrument="sdq") is None


def test_letters_are_promised_for_all_that_one_person_is_asked(paula):
    about = new_id()
    asked(paula, about_id=about)
    asked(paula, about_id=about, instrument="phq9")

    due = sorted(promised().values())
    assert [day - due[0] for day in due] == [FIRST, timedelta(days=3), timedelta(days=7)]


def test_no_reminder_is_promised_for_after_the_end(paula):
    asked(paula, closes_at=now() + timedelta(days=5))

    assert len(promised()) == 2


def test_no_letter_is_promised_for_what_is_over(paula):
    asked(paula, opens_at=now() - timedelta(days=9), closes_at=now() - timedelta(days=1))

    assert promised() == {}


def test_asking_again_moves_the_window(paula):
    about = new_id()
    asking = asked(paula, about_id=about)
    later = now() + timedelta(days=30)

    asked(paula, about_id=about, closes_at=later)

    assert asking.closes_at == later


def test_what_was_withdrawn_is_not_answered_any_more_and_can_be_asked_anew(paula):
    about = new_id()
    asking = asked(paula, about_id=about)

    service.withdraw(about)
    db.refresh(asking)
    with pytest.raises(QuestionnaireClosed):
        service.save(asking, 1, 3)
    asked(paula, about_id=about)

    assert asking.standing == AskingStanding.ASKED


def test_an_answered_questionnaire_is_not_withdrawn(paula):
    asking = asked(paula)
    answer_all(asking, 3)
    service.finish(asking)

    service.withdraw(asking.about_id)

    db.refresh(asking)
    assert asking.standing == AskingStanding.ANSWERED


def test_what_is_not_answered_in_time_lapses(paula, clock):
    asking = asked(paula)
    clock.shift(timedelta(days=15))

    assert service.lapse_due() == 1
    assert service.lapse_due() == 0
    db.refresh(asking)
    assert asking.standing == AskingStanding.LAPSED
    with pytest.raises(QuestionnaireClosed):
        service.save(asking, 1, 3)


def test_a_private_link_leads_to_one_questionnaire_and_tells_nothing(paula):
    asking = asked(paula)
    path = service.path_of(asking)

    assert service.link_of(asking).endswith(path)
    assert "bpses" not in path
    assert service.read_link(path.removeprefix("/q/")) == (asking, Way.LINK)
    assert service.read_link(service.path_of(asking, Way.TABLET).removeprefix("/q/")) == (asking, Way.TABLET)
    assert service.read_link("x" + path.removeprefix("/q/")) is None


# Answering


def test_answers_are_kept_as_they_come_and_sealed(paula):
    asking = asked(paula)

    service.save(asking, 1, 4)
    service.save(asking, 2, None)
    service.save(asking, 1, 5)

    assert queries.answers_of(asking) == {1: 5, 2: None}
    assert asking.standing == AskingStanding.STARTED
    kept = db.scalar(text("SELECT answers FROM askings WHERE id = :id").bindparams(id=asking.id))
    assert kept != json.dumps({"1": 5, "2": None})
    assert kept.startswith("gAAAA")


@pytest.mark.parametrize(("number", "value"), [(0, 3), (6, 3), (1, 99), (1, -1)])
def test_what_is_no_answer_is_refused(paula, number, value):
    with pytest.raises(Unacceptable):
        service.save(asked(paula), number, value)


def test_the_last_answer_makes_the_scores(paula):
    asking = asked(paula, instrument="gad7")
    answer_all(asking, 2)

    service.finish(asking, Way.TABLET)

    total = scores(asking)["total"]
    assert (total.value, total.about_id) == (Decimal(14), asking.about_id)
    assert total.clinical is True
    assert total.band
    assert (asking.standing, asking.way, asking.answered_at) == (AskingStanding.ANSWERED, Way.TABLET, now())
    assert happened("QuestionnaireAnswered") == [asking.id]


def test_a_questionnaire_with_an_open_question_is_not_finished(paula):
    asking = asked(paula)
    service.save(asking, 1, 3)

    with pytest.raises(Unacceptable, match="Question 2"):
        service.finish(asking)


def test_a_question_that_somebody_would_rather_not_answer_counts_as_missing(paula):
    asking = asked(paula, instrument="gad7")
    answer_all(asking, None)
    service.finish(asking)

    assert scores(asking)["total"].value is None
    assert scores(asking)["total"].clinical is None


def test_finishing_twice_changes_nothing(paula):
    asking = asked(paula)
    answer_all(asking, 3)
    service.finish(asking)
    service.finish(asking, Way.TABLET)

    assert asking.way == Way.LINK
    assert len(happened("QuestionnaireAnswered")) == 1
    with pytest.raises(QuestionnaireClosed):
        service.save(asking, 1, 4)


def test_paper_is_keyed_in_at_once_and_can_be_put_right(paula, leeds):
    asking = asked(paula, instrument="gad7")
    acts(leeds.cast["asha"])

    service.re_key(asking, dict.fromkeys(range(1, 8), 1))
    assert scores(asking)["total"].value == 7
    service.re_key(asking, dict.fromkeys(range(1, 8), 2))

    assert scores(asking)["total"].value == 14
    assert (asking.way, asking.entered_by) == (Way.PAPER, leeds.cast["asha"])


def test_paper_can_be_keyed_in_after_the_end_but_not_over_somebodys_own_answers(paula, clock):
    late, answered = asked(paula), asked(paula)
    answer_all(answered, 3)
    service.finish(answered)
    clock.shift(timedelta(days=20))
    service.lapse_due()
    db.refresh(late)

    service.re_key(late, {1: 3})

    assert queries.answers_of(late) == {1: 3, 2: None, 3: None, 4: None, 5: None}
    with pytest.raises(QuestionnaireClosed):
        service.re_key(answered, {1: 3})


# Despair


def test_an_answer_of_despair_raises_an_alert_before_the_end(paula):
    asking = asked(paula, instrument="phq9")

    assert service.save(asking, 9, 1) is True
    assert service.save(asking, 9, 0) is False
    service.save(asking, 9, 3)

    (alert,) = queries.open_alerts([asking.about_id])
    assert (alert.item, alert.raised_at) == (9, now())
    assert happened("RiskRaised") == [asking.id]
    assert asking.standing == AskingStanding.STARTED


def test_other_answers_raise_nothing(paula):
    asking = asked(paula, instrument="phq9")
    for number in range(1, 9):
        assert service.save(asking, number, 3) is False

    assert queries.open_alerts([asking.about_id]) == []


def test_paper_raises_alerts_too(paula):
    asking = asked(paula, instrument="phq9")

    service.re_key(asking, {9: 2})

    assert len(queries.open_alerts([asking.about_id])) == 1


def test_an_alert_is_settled_with_words_by_somebody(paula, leeds):
    asking = asked(paula, instrument="phq9")
    service.save(asking, 9, 1)
    (alert,) = queries.open_alerts([asking.about_id])
    acts(leeds.cast["asha"])

    with pytest.raises(Unacceptable):
        service.settle_alert(alert, " ")
    service.settle_alert(alert, "Rang her. She is safe.")
    acts(leeds.cast["beth"])
    service.settle_alert(alert, "Rang again.")

    assert queries.open_alerts([asking.about_id]) == []
    assert (alert.settled_by, alert.done) == (leeds.cast["asha"], "Rang her. She is safe.")
    assert happened("RiskSettled") == [asking.id]


# Goals


def test_goals_are_rated_one_for_each_that_was_set(paula):
    asking = asked(paula, instrument="goals")
    service.set_goals(asking.about_id, paula.id, ["Sleep through", " ", "Shout less"])

    assert queries.goals_of(asking.about_id, paula.id) == {1: "Sleep through", 2: "Shout less"}
    assert len(queries.items_of(asking)) == 2
    service.save(asking, 1, 2)
    service.save(asking, 2, 4)
    service.finish(asking)

    assert scores(asking)["progress"].value == 3
    with pytest.raises(GoalsStand):
        service.set_goals(asking.about_id, paula.id, ["Another"])


def test_goals_that_nobody_set_are_not_rated_afterwards(paula):
    assert asked(paula, instrument="goals", occasion=Occasion.AFTER) is None


# Words and bands


def test_a_councils_words_make_an_instrument_ready(paula, leeds):
    acts(leeds.cast["adam"])

    wording = sdq_words()

    assert queries.words_from("sdq") == WordsFrom.COUNCIL
    assert queries.words_of("sdq").items[0] == "Line 1"
    assert asked(paula, instrument="sdq") is not None
    assert (wording.attested_by, wording.attested_at, wording.evidence) == (
        leeds.cast["adam"], now(), "Licence 17 of May",
    )  # fmt: skip
    assert happened("WordingAttested") == [wording.id]


def test_words_are_told_in_a_language_or_in_english(leeds):
    acts(leeds.cast["adam"])
    sdq_words()
    sdq_words(language="pl", items=[f"Linia {n}" for n in range(1, 26)])

    assert queries.words_of("sdq", "pl").items[0] == "Linia 1"
    assert queries.words_of("sdq", "ur").language == "en"
    assert queries.languages_of("sdq") == ["en", "pl"]


def test_new_words_replace_those_before_which_are_kept(leeds):
    acts(leeds.cast["adam"])
    before = sdq_words()
    after = sdq_words(evidence="Licence 18")

    assert before.withdrawn_at == now()
    assert {row.id for row in queries.words_history("sdq")} == {before.id, after.id}
    service.withdraw_words(after)
    assert queries.words_from("sdq") == WordsFrom.NONE


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"items": ["One"]}, "items"),
        ({"responses": {"true": ["Not", "Somewhat"]}}, "responses"),
        ({"responses": {}}, "responses"),
        ({"evidence": " "}, "evidence"),
    ],
)
def test_words_that_do_not_fit_are_refused(leeds, changes, field):
    acts(leeds.cast["adam"])

    with pytest.raises(Unacceptable) as refusal:
        sdq_words(**changes)
    assert field in refusal.value.problems


def bands(*ends, clinical="Very high"):
    names = ("Close to average", "Raised", "Very high")
    return [
        Band(Decimal(low), Decimal(high), name, name == clinical)
        for (low, high), name in zip(ends, names, strict=False)
    ]


def test_a_councils_bands_hold_for_scores_to_come(paula, leeds):
    acts(leeds.cast["adam"])
    sdq_words()
    entered = service.enter_bands(
        "sdq", "emotional", Respondent.PARENT, bands((0, 3), (4, 6), (7, 10)), source="Norms of 2014"
    )
    asking = asked(paula, instrument="sdq")
    answer_all(asking, 2)
    service.finish(asking)

    assert (scores(asking)["emotional"].band, scores(asking)["emotional"].clinical) == ("Very high", True)
    assert scores(asking)["conduct"].band == ""
    assert queries.bands("sdq", "emotional", Respondent.PARENT)[0].name == "Close to average"
    assert queries.bands("sdq", "emotional", Respondent.YOUNG_PERSON) == ()
    service.withdraw_bands(entered)
    assert queries.bands("sdq", "emotional", Respondent.PARENT) == ()


@pytest.mark.parametrize("ends", [((0, 3), (3, 6)), ((3, 0),), ()])
def test_bands_that_do_not_fit_are_refused(leeds, ends):
    acts(leeds.cast["adam"])

    with pytest.raises(Unacceptable):
        service.enter_bands("sdq", "emotional", Respondent.PARENT, bands(*ends), source="Norms")


def test_bands_without_a_source_are_refused(leeds):
    acts(leeds.cast["adam"])

    with pytest.raises(Unacceptable):
        service.enter_bands("sdq", "emotional", Respondent.PARENT, bands((0, 3)), source=" ")


# Two records of one person


def test_what_was_asked_follows_two_records_that_become_one(make, paula):
    about, other_about = new_id(), new_id()
    again = make.carer("Paula Reyes")
    own, twice, elsewhere = (
        asked(paula, about_id=about),
        asked(again, about_id=about),
        asked(again, about_id=other_about),
    )
    service.set_goals(other_about, again.id, ["Sleep"])

    record(PeopleMerged(subject=paula.id, gone=again.id))

    db.expire_all()
    assert [db.get_one(Asking, (one.tenant_id, one.id)).respondent_id for one in (own, elsewhere)] == [
        paula.id
    ] * 2
    assert db.get_one(Asking, (twice.tenant_id, twice.id)).standing == AskingStanding.WITHDRAWN
    assert db.scalars(select(Goal.person_id)).all() == [paula.id]
    assert db.scalars(select(RiskAlert)).all() == []
