"""Hubs, rooms, teams and activities, through the door."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from hubs.models import Activity, Hub, Room, TeamMember
from hubs.terms import BookingMode
from kernel.db import db
from kernel.ids import new_id

NASTY = "<script>alert(1)</script>"
ACTIVITY = {
    "title": "Baby massage", "kind": "infant_feeding", "description": "Hello\n\n- oil", "bring": "A towel",
    "audience": "New parents", "age_from": "0", "age_from_unit": "months", "age_to": "11", "age_to_unit": "months",
    "mode": "bookable", "price": "2.50", "counted_in": "families", "most_families": "8", "most_children": "",
    "most_adults": "", "children_per_adult": "2", "opens_days_before": "7", "closes_minutes_before": "60",
}  # fmt: skip


@contextmanager
def counting(world) -> Iterator[list[str]]:
    said: list[str] = []

    def note(conn, cursor, statement, *rest):
        said.append(statement)

    event.listen(world.engine, "before_cursor_execute", note)
    yield said
    event.remove(world.engine, "before_cursor_execute", note)


def test_anybody_finds_hubs_by_area_and_by_words(set_up, knock):
    with set_up() as make:
        make.hub("Seacroft", area="East", address="1 Boggart Hill")
        make.hub("Chapeltown", area="North")

    everything = knock().get("/hubs").text
    assert everything.index(">East<") < everything.index(">North<")
    assert "Chapeltown" not in knock().get("/hubs?words=boggart").text
    assert "Seacroft" not in knock().get("/hubs?area=North").text
    assert "No hubs match" in knock().get("/hubs?words=100%25").text


def test_htmx_gets_the_results_alone(set_up, knock):
    with set_up() as make:
        make.hub()
    part = knock().get("/hubs?words=sea", htmx=True).text
    assert part.strip().startswith('<div id="results"')
    assert "Seacroft" in part


def test_a_hubs_page_tells_all_that_families_need(set_up, knock):
    with set_up() as make:
        hub = make.hub(address="1 Boggart Hill\nLeeds", phone="0113 496 0000", accessibility="Step-free")
        make.session(hub=hub)
        make.session(hub=make.hub("Harehills"), activity=make.activity("Messy play"))
        path = f"/hubs/{hub.id}"

    text = knock().get(path).text
    for word in (
        "Boggart Hill",
        "LS14 6JB",
        "0113 496 0000",
        "Step-free",
        "Stay and play",
        "Tuesday 3 March",
    ):
        assert word in text
    assert "Messy play" not in text
    assert "Stay and play" in knock().get(f"{path}/timetable").text
    later = knock().get(f"{path}/timetable?week=2026-03-12", htmx=True).text
    assert later.strip().startswith('<div id="week"')
    assert "Stay and play" not in later
    assert "9 March 2026" in later


@pytest.mark.parametrize("week", ["rubbish", "9999-12-31", "0001-01-01", "2026-02-30", "2026-3-2T10", "💥"])
def test_a_week_that_is_none_shows_this_week(set_up, knock, week):
    with set_up() as make:
        hub = make.hub()
        path = f"/hubs/{hub.id}/timetable?week={week}"
    assert "2 March 2026" in knock().get(path).text


def test_a_closed_hub_and_one_of_another_council_are_not_found(set_up, knock, clock):
    with set_up() as make:
        hub = make.hub("Seacroft")
        hub.closed_at = hub.created_at
        closed = hub.id
        other = make.hub("Chapeltown").id
    assert knock().get(f"/hubs/{closed}").status_code == 404
    assert knock().get(f"/hubs/{new_id()}").status_code == 404
    assert knock(None, "york").get(f"/hubs/{other}").status_code == 404
    assert "Seacroft" not in knock().get("/hubs").text


def test_the_list_and_the_week_make_as_many_statements_however_long_they_are(set_up, knock, world):
    with set_up() as make:
        hub = make.hub()
        path = f"/hubs/{hub.id}/timetable"
        make.session(hub=hub)
    visitor = knock()
    visitor.get("/hubs")
    with counting(world) as few:
        visitor.get("/hubs"), visitor.get(path)
    with set_up() as make:
        for n in range(5):
            make.session(hub=hub, activity=make.activity(f"Activity {n}"))
            make.hub(f"Hub {n}")
    with counting(world) as many:
        visitor.get("/hubs"), visitor.get(path)
    assert len(few) == len(many)
    assert len(many) < 30


def test_a_manager_sees_only_her_hubs(set_up, knock):
    with set_up() as make:
        own = make.hub("Seacroft").id
        other = make.hub("Harehills", team=()).id
    beth = knock("beth")
    listed = beth.get("/hubs/manage").text
    assert "Seacroft" in listed
    assert "Harehills" not in listed
    assert beth.get(f"/hubs/{own}/manage").status_code == 200
    for path in ("manage", "details", "opening-times", "rooms/new", "team/new"):
        assert beth.get(f"/hubs/{other}/{path}").status_code == 404
        assert knock("carl").get(f"/hubs/{own}/{path}").status_code == 404
    assert knock("asha").get("/hubs/manage").status_code == 403
    assert "Harehills" in knock("adam").get("/hubs/manage").text


def test_a_hub_is_added_once_and_nothing_typed_is_lost(set_up, knock):
    adam = knock("adam")
    assert knock("beth").get("/hubs/new").status_code == 403
    wrong = adam.post("/hubs", {"name": "", "area": "Tang Hall", "kind": "family_hub", "postcode": "XX"})
    assert wrong.status_code == 422
    assert "There is a problem" in wrong.text
    assert "Enter the name of the hub" in wrong.text
    assert "Enter a full UK postcode" in wrong.text
    assert 'value="Tang Hall"' in wrong.text

    right = {"name": NASTY, "kind": "family_hub", "idempotency_key": "k1", "postcode": "yo317ex"}
    first, again = adam.post("/hubs", right), adam.post("/hubs", right)

    assert first.status_code == 303
    assert first.location == again.location
    page = adam.get(first.location).text
    assert NASTY not in page
    assert "&lt;script&gt;" in page
    assert "YO31 7EX" in page
    with set_up():
        hub = db.scalars(select(Hub)).one()
    assert NASTY not in knock().get("/hubs").text
    assert NASTY not in knock().get(f"/hubs/{hub.id}").text
    twin = adam.post("/hubs", {**right, "idempotency_key": "k2"})
    assert twin.status_code == 422
    assert "You already have a place called" in twin.text


def test_a_manager_changes_her_hub_its_times_rooms_and_team(set_up, knock):
    with set_up() as make:
        hub = make.hub()
        base = f"/hubs/{hub.id}"
    beth = knock("beth")

    beth.post(f"{base}/details", {"name": "Seacroft hub", "kind": "family_hub", "email": "s@leeds.example"})
    beth.post(f"{base}/opening-times", {"monday": "9am - 12, 1-4.30pm"})
    wrong = beth.post(f"{base}/opening-times", {"monday": "whenever", "friday": "9-5"})
    beth.post(f"{base}/rooms", {"name": "Sensory room", "people": "12"})
    bad_room = beth.post(f"{base}/rooms", {"name": "sensory room", "people": "lots"})
    beth.post(f"{base}/team", {"account_id": str(make.cast["lena"])})

    page = beth.get(f"{base}/manage").text
    for words in (
        "Seacroft hub",
        "s@leeds.example",
        "Monday: 9am to midday, 1pm to 4:30pm",
        "Sensory room",
        "Lena",
    ):
        assert words in page
    assert wrong.status_code == 422
    assert 'value="whenever"' in wrong.text
    assert 'value="9-5"' in wrong.text
    assert "Enter the opening times on Monday like 9am to 5pm" in wrong.text
    assert bad_room.status_code == 422
    assert 'value="lots"' in bad_room.text


def test_rooms_are_taken_out_of_use_and_belong_to_their_hub(set_up, knock):
    with set_up() as make:
        hub, other = make.hub(), make.hub("Harehills")
        room = make.room(hub=hub)
        base, wrong = f"/hubs/{hub.id}/rooms/{room.id}", f"/hubs/{other.id}/rooms/{room.id}"
    beth = knock("beth")
    assert beth.get(wrong).status_code == 404
    beth.post(f"{base}/closure")
    assert "Out of use" in beth.get(f"/hubs/{hub.id}/manage").text
    beth.post(f"{base}/reopening")
    assert "Out of use" not in beth.get(f"/hubs/{hub.id}/manage").text
    assert beth.post(base, {"name": "Red room", "people": ""}).status_code == 303
    with set_up():
        assert db.scalars(select(Room.name)).all() == ["Red room"]


def test_somebody_who_leaves_her_own_team_is_led_back_to_her_list(set_up, knock):
    with set_up() as make:
        hub = make.hub()
    gone = knock("beth").post(f"/hubs/{hub.id}/team/{make.cast['beth']}/removal")
    assert gone.location == "/hubs/manage"
    with set_up():
        assert make.cast["beth"] not in db.scalars(select(TeamMember.account_id)).all()


def test_a_hub_in_the_timetable_is_not_closed(set_up, knock):
    with set_up() as make:
        hub = make.hub()
        make.session(hub=hub)
    adam = knock("adam")
    assert adam.get(f"/hubs/{hub.id}/closure").status_code == 200
    refused = adam.post(f"/hubs/{hub.id}/closure")
    assert refused.status_code == 409
    assert "1 session to come" in refused.text


def test_an_activity_is_added_read_and_changed(set_up, knock):
    beth = knock("beth")

    added = beth.post(
        "/activities", {**ACTIVITY, "title": NASTY, "description": f"{NASTY}\n\n[x](javascript:alert(1))"}
    )
    page = beth.get(added.location).text
    assert added.status_code == 303
    assert NASTY not in page
    assert 'href="javascript:' not in page
    assert "£2.50 for each family" in page
    form = beth.get(f"{added.location}/details").text
    assert 'value="2.50"' in form

    changed = beth.post(f"{added.location}/details", {**ACTIVITY, "age_to": "3", "age_to_unit": "years"})
    assert changed.status_code == 303
    with set_up():
        activity = db.scalars(select(Activity)).one()
    assert (activity.title, activity.age_to_months, activity.price_pence) == ("Baby massage", 47, 250)
    assert activity.mode == BookingMode.BOOKABLE


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Enter the name of the activity"),
        ({"age_to": "x"}, "Enter a whole number"),
        ({"age_from": "5", "age_from_unit": "years"}, "The oldest age must be"),
        ({"price": "lots"}, "Enter an amount in pounds"),
        ({"price": "NaN"}, "Enter an amount in pounds"),
        ({"most_families": "0"}, "between 1 and 1,000"),
        ({"mode": "sideways"}, "Say whether families must book"),
        ({"kind": ""}, "Choose what kind of activity"),
        ({"closes_minutes_before": "junk"}, "closes"),
        ({"opens_days_before": "9" * 30}, "between 0 and 365"),
    ],
)
def test_an_activity_that_cannot_be_is_shown_again_with_what_was_typed(set_up, knock, wrong, sentence):
    answer = knock("beth").post("/activities", {**ACTIVITY, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="A towel"' in answer.text
