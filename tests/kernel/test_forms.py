"""What becomes of a form that a service refuses."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from kernel.db import afterwards, db, unit_of_work
from kernel.errors import Unacceptable
from kernel.ids import new_id
from kernel.journal import Entry, Happening, record
from kernel.web.forms import Form, accepted
from tests.conftest import Stage


class Ask(Form):
    class Meta(Form.Meta):
        csrf = False


class Asked(Happening):
    pass


@pytest.fixture
def posted(app: Flask) -> Iterator[None]:
    with app.test_request_context(method="POST"):
        yield


def test_a_form_that_is_refused_leaves_nothing_behind(world: Stage, posted: None):
    refused, done, followed = new_id(), new_id(), []

    def write(subject: object) -> None:
        record(Asked(subject=subject))
        db.flush()
        afterwards(lambda: followed.append(subject))

    def refuse() -> None:
        write(refused)
        raise Unacceptable("The room is taken")

    with unit_of_work(world.leeds):
        form = Ask()
        assert accepted(form, lambda: write(done))
        assert not accepted(form, refuse)

    assert form.form_errors == ["The room is taken"]
    assert followed == [done]
    with unit_of_work(world.leeds):
        assert db.scalars(select(Entry.subject).where(Entry.kind == "Asked")).all() == [done]
