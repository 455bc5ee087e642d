"""What becomes of a form that a service refuses."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, SelectField

from kernel.db import afterwards, db, unit_of_work
from kernel.errors import Unacceptable
from kernel.ids import new_id
from kernel.journal import Entry, Happening, record
from kernel.web.forms import Form, Question, accepted
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


class Plain(Question):
    """A form whose fields have no sentences of their own."""

    number = IntegerField()
    choice = SelectField(choices={"a": "A"})


def test_a_field_without_a_sentence_of_its_own_speaks_in_the_words_of_the_house(world: Stage, posted: None):
    form = Plain(MultiDict({"number": "lots", "choice": "b"}))

    assert not form.validate()

    assert form.number.errors == ["Enter a whole number, like 8"]
    assert form.choice.errors == ["Choose from the list"]


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
