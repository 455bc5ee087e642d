"""A34: one key is one doing, however many ask at once, and nobody else's."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select, text

from bookings.models import Booking
from families.models import Household
from kernel.db import db, unit_of_work
from kernel.ids import new_id
from tests.security.crawling import MANAGER, OTHER_PARENT, PARENT, WORKER, YORK

MANY = 30


def count(world, council, *what):
    with unit_of_work(getattr(world, council)):
        return db.scalar(select(func.count()).select_from(*what))


def party(councils, session="free", who=slice(0, 3), council="leeds"):
    own = councils[council]
    return {
        "session_id": str(own.sessions[session]),
        "person_ids": [str(person) for person in own.ids["people"][who]],
    }


def ask(crawler, body, key, path="/api/v1/bookings"):
    return crawler.open(path, method="POST", json=body, headers={"Idempotency-Key": key})


def test_thirty_at_once_with_one_key_book_once_and_get_one_answer(app, world, councils, knock_as):
    paula = knock_as(PARENT)
    body, before = party(councils), count(world, "leeds", Booking)
    together = Barrier(MANY)

    def knock(_):
        client = app.test_client(use_cookies=False)
        together.wait(20)
        return client.post(
            "/api/v1/bookings",
            json=body,
            base_url="http://leeds.test",
            headers={"Authorization": f"Bearer {paula.api_key}", "Idempotency-Key": "one"},
        )

    with ThreadPoolExecutor(MANY) as threads:
        answers = list(threads.map(knock, range(MANY)))

    told = [answer for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} <= {201, 503}, (
        "busy is an answer too, and may be asked again"
    )
    assert len(told) > MANY // 2
    assert len({answer.text for answer in told}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in told) == 1
    assert count(world, "leeds", Booking) == before + 1


def test_a_double_click_on_a_form_books_once(world, councils, knock_as):
    paula, before = knock_as(PARENT), count(world, "leeds", Booking)
    session = councils["leeds"].sessions["free"]
    form = {"people": party(councils)["person_ids"], "idempotency_key": str(new_id())}

    first, second = (paula.send(f"/sessions/{session}/bookings", form) for _ in range(2))

    assert (first.status_code, first.location) == (303, second.location)
    assert count(world, "leeds", Booking) == before + 1


def test_the_same_key_with_another_body_or_another_address_is_refused(world, councils, knock_as):
    paula, before = knock_as(PARENT), count(world, "leeds", Booking)
    assert ask(paula, party(councils), "one").status_code == 201

    assert ask(paula, party(councils, "full"), "one").status_code == 422
    assert ask(paula, party(councils, who=slice(0, 2)), "one").status_code == 422
    assert ask(paula, party(councils), "one", path="/api/v1/waiting-list").status_code == 422
    assert ask(paula, party(councils), "one", path="/api/v1/bookings?x=1").status_code == 422
    assert count(world, "leeds", Booking) == before + 1


def test_a_key_is_its_askers_own(world, councils, knock_as):
    paula, pete, carl = knock_as(PARENT), knock_as(OTHER_PARENT), knock_as(YORK)
    first = ask(paula, party(councils), "one")
    petes = ask(pete, party(councils, who=slice(-3, -1)), "one")
    yorks = party(councils, council="york") | {"household_id": str(councils["york"].households["paula"])}
    carls = ask(carl, yorks, "one")

    assert [a.status_code for a in (first, petes, carls)] == [201, 201, 201]
    assert len({a.json["id"] for a in (first, petes, carls)}) == 3
    assert not any("Idempotent-Replayed" in a.headers for a in (first, petes, carls))


def test_what_was_refused_may_be_tried_again_with_its_key(world, councils, knock_as):
    paula = knock_as(PARENT)
    wrong = {"session_id": str(new_id()), "person_ids": party(councils)["person_ids"]}

    assert ask(paula, wrong, "one").status_code == 404
    assert ask(paula, party(councils), "one").status_code == 201


def test_an_answer_that_is_kept_is_for_those_who_may_still_do_it(world, councils, knock_as):
    """A replay passes the same doors as the first time."""
    beth, asha = knock_as(MANAGER), knock_as(WORKER)
    family = {"hub_id": str(councils["leeds"].hubs["paula"]), "carer": {"given_name": "Nia"}, "children": []}
    families = count(world, "leeds", Household)
    first = ask(beth, family, "one", path="/api/v1/families/")
    again = ask(beth, family, "one", path="/api/v1/families/")
    ashas = ask(asha, family, "one", path="/api/v1/families/")
    beth.api_key = "nobody's"

    assert first.status_code == 201
    assert again.text == first.text
    assert ashas.json["id"] != first.json["id"]
    assert ask(beth, family, "one", path="/api/v1/families/").status_code == 401
    assert count(world, "leeds", Household) == families + 2


def test_answers_are_kept_sealed(world, councils, knock_as):
    assert ask(knock_as(PARENT), party(councils), "one").status_code == 201
    with unit_of_work(world.leeds):
        kept = db.scalars(text("SELECT body FROM answers WHERE key = 'one'")).one()
    assert kept
    assert "reference" not in kept
