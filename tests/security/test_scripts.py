"""A17: what people write is words, on every page, in every letter and in every calendar."""

from itertools import cycle

import pytest
from icalendar import Calendar
from sqlalchemy import Text, create_engine, select, text
from sqlalchemy import inspect as inspect_mapper

from bookings.models import Booking
from families.models import Person
from hubs.models import Activity, Session
from kernel import outbox, prose
from kernel.db import db, find, unit_of_work
from kernel.vault import SealedText
from tenants import queries as tenant_queries
from tests.post import words
from tests.security.crawling import (
    ADMIN,
    LEAD,
    MANAGER,
    OPERATOR,
    PARENT,
    STRANGER,
    TENANT_TABLES,
    addresses,
)
from tests.security.furnished import FORMED
from tests.security.inert import PAYLOADS, TAG, stirs

pytestmark = pytest.mark.thorough


@pytest.fixture
def planted(world):
    """Put a payload into every text of every row of Leeds, its council's own name too."""
    payloads = cycle(PAYLOADS)
    with unit_of_work(world.leeds):
        for model in TENANT_TABLES:
            if "UPDATE" in model.__may__:
                for row in db.scalars(select(model)).all():
                    _plant(row, payloads)
    owner = create_engine(world.urls.owner.replace("postgresql://", "postgresql+psycopg://", 1))
    told = {"t": world.leeds, "bad": f'Leeds"><{TAG} data-planted=1>'}
    with owner.begin() as connection:
        connection.execute(text("UPDATE tenants SET name = :bad WHERE id = :t"), told)
        connection.execute(
            text("UPDATE council_settings SET name = :bad, contact_phone = :bad, contact_email = :bad,"
                 " brand_colour = '</style' WHERE tenant_id = :t"), told,
        )  # fmt: skip
    owner.dispose()
    tenant_queries.forget_hosts()


def _plant(row, payloads):
    for attribute in inspect_mapper(type(row)).column_attrs:
        column = attribute.columns[0]
        where = f"{row.__tablename__}.{column.name}"
        if (type(column.type) is Text or isinstance(column.type, SealedText)) and where not in FORMED:
            setattr(row, attribute.key, f"{next(payloads)} {next(payloads)}")


VISITORS = [STRANGER, PARENT, MANAGER, LEAD, ADMIN, OPERATOR]


@pytest.mark.parametrize("visitor", VISITORS, ids=lambda v: v.name)
def test_what_people_wrote_is_inert_on_every_page(app, world, councils, planted, knock_as, visitor):
    crawler, faults, shown = knock_as(visitor), {}, 0
    for pick in (0, -1):
        for path in addresses(app, councils["leeds"], pick=pick):
            answer = crawler.open(path)
            assert answer.status_code < 500, path
            if answer.mimetype == "text/html" and answer.status_code not in {302, 303, 403}:
                shown += "planted" in answer.text
                if alive := stirs(answer.text):
                    faults[path] = alive
    assert faults == {}
    assert shown >= FEWEST[visitor.name], shown


FEWEST = {
    STRANGER.name: 10,
    PARENT.name: 20,
    MANAGER.name: 50,
    LEAD.name: 20,
    ADMIN.name: 40,
    OPERATOR.name: 1,
}


def test_what_people_wrote_is_inert_in_parts_of_pages(app, world, councils, planted, knock_as):
    beth = knock_as(MANAGER)
    for path in addresses(app, councils["leeds"]):
        answer = beth.open(path, headers={"HX-Request": "true"})
        if answer.mimetype == "text/html" and answer.data:
            assert stirs(answer.text) == [], path


def test_what_was_just_typed_is_inert_when_it_is_shown_again(world, councils, knock_as):
    adam, beth, stranger = knock_as(ADMIN), knock_as(MANAGER), knock_as(STRANGER)
    for bad in PAYLOADS:
        answers = [
            beth.open("/sessions", query_string={"words": bad, "hub": bad, "day": bad, "date": [bad, bad, bad]}),
            beth.open("/reports", query_string={"from": bad, "first": bad, "kind": bad, "measure": bad}),
            adam.open("/staff", query_string={"name": bad, "page": bad}),
            beth.send("/families/search", {"q": bad}),
            beth.send("/families", {"given_name": bad, "postcode": bad, "phone": bad, "email": bad}),
            stranger.send("/sign-in", {"email": bad, "password": bad, "next": bad}),
            stranger.open("/sign-in", query_string={"next": bad}),
            adam.send("/settings", {"name": bad, "website": bad, "brand_colour": bad, "contact_email": bad}),
            stranger.open(f"/{bad}"),
            beth.open("/timetable", query_string={"week": bad, "hub": bad}),
        ]  # fmt: skip
        for answer in answers:
            assert answer.status_code < 500, (bad, answer.request.path)
            assert stirs(answer.text) == [], (bad, answer.request.path)


def test_a_council_cannot_lead_its_families_to_a_script_or_break_its_colours(world, knock_as):
    adam = knock_as(ADMIN)
    good = {"name": "Leeds", "contact_email": "hubs@leeds.example", "brand_colour": "#0f5c5a"}
    for bad in (
        "javascript:planted()",
        "data:text/html,x",
        " javascript:x",
        "https:javascript",
        "//evil",
        "ftp://x.example",
    ):
        assert adam.send("/settings", {**good, "website": bad}).status_code == 422, bad
    for bad in ("red}</style>", "url(x)", "#12345g", "expression(1)", "#0f5c5a;}*{display:none}"):
        assert adam.send("/settings", {**good, "brand_colour": bad}).status_code == 422, bad


@pytest.mark.parametrize("bad", PAYLOADS)
def test_markdown_gives_headings_lists_links_and_nothing_else(bad):
    assert stirs(prose.markdown(f"# A\n\n{bad}\n\n- {bad}\n\n> {bad}")) == []


@pytest.fixture
def booking(world, councils, planted, knock_as):
    """A booking that Paula makes while everything is full of payloads."""
    paula, leeds = knock_as(PARENT), councils["leeds"]
    people = [str(person) for person in leeds.ids["people"][:2]]
    answer = paula.send(f"/sessions/{leeds.sessions['free']}/bookings", {"people": people})
    assert answer.status_code == 303
    with unit_of_work(world.leeds):
        made = db.scalars(select(Booking).where(Booking.session_id == leeds.sessions["free"])).one()
        return made.id


def test_what_people_wrote_is_inert_in_letters(world, booking, post):
    with unit_of_work(world.leeds):  # nothing is sent to an address that is none
        find(Person, find(Booking, booking).carer_id).email = "paula@people.example"
    outbox.drain(world.leeds)

    letter = next(letter for letter in post.letters if "Your place is booked" in letter["Subject"])
    page = letter.get_body(("html",)).get_content()
    assert stirs(page, letter=True) == []
    assert "planted" in words(letter), "the letter does show the words"
    assert letter.get_body(("plain",)) is not None
    assert {part.get_content_type() for part in letter.walk() if not part.is_multipart()} == {
        "text/plain", "text/html", "text/calendar",
    }  # fmt: skip


def test_what_people_wrote_stays_in_its_place_in_calendars(world, booking, knock_as):
    bad = "Play\r\nATTACH:http://evil.example\nEND:VEVENT\nBEGIN:VALARM\nACTION:AUDIO;X=\\n,\"'\x0b"
    with unit_of_work(world.leeds):
        session = find(Session, find(Booking, booking).session_id)
        find(Activity, session.activity_id).title = bad
        session.hub.address = session.hub.name = bad
    answer = knock_as(PARENT).open(f"/bookings/{booking}/session.ics")

    assert answer.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert "ATTACH" not in event
    assert event.subcomponents == []
    assert "Play" in event["SUMMARY"]
    assert not [
        line for line in answer.text.splitlines() if line.startswith(("ATTACH", "BEGIN:VALARM", "ACTION"))
    ]


def test_no_letter_is_made_in_two_by_what_people_wrote(world, councils, knock_as, post):
    """A title of two lines would end the headers of a letter: it is made one line on its way in."""
    beth, leeds = knock_as(MANAGER), councils["leeds"]
    activity = leeds.ids["activities"][0]
    tag = beth.open(f"/api/v1/activities/{activity}").headers["ETag"]
    two = "Play\r\nBcc: everybody@people.example\r\n\r\nHello"
    answer = beth.open(
        f"/api/v1/activities/{activity}", method="PATCH", json={"title": two}, headers={"If-Match": tag}
    )

    assert answer.status_code == 422 or "\n" not in answer.json["title"]
    adam = knock_as(ADMIN)
    for name in ("hubs", f"hubs/{leeds.hubs['paula']}/rooms"):
        answer = adam.open(f"/api/v1/{name}", method="POST", json={"name": two})
        assert answer.status_code == 422 or "\n" not in answer.json["name"]
