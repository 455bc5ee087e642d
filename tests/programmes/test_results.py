"""Results and certificates, seen from a browser; and what they cost."""

import re
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from sqlalchemy import event

from families.models import Person
from hubs.models import TeamMember
from kernel.db import db, find, unit_of_work
from outcomes.terms import Occasion
from programmes.errors import CannotWriteName, NotCompleted
from programmes.models import Facilitator
from programmes.queries import own, results
from programmes.rules.periods import term_of
from programmes.service import certificates
from programmes.terms import Part, Standing
from tests.conftest import MONDAY, working_in
from tests.lending import Lender
from tests.making import Make
from tests.programmes import pdf
from tests.programmes.history import Teller, tell

S = Standing
DONE = (S.BOOKED, S.STARTED, S.COMPLETED)
NAMES = [
    "Paula Reyes",
    "李静",
    "محمد علي",
    "Łukasz Żółć",
    "ਗੁਰਪ੍ਰੀਤ ਕੌਰ",
    "#strong[Bo] $x$ *b* \\ @a",
    "Ann “O’Neill” <b>",
]


@pytest.fixture(scope="module")
def told_once(servers, _furnished):
    """A lender of the database in which the history has been told, and the history."""
    with servers.new_database(like=_furnished.urls) as urls:
        with working_in(urls), time_machine.travel(MONDAY, tick=False), unit_of_work(_furnished.leeds):
            history = _told(Make(_furnished.cast))
        with Lender(servers, like=urls) as lent:
            yield lent, history


@pytest.fixture
def world(request, world):
    """The two councils; after the history where a test asks for it."""
    if "told" not in request.fixturenames:
        yield world
        return
    lent, _ = request.getfixturevalue("told_once")
    with lent.lend() as urls, working_in(urls) as engine:
        yield replace(world, urls=urls, engine=engine)


@pytest.fixture
def told(told_once, world):
    """The history, in which Paula completed the first course and is on the second."""
    return told_once[1]


def _told(make):
    history = tell(make)
    teller = Teller(make, 3)
    paula, mia = make.family("Mia Reyes", account="paula")
    done = teller.participant(history.courses[0], *DONE, attended=4, person=paula)
    teller.answer(done, "bpses", Occasion.BEFORE, 11)
    teller.answer(done, "bpses", Occasion.AFTER, 19)
    teller.answer(done, "gad7", Occasion.BEFORE, 15, respondent_id=mia.id)
    teller.answer(done, "gad7", Occasion.AFTER, 3, respondent_id=mia.id)
    going = teller.participant(history.courses[1], S.BOOKED, S.STARTED, attended=2, person=paula)
    teller.keep()
    history.done, history.going, history.paula = done.id, going.id, paula.id
    return history


@pytest.fixture
def counted_statements(world):
    asked = []

    def listening(*args):
        if not args[2].startswith(("SET", "BEGIN")):
            asked.append(args[2])

    event.listen(world.engine, "before_cursor_execute", listening)
    yield asked
    event.remove(world.engine, "before_cursor_execute", listening)


def test_the_rows_take_as_many_statements_whatever_is_asked(told, world, counted_statements):
    cost = []
    for day in (date(2025, 7, 1), date(2025, 12, 1)):
        counted_statements.clear()
        with unit_of_work(world.leeds):
            found = results.over(term_of(day))
        cost.append((len(found.journeys) > 50, len(counted_statements)))

    assert cost == [(False, 4), (True, 4)]


@pytest.mark.parametrize(
    "path", ["/reports/programmes", "/reports/programmes/{programme}", "/courses/{course}/results"]
)
def test_a_page_takes_as_many_statements_however_many_take_part(
    told, set_up, knock, counted_statements, path
):
    who = knock("beth")
    address = path.format(programme=told.programmes[0].id, course=told.courses[0].id)
    cost = []
    for _ in range(2):
        who.get(address)
        counted_statements.clear()
        assert who.get(address).status_code == 200
        cost.append(len(counted_statements))
        with set_up() as make:
            teller = Teller(make, 9)
            teller.number = 5000
            teller.crowd(told.courses[0], 12)
            teller.keep()

    assert cost[0] == cost[1] <= 16


def test_a_lead_sees_every_hub_and_a_manager_her_own(told, knock):
    assert "Harehills" in knock("lena").get("/reports/programmes").text
    beths = knock("beth").get("/reports/programmes")
    assert "Seacroft" in beths.text
    assert "Harehills" not in beths.text


def test_a_manager_cannot_ask_for_another_hub(told, knock):
    answer = knock("beth").get(f"/reports/programmes?hub={told.hubs[1].id}")

    assert answer.status_code == 422
    assert "Harehills" not in answer.text


@pytest.mark.parametrize("who", ["asha", "paula", None])
def test_who_may_not_see_reports_sees_none_of_programmes(told, knock, who):
    for path in ("", "/csv", "/xlsx", f"/{told.programmes[0].id}", f"/{told.programmes[0].id}/csv"):
        assert knock(who).get(f"/reports/programmes{path}").status_code in {303, 403}


def test_another_councils_programmes_and_courses_are_not_found(told, knock):
    carl = knock("carl", "york")

    for path in (
        f"/reports/programmes/{told.programmes[0].id}",
        f"/reports/programmes/{told.programmes[0].id}/xlsx",
        f"/courses/{told.courses[0].id}/results",
        f"/courses/{told.courses[0].id}/results/csv",
        f"/courses/participants/{told.done}/certificate.pdf",
    ):
        assert carl.get(path).status_code == 404
    assert "Group Triple P" not in carl.get("/reports/programmes").text


def test_without_courses_the_page_says_so(world, knock):
    page = knock("lena").get("/reports/programmes")

    assert "No course ended then" in page.text
    assert "Spring term 2026 (January to April) can be seen from 1 May 2026" in page.text


@pytest.mark.parametrize(
    "asked",
    [
        "period=nonsense",
        "period=2026-spring",
        "hub=nonsense",
        "programme=01900000-0000-7000-8000-000000000000",
    ],
)
def test_nonsense_is_answered_with_the_form(told, knock, asked):
    lena = knock("lena")

    assert lena.get(f"/reports/programmes?{asked}").status_code == 422
    assert lena.get(f"/reports/programmes/csv?{asked}").status_code == 422


def test_htmx_gets_the_results_alone(told, knock):
    lena = knock("lena")
    for path in ("/reports/programmes", f"/reports/programmes/{told.programmes[0].id}"):
        page = lena.get(path, htmx=True)
        assert page.text.lstrip().startswith('<div id="results">')


def test_a_hub_and_a_programme_can_be_chosen(told, knock):
    page = knock("lena").get(f"/reports/programmes?hub={told.hubs[0].id}&programme={told.programmes[0].id}")

    assert page.status_code == 200
    rows = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', page.text)
    assert {re.sub("<.*?>", "", row) for row in rows} == {"Seacroft", "Group Triple P"}


def test_every_figure_leads_to_what_it_counts(told, knock):
    lena = knock("lena")
    page, told_of = (
        lena.get(f"/reports/programmes/{told.programmes[0].id}"),
        lena.get("/reports/programmes/measures"),
    )

    anchors = set(re.findall(r'/reports/programmes/measures#(\w+)"', page.text))
    assert {"retention", "completion", "dose", "interval", "improved", "left_clinical"} <= anchors
    assert anchors <= set(re.findall(r'id="(\w+)"', told_of.text))


def test_reports_lead_to_programmes(world, knock):
    assert 'href="/reports/programmes"' in knock("lena").get("/reports").text


def test_the_files_hold_no_formula(told, knock):
    text = knock("lena").get("/reports/programmes/csv").text

    assert "'=Wetherby" in text
    assert not re.search(r"(^|,)=", text, re.MULTILINE)


def test_few_pairs_are_warned_of(told, knock):
    assert (
        "fewer than 30 matched pairs"
        in knock("lena").get(f"/reports/programmes/{told.programmes[0].id}").text
    )


def test_whoever_runs_a_course_sees_each_participant(told, knock, set_up, world):
    path = f"/courses/{told.courses[0].id}/results"
    asha = knock("asha")
    assert asha.get(path).status_code == 404
    with set_up():
        db.add(Facilitator(course_id=told.courses[0].id, account_id=world.cast["asha"], part=Part.LEADS))

    page = asha.get(path)

    assert "Paula Reyes" in page.text
    assert "4 of 5" in page.text
    assert "Paula Reyes" in asha.get(path + "/csv").text
    assert asha.get(path + "/xlsx").data.startswith(b"PK")


def test_a_lead_sees_no_single_course(told, knock):
    assert knock("lena").get(f"/courses/{told.courses[0].id}/results").status_code == 403


def test_a_manager_of_another_hub_does_not_find_the_course(told, knock, set_up):
    with set_up():
        db.query(TeamMember).delete()

    assert knock("beth").get(f"/courses/{told.courses[0].id}/results").status_code == 404
    assert knock("beth").get(f"/courses/participants/{told.done}/certificate.pdf").status_code == 404


def test_a_course_on_which_nobody_is_says_so(told, knock, set_up):
    with set_up() as make:
        teller = Teller(make)
        empty = teller.course(told.programmes[0], teller.programme("Another")[1], told.hubs[0])
        teller.keep()

    assert "Nobody has been offered a place yet" in knock("beth").get(f"/courses/{empty.id}/results").text


def test_a_parent_sees_her_own_scores_in_plain_words_and_no_childs(told, knock):
    page = knock("paula").get(f"/my-courses/{told.done}/progress")

    assert "You have come to 4 of 5 sessions: 8 hours in all." in page.text
    assert "Your score went up by 8." in page.text
    assert "GAD-7" not in page.text


def test_a_parent_who_answered_nothing_is_told_what_will_be_here(told, knock):
    page = knock("paula").get(f"/my-courses/{told.going}/progress")

    assert "Nothing yet" in page.text
    assert "certificate" not in page.text


def test_another_familys_progress_and_certificate_are_not_found(told, knock, set_up):
    with set_up() as make:
        other = Teller(make, 4)
        other.number = 9000
        strange = other.participant(told.courses[0], *DONE, attended=4).id
        other.keep()

    paula = knock("paula")
    assert paula.get(f"/my-courses/{strange}/progress").status_code == 404
    assert paula.get(f"/my-courses/{strange}/certificate.pdf").status_code == 404
    assert knock().get(f"/my-courses/{told.done}/progress").status_code == 303


def test_whoever_completed_gets_a_certificate_and_nobody_before(told, knock):
    paula = knock("paula")
    answer = paula.get(f"/my-courses/{told.done}/certificate.pdf")

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert paula.get(f"/my-courses/{told.going}/certificate.pdf").status_code == NotCompleted.status
    assert knock("beth").get(f"/courses/participants/{told.done}/certificate.pdf").data.startswith(b"%PDF")


def test_a_certificate_says_who_attended_what_and_for_how_long(told, world):
    with unit_of_work(world.leeds):
        said = certificates.facts(own.find_own(told.done, _person(told.paula)))

    assert said["name"] == "Paula Reyes"
    assert said["course"] == "Group Triple P at Seacroft"
    assert (said["attended"], said["hours"]) == ("4 of 5 sessions", "8 hours")
    made = certificates.drawn(said)
    words = pdf.words(made)
    for part in (
        "Certificate of attendance",
        "Paula Reyes",
        "Group Triple P at Seacroft",
        "4 of 5 sessions",
        "8 hours",
    ):
        assert part in words
    accessible = (b"/StructTreeRoot", b"/Lang", b"/DisplayDocTitle true", b"pdfuaid:part", b"/Marked true")
    assert [one for one in accessible if one not in pdf.inside(made)] == []


def test_what_was_attended_before_a_move_counts_on_the_certificate(told, world):
    with unit_of_work(world.leeds):
        moved = next(
            one for one in results.of_course(told.courses[1].id).journeys if one.contacts == {1, 2, 3, 4}
        )
        found = own.attended(own.find_own(moved.id, _person(moved.person_id)))

    assert (found.contacts, found.of, found.minutes) == (4, 5, 480)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_script_is_written_or_refused_but_never_drawn_as_a_box(name):
    said = {
        "name": name, "course": name, "programme": name, "hub": "Seacroft", "dates": "1 May 2026 to 1 June 2026",
        "attended": "4 of 5 sessions", "hours": "8 hours", "given_on": "1 June 2026", "council": "Leeds City Council",
        "colour": "#5b2a86",
    }  # fmt: skip
    try:
        made = certificates.drawn(said)
    except CannotWriteName:
        assert not name.isascii(), "every computer can write that"
        return
    assert made.startswith(b"%PDF")
    if name in NAMES[:2] or name.isascii():
        assert pdf.words(made).count(name) >= 3


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 minutes"), (45, "45 minutes"), (60, "1 hour"), (870, "14 hours 30 minutes")]
)
def test_hours_are_written_as_people_say_them(minutes, words):
    assert certificates.hours(minutes) == words


def _person(person_id):
    return find(Person, person_id)
