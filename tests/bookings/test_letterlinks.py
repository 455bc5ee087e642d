"""How often the links in letters may be opened."""

from typing import Any

from flask import Flask

from bookings import service
from bookings.terms import Channel
from messaging import service as messaging
from tests.knocking import Knocker
from tests.limited import *  # noqa: F403


def test_all_who_are_reminded_can_open_their_links_behind_one_address_and_nobody_can_guess(
    limited: Flask, set_up: Any
):
    with set_up() as make:
        carer, child = make.family()
        booking = service.book(
            make.session().id, household_id=carer.household_id, person_ids=[carer.id, child.id], carer_id=carer.id,
            channel=Channel.STAFF,
        )  # fmt: skip
        link = f"/b/{messaging.one_step('cancel-booking', booking.id)}"
    browser = Knocker(limited, "leeds.test")

    assert {browser.open(link).status_code for _ in range(65)} == {200}
    assert [browser.open(f"/b/{number}").status_code for number in range(61)] == [404] * 60 + [429]
