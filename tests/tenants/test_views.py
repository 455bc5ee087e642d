import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from accounts.models import Account
from kernel import outbox
from kernel.db import db, unit_of_work
from tenants import queries
from tenants.models import CouncilSettings
from tests.knocking import Knocker
from tests.post import words

STAFFORDSHIRE = Path(__file__).parents[1] / "data/term-dates/staffordshire-2025-2026.csv"
SETTINGS = {
    "name": "Leeds City Council", "contact_email": "hubs@leeds.example", "contact_phone": "0113 222 4444",
    "website": "https://leeds.example.org", "brand_colour": "#12436d", "waking_from": "8am", "waking_until": "9pm",
    "age_limit": "19", "age_limit_send": "25", "reminder_hours": "24", "offer_hours": "24", "hold_minutes": "15",
    "weeks_ahead": "13",
}  # fmt: skip


def upload(knocker, content, name="terms.csv"):
    return knocker.post(
        "/settings/terms/import", {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )


def rows_of(answer):
    return re.findall(r'name="row" value="([^"]+)"', answer.text)


# Settings


def test_settings_are_changed_and_seen_at_once(knock, clock):
    adam = knock("adam")
    clock.shift(timedelta(minutes=1))

    answer = adam.post("/settings", {**SETTINGS, "name": "Leeds", "reminder_hours": "48"}, follow=True)

    assert "Your changes have been saved" in answer.text
    assert "#12436d" in answer.text
    assert 'value="48"' in answer.text
    history = adam.get("/settings/history").text
    assert "Adam Firth" in history
    assert "Reminder before a session: 24 hours became 48 hours" in history
    assert "The council joined" in history
    assert "platform’s operators" in history
    assert "Leeds</a>" in knock().get("/cookies").text


def test_a_colour_can_be_looked_at_before_it_is_saved(knock, world):
    adam = knock("adam")

    answer = adam.post("/settings", {**SETTINGS, "brand_colour": "#801650", "name": "", "preview": "yes"})

    assert answer.status_code == 200
    assert ".hubs-preview{background:#801650" in answer.text
    assert "There is a problem" not in answer.text
    with unit_of_work(world.leeds):
        assert len(db.scalars(select(CouncilSettings)).all()) == 1


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "   ", "Enter the name of the council"),
        ("contact_email", "nobody", "correct format"),
        ("contact_phone", "call me", "Enter a telephone number"),
        ("website", "javascript:alert(1)", "begins with https://"),
        ("brand_colour", "#ffdd00", "White text cannot be read"),
        ("brand_colour", "red;}</style><script>", "Enter the colour as #"),
        ("waking_from", "early", "Enter a time"),
        ("waking_until", "7am", "later than"),
        ("age_limit", "many", "Enter a whole number"),
        ("age_limit", "99", "from 5 to 25"),
        ("age_limit_send", "18", "the same age or an older one"),
        ("hold_minutes", "", "Enter a number of minutes"),
        ("reminder_hours", "-1", "from 1 to 168"),
    ],
)
def test_settings_that_cannot_be_used_are_kept_and_explained(knock, field, typed, sentence):
    answer = knock("adam").post("/settings", {**SETTINGS, field: typed, "offer_hours": "77"})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="77"' in answer.text, "what was typed elsewhere is kept"
    assert "<script>alert" not in answer.text
    assert "background:red" not in answer.text


def test_nobody_sends_more_than_the_form_asks_for(knock, world, clock):
    adam = knock("adam")
    clock.shift(timedelta(minutes=1))
    adam.post(
        "/settings",
        {**SETTINGS, "tenant_id": str(world.york), "set_by": str(world.york), "id": str(world.york)},
    )

    with unit_of_work(world.leeds):
        newest = queries.settings()
    assert newest.set_by == world.cast["adam"]
    assert newest.id != world.york


# The school calendar


def test_a_calendar_is_imported_after_a_look_at_it(knock, world):
    adam = knock("adam")
    assert "No terms have been entered" in adam.get("/settings/terms").text

    preview = upload(adam, STAFFORDSHIRE.read_bytes())
    rows = rows_of(preview)
    assert "Monday 27 October 2025 to Friday 31 October 2025" in preview.text
    with unit_of_work(world.leeds):
        assert not queries.term_dates(), "a look changes nothing"

    form = {"row": rows, "idempotency_key": "one"}
    done = adam.post("/settings/terms/imported", form)
    assert done.location == "/settings/terms?changed=yes"
    adam.post("/settings/terms/imported", form)
    with unit_of_work(world.leeds):
        assert len(queries.term_dates()) == len(rows) > 5
    shown = adam.get(done.location).text
    assert "School year 2025 to 2026" in shown
    assert "Tuesday 2 September 2025" in shown
    assert "Bank holidays in England" in shown
    assert "Thursday 25 December 2025: Christmas Day" in shown

    again = upload(adam, STAFFORDSHIRE.read_bytes())
    assert "will be replaced" in again.text
    adam.post("/settings/terms/imported", {"row": rows_of(again)})
    with unit_of_work(world.leeds):
        assert len(queries.term_dates()) == len(rows)


def test_a_workbook_with_other_headings_and_a_bad_row_is_understood(knock):
    book = Workbook()
    for row in (
        ["Leeds school calendar"], [], ["Term", "Starts", "Ends"],
        ["Summer term", date(2026, 4, 13), date(2026, 7, 21)],
        ["Half term", "25/05/2026", "29 May 2026"], ["Inset", "soon", ""],
    ):  # fmt: skip
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)

    preview = upload(knock("adam"), content.getvalue(), "terms.xlsx")

    assert len(rows_of(preview)) == 2
    assert ">No<" in preview.text
    assert "‘soon’ is not a date" in preview.text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"a,b\n1,2\n", "We cannot find the columns"),
        (b"name,start,end\nAutumn term,soon,later\n", "nothing in this file"),
        (
            b"name,start,end\nAutumn term,2025-09-01,2025-12-19\nSpring term,2025-12-01,2026-03-01\n",
            "overlap",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_explained(knock, content, sentence):
    answer = upload(knock("adam"), content)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_no_file_at_all_is_asked_for_again(knock):
    assert "Choose a file" in upload(knock("adam"), b"", "").text


@pytest.mark.parametrize(
    "row", ["", "term|x|y|z", "nonsense|2026-01-01|2026-01-02|A", "term|2026-02-01|2026-01-02|A"]
)
def test_rows_that_we_did_not_write_are_refused(knock, row):
    assert knock("adam").post("/settings/terms/imported", {"row": [row]}).status_code == 422


def test_a_term_is_added_and_removed_by_hand(knock):
    adam = knock("adam")
    typed = {
        "kind": "term",
        "name": "Summer term 2026",
        "first_day": ["13", "4", "2026"],
        "last_day": ["21", "July", "2026"],
    }

    bad = adam.post("/settings/terms", {**typed, "first_day": ["31", "4", "2026"]})
    assert bad.status_code == 422
    assert "Enter a real date" in bad.text
    assert 'value="31"' in bad.text
    assert 'value="July"' in bad.text
    assert "Enter the last day" in adam.post("/settings/terms", {**typed, "last_day": ["", "", ""]}).text
    assert "Summer term 2026 has been added" in adam.post("/settings/terms", typed, follow=True).text
    assert "overlap with Summer term 2026" in adam.post("/settings/terms", typed).text

    removal = re.search(r'href="(/settings/terms/[^"]+/removal)"', adam.get("/settings/terms").text)[1]
    assert "Monday 13 April 2026" in adam.get(removal).text
    assert "has been removed" in adam.post(removal, follow=True).text
    assert adam.post(removal).status_code == 404


# The platform


def test_the_platform_says_what_it_is_and_leads_to_the_councils(knock, app):
    front = Knocker(app, "test").get("/").text

    assert 'href="http://leeds.test/"' in front
    assert "City of York Council" in front
    assert "operators" not in front


def test_where_no_council_is_the_way_to_the_platform_is_shown(app, world):
    answer = Knocker(app, "atlantis.test").get("/anything")

    assert answer.status_code == 404
    assert "no council at this web address" in answer.text
    assert 'href="http://test/"' in answer.text


def test_an_operator_sets_a_council_up_and_its_administrator_is_invited(knock, app, post, clock):
    olga = knock("olga")
    wanted = {
        "name": "Bath Council", "slug": "bath", "contact_email": "hubs@bath.example", "admin_name": "Bea Wells",
        "admin_email": "bea@bath.example", "idempotency_key": "one",
    }  # fmt: skip
    assert "has joined already" in olga.post("/councils", {**wanted, "slug": "leeds"}).text

    done = olga.post("/councils", wanted, follow=True)
    assert "Bath Council has joined" in done.text
    assert "http://bath.test" in done.text
    assert olga.post("/councils", wanted).status_code == 303

    with unit_of_work(None, read_only=True):
        bath = queries.by_slug("bath").id
    outbox.drain(bath)
    assert post.letters[0]["To"] == "bea@bath.example"
    link = re.search(r"http://bath\.test(/set-password/\S+)", words(post.letters[0]))[1]
    bea = Knocker(app, "bath.test")
    assert bea.post(link, {"password": "trumpet gravel moss"}).status_code == 303
    assert bea.get("/staff").status_code == 200
    clock.shift(timedelta(seconds=1))


def test_an_operator_signs_in_at_the_platform_with_a_link(app, world, post):
    olga = Knocker(app, "test")
    olga.post("/sign-in/link", {"email": "olga@people.example", "next": "/councils"})
    outbox.drain(world.platform)
    link = re.search(r"http://test(/sign-in/link/\S+)", words(post.letters[0]))[1]

    assert olga.post(link).location == "/councils"
    assert "Leeds City Council" in olga.get("/councils").text


@pytest.mark.parametrize("path", ["/councils", "/councils/new"])
def test_councils_are_not_shown_to_councils(knock, app, path):
    assert knock("adam").get(path).status_code == 404
    assert Knocker(app, "test").get(path).status_code == 303
    assert knock("olga").get("/settings").status_code == 404
    assert knock("olga").get("/staff").status_code == 404


@pytest.mark.parametrize("path", ["/accessibility", "/privacy", "/cookies"])
def test_everybody_may_read_what_this_is(knock, app, path):
    assert "hubs@leeds.example" in knock().get(path).text
    assert Knocker(app, "test").get(path).status_code == 200


# Commands


def test_a_council_is_set_up_from_the_command_line(app, world, post):
    run = app.test_cli_runner().invoke
    made = run(
        args=[
            "tenants",
            "create",
            "bath",
            "Bath Council",
            "--contact",
            "h@bath.example",
            "--admin-email",
            "b@bath.example",
        ]
    )
    assert made.output == "Bath Council has joined.\n"
    assert (
        "has joined already"
        in run(args=["tenants", "create", "bath", "Bath", "--contact", "x@y.example"]).output
    )
    assert "bath\tBath Council" in run(args=["tenants", "list"]).output

    read = run(args=["tenants", "terms", "bath", str(STAFFORDSHIRE)])
    assert "rows imported, 0 left out" in read.output
    with unit_of_work(None, read_only=True):
        bath = queries.by_slug("bath").id
    with unit_of_work(bath):
        assert queries.term_dates()
        assert db.scalars(select(Account.email)).all() == ["b@bath.example"]
    assert "no council" in run(args=["tenants", "terms", "atlantis", str(STAFFORDSHIRE)]).output

    assert (
        "has been sent an invitation"
        in run(args=["tenants", "operator", "Oscar", "oscar@hubs.example"]).output
    )
    with unit_of_work(world.platform):
        assert "Oscar" in db.scalars(select(Account.name)).all()
    invited = run(args=["accounts", "invite", "bath", "Cy", "cy@bath.example", "--role", "hub_worker"])
    assert "Cy has been sent an invitation" in invited.output
    assert (
        "on the list of staff"
        in run(args=["accounts", "invite", "bath", "Cy", "cy@bath.example", "--role", "hub_worker"]).output
    )
