"""Registers, through the door."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from attendance import queries, service
from attendance.models import Attendance, Register
from attendance.terms import Mark
from bookings.models import FamilyAtHub
from families import service as families
from families.models import Person, RecordOpening
from hubs.terms import SessionStanding
from kernel.clock import now
from kernel.db import db, unit_of_work
from kernel.ids import new_id
from kernel.journal import Entry
from tests.attendance.conftest import book

FIVE_MINUTES_AGO = -timedelta(minutes=5)
NASTY = "<script>alert(1)</script>"


class Scene:
    """A session that has begun, with families that are booked."""

    def __init__(self, set_up, world, *children, **parts):
        self.world = world
        with set_up() as make:
            session = make.session(starts_in=parts.pop("starts_in", FIVE_MINUTES_AGO), **parts)
            self.session_id = session.id
            self.paula, self.mia, *others = make.family(*(children or ("Mia Reyes",)))
            book(session, self.paula, self.mia, *others)
        self.path = f"/registers/{self.session_id}"

    def press(self, person):
        return f"{self.path}/people/{person.id}"

    def said(self):
        with unit_of_work(self.world.leeds):
            return {
                row.person_id: row.mark
                for row in db.scalars(select(Attendance).where(Attendance.session_id == self.session_id))
            }

    def count(self, model, *where):
        with unit_of_work(self.world.leeds):
            return db.scalar(select(func.count()).select_from(model).where(*where))


@pytest.fixture
def scene(set_up, world):
    return lambda *children, **parts: Scene(set_up, world, *children, **parts)


@contextmanager
def counting(world):
    made = []

    def note(conn, cursor, statement, *rest):
        if not statement.startswith("SET LOCAL"):
            made.append(statement)

    event.listen(world.engine, "before_cursor_execute", note)
    yield made
    event.remove(world.engine, "before_cursor_execute", note)


def test_the_days_registers_at_ones_own_hubs(scene, set_up, knock):
    scene()
    with set_up() as make:
        make.session(
            hub=make.hub("Harehills", team=()),
            activity=make.activity("Elsewhere"),
            starts_in=FIVE_MINUTES_AGO,
        )
        make.session(
            activity=make.activity("Baby yoga"), standing=SessionStanding.CALLED_OFF, called_off_at=now()
        )
        make.session(activity=make.activity("Tomorrow’s song"))
    text = knock("asha").get("/registers").text
    assert "Stay and play" in text
    assert "2 people booked" in text
    assert "Elsewhere" not in text
    assert "Tomorrow’s song" not in text
    tomorrow = knock("asha").get("/registers?day=3&day=march&day=2026").text
    assert "Tomorrow’s song" in tomorrow
    assert "Called off" in tomorrow


@pytest.mark.parametrize("day", ["day=31&day=2&day=2026", "day=1&day=1&day=9999", "day=x"])
def test_a_day_that_is_none_is_explained_and_kept(world, knock, day):
    answer = knock("asha").get(f"/registers?{day}")
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


def test_the_register_shows_families_together(scene, knock):
    play = scene("Mia Reyes", f"{NASTY} Reyes")
    text = knock("asha").get(play.path).text
    assert text.index("Reyes family") < text.index(">Paula Reyes<") < text.index(">Mia Reyes<")
    assert "Child, 2 years" in text
    assert NASTY not in text
    assert "/registers" in text


def test_a_press_with_htmx_brings_the_row_and_the_summary(scene, knock):
    play = scene()
    answer = knock("asha").post(play.press(play.mia), {"say": "here"}, htmx=True)
    assert answer.status_code == 200
    assert answer.text.count("hx-swap-oob") == 2
    assert "Here since 10am" in answer.text
    assert 'id="summary"' in answer.text
    assert "Paula Reyes" not in answer.text
    assert play.said() == {play.mia.id: Mark.HERE}


def test_a_press_without_scripts_goes_back_to_the_button(scene, knock):
    play = scene()
    asha = knock("asha")
    answer = asha.post(play.press(play.mia), {"say": "late"})
    assert answer.status_code == 303
    assert answer.location == f"{play.path}#late-{play.mia.id}"
    assert f'id="late-{play.mia.id}"' in asha.get(play.path).text
    assert asha.post(play.press(play.mia), {"say": "left"}).location.endswith(f"#third-{play.mia.id}")


def test_marking_one_person_takes_six_statements(scene, knock, world):
    play = scene()
    asha = knock("asha")
    asha.post(play.press(play.paula), {"say": "here"}, htmx=True)
    form = {"say": "here", "csrf_token": asha.token()}
    with counting(world) as made:
        answer = asha.client.post(
            play.press(play.mia), data=form, base_url=asha.base, headers={"HX-Request": "true"}
        )
    assert answer.status_code == 200
    assert len(made) <= 6, "\n".join(made)


def test_the_register_makes_as_many_statements_however_long_it_is(scene, set_up, knock, world):
    play = scene()
    asha = knock("asha")
    asha.get(play.path)
    with counting(world) as short:
        asha.get(play.path)
    with set_up() as make:
        session = db.get_one(type(make.session()), (world.leeds, play.session_id))
        for number in range(15):
            book(session, *make.family(f"Kit {number}", f"Liv {number}", carer=f"Carer {number}"))
    with counting(world) as long:
        asha.get(play.path)
    assert len(short) == len(long) <= 6, "\n".join(long)
    with counting(world) as listed:
        asha.get("/registers")
    assert len(listed) <= 6


def test_two_workers_see_each_others_marks(scene, knock):
    play = scene()
    asha, beth = knock("asha"), knock("beth")
    seen = re.search(r"\?seen=(\w+)", asha.get(play.path).text)[1]
    assert asha.get(f"{play.path}?seen={seen}", htmx=True).status_code == 204

    beth.post(play.press(play.mia), {"say": "here"})
    news = asha.get(f"{play.path}?seen={seen}", htmx=True)
    assert news.status_code == 200
    assert "Here since" in news.text
    assert not news.text.lstrip().startswith("<!doctype")
    seen = re.search(r"\?seen=(\w+)", news.text)[1]
    beth.post(play.press(play.mia), {"say": "undo"})
    assert "Here since" not in asha.get(f"{play.path}?seen={seen}", htmx=True).text


def test_looking_again_and_again_does_not_keep_somebody_signed_in(scene, knock, clock):
    play = scene()
    asha = knock("asha")
    for _ in range(4):
        clock.shift(timedelta(minutes=10))
        last = asha.get(play.path, htmx=True, headers={"X-Polling": "true"})
    assert "/sign-in" in last.headers["HX-Redirect"]


def test_two_workers_who_press_at_once_lose_nothing(scene, knock, world):
    children = [f"Kit{number} Reyes" for number in range(12)]
    play = scene(*children)
    with unit_of_work(world.leeds):
        people = db.scalars(select(Person.id).order_by(Person.id)).all()
    asha, beth = knock("asha"), knock("beth")
    tokens = {id(who): who.token() for who in (asha, beth)}

    def press(order):
        who, person, say = order
        return who.client.post(
            f"{play.path}/people/{person}",
            data={"say": say, "csrf_token": tokens[id(who)]},
            base_url=who.base,
        ).status_code

    orders = [
        (asha if n % 2 else beth, person, "here" if n % 2 else "late") for n, person in enumerate(people)
    ]
    orders += [
        (beth if n % 2 else asha, person, "late" if n % 2 else "here") for n, person in enumerate(people)
    ]
    with ThreadPoolExecutor(8) as workers:
        assert set(workers.map(press, orders)) == {303}
    assert set(play.said()) == set(people)
    assert set(play.said().values()) <= {Mark.HERE, Mark.LATE}
    assert play.count(Entry, Entry.kind == "PersonMarked") == 2 * len(people)
    assert play.count(Register) == 1


def test_heads_counted_at_once_are_all_counted(scene, knock, world):
    play = scene()
    workers_there = [knock("asha"), knock("beth")]
    tokens = [who.token() for who in workers_there]

    def one_more(number):
        who, token = workers_there[number % 2], tokens[number % 2]
        return who.client.post(
            f"{play.path}/heads", data={"children": "1", "csrf_token": token}, base_url=who.base
        ).status_code

    with ThreadPoolExecutor(8) as workers:
        assert set(workers.map(one_more, range(40))) == {303}
    with unit_of_work(world.leeds):
        assert queries.find_register(play.session_id).children_counted == 40


def test_marking_everybody_at_once_from_two_sides_blocks_nobody(scene, knock, world):
    play = scene(*[f"Kit{number} Reyes" for number in range(12)])

    def everybody(say):
        with unit_of_work(world.leeds, actor=world.cast["asha"]):
            register = queries.find_register(play.session_id)
            return service.mark_all_here(register) if say == "here" else service.all_left(register)

    with ThreadPoolExecutor(6) as workers:
        done = list(workers.map(everybody, ["here", "left"] * 6))
    assert sum(done[::2]) == 13
    assert len(play.said()) == 13


def test_all_at_once_by_family_and_everybody_and_undone(scene, set_up, knock):
    play = scene()
    asha = knock("asha")
    part = asha.post(f"{play.path}/families/{play.paula.household_id}", htmx=True)
    assert part.text.strip().startswith('<div id="taking"')
    assert len(play.said()) == 2
    moment = re.search(r'name="moment" value="([^"]+)"', part.text)[1]
    asha.post(f"{play.path}/everybody/undoing", {"moment": moment})
    assert play.said() == {}

    assert asha.post(f"{play.path}/everybody", {"say": "here"}).location.endswith("#everybody")
    asha.post(f"{play.path}/everybody", {"say": "left"})
    assert "Left at" in asha.get(play.path).text
    assert asha.post(f"{play.path}/everybody/undoing", {"moment": "x"}).status_code == 422
    assert asha.post(f"{play.path}/families/{new_id()}").status_code == 404


def test_nonsense_is_refused(scene, knock):
    play = scene()
    asha = knock("asha")
    assert asha.post(play.press(play.mia), {"say": "dance"}).status_code == 422
    assert asha.post(play.press(play.mia)).status_code == 422
    assert asha.post(f"{play.path}/heads", {"adults": "many"}).status_code == 422
    assert asha.post(f"{play.path}/heads", {"adults": "²"}).status_code == 422
    assert asha.post(f"{play.path}/heads", {"adults": "99999"}).status_code == 422
    assert asha.post(f"{play.path}/people/{new_id()}", {"say": "here"}).status_code == 404
    assert play.said() == {}


def test_a_walk_in_is_found_by_typing_and_added(scene, set_up, knock):
    play = scene()
    with set_up() as make:
        ann, bo, _ = make.family("Bo Ash", "Cy Ash", carer="Ann Ash")
    asha = knock("asha")
    found = asha.post(f"{play.path}/walk-ins/search", {"name": "ash"}, htmx=True)
    assert "Ann Ash" in found.text
    assert found.text.count("checked") == 3
    assert "Find a family</h1>" not in found.text
    assert "<h1" in asha.post(f"{play.path}/walk-ins/search", {"name": "ash"}).text

    form = {
        "household_id": str(ann.household_id),
        "person_id": [str(ann.id), str(bo.id)],
        "idempotency_key": "k1",
    }
    answer = asha.post(f"{play.path}/walk-ins", form)
    assert answer.location == f"{play.path}#family-{ann.household_id}"
    page = asha.get(play.path).text
    assert asha.post(f"{play.path}/walk-ins", form).headers["Idempotent-Replayed"]
    assert play.said() == {ann.id: Mark.HERE, bo.id: Mark.HERE}
    assert "Walk-in" in page
    assert "2 people were added" in page
    assert play.count(FamilyAtHub, FamilyAtHub.household_id == ann.household_id) == 1
    asha.post(play.press(bo), {"say": "undo"}, htmx=True)
    assert play.said() == {ann.id: Mark.HERE}


def test_a_walk_in_of_nobody_is_explained(scene, set_up, knock):
    play = scene()
    with set_up() as make:
        ann, _ = make.family("Bo Ash", carer="Ann Ash")
    asha = knock("asha")
    answer = asha.post(f"{play.path}/walk-ins", {"household_id": str(ann.household_id), "name": "ash"})
    assert answer.status_code == 422
    assert "Choose who has come" in answer.text
    assert "Ann Ash" in answer.text
    assert asha.post(f"{play.path}/walk-ins", {"household_id": "x"}).status_code == 404
    nobody = asha.post(f"{play.path}/walk-ins/search", {"name": NASTY}, htmx=True).text
    assert "No family was found" in nobody
    assert NASTY not in nobody


def test_a_new_family_with_twins_is_registered_in_one_form(scene, knock):
    play = scene()
    asha = knock("asha")
    asha.get(f"{play.path}/walk-ins/new")
    form = {
        "name": "Sam Okoye", "postcode": "ls146jb",
        "children-0-name": "Ava", "children-0-born": ["2", "3", "2025"],
        "children-1-name": "Ada", "children-1-born": ["2", "3", "2025"],
        "idempotency_key": "k2",
    }  # fmt: skip
    assert asha.post(f"{play.path}/walk-ins/new", form).status_code == 303
    page = asha.get(play.path).text
    assert asha.post(f"{play.path}/walk-ins/new", form).headers["Idempotent-Replayed"]
    assert re.search("Sam, (Ava and Ada|Ada and Ava) are registered and here", page)
    assert "<bdi>Okoye</bdi> family" in page
    assert len(play.said()) == 3


def test_a_new_family_keeps_what_was_typed_when_something_is_missing(scene, knock):
    play = scene()
    asha = knock("asha")
    wrong = {
        "name": "", "postcode": "nowhere", "children-0-name": "Ava", "children-0-born": ["31", "2", "2025"],
        "children-1-born": ["1", "1", "2025"], "children-2-name": "Old", "children-2-born": ["1", "1", "1970"],
    }  # fmt: skip
    answer = asha.post(f"{play.path}/walk-ins/new", wrong)
    assert answer.status_code == 422
    for words in ("Enter the name of the parent", "full UK postcode", 'value="Ava"', "Enter a real date",
                  "name of this child", "date of birth in the past", 'value="31"'):  # fmt: skip
        assert words in answer.text
    assert "<title>Error: " in answer.text


def test_an_allergy_is_shown_to_those_who_need_it_and_the_opening_is_logged(scene, set_up, knock):
    play = scene()
    with set_up():
        families.set_care(db.get_one(Person, (play.mia.tenant_id, play.mia.id)), allergies="Nuts")
    asha = knock("asha")
    page = asha.get(play.path).text
    assert "Allergy or medical note" in page
    assert "Nuts" not in page
    path = f"{play.press(play.mia)}/care"
    assert "Nuts" in asha.get(path).text
    assert asha.get(path, htmx=True).text.strip().startswith("<dl")
    assert (
        play.count(RecordOpening, RecordOpening.person_id == play.mia.id, RecordOpening.what == "care") == 2
    )


def test_only_what_concerns_those_on_the_register_is_opened(scene, set_up, knock):
    play = scene()
    with set_up() as make:
        _, kit = make.family("Kit Ash", carer="Ann Ash")
        families.set_care(kit, allergies="Nuts")
    assert knock("asha").get(f"{play.press(kit)}/care").status_code == 404


def test_heads_are_counted_with_buttons(scene, knock):
    play = scene()
    asha = knock("asha")
    assert "Children: 1" in asha.post(f"{play.path}/heads", {"children": "1"}, htmx=True).text
    assert asha.post(f"{play.path}/heads", {"children": "-1"}).location.endswith("#heads")
    assert "Children: 0" in asha.get(play.path).text


def test_nobody_overwrites_anothers_notes(scene, knock):
    play = scene()
    asha, beth = knock("asha"), knock("beth")
    asha.post(f"{play.path}/notes", {"notes": f"Loud\r\n{NASTY}", "before": ""})
    refused = beth.post(f"{play.path}/notes", {"notes": "Quiet", "before": ""})
    assert refused.status_code == 422
    assert "Loud" in refused.text
    assert ">\nQuiet</textarea>" in refused.text
    assert NASTY not in refused.text
    saved = beth.post(f"{play.path}/notes", {"notes": "Both", "before": f"Loud\r\n{NASTY}"})
    assert saved.status_code == 303
    assert "Both" in asha.get(play.path).text
    assert asha.post(f"{play.path}/notes", {"notes": "x" * 4001, "before": "Both"}).status_code == 422


def test_a_register_is_closed_when_all_is_over_and_opened_again(scene, knock, clock):
    play = scene()
    asha = knock("asha")
    assert asha.post(f"{play.path}/closure").status_code == 409
    clock.shift(timedelta(hours=2))
    asha = knock("asha")
    asha.post(play.press(play.mia), {"say": "here"})
    assert asha.post(f"{play.path}/closure").status_code == 303
    page = asha.get(play.path).text
    assert "1 person did not come" in page
    assert "Did not come" in page
    assert "hubs-tick" not in page
    assert asha.post(play.press(play.mia), {"say": "late"}).status_code == 409
    asha.post(f"{play.path}/reopening")
    assert asha.post(play.press(play.mia), {"say": "late"}).status_code == 303


def test_a_register_of_another_day_is_looked_at_and_printed(scene, knock):
    play = scene(starts_in=timedelta(days=2))
    asha = knock("asha")
    page = asha.get(play.path).text
    assert "opens on Wednesday 4 March 2026" in page
    assert "hubs-tick" not in page
    paper = asha.get(f"{play.path}/paper").text
    assert "Paula Reyes" in paper
    assert "Not booked" in paper
    assert asha.post(play.press(play.mia), {"say": "here"}).status_code == 409


def test_a_paper_register_is_keyed_in_with_one_submit(scene, knock, clock):
    play = scene("Mia Reyes", "Noah Reyes")
    clock.shift(timedelta(hours=3))
    asha = knock("asha")
    asha.post(play.press(play.paula), {"say": "here"})
    form = asha.get(f"{play.path}/re-keying").text
    assert form.count('type="radio"') == 12
    keyed = {
        f"say-{play.paula.id}": "here", f"before-{play.paula.id}": "here",
        f"say-{play.mia.id}": "late", f"before-{play.mia.id}": "",
        "adults": "2", "children": "x",
    }  # fmt: skip
    wrong = asha.post(f"{play.path}/re-keying", keyed)
    assert wrong.status_code == 422
    assert f'id="say-{play.mia.id}-late" name="say-{play.mia.id}" value="late" checked' in wrong.text
    assert asha.post(f"{play.path}/re-keying", {**keyed, "children": "3", "close": "y"}).status_code == 303
    assert sorted(play.said().values()) == sorted([Mark.HERE, Mark.LATE, Mark.ABSENT])
    assert "1 mark is new" in asha.get(play.path).text


def test_keying_in_leaves_alone_what_somebody_else_said_in_the_meantime(scene, knock):
    play = scene()
    asha, beth = knock("asha"), knock("beth")
    beth.post(play.press(play.mia), {"say": "apologies"})
    stale = {f"say-{play.paula.id}": "here", f"before-{play.paula.id}": ""}
    asha.post(f"{play.path}/re-keying", stale)
    assert play.said() == {play.paula.id: Mark.HERE, play.mia.id: Mark.APOLOGIES}


def doors(play):
    return [
        ("GET", play.path), ("GET", f"{play.path}/paper"), ("GET", f"{play.path}/re-keying"),
        ("GET", f"{play.path}/walk-ins/new"), ("GET", f"{play.press(play.mia)}/care"), ("POST", play.press(play.mia)),
        ("POST", f"{play.path}/families/{play.paula.household_id}"), ("POST", f"{play.path}/everybody"),
        ("POST", f"{play.path}/everybody/undoing"), ("POST", f"{play.path}/heads"), ("POST", f"{play.path}/notes"),
        ("POST", f"{play.path}/closure"), ("POST", f"{play.path}/reopening"), ("POST", f"{play.path}/re-keying"),
        ("POST", f"{play.path}/walk-ins"), ("POST", f"{play.path}/walk-ins/search"),
        ("POST", f"{play.path}/walk-ins/new"),
    ]  # fmt: skip


def test_nobody_reaches_the_register_of_another_hub_or_council(set_up, world, knock):
    with set_up() as make:
        elsewhere = make.hub("Harehills", team=())
    play = Scene(set_up, world, hub=elsewhere)
    form = {"say": "here", "moment": "2026-03-02", "name": "Reyes", "postcode": "LS14 6JB"}
    for who, council in (("asha", "leeds"), ("carl", "york")):
        knocker = knock(who, council)
        for method, path in doors(play):
            answer = knocker.get(path) if method == "GET" else knocker.post(path, form)
            assert answer.status_code == 404, f"{who}: {method} {path}"
    assert play.said() == {}


def test_leads_administrators_and_parents_take_no_registers(scene, knock):
    play = scene()
    for who in ("lena", "adam", "paula"):
        knocker = knock(who)
        assert knocker.get("/registers").status_code == 403
        assert knocker.get(play.path).status_code == 403
        assert knocker.post(play.press(play.mia), {"say": "here"}).status_code == 403
