"""Hubs, rooms, opening times, teams and activities, as the service keeps them."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from hubs import service
from hubs.models import Session, TeamMember
from hubs.service import Opening, StillInUse
from hubs.terms import BookingMode, HubKind, Weekday
from kernel.db import db
from kernel.errors import NotFound, Unacceptable
from kernel.ids import new_id
from kernel.journal import Entry


def happened(subject=None):
    wanted = select(Entry.kind, Entry.facts).order_by(Entry.at, Entry.id)
    return [(k, f.get("what")) for k, f in db.execute(wanted.where(Entry.subject == subject))]


def test_a_hub_is_known_by_its_name_however_it_is_written(leeds):
    hub = service.add_hub("Hob Moor Children’s Centre", area="Acomb", kind=HubKind.FAMILY_HUB)

    assert hub.name_key == "hob moor childrens centre"
    with pytest.raises(Unacceptable, match="already have a place called Hob Moor"):
        service.add_hub("HOB MOOR  Childrens Centre.")
    assert happened(hub.id) == [("PlacesChanged", "hub added")]


def test_a_hub_without_a_name_is_refused(leeds):
    with pytest.raises(Unacceptable) as refused:
        service.add_hub(" – ")
    assert "name" in refused.value.problems


def test_a_hub_can_keep_its_name_when_the_rest_changes(make):
    hub = make.hub("Seacroft")

    service.change_hub(hub, phone="0113 496 0000", name="Seacroft")

    assert hub.phone == "0113 496 0000"
    assert happened(hub.id) == [("PlacesChanged", "hub changed")]


def test_a_change_that_changes_nothing_is_not_written_down(make):
    hub = make.hub("Seacroft")
    service.change_hub(hub, area=hub.area)
    assert happened(hub.id) == []


def test_a_hub_with_sessions_to_come_cannot_be_closed(make):
    hub = make.hub()
    make.session(hub=hub)

    with pytest.raises(StillInUse, match="1 session to come"):
        service.close_hub(hub)
    assert hub.closed_at is None


def test_a_hub_closes_and_opens_again(make, clock):
    hub = make.hub()
    make.session(hub=hub)
    clock.shift(timedelta(days=3))

    service.close_hub(hub)
    assert hub.closed_at
    service.reopen_hub(hub)

    assert hub.closed_at is None


def test_opening_times_are_replaced_and_kept_in_order(make):
    hub = make.hub()
    service.set_opening_times(hub, [Opening(Weekday.FRIDAY, time(9), time(12))])

    service.set_opening_times(
        hub, [Opening(Weekday.MONDAY, time(13), time(16)), Opening(Weekday.MONDAY, time(9), time(12))]
    )

    assert [(o.weekday, o.starts) for o in hub.opening_times] == [
        (Weekday.MONDAY, time(9)),
        (Weekday.MONDAY, time(13)),
    ]


@pytest.mark.parametrize(
    "times",
    [[(time(12), time(9))], [(time(9), time(12)), (time(11), time(13))]],
    ids=["backwards", "overlap"],
)
def test_opening_times_that_make_no_sense_are_refused(make, times):
    hub = make.hub()
    with pytest.raises(Unacceptable) as refused:
        service.set_opening_times(hub, [Opening(Weekday.MONDAY, *pair) for pair in times])
    assert "monday" in refused.value.problems


def test_a_hub_has_each_room_once_and_another_hub_may_have_one_of_that_name(make):
    hub, other = make.hub("Seacroft"), make.hub("Harehills")
    service.add_room(hub, "Sensory room", people=12)
    service.add_room(other, "Sensory room")

    with pytest.raises(Unacceptable):
        service.add_room(hub, "sensory ROOM")
    assert [room.name for room in hub.rooms] == ["Sensory room"]


def test_a_room_in_use_cannot_be_closed(make):
    room = make.room()
    make.session(room_id=room.id)
    with pytest.raises(StillInUse):
        service.close_room(room)


def test_only_staff_join_a_team_and_joining_twice_is_once(make):
    hub = make.hub("Harehills", team=())

    service.join_team(hub, make.cast["asha"])
    service.join_team(hub, make.cast["asha"])

    assert db.scalars(select(TeamMember.account_id).where(TeamMember.hub_id == hub.id)).all() == [
        make.cast["asha"]
    ]
    with pytest.raises(Unacceptable):
        service.join_team(hub, make.cast["paula"])
    with pytest.raises(NotFound):
        service.join_team(hub, make.cast["carl"])
    service.leave_team(hub, make.cast["asha"])
    service.leave_team(hub, new_id())
    assert not db.scalars(select(TeamMember).where(TeamMember.hub_id == hub.id)).all()


def test_an_activity_has_all_its_parts(leeds):
    activity = service.add_activity(
        "Baby massage",
        mode=BookingMode.BOOKABLE,
        most_families=8,
        children_per_adult=1,
        opens_days_before=7,
        one_per_day=True,
        age_to_months=11,
    )

    assert (activity.title_key, activity.most_families) == ("baby massage", 8)
    with pytest.raises(Unacceptable):
        service.add_activity("Baby Massage")


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"age_from_months": 12, "age_to_months": 3}, "age_to_months"),
        ({"most_families": 0}, "most_families"),
        ({"children_per_adult": -1}, "children_per_adult"),
        ({"price_pence": -5}, "price_pence"),
        ({"opens_days_before": 0, "closes_minutes_before": 3000}, "closes_minutes_before"),
    ],
)
def test_an_activity_that_makes_no_sense_is_refused(leeds, parts, field):
    with pytest.raises(Unacceptable) as refused:
        service.add_activity("Baby massage", **parts)
    assert field in refused.value.problems


def test_sessions_to_come_get_the_activitys_new_number_of_places(make, clock):
    activity = make.activity(most_families=8)
    past, ahead = make.session(families=8), make.session(families=8, starts_in=timedelta(days=8))
    own = make.session(families=5, starts_in=timedelta(days=15))
    clock.shift(timedelta(days=2))

    service.change_activity(activity, most_families=10)

    db.expire_all()
    assert [db.get_one(Session, (s.tenant_id, s.id)).most_families for s in (past, ahead, own)] == [8, 10, 5]
    assert happened(ahead.id) == [("SessionPlacesChanged", None)]
    assert happened(own.id) == []


def test_an_activity_with_sessions_to_come_cannot_be_ended(make):
    activity = make.activity()
    make.session(activity=activity)
    with pytest.raises(StillInUse):
        service.end_activity(activity)
