"""Who leads and who helps."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hubs.errors import SessionIsCalledOff
from hubs.models import Shift
from hubs.service import rota, timetable
from hubs.service.rota import assign, clashes, in_two_places, unassign
from hubs.terms import ShiftPart
from kernel.db import db
from kernel.errors import NotFound, Unacceptable
from kernel.ids import new_id
from tests.making import Make

LEADS, HELPS = ShiftPart.LEADS, ShiftPart.HELPS


def parts() -> list[tuple[Any, ShiftPart]]:
    return [(shift.account_id, shift.part) for shift in db.scalars(select(Shift))]


def test_somebody_has_one_part_in_a_session(make: Make) -> None:
    session = make.session()

    assign(session, make.cast["asha"], HELPS)
    assign(session, make.cast["asha"], LEADS)

    assert parts() == [(make.cast["asha"], LEADS)]


def test_somebody_can_be_taken_off_again(make: Make) -> None:
    session = make.session()
    assign(session, make.cast["asha"], HELPS)

    unassign(session, make.cast["asha"])
    unassign(session, make.cast["asha"])

    assert parts() == []


def test_only_people_who_work_for_the_council_are_on_the_rota(make: Make) -> None:
    session = make.session()

    with pytest.raises(Unacceptable, match="works for the council"):
        assign(session, make.cast["paula"], HELPS)
    for stranger in (make.cast["carl"], new_id()):
        with pytest.raises(NotFound):
            assign(session, stranger, HELPS)


def test_nobody_is_put_on_a_session_that_was_called_off(make: Make) -> None:
    session = make.session()
    timetable.call_off(session, "The heating has broken.")

    with pytest.raises(SessionIsCalledOff):
        assign(session, make.cast["asha"], HELPS)


def test_being_in_two_places_is_a_warning(make: Make) -> None:
    one = make.session(activity=make.activity("Stay and play"))
    same_time = make.session(starts_in=timedelta(days=1, hours=1), activity=make.activity("Baby massage"))
    later = make.session(starts_in=timedelta(days=1, minutes=90), hub=make.hub("Gipton"))
    for session in (one, same_time, later):
        assign(session, make.cast["asha"], LEADS)
    assign(same_time, make.cast["beth"], HELPS)

    assert [str(clash) for clash in clashes(make.cast["asha"], one)] == [
        "Baby massage, Tuesday 3 March 2026, 11am to 12:30pm"
    ]
    assert clashes(make.cast["beth"], one)
    assert clashes(make.cast["lena"], one) == []
    warnings = in_two_places([one.id, later.id])
    assert {key: [clash.session_id for clash in found] for key, found in warnings.items()} == {
        (one.id, make.cast["asha"]): [same_time.id],
        (later.id, make.cast["asha"]): [same_time.id],
    }
    assert in_two_places([]) == {}


def test_a_session_that_was_called_off_clashes_with_nothing(make: Make) -> None:
    one, other = make.session(), make.session(activity=make.activity("Baby massage"))
    for session in (one, other):
        assign(session, make.cast["asha"], LEADS)

    timetable.call_off(other, "The heating has broken.")

    assert clashes(make.cast["asha"], one) == []
    assert rota.in_two_places([one.id]) == {}
