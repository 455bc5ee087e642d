"""A3: inside one council, nobody does anything to what is a neighbour's, even with a form that the neighbour was shown."""

from uuid import UUID

import pytest
from sqlalchemy import select

from kernel.db import db, unit_of_work
from kernel.ids import new_id
from programmes.models import Interest, Participation
from tests.security.crawling import (
    COORDINATOR,
    MANAGER,
    OTHER_PARENT,
    OTHER_WORKER,
    PARENT,
    PARENT_APART,
    WORKER,
    State,
    addresses,
)
from tests.security.filling import UUID_WORD, forms_of

pytestmark = pytest.mark.thorough

TAKEN = [
    (PARENT, OTHER_PARENT), (OTHER_PARENT, PARENT), (PARENT, PARENT_APART), (PARENT_APART, PARENT), (MANAGER, OTHER_WORKER),
    (OTHER_WORKER, WORKER), (MANAGER, PARENT), (COORDINATOR, OTHER_WORKER), (COORDINATOR, PARENT), (OTHER_WORKER, COORDINATOR),
]  # fmt: skip
"""Whose forms are sent by whom."""
PARENTS = {PARENT, OTHER_PARENT, PARENT_APART}
PICKS = {PARENT: 0, COORDINATOR: 0, MANAGER: 0, PARENT_APART: 1, OTHER_PARENT: -1, OTHER_WORKER: -1}
REFUSED = {303, 403, 404}


@pytest.mark.parametrize(("owner", "other"), TAKEN, ids=lambda v: v.name)
def test_the_forms_of_a_neighbour_do_nothing(app, world, councils, knock_as, owner, other):
    leeds = councils["leeds"]
    pages = addresses(app, leeds, pick=PICKS[owner])
    theirs = [form for form in forms_of(knock_as(owner), pages) if UUID_WORD.search(form.action)]
    crawler, faults = knock_as(other), []
    mine = held_by(world, leeds.households.get(owner.signs_in))
    with State(world) as state:
        before = state.of("leeds")
        for form in theirs:
            if _is_others(form.action, leeds, other):
                continue
            if "/programmes/" in form.action and other in PARENTS:
                assert crawler.send(form.action, form.filled()).status_code < 500
                assert held_by(world, leeds.households.get(owner.signs_in)) == mine, form.action
                before = state.of("leeds")
                continue
            answer = crawler.send(form.action, form.filled())
            after = state.of("leeds")
            if answer.status_code not in REFUSED or after != before:
                changed = [table for table in before if before[table] != after[table]]
                faults.append(f"{form.action} answered {answer.status_code} and changed {changed}")
            before = after
    assert faults == [], "\n".join(faults)
    assert len(theirs) > 1


def held_by(world, household: UUID | None) -> list[str]:
    """Return what a family has of programmes: anybody may ask for a programme that all see, for their own family alone."""
    with unit_of_work(world.leeds):
        return [
            str(row)
            for table in (Participation.__table__, Interest.__table__)
            for row in db.execute(select(table).where(table.c.household_id == household).order_by(table.c.id))
        ]


def _is_others(action: str, leeds, other) -> bool:
    """Say whether what is acted on is the other's as much as its owner's: the child of parents who live apart."""
    return {other, PARENT_APART} <= {PARENT, PARENT_APART} and str(leeds.mia) in action


def _guesses(known: UUID) -> list[UUID]:
    near = [UUID(int=known.int + step) for step in (1, -1, 2, 256, 1 << 62, 1 << 80)]
    return [*near, new_id(), UUID(int=0), UUID(int=(1 << 128) - 1)]


def test_an_id_that_was_guessed_opens_nothing(councils, knock_as):
    paula, beth, leeds = knock_as(PARENT), knock_as(MANAGER), councils["leeds"]
    for booking in _guesses(leeds.ids["bookings"][0]):
        assert paula.open(f"/bookings/{booking}").status_code == 404
        assert paula.open(f"/api/v1/bookings/{booking}").status_code == 404
        assert paula.send(f"/bookings/{booking}/cancellation", {}).status_code == 404
    for person in _guesses(leeds.ids["people"][1]):
        assert paula.open(f"/my-family/people/{person}").status_code == 404
        assert beth.open(f"/families/people/{person}").status_code == 404
    for household in _guesses(leeds.households["paula"]):
        assert beth.open(f"/families/{household}").status_code == 404
        assert beth.open(f"/api/v1/families/{household}").status_code == 404


def test_a_neighbours_thing_and_nobodys_thing_get_one_answer(councils, knock_as):
    """Whoever asks for what is a neighbour's learns not even that it is there."""
    paula, asha, leeds = knock_as(PARENT), knock_as(WORKER), councils["leeds"]
    petes_booking, petes_child = leeds.ids["bookings"][-1], leeds.ids["people"][-1]
    petes_course = leeds.ids["participations"][-2]
    pairs = [
        (paula, f"/bookings/{petes_booking}", f"/bookings/{new_id()}"),
        (paula, f"/bookings/{petes_booking}/party", f"/bookings/{new_id()}/party"),
        (paula, f"/my-family/people/{petes_child}", f"/my-family/people/{new_id()}"),
        (paula, f"/api/v1/bookings/{petes_booking}", f"/api/v1/bookings/{new_id()}"),
        (asha, f"/registers/{leeds.ids['sessions'][-1]}", f"/registers/{new_id()}"),
        (asha, f"/api/v1/families/{leeds.households['pete']}", f"/api/v1/families/{new_id()}"),
        (asha, f"/api/v1/attendance/{leeds.ids['sessions'][-1]}", f"/api/v1/attendance/{new_id()}"),
        (asha, f"/families/people/{petes_child}/care", f"/families/people/{new_id()}/care"),
        (paula, f"/my-courses/{petes_course}", f"/my-courses/{new_id()}"),
        (paula, f"/api/v1/participations/{petes_course}", f"/api/v1/participations/{new_id()}"),
        (asha, f"/courses/participants/{petes_course}", f"/courses/participants/{new_id()}"),
        (asha, f"/courses/{leeds.ids['courses'][-1]}", f"/courses/{new_id()}"),
        (asha, f"/api/v1/askings/{leeds.ids['askings'][-1]}", f"/api/v1/askings/{new_id()}"),
        (
            asha,
            f"/questionnaires/alerts/{leeds.ids['risk_alerts'][-1]}",
            f"/questionnaires/alerts/{new_id()}",
        ),
    ]
    for crawler, theirs, nobodys in pairs:
        answers = [crawler.open(theirs), crawler.open(nobodys)]
        assert [answer.status_code for answer in answers] == [404, 404], theirs
        said = [UUID_WORD.sub("", _words(answer.text)) for answer in answers]
        assert said[0] == said[1], theirs


def _words(page: str) -> str:
    return page.partition("<main")[2].partition("</main")[0] or page


def test_parents_who_live_apart_learn_nothing_of_each_others_home(councils, knock_as):
    leeds = councils["leeds"]
    homes = {"paula": leeds.households["paula"], "dan": leeds.households["dan"]}
    for visitor, other in ((PARENT, "dan"), (PARENT_APART, "paula")):
        crawler = knock_as(visitor)
        pages = [
            "/my-family",
            "/my-family/what-we-hold",
            "/bookings",
            f"/my-family/people/{leeds.mia}",
            "/account",
        ]
        told = "".join(crawler.open(page).text for page in pages)
        secrets = [
            t for t, c in leeds.canaries.items() if c.household == homes[other] and c.person != leeds.mia
        ]
        assert secrets
        assert [leeds.canaries[t] for t in secrets if t in told] == []
