"""The pages on which a council looks after its programmes, how they are run, and accreditations."""

from datetime import date

import pytest
from sqlalchemy import func, select

from kernel.db import db
from programmes.models import Accreditation, Edition, EditionContact, Programme
from programmes.queries import editions
from programmes.service import templates

FORM = {
    "name": "Bumps to babies", "summary": "For **parents** to be", "suits": "Anybody", "audience": "Parents to be",
    "age_from_years": "0", "age_to_years": "1", "concerns": ["confidence", "sleep"], "way_in": "self",
    "accreditation": "",
}  # fmt: skip


def rows(*titles):
    sent = {}
    for n, title in enumerate(titles):
        row = {
            "kind": "group",
            "title": title,
            "minutes": "90",
            "weeks_after": "1",
            "checklist": "One\n\n  Two  ",
        }
        sent |= {f"contacts-{n}-{name}": value for name, value in row.items()}
    return sent


def edition(*titles, **parts):
    usual = {
        "name": "Evenings", "source": "Ours", "unit": "couple", "fewest": "2", "most": "8", "facilitators": "1",
        "prerequisites": "", "least_contacts": "1", "late_start_until": "1", "follow_up_weeks": "6",
        "measures": ["bpses:parent:before", "bpses:parent:follow_up"],
    }  # fmt: skip
    return {**usual, **rows(*titles), **parts}


def test_a_shipped_programme_is_taken_over(set_up, knock):
    adam = knock("adam")
    page = adam.get("/courses/programmes").text
    assert "There are no programmes yet" in page
    assert "Fear-Less Triple P" in page
    assert "A programme of your own" not in page
    answer = adam.post(
        "/courses/programmes/adoptions", {"code": "triple-p-group", "idempotency_key": "a"}, follow=True
    )
    for words in ("5 group sessions and 3 calls", "Clear rules and calm instructions", "At least 5 of 8 contacts",
                  "Sleep and bedtime", "Where this comes from"):  # fmt: skip
        assert words in answer.text
    assert adam.post("/courses/programmes/adoptions", {"code": "nonsense"}).status_code == 404
    listed = adam.get("/courses/programmes").text
    assert "2 ways to run it" in listed
    with set_up():
        assert db.scalar(select(func.count(Programme.id))) == 1
        assert db.scalar(select(func.count(Edition.id))) == 2


def test_a_council_adds_a_programme_of_its_own_and_says_how_it_is_run(set_up, knock):
    adam = knock("adam")
    assert adam.get("/courses/programmes/new").status_code == 200
    wrong = adam.post("/courses/programmes", {**FORM, "name": "", "age_to_years": "99"})
    assert wrong.status_code == 422
    assert "Enter the name of the programme" in wrong.text
    assert adam.post("/courses/programmes", {**FORM, "age_from_years": "5"}).status_code == 422
    answer = adam.post("/courses/programmes", FORM)
    assert answer.status_code == 303
    form = adam.get(answer.headers["Location"]).text
    assert 'value="Session 1"' in form
    with set_up():
        programme_id = db.scalars(select(Programme.id)).one()
    at = f"/courses/programmes/{programme_id}"

    added = adam.post(f"{at}/editions", edition("First", "Second", rows="add"))
    assert 'value="Second"' in added.text
    assert "contacts-2-title" in added.text
    unfinished = adam.post(
        f"{at}/editions", edition("First", rows="add", **{"contacts-0-minutes": "an hour"})
    )
    assert 'value="an hour"' in unfinished.text
    removed = adam.post(f"{at}/editions", edition("First", "Second", "Third", rows="remove-1"))
    assert 'value="Second"' not in removed.text
    assert 'value="Third"' in removed.text
    moved = adam.post(f"{at}/editions", edition("First", "Second", rows="up-1")).text
    assert moved.index('value="Second"') < moved.index('value="First"')
    with set_up():
        assert db.scalar(select(func.count(Edition.id))) == 0

    wrong = adam.post(
        f"{at}/editions", edition("First", "", least_contacts="9", **{"contacts-0-minutes": "lots"})
    )
    assert wrong.status_code == 422
    assert "Enter the name of the contact" in wrong.text
    assert "Enter a whole number, like 8" in wrong.text
    refused = adam.post(f"{at}/editions", edition("First", least_contacts="9"))
    assert refused.status_code == 422
    assert "must be between 1 and the number of contacts" in refused.text
    made = adam.post(
        f"{at}/editions", edition("First", "Second", **{"contacts-1-must_attend": "y"}), follow=True
    )
    assert "Second (must be attended)" in made.text
    with set_up():
        one = editions.editions_of(programme_id)[0]
        assert one.measures == [
            {
                "instrument": "bpses",
                "respondent": "parent",
                "when": ["before", "follow_up"],
                "follow_up_weeks": 6,
            }
        ]
        assert [(c.title, c.checklist, c.weeks_after) for c in one.contacts] == [
            ("First", ["One", "Two"], 0), ("Second", ["One", "Two"], 1),
        ]  # fmt: skip
        assert db.scalar(select(func.count(EditionContact.id))) == 2


@pytest.fixture
def programme_id(set_up):
    with set_up():
        return templates.adopt("triple-p-group").id


def test_a_programme_is_changed_ended_and_offered_again(set_up, knock, programme_id):
    adam = knock("adam")
    at = f"/courses/programmes/{programme_id}"
    assert "Group Triple P" in adam.get(f"{at}/details").text
    assert adam.post(f"{at}/details", {**FORM, "name": " "}).status_code == 422
    assert (
        adam.post(f"{at}/details", {**FORM, "name": "Group Triple P", "age_to_years": "14"}).status_code
        == 303
    )
    page = adam.get(at).text
    assert "It was made for families of children aged 0 to 12" in page
    assert "<strong>parents</strong>" in page

    with set_up():
        first = editions.editions_of(programme_id)[0]
    assert f'value="{first.contacts[-1].title}"' in adam.get(f"{at}/editions/new?like={first.id}").text
    assert adam.post(f"{at}/editions/{first.id}/retirement").status_code == 303
    assert "No longer used" in adam.get(at).text

    assert "You can offer it again later" in adam.get(f"{at}/ending").text
    assert adam.post(f"{at}/ending").status_code == 303
    assert "This programme is no longer offered" in adam.get(at).text
    assert "No longer offered" in adam.get("/courses/programmes").text
    assert adam.post(f"{at}/editions", edition("First")).status_code == 409
    assert adam.post(f"{at}/resumption").status_code == 303
    assert "is no longer offered" not in adam.get(at).text


def test_accreditations_are_kept_and_their_end_warned_of(set_up, knock, world, programme_id):
    adam = knock("adam")
    at = "/courses/programmes/accreditations"
    assert "No accreditations are on record" in adam.get(at).text
    assert "Group Triple P" in adam.get(f"{at}/new").text
    form = {
        "account_id": str(world.cast["asha"]), "what": "Group Triple P", "trained_on": ["1", "2", "2024"],
        "accredited_on": ["1", "3", "2024"], "expires_on": ["1", "4", "2026"], "note": "No 17",
    }  # fmt: skip
    nobody = adam.post(at, {**form, "account_id": "", "expires_on": ["1", "2", "2020"]})
    assert nobody.status_code == 422
    assert "Choose somebody who works for the council" in nobody.text
    assert "must expire after it began" in adam.post(at, {**form, "expires_on": ["1", "2", "2020"]}).text
    assert adam.post(at, form).status_code == 303
    assert "This is on record already" in adam.post(at, form).text
    listed = adam.get(at).text
    assert "Expires soon" in listed
    assert "expires 1 April 2026" in listed
    assert "1 accreditation has expired" in adam.get("/courses/programmes").text

    with set_up():
        found = db.scalars(select(Accreditation)).one()
        assert found.expires_on == date(2026, 4, 1)
    assert "No 17" in adam.get(f"{at}/{found.id}").text
    assert adam.post(f"{at}/{found.id}", {**form, "accredited_on": ["1", "1", "2024"]}).status_code == 422
    assert adam.post(f"{at}/{found.id}", {**form, "expires_on": ["1", "4", "2028"]}).status_code == 303
    assert "Accredited" in adam.get(f"{at}?what=Group+Triple+P").text
    assert adam.post(f"{at}/{found.id}/removal").status_code == 303
    assert "No accreditations are on record" in adam.get(at).text


def test_only_those_who_manage_programmes_come_in(set_up, knock, programme_id):
    for who in ("asha", "beth", "lena", "paula"):
        assert knock(who).get("/courses/programmes").status_code == 403
        assert knock(who).get("/courses/programmes/accreditations").status_code == 403
    assert knock("carl").get(f"/courses/programmes/{programme_id}").status_code == 404
    assert "Programmes" in knock("adam").get("/courses/programmes").text
