"""The private link to a questionnaire: it opens one questionnaire to whoever holds it, and tells nothing of anybody."""

import pytest

from accounts.queries import hashed
from kernel.db import db, find, unit_of_work
from outcomes.models import Asking
from outcomes.terms import AskingStanding
from tests.security.crawling import PARENT, STRANGER, YORK, State
from tests.security.filling import forms_on
from tests.security.furnished_courses import ITEMS
from tests.security.test_crawl import CANARY
from tests.security.test_headers import is_careful

TOLD = {"askings.title", "council_settings.name"}
"""What the link tells: the name of the course that somebody knows it by."""


def pages(link: str) -> list[str]:
    return [
        link,
        f"{link}/1",
        f"{link}/9",
        f"{link}/1/help",
        f"{link}/check",
        f"{link}/done",
        f"{link}/goals",
    ]


@pytest.mark.parametrize("visitor", [STRANGER, PARENT], ids=lambda v: v.name)
def test_a_link_tells_nothing_but_the_name_of_the_course(councils, knock_as, visitor):
    crawler, leeds = knock_as(visitor), councils["leeds"]
    answers = [crawler.open(path) for path in pages(leeds.links["pete"])]

    assert answers[0].status_code == 200
    assert answers[1].status_code == 200
    for answer in answers:
        assert answer.status_code < 500
        told = {leeds.canaries[token] for token in CANARY.findall(answer.text)}
        private = {c for c in told if c.household or c.person or c.table in {"accounts", "participations"}}
        private -= {c for c in told if c.row == leeds.people.get(visitor.signs_in)}
        assert {f"{c.table}.{c.column}" for c in private} - TOLD == set(), answer.request.path
        assert is_careful(answer) == []
        assert answer.headers["Cache-Control"] == "no-store"
        assert leeds.links["pete"].rpartition("/")[2] not in answer.headers.get("Referrer-Policy", "")
        assert "noindex" in answer.headers.get("X-Robots-Tag", "noindex")


def test_a_link_answers_its_own_questionnaire_and_no_other(world, councils, knock_as):
    crawler, leeds = knock_as(STRANGER), councils["leeds"]
    link = leeds.links["paula"]
    own = _asking_of(world, leeds, "paula")
    others = [one for one in leeds.ids["askings"] if one != own]
    before = _standing(world, others)
    for number in range(1, ITEMS + 1):
        (form,) = [
            f
            for f in forms_on(f"{link}/{number}", crawler.open(f"{link}/{number}").text)
            if "/q/" in f.action
        ]
        assert crawler.send(form.action, form.filled()).status_code == 303
    (form,) = [f for f in forms_on(f"{link}/check", crawler.open(f"{link}/check").text) if "/q/" in f.action]
    assert crawler.send(form.action, form.filled()).status_code == 303

    with unit_of_work(world.leeds):
        assert find(Asking, own).standing == AskingStanding.ANSWERED
    assert _standing(world, others) == before
    answered = crawler.open(f"{link}/1")
    assert "checked" not in answer_only(answered.text), "what was answered is not shown again"
    with State(world) as state:
        kept = state.of("leeds")
        crawler.send(f"{link}/1", form.filled())
        assert state.of("leeds") == kept, "what was answered stays"


def test_a_link_opens_nothing_in_another_council_nor_when_it_is_not_quite_it(world, councils, knock_as):
    link = councils["leeds"].links["paula"]
    york, stranger = knock_as(YORK), knock_as(STRANGER)
    assert york.open(link).status_code == 404
    for wrong in (
        f"{link}x",
        link[:-1],
        link[:-2] + "aa",
        link.upper(),
        link[: len(link) // 2],
        f"{link}%00",
    ):
        assert stranger.open(wrong).status_code in {400, 404}, wrong


def _asking_of(world, leeds, parent):
    link = leeds.links[parent].rpartition("/")[2]
    with unit_of_work(world.leeds):
        return db.query(Asking).filter_by(token_hash=hashed(link)).one().id


def _standing(world, ids):
    with unit_of_work(world.leeds):
        rows = [find(Asking, one) for one in ids]
        return [(row.standing, row.answers, row.answered_at) for row in rows]


def answer_only(page: str) -> str:
    return page.partition("<main")[2]
