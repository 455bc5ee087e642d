"""A parent's own family, and the records that staff keep, through the doors."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import event, select

from families import queries, service
from families.models import Household, Person, RecordOpening
from families.service import NewCarer, NewChild, NewContact, NewFamily
from families.terms import Entered, Relationship, Responsibility
from kernel.db import db, find, unit_of_work
from kernel.journal import Entry

MIA = NewChild(given_name="Mia", family_name="Reyes", date_of_birth=date(2024, 1, 15), allergies="SECRETNUTS")
DETAILS = {"given_name": "Mia", "family_name": "Reyes", "awaited": "born", "send": "none"}
BORN = {"date_of_birth": ["15", "1", "2024"]}


@pytest.fixture
def reyes(set_up, known):
    """Paula and Mia, known at Seacroft; Dan, who lives apart, looks after Mia too."""
    with set_up() as make:
        household = service.register(
            NewFamily(
                carer=NewCarer(
                    given_name="Paula", family_name="Reyes", phone="07700900111", email="p@people.example"
                ),
                children=(MIA,),
                address="SECRETSTREET 1",
                postcode="LS14 1AA",
                contacts=(NewContact("Auntie Kay", "01632 960001"),),
            ),
            entered=Entered.BY_STAFF,
            account_id=make.cast["paula"],
        )
        known(make, household.id)
        paula, mia = queries.people_in(household.id)
        dan = service.add_carer(
            household.id, NewCarer(given_name="Dan", family_name="Cole", phone="07700900222")
        )
        service.set_caring(
            dan.id, mia.id, relationship=Relationship.FATHER, responsibility=Responsibility.YES
        )
        flat = service.move_out(dan, address="HIDDENROAD 2", postcode="YO1 7HH")
        return {"house": household.id, "flat": flat.id, "paula": paula.id, "mia": mia.id, "dan": dan.id}


@pytest.fixture
def stranger(set_up):
    """A family of Leeds that has not been to Seacroft."""
    with set_up():
        household = service.register(
            NewFamily(
                carer=NewCarer(given_name="Zofia", family_name="Łuczak", phone="07700900333"),
                children=(NewChild(given_name="Jan", date_of_birth=date(2023, 1, 1)),),
                address="FARLANE 3",
                postcode="LS9 7AA",
            ),
            entered=Entered.ONLINE,
        )
        zofia, jan = queries.people_in(household.id)
        return {"house": household.id, "zofia": zofia.id, "jan": jan.id}


def openings(world, person_id=None):
    with unit_of_work(world.leeds):
        wanted = select(RecordOpening.what, RecordOpening.account_id)
        if person_id:
            wanted = wanted.where(RecordOpening.person_id == person_id)
        return sorted((str(row.what), row.account_id) for row in db.execute(wanted))


def change(world, do):
    with unit_of_work(world.leeds):
        return do()


# Staff


@pytest.mark.parametrize("htmx", [False, True])
def test_a_family_is_found_and_only_so_much_is_shown(knock, reyes, stranger, htmx):
    answer = knock("asha").post("/families/search", {"q": "luczak"}, htmx=htmx)

    assert "Zofia Łuczak" in answer.text
    assert "Jan" in answer.text
    assert "LS9" in answer.text
    assert ("<html" in answer.text) is not htmx
    for secret in ("FARLANE", "LS9 7AA", "07700900333", "Reyes"):
        assert secret not in answer.text


def test_a_search_for_nobody_says_so(knock):
    assert "Nobody found" in knock("asha").post("/families/search", {"q": "nobody here"}).text
    assert "Find a family" in knock("asha").get("/families").text


def test_the_record_says_all_that_staff_need_and_keeps_that_it_was_shown(world, knock, reyes):
    answer = knock("asha").get(f"/families/{reyes['house']}")

    for told in (
        "Paula Reyes",
        "Mia Reyes",
        "SECRETSTREET 1",
        "07700900111",
        "Auntie Kay",
        "Dan Cole",
        "lives elsewhere",
    ):
        assert told in answer.text
    for hidden in ("HIDDENROAD", "07700900222", "SECRETNUTS"):
        assert hidden not in answer.text
    asha = world.cast["asha"]
    assert openings(world) == [("record", asha), ("record", asha)]
    assert f'href="/families/{reyes["house"]}/bookings"' in answer.text
    assert "Asha Patel" in knock("asha").get(f"/families/{reyes['house']}").text


def test_no_name_stands_in_a_title_or_an_address(knock, reyes):
    asha = knock("asha")
    for path in (f"/families/{reyes['house']}", f"/families/people/{reyes['mia']}"):
        title = asha.get(path).text.partition("</title>")[0]
        assert "Mia" not in title
        assert "Reyes" not in title


def test_a_family_that_is_not_known_at_the_hub_needs_a_reason(world, knock, reyes, stranger):
    asha = knock("asha")
    path = f"/families/{stranger['house']}"
    assert asha.get(path).location == f"{path}/first-contact"
    ask = asha.get(f"{path}/first-contact")
    assert "This family has not been to your hub" in ask.text
    assert "FARLANE" not in ask.text
    assert asha.get(f"/families/people/{stranger['jan']}").status_code == 404
    assert asha.post(f"{path}/first-contact", {}).status_code == 422

    hub = ask.text.partition('name="hub" value="')[2].partition('"')[0]
    opened = asha.post(f"{path}/first-contact", {"because": "telephone", "hub": hub})

    assert opened.location == path
    assert "FARLANE 3" in asha.get(path).text
    with unit_of_work(world.leeds):
        met = db.scalars(select(Entry).where(Entry.kind == "FamilyMet")).one()
        assert (met.actor, met.facts["because"]) == (world.cast["asha"], "telephone")


def test_a_hub_that_is_not_ones_own_cannot_be_told(world, knock, set_up, reyes, stranger):
    with set_up() as make:
        other = make.hub("Harehills", team=()).id

    answer = knock("asha").post(
        f"/families/{stranger['house']}/first-contact", {"because": "here", "hub": str(other)}
    )

    assert answer.status_code == 422


def test_care_is_shown_only_when_asked_for_and_each_time_is_kept(world, knock, reyes):
    asha = knock("asha")
    assert "SECRETNUTS" not in asha.get(f"/families/people/{reyes['mia']}").text
    assert openings(world, reyes["mia"]) == [("record", world.cast["asha"])]

    assert "SECRETNUTS" in asha.get(f"/families/people/{reyes['mia']}/care").text
    assert "SECRETNUTS" in asha.get(f"/families/people/{reyes['mia']}/care/details").text

    assert [what for what, _ in openings(world, reyes["mia"])] == ["care", "care", "record"]


def test_care_can_be_changed(world, knock, reyes):
    path = f"/families/people/{reyes['mia']}/care"
    assert knock("asha").post(f"{path}/details", {"allergies": "Milk"}).status_code == 303
    assert "Milk" in knock("asha").get(path).text


def test_safeguarding_is_for_few_and_each_time_is_kept(world, knock, reyes):
    path = f"/families/people/{reyes['mia']}/safeguarding"
    assert knock("asha").get(path).status_code == 403
    beth = knock("beth")

    assert beth.post(path, {"words": ""}).status_code == 422
    assert beth.post(path, {"words": "HUNGRY on Monday"}).status_code == 303
    assert "HUNGRY on Monday" in beth.get(path).text

    assert [what for what, _ in openings(world, reyes["mia"])] == ["safeguarding", "safeguarding"]
    assert "HUNGRY" not in beth.get(f"/families/people/{reyes['mia']}").text


def test_the_page_fails_when_the_opening_cannot_be_kept(knock, reyes, monkeypatch):
    def broken(*_):
        raise RuntimeError("the log is full")

    monkeypatch.setattr("families.views.people.service.log_opening", broken)

    answer = knock("asha").get(f"/families/people/{reyes['mia']}/care")

    assert answer.status_code == 500
    assert "SECRETNUTS" not in answer.text


def test_staff_change_all_parts_of_a_record(world, knock, reyes):
    asha, house = knock("asha"), f"/families/{reyes['house']}"
    for path, sent in (
        ("address", {"address": "9 New Street", "postcode": "ls14 6jb"}),
        ("carers", {"given_name": "Ola", "family_name": "Reyes", "phone": "07700 900444"}),
        ("contacts", {"name": "Jo", "phone": "01632 960002"}),
        ("consents", {"photos": "yes", "first_aid": "yes", "sharing": "no", "news": "no"}),
        ("children", {"awaited": "awaited", "due_date": ["1", "6", "2026"], "carer": str(reyes["paula"]),
                      "relationship": "mother", "responsibility": "yes"}),
    ):  # fmt: skip
        assert asha.get(f"{house}/{path}").status_code == 200
        assert asha.post(f"{house}/{path}", sent).location == house, path

    record = asha.get(house).text
    for told in ("9 New Street", "LS14 6JB", "Ola Reyes", "Jo", "due 1 June 2026"):
        assert told in record


def test_staff_change_all_parts_of_a_person(world, knock, reyes):
    asha, mia = knock("asha"), f"/families/people/{reyes['mia']}"
    assert 'value="2024"' in asha.get(f"{mia}/details").text
    assert (
        asha.post(f"{mia}/details", {**DETAILS, **BORN, "send": "ehcp", "ethnicity": "MOTH"}).location == mia
    )
    told = {"carer": str(reyes["dan"]), "relationship": "step_parent", "responsibility": "no"}
    assert asha.get(f"{mia}/carers").status_code == 200
    assert asha.post(f"{mia}/carers", told).location == mia
    page = asha.get(mia).text
    assert "Education, health and care plan" in page
    assert "Step-parent. Parental responsibility: no" in page

    assert asha.post(f"{mia}/carers/{reyes['dan']}/removal").location == mia
    assert "Dan" not in asha.get(mia).text
    assert "Take this person out" in asha.get(f"{mia}/departure").text
    assert asha.post(f"{mia}/departure").location == f"/families/{reyes['house']}"
    assert asha.get(mia).status_code == 404


def test_a_carer_moves_out_and_signs_in(world, knock, reyes):
    asha = knock("asha")
    ola = change(world, lambda: service.add_carer(reyes["house"], NewCarer(given_name="Ola")).id)
    path = f"/families/people/{ola}"
    assert asha.get(f"{path}/account").status_code == 200
    assert "Use another one" in asha.post(f"{path}/account", {"email": "beth@people.example"}).text
    assert asha.post(f"{path}/account", {"email": "ola@people.example"}).location == path
    assert asha.get(f"{path}/household").status_code == 200

    assert asha.post(f"{path}/household", {"postcode": ""}).location == f"/families/{reyes['house']}"

    assert change(world, lambda: find(Person, ola).household_id) != reyes["house"]


def test_a_family_at_the_door_is_finished_later(world, knock, set_up):
    with set_up() as make:
        house = service.register_at_the_door(
            "Aleks Nowak", "LS9 7AA", [service.DoorChild("Jan")], hub_id=make.hub().id
        ).id
    asha = knock("asha")
    page = asha.get(f"/families/{house}").text
    assert "has not finished" in page
    assert "Date of birth of Jan Nowak" in page

    assert asha.post(f"/families/{house}/completion").location == f"/families/{house}"

    assert "has not finished" not in asha.get(f"/families/{house}").text


NEW = {
    "given_name": "Tom", "family_name": "Bell", "postcode": "LS14 1AA", "photos": "yes",
    "children-0-given_name": "Kit", "children-0-date_of_birth": ["1", "2", "2025"],
    "children-0-relationship": "father", "children-1-relationship": "father",
}  # fmt: skip


def test_staff_register_a_family_on_one_page(world, knock, set_up):
    with set_up() as make:
        hub = str(make.hub().id)
    asha = knock("asha")
    assert asha.get("/families/new").status_code == 200
    sent = {**NEW, "hub": hub, "idempotency_key": str(uuid4())}

    more = asha.post("/families", {**sent, "another": "yes", "idempotency_key": str(uuid4())})
    assert "Child 3" in more.text
    assert 'value="Kit"' in more.text
    bad = asha.post("/families", {**sent, "postcode": "x", "children-0-date_of_birth": ["1", "2", "1980"]})
    assert bad.status_code == 422
    assert 'value="Kit"' in bad.text
    first, again = asha.post("/families", sent), asha.post("/families", sent)

    assert first.location == again.location
    assert "Kit Bell" not in asha.get(first.location).text
    assert "Kit" in asha.get(first.location).text


def test_duplicates_are_shown_side_by_side_and_put_together(world, knock, reyes, stranger):
    with unit_of_work(world.leeds):
        again = service.register(
            NewFamily(carer=NewCarer(given_name="Paula", family_name="Reyes"), children=(MIA,)),
            entered=Entered.ONLINE,
        )
        paula_again = queries.people_in(again.id)[0].id
    asha = knock("asha")
    listed = asha.get("/families/duplicates")
    assert "Same name" in listed.text
    for hidden in ("SECRETSTREET", "LS14 1AA", "07700900111"):
        assert hidden not in listed.text
    path = f"/families/duplicates/{reyes['paula']}/{paula_again}"
    assert "Are these the same?" in asha.get(path).text
    assert asha.post(f"{path}/answer", {}).status_code == 422

    assert asha.post(f"{path}/answer", {"answer": "family", "kept": "one"}).location == "/families/duplicates"

    assert "Nobody looks like a duplicate" in asha.get("/families/duplicates").text
    with unit_of_work(world.leeds):
        assert len(queries.people_in(reyes["house"])) == 2
        assert queries.people_in(again.id) == []


def test_two_who_only_look_alike_stay_two(world, knock, reyes):
    again = change(
        world,
        lambda: (
            queries.people_in(
                service.register(
                    NewFamily(carer=NewCarer(given_name="Una"), children=(MIA,)), entered=Entered.ONLINE
                ).id
            )[1].id
        ),
    )
    path = f"/families/duplicates/{reyes['mia']}/{again}"
    beth = knock("beth")
    beth.get(path)

    beth.post(f"{path}/answer", {"answer": "two", "kept": "one"})

    assert "Nobody looks like a duplicate" in beth.get("/families/duplicates").text


# Who may not


@pytest.mark.parametrize(
    "path",
    [
        "/families", "/families/new", "/families/duplicates", "/families/{house}", "/families/{house}/address",
        "/families/people/{mia}", "/families/people/{mia}/details", "/families/people/{mia}/care",
        "/families/people/{mia}/safeguarding", "/families/duplicates/{mia}/{paula}",
    ],
)  # fmt: skip
def test_families_are_for_hub_staff_of_this_council(knock, reyes, path):
    path = path.format(**reyes)

    assert knock().get(path).status_code == 303
    assert knock("paula").get(path).status_code == 403
    assert knock("lena").get(path).status_code == 403
    answer = knock("carl").get(path)
    assert answer.status_code == 404 or "Reyes" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "address", "carers", "children", "contacts", "consents", "completion",
    ],
)  # fmt: skip
def test_a_family_that_is_not_known_cannot_be_changed(knock, reyes, stranger, path):
    assert (
        knock("asha").post(f"/families/{stranger['house']}/{path}", {"postcode": "LS1 1AA"}).status_code
        == 404
    )
    assert (
        knock("carl").post(f"/families/{stranger['house']}/{path}", {"postcode": "LS1 1AA"}).status_code
        == 404
    )


@pytest.mark.parametrize(
    "path", ["details", "care", "care/details", "birth", "household", "account", "departure"]
)
def test_a_person_who_is_not_known_cannot_be_opened(knock, reyes, stranger, path):
    assert knock("beth").get(f"/families/people/{stranger['jan']}/{path}").status_code == 404


# Parents


def test_a_parent_sees_her_household_and_not_the_other_parents(knock, reyes):
    page = knock("paula").get("/my-family").text

    for told in ("Paula Reyes", "Mia Reyes", "SECRETSTREET 1", "Auntie Kay"):
        assert told in page
    for hidden in ("Dan", "HIDDENROAD", "07700900222", "YO1 7HH", "SECRETNUTS"):
        assert hidden not in page


def test_a_parent_who_lives_apart_sees_the_child_and_not_the_other_home(world, knock, reyes):
    def dan_signs_in():
        paula = find(Person, reyes["paula"])
        paula.account_id = None
        db.flush()
        service.link_account(find(Person, reyes["dan"]), world.cast["paula"])

    change(world, dan_signs_in)
    dan = knock("paula")

    for path in ("/my-family", "/my-family/what-we-hold", f"/my-family/people/{reyes['mia']}"):
        page = dan.get(path).text
        assert "Mia" in page
        own_name = page.index("</header>")  # it is Paula's account that Dan signs in with here
        for hidden in ("Paula", "SECRETSTREET", "LS14 1AA", "07700900111", "p@people.example", "Auntie Kay"):
            assert hidden not in page[own_name:]
    assert dan.get(f"/my-family/people/{reyes['paula']}").status_code == 404


def test_a_parent_changes_her_family(world, knock, reyes):
    paula = knock("paula")
    for path, sent in (
        (f"people/{reyes['mia']}", {**DETAILS, **BORN, "known_as": "Mimi"}),
        (f"people/{reyes['mia']}/care", {"allergies": "Milk"}),
        (f"people/{reyes['paula']}", {"given_name": "Paula", "family_name": "Bell", "phone": "07700 900555"}),
        ("address", {"address": "9 New Street", "postcode": "ls14 6jb"}),
        ("contacts", {"name": "Jo", "phone": "01632 960002"}),
        ("consents", {"photos": "yes", "first_aid": "yes", "sharing": "no", "news": "no"}),
        ("children", {"awaited": "awaited", "due_date": ["1", "6", "2026"], "relationship": "mother",
                      "responsibility": "yes"}),
        ("carers", {"given_name": "Ola", "relationship": "grandparent", "responsibility": "no", "lives_here": "yes"}),
    ):  # fmt: skip
        assert paula.get(f"/my-family/{path}").status_code == 200, path
        assert paula.post(f"/my-family/{path}", sent).location == "/my-family", path

    page = paula.get("/my-family").text
    for told in ("9 New Street", "Jo", "Ola", "due 1 June 2026"):
        assert told in page
    held = paula.get("/my-family/what-we-hold").text
    for told in ("Milk", "Mimi", "07700 900555"):
        assert told in held


def test_a_parent_who_adds_a_carer_who_lives_apart_does_not_see_them(knock, reyes):
    paula = knock("paula")
    sent = {"given_name": "Rex", "phone": "07700 900666", "relationship": "father", "responsibility": "yes",
            "lives_here": "no"}  # fmt: skip

    assert paula.post("/my-family/carers", sent).location == "/my-family"

    assert "Rex" not in paula.get("/my-family").text


def test_a_baby_is_born_to_a_parent(world, knock, reyes):
    baby = change(
        world,
        lambda: (
            service.add_child(reyes["house"], NewChild(due_date=date(2026, 3, 1)), told_by=reyes["paula"]).id
        ),
    )
    paula = knock("paula")
    assert "The baby is born" in paula.get("/my-family").text
    path = f"/my-family/people/{baby}/birth"
    assert paula.post(path, {"given_name": "Noor", "date_of_birth": ["", "", ""]}).status_code == 422

    assert (
        paula.post(path, {"given_name": "Noor", "date_of_birth": ["27", "2", "2026"]}).location
        == "/my-family"
    )

    assert "Noor" in paula.get("/my-family").text


def test_a_parent_opens_nobody_elses_child(world, knock, reyes, stranger):
    paula = knock("paula")
    for path in ("", "/care", "/birth"):
        assert paula.get(f"/my-family/people/{stranger['jan']}{path}").status_code == 404
        assert paula.post(f"/my-family/people/{stranger['jan']}{path}", DETAILS).status_code == 404
    assert paula.get(f"/my-family/people/{uuid4()}").status_code == 404
    contact = change(world, lambda: service.add_contact(stranger["house"], NewContact("X", "1")).id)
    assert paula.post(f"/my-family/contacts/{contact}/removal").status_code == 404


def test_nothing_beside_the_fields_of_a_form_is_changed(world, knock, reyes, stranger):
    more = {
        "id": str(uuid4()), "tenant_id": str(world.york), "household_id": str(stranger["house"]), "kind": "carer",
        "account_id": str(world.cast["beth"]), "left_at": "2026-01-01", "created_at": "2020-01-01",
    }  # fmt: skip
    before = change(world, lambda: vars(find(Person, reyes["mia"])).copy())

    answer = knock("paula").post(f"/my-family/people/{reyes['mia']}", {**DETAILS, **BORN, **more})

    after = change(world, lambda: vars(find(Person, reyes["mia"])))
    assert answer.status_code == 303
    for name in more:
        assert after[name] == before[name]


def test_staff_have_no_family_of_their_own_here(knock):
    assert knock("asha").get("/my-family").status_code == 403
    assert knock().get("/my-family").status_code == 303


# How much is asked of the database


def statements(world, door, path, post=None):
    sent = []

    def count(conn, cursor, statement, *_):
        if statement.lstrip().startswith(("SELECT", "INSERT", "UPDATE")):
            sent.append(statement)

    event.listen(world.engine, "before_cursor_execute", count)
    try:
        answer = door.post(path, post) if post else door.get(path)
    finally:
        event.remove(world.engine, "before_cursor_execute", count)
    assert answer.status_code == 200
    return len(sent)


def test_lists_ask_a_constant_number_of_questions(world, knock, reyes):
    asha, paula = knock("asha"), knock("paula")
    pages = [(asha, f"/families/{reyes['house']}", None), (asha, "/families/duplicates", None),
             (asha, "/families/search", {"q": "reyes"}), (paula, "/my-family", None),
             (paula, "/my-family/what-we-hold", None)]  # fmt: skip
    for door, path, post in pages:
        statements(world, door, path, post)
    few = [statements(world, door, path, post) for door, path, post in pages]

    with unit_of_work(world.leeds):
        for n in range(8):
            service.add_child(
                reyes["house"],
                NewChild(
                    given_name=f"Kid{n}",
                    family_name="Reyes",
                    date_of_birth=date(2020, 1, n + 1),
                    allergies="x",
                ),
                told_by=reyes["paula"],
            )
            service.add_contact(reyes["house"], NewContact("A", f"0163296000{n}"))
            service.register(
                NewFamily(carer=NewCarer(given_name="Paula", family_name="Reyes"), children=(MIA,)),
                entered=Entered.ONLINE,
            )

    assert [statements(world, door, path, post) for door, path, post in pages] == few
    assert max(few) < 20


def test_a_household_that_was_put_together_with_another_is_gone(world, knock, reyes, stranger):
    change(
        world,
        lambda: service.merge_households(find(Household, reyes["house"]), find(Household, stranger["house"])),
    )

    assert knock("asha").get(f"/families/{stranger['house']}").status_code == 404
