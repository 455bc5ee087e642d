"""Questionnaires, as machines read them: who was asked and what it came to, never what somebody answered."""

import pytest

from families.models import RecordOpening
from families.terms import Opened
from kernel.db import db
from outcomes.models import Asking
from outcomes.rules import shipped
from tests.hubs.test_api import Machine
from tests.outcomes.conftest import asked, on_a_course


@pytest.fixture
def machine(app, api_key):
    return lambda who, *scopes: Machine(
        app, api_key(who, *scopes), "york.test" if who == "carl" else "leeds.test"
    )


@pytest.fixture
def asking(set_up):
    """What Paula is asked before a course that Asha runs."""
    with set_up() as make:
        paula = make.carer("Paula Reyes", account="paula")
        participation = on_a_course(make, paula)
        made = asked(paula, instrument="phq9", about_id=participation.id)
        return {"id": str(made.id), "about": str(participation.id)}


def sheet(answer=2):
    return {"answers": [{"item": number, "answer": answer} for number in range(1, 10)]}


def test_questionnaires_are_listed_without_their_words(machine):
    listed = {one["code"]: one for one in machine("asha")("GET", "/instruments").json}
    assert listed.keys() == shipped().keys()
    assert listed["sdq"]["words_from"] == "none"
    assert listed["gad7"]["words_from"] == "shipped"
    assert listed["gad7"]["items"] == 7
    assert listed["gad7"]["scales"][0]["direction"] == "lower"
    assert machine("paula")("GET", "/instruments").status_code == 403


def test_words_are_put_in_with_their_licence(machine):
    sdq = shipped()["sdq"]
    words = {
        "instrument": "sdq", "evidence": "Letter of 3 May", "items": [f"Statement {n}" for n in range(1, 26)],
        "responses": {name: [str(one.value) for one in those] for name, those in sdq.responses.items()},
    }  # fmt: skip
    adam = machine("adam")
    made = adam("POST", "/wordings", words, Idempotency_Key="w")
    assert made.status_code == 201, made.text
    assert made.json["language"] == "en"
    assert adam("POST", "/wordings", words, Idempotency_Key="w").json == made.json
    listed = {one["code"]: one["words_from"] for one in adam("GET", "/instruments").json}
    assert listed["sdq"] == "council_upload"
    assert adam("POST", "/wordings", {**words, "items": ["One"]}).status_code == 422
    assert adam("POST", "/wordings", {**words, "evidence": ""}).status_code == 422
    assert adam("POST", "/wordings", {**words, "instrument": "horoscope"}).status_code == 404
    assert machine("beth")("POST", "/wordings", words).status_code == 403


def test_who_runs_the_course_reads_that_somebody_was_asked_and_keys_in_paper(asking, set_up, machine):
    asha = machine("asha")
    path = f"/askings/{asking['id']}"
    assert [one["id"] for one in asha("GET", f"/askings?about_id={asking['about']}").json] == [asking["id"]]
    assert asha("GET", path).json["standing"] == "asked"
    assert asha("GET", f"{path}/scores").json == []

    came_to = asha("POST", f"{path}/paper", sheet(), Idempotency_Key="p")

    assert came_to.status_code == 200, came_to.text
    assert [(one["scale"], one["value"]) for one in came_to.json] == [("total", 18.0)]
    assert asha("GET", f"{path}/scores").json == came_to.json
    read = asha("GET", path).json
    assert (read["standing"], read["way"]) == ("answered", "paper")
    assert not {"answers", "token_hash", "title"} & read.keys()
    with set_up():
        assert db.query(Asking).one().answers
    assert asha("POST", f"{path}/paper", sheet(0)).json[0]["value"] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"answers": []}, {"answers": [{"item": 1, "answer": 9}]}, {"answers": [{"item": 99, "answer": 1}]}, {},
        {"answers": [{"item": 1, "answer": 1}, {"item": 1, "answer": 2}]}, {"answers": [{"item": 0, "answer": 1}]},
    ],
)  # fmt: skip
def test_paper_that_cannot_be_is_a_problem(asking, machine, wrong):
    asha = machine("asha")
    assert asha("POST", f"/askings/{asking['id']}/paper", wrong).status_code == 422
    assert asha("GET", f"/askings/{asking['id']}").json["standing"] == "asked"


def test_nobody_else_reads_that_somebody_was_asked(asking, machine):
    paths = [
        f"/askings?about_id={asking['about']}",
        f"/askings/{asking['id']}",
        f"/askings/{asking['id']}/scores",
    ]
    for who, status in (("paula", 403), ("lena", 403), ("adam", 403), ("carl", 404)):
        crawler = machine(who)
        assert [crawler("GET", path).status_code for path in paths] == [status] * 3, who
        assert crawler("POST", f"/askings/{asking['id']}/paper", sheet()).status_code == status


def test_words_are_listed_and_withdrawn(machine):
    sdq = shipped()["sdq"]
    words = {
        "instrument": "sdq", "language": "pl", "evidence": "Letter", "items": [f"Pytanie {n}" for n in range(1, 26)],
        "responses": {name: [str(one.value) for one in those] for name, those in sdq.responses.items()},
        "not_said": "Nie powiem", "go_on": "Dalej",
    }  # fmt: skip
    adam = machine("adam")
    made = adam("POST", "/wordings", words).json
    assert made["not_said"] == "Nie powiem"
    assert adam("GET", "/instruments/sdq").json["languages"] == ["pl"]
    assert adam("GET", "/wordings?instrument=gad7").json == []

    ended = adam("POST", f"/wordings/{made['id']}/withdrawal")

    assert ended.json["withdrawn_at"]
    assert adam("POST", f"/wordings/{made['id']}/withdrawal").json == ended.json
    assert adam("GET", "/wordings?instrument=sdq").json == [ended.json]
    assert adam("GET", "/instruments/sdq").json["words_from"] == "none"
    assert machine("beth")("GET", "/wordings").status_code == 403
    assert machine("carl")("POST", f"/wordings/{made['id']}/withdrawal").status_code == 404


def test_bands_are_entered_with_their_source_listed_and_withdrawn(machine):
    scale = shipped()["sdq"].scales[-1].code
    wanted = {
        "instrument": "sdq", "scale": scale, "respondent": "parent", "source": "The manual, table 3",
        "bands": [{"from": 17, "to": 40, "name": "High", "clinical": True}, {"from": 0, "to": 16.5, "name": "Others"}],
    }  # fmt: skip
    adam = machine("adam")
    made = adam("POST", "/bands", wanted, Idempotency_Key="b")
    assert made.status_code == 201, made.text
    assert [(one["from"], one["to"]) for one in made.json["bands"]] == [(0, 16.5), (17, 40)]
    held = adam("GET", "/instruments/sdq").json["bands"]
    assert [one["bands"] for one in held if one["scale"] == scale] == [made.json["bands"]]

    for wrong in (
        {"source": ""}, {"scale": "horoscope"}, {"bands": []}, {"bands": [{"from": "NaN", "to": 1, "name": "A"}]},
        {"bands": [{"from": 0, "to": 1e308, "name": "A"}]}, {"bands": [{"from": 5, "to": 1, "name": "A"}]},
    ):  # fmt: skip
        assert adam("POST", "/bands", {**wanted, **wrong}).status_code == 422, wrong
    assert adam("POST", "/bands", {**wanted, "instrument": "horoscope"}).status_code == 404
    ended = adam("POST", f"/bands/{made.json['id']}/withdrawal").json
    assert ended["withdrawn_at"]
    assert adam("GET", "/bands").json == [ended]
    assert machine("asha")("GET", "/bands").status_code == 403
    assert machine("carl")("POST", f"/bands/{made.json['id']}/withdrawal").status_code == 404


def test_an_alert_is_read_with_a_trace_and_settled_once(asking, set_up, machine):
    asha = machine("asha")
    asha("POST", f"/askings/{asking['id']}/paper", sheet(2))
    listed = asha("GET", f"/alerts?about_id={asking['about']}").json
    assert [one["asking_id"] for one in listed] == [asking["id"]]
    assert not {"answer", "question", "done"} & listed[0].keys()
    path = f"/alerts/{listed[0]['id']}"

    read = asha("GET", path).json

    assert "More than half the days" in read["answer"]
    assert "better off dead" in read["question"]
    with set_up():
        assert [one.what for one in db.query(RecordOpening)] == [Opened.CARE]
    assert asha("POST", f"{path}/settlement", {"done": " "}).status_code == 422
    settled = asha("POST", f"{path}/settlement", {"done": "Rang her ZQX"})
    assert settled.json["settled_at"]
    assert "ZQX" not in settled.text
    asha("POST", f"{path}/settlement", {"done": "Again"})
    assert asha("GET", path).json["done"] == "Rang her ZQX"
    assert asha("GET", f"/alerts?about_id={asking['about']}").json == []
    for who, status in (("paula", 403), ("adam", 403), ("carl", 404)):
        other = machine(who)
        assert other("GET", path).status_code == status
        assert other("GET", f"/alerts?about_id={asking['about']}").status_code == status
        assert other("POST", f"{path}/settlement", {"done": "x"}).status_code == status


def test_a_sheet_tells_what_to_print_and_whether_it_can_be_keyed_in(asking, machine):
    asha = machine("asha")
    path = f"/askings/{asking['id']}"
    questions = asha("GET", f"{path}/sheet").json["questions"]
    assert [one["item"] for one in questions] == list(range(1, 10))
    assert [one["answer"] for one in questions[0]["answers"]] == [0, 1, 2, 3]
    read = asha("GET", path).json
    assert (read["is_open"], read["takes_paper"]) == (True, True)
    assert machine("carl")("GET", f"{path}/sheet").status_code == 404
