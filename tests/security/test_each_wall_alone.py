"""A21: with one wall between the councils taken down by hand, the other alone keeps York out of Leeds."""

import pytest
from sqlalchemy import event, select, text

from hubs.models import Hub
from kernel import db as kernel_db
from kernel.db import db, unit_of_work
from tests.security.crawling import PARENT, YORK, State
from tests.security.test_crawl import CANARY, doors, judge, sight_of, try_door


@pytest.fixture
def criteria_off(world):
    """The ORM asks for everybody's rows; PostgreSQL gives those of one council."""
    listener = kernel_db._only_own_rows
    event.remove(kernel_db.opened, "do_orm_execute", listener)
    yield
    event.listen(kernel_db.opened, "do_orm_execute", listener)


@pytest.fixture
def row_security_off(world):
    """PostgreSQL gives everybody's rows, as it does to the owner of the tables; the ORM asks for those of one council."""
    owner = kernel_db.engine(world.urls.owner)
    kernel_db.connect(owner)
    yield
    kernel_db.connect(world.engine)
    owner.dispose()


@pytest.fixture(params=["criteria_off", "row_security_off"])
def one_wall(request):
    """One of the two walls, and then the other, is not there."""
    request.getfixturevalue(request.param)
    return request.param


def test_the_wall_is_really_down(world, councils, one_wall):
    with unit_of_work(world.york):
        by_hand, by_orm = db.scalar(text("SELECT count(*) FROM hubs")), len(db.scalars(select(Hub)).all())
    assert by_hand == (4 if one_wall == "row_security_off" else 2)
    assert by_orm == 2


@pytest.mark.parametrize(
    "visitor", [pytest.param(YORK, marks=pytest.mark.thorough), PARENT], ids=lambda v: v.name
)
def test_each_wall_alone_keeps_councils_apart(app, world, councils, knock_as, one_wall, visitor):
    """Every page of a council, with its own ids and another's; the state of the other council does not change."""
    crawler = knock_as(visitor)
    sees, other = sight_of(visitor, councils), "york" if visitor.host == "leeds" else "leeds"
    faults: list[str] = []
    told: set[str] = set()
    with State(world) as state:
        before = state.of(other)
        for rule, method, path, foreign in doors(app, councils, visitor.host):
            if method == "GET" or foreign:
                answer = try_door(crawler, method, path)
                told |= set(CANARY.findall(answer.get_data().decode(errors="replace")))
                faults += judge(visitor, rule, method, path, foreign, answer, sees, councils)
        assert state.of(other) == before
    assert faults == [], "\n".join(faults)
    assert told, "nothing was shown at all"
