"""What must not be done when somebody is reached: who sets it, and that nothing which was unsafe becomes safe."""

import pytest
from sqlalchemy import select

from accounts.models import Account
from families import queries, service
from families.errors import AskAtTheHub
from families.models import ContactRules, Person, RecordOpening
from families.terms import Relationship, Responsibility
from kernel.db import acts, db, find, unit_of_work
from kernel.errors import Unacceptable
from kernel.journal import Entry
from kernel.permissions import Permission
from messaging.terms import Never

WHY = "SECRETWHY: ring before noon"


def rows(person):
    wanted = select(ContactRules).where(ContactRules.person_id == person.id)
    return list(db.scalars(wanted.order_by(ContactRules.set_at, ContactRules.id)))


def never(person):
    return set(queries.recipient(person.id).never)


def test_new_rules_replace_the_old_ones_which_stay_readable_and_the_journal_tells_no_more_than_that(
    make, clock
):
    paula, _ = make.family()

    service.set_contact_rules(paula, [Never.PLACE, Never.TEXT], why=WHY)
    service.set_contact_rules(paula, [Never.TEXT, Never.PLACE])
    clock.shift(60)
    service.set_contact_rules(paula, [Never.TEXT])

    assert never(paula) == {Never.TEXT}
    assert queries.rules_of(paula.id).why == WHY, "whoever may not read it does not take it away"
    before, after = rows(paula)
    assert (before.never, after.never) == (["text", "place"], ["text"])
    assert before.replaced_at
    told = db.scalars(select(Entry).where(Entry.subject == paula.id)).all()
    assert [entry.kind for entry in told] == ["ContactRulesChanged"] * 2
    assert not any("text" in str(entry.facts) or "SECRET" in str(entry.facts) for entry in told)


def test_what_staff_have_set_is_not_undone_on_somebodys_telephone(make, clock):
    paula, _ = make.family(account="paula")

    def says(who, set_rules, *words):
        clock.shift(60)
        acts(make.cast[who])
        set_rules(paula, words)

    says("asha", service.set_contact_rules, Never.TEXT)
    says("paula", service.set_own_contact_rules, Never.TEXT, Never.PLACE)
    with pytest.raises(AskAtTheHub):
        says("paula", service.set_own_contact_rules)
    says("paula", service.set_own_contact_rules, Never.TEXT)
    assert never(paula) == {Never.TEXT}

    says("asha", service.set_contact_rules)
    says("paula", service.set_own_contact_rules, Never.EMAIL)
    says("paula", service.set_own_contact_rules)
    assert never(paula) == set()


def test_two_records_that_are_one_keep_what_either_must_not(make):
    paula, _ = make.family()
    again, _ = make.family()
    plain, _ = make.family()
    service.set_contact_rules(paula, [Never.TEXT], why="one")
    service.set_contact_rules(again, [Never.PLACE], why="two")

    service.merge_people(paula, again)
    service.merge_people(plain, paula)

    assert never(plain) == {Never.TEXT, Never.PLACE}
    assert queries.rules_of(plain.id).why == "one\ntwo"


@pytest.mark.parametrize("at_home", [True, False])
def test_who_goes_unseen_is_written_to_at_nothing_that_another_carer_reads(at_home, make):
    ana, mia = make.family(carer="Ana Reyes")
    twice = make.carer("Ana Reyes", household=ana.household)
    dan = make.carer("Dan Cole", household=ana.household if at_home else make.household())
    service.set_caring(
        dan.id, mia.id, relationship=Relationship.FATHER, responsibility=Responsibility.NOT_KNOWN
    )
    twice.email = ana.email = "Home@people.example"
    dan.email, dan.phone, ana.phone = "home@people.example", "07700 900123", "07700 900124"
    assert never(ana) == set()

    service.set_contact_rules(ana, [Never.PLACE])
    assert never(ana) == queries.recipients([ana.id])[ana.id].never == {Never.PLACE, Never.EMAIL}
    assert never(dan) == set()
    ana.email, ana.phone = "ana@people.example", "+447700900123"
    assert never(ana) == {Never.PLACE, Never.TEXT}
    ana.phone = dan.phone = ""
    assert never(ana) == {Never.PLACE}


def test_who_goes_unseen_is_not_signed_in_from_a_mailbox_that_another_carer_reads(make):
    ana = make.carer("Ana Reyes", household=make.household(), account="paula")
    dan = make.carer("Dan Cole", household=ana.household)
    mailbox = find(Account, ana.account_id).email
    service.set_contact_rules(ana, [Never.PLACE])
    assert queries.never_at(mailbox) == {Never.PLACE}

    dan.email = mailbox.upper()
    assert queries.never_at(mailbox) == {Never.PLACE, Never.EMAIL}
    account_id, ana.account_id, ana.email = ana.account_id, None, mailbox
    db.flush()
    dan.account_id = account_id
    assert queries.never_at(mailbox) == {Never.PLACE}, "he may sign in as himself"


def test_a_household_that_is_joined_keeps_the_rules_of_its_people(make):
    paula, _ = make.family()
    twin, _ = make.family()
    service.set_contact_rules(twin, [Never.VOICEMAIL])
    from families.models import Household

    service.merge_households(find(Household, paula.household_id), find(Household, twin.household_id))

    assert never(paula) == {Never.VOICEMAIL}


def test_who_must_not_be_found_is_put_into_one_household_with_nobody_from_whom_she_lives_apart(make):
    ana, _ = make.family(carer="Ana Reyes")
    again, _ = make.family(carer="Ana Reyes")
    make.carer("Dan Cole", household=ana.household)
    service.set_contact_rules(again, [Never.PLACE])

    for kept, gone in ((ana, again), (again, ana)):
        with pytest.raises(Unacceptable, match="stay apart"):
            service.merge_families(kept, gone)
        assert gone.left_at is None

    service.set_contact_rules(again, [])
    service.merge_families(ana, again)
    assert again.left_at


def test_who_looks_at_two_children_is_told_that_a_carer_of_one_must_not_be_found(set_up, known, knock):
    with set_up() as make:
        ana, mia = make.family(carer="Ana Reyes")
        _dan, mia_too = make.family(carer="Dan Cole")
        known(make, ana.household_id)
        service.set_contact_rules(ana, [Never.PLACE, Never.TEXT])
    path, asha = f"/families/duplicates/{mia.id}/{mia_too.id}", knock("asha")

    assert f"Ana Reyes: {Never.PLACE.label}. {Never.TEXT.label}" in asha.get(path).text
    refused = asha.post(f"{path}/answer", {"answer": "family", "kept": "one"})
    assert refused.status_code == 422
    assert "stay apart" in refused.text
    assert asha.post(f"{path}/answer", {"answer": "child", "kept": "one"}).status_code == 303


def test_no_email_ends_the_sign_ins_of_whoever_reads_the_mailbox(reyes, knock, world):
    paula = knock("paula")
    assert paula.get("/bookings").status_code == 200
    page = f"/families/people/{reyes['paula']}/contact"

    knock("asha").post(page, {"never": ["text"]})
    assert paula.get("/bookings").status_code == 200
    knock("asha").post(page, {"never": ["text", "email"]})
    assert paula.get("/bookings").status_code != 200


def test_who_leaves_is_forgotten_all_but_where_they_went(make):
    paula, _ = make.family()
    other = make.carer("Dan Cole", household=find(type(paula), paula.id).household)
    service.set_contact_rules(paula, [Never.TEXT, Never.PLACE], why=WHY)
    service.set_contact_rules(other, [Never.TEXT], why=WHY)
    make.carer("Third", household=paula.household)

    service.leave(paula)
    service.leave(other)

    assert [(rule.never, rule.why) for rule in rows(paula)] == [(["place"], None)]
    assert rows(other) == []


@pytest.fixture
def reyes(set_up, known):
    """Paula of Leeds, who signs in, with Dan at home and Mia; known at Seacroft."""
    with set_up() as make:
        paula, mia = make.family(account="paula")
        dan = make.carer("Dan Cole", household=paula.household)
        known(make, paula.household_id)
        return {"paula": paula.id, "mia": mia.id, "dan": dan.id, "house": paula.household_id}


def test_staff_ask_and_every_page_with_a_number_says_so(reyes, knock, world):
    asha = knock("asha")
    there = f"/families/people/{reyes['paula']}/contact"
    assert asha.get(there).status_code == 200
    assert asha.post(there, {"never": ["text", "voicemail"], "why": WHY}).status_code == 303

    for page in (f"/families/people/{reyes['paula']}", f"/families/{reyes['house']}"):
        shown = asha.get(page).text
        assert "Do not text their number" in shown
        assert "Do not leave a message when you ring" in shown
        assert "SECRETWHY" not in shown
    assert "SECRETWHY" in asha.get(there).text
    with unit_of_work(world.leeds):
        opened = select(RecordOpening.what).where(RecordOpening.person_id == reyes["paula"])
        assert list(db.scalars(opened)).count("contact") == 2


def test_a_parent_chooses_in_words_that_anybody_may_read(reyes, knock, world):
    paula = knock("paula")
    form = paula.get("/my-family/contact")
    assert not {
        word for word in ("safe", "danger", "unsafe", "harm", "another carer") if word in form.text.lower()
    }

    sent = paula.post("/my-family/contact", {"may": ["email", "voicemail", "post"], "seen_by": "me"})
    assert sent.status_code == 303

    with unit_of_work(world.leeds):
        assert never(find(Person, reyes["paula"])) == {Never.TEXT, Never.PLACE}
        service.set_contact_rules(find(Person, reyes["dan"]), [Never.TEXT], why=WHY)
    assert "SECRETWHY" not in paula.get("/my-family/contact").text
    assert paula.get(f"/my-family/people/{reyes['dan']}").status_code == 404, (
        "nobody else's number, from now on"
    )


def test_machines_read_and_set_them_and_why_only_with_care(reyes, knock, api_key, world):
    carer = f"/api/v1/families/{reyes['house']}/people/{reyes['paula']}/contact-rules"
    asha = knock()

    def asks(*scopes, **told):
        headers = {"Authorization": f"Bearer {api_key('asha', Permission.SEE_FAMILIES, *scopes)}", **told}
        return {"headers": headers}

    both = asks(Permission.MANAGE_FAMILIES, Permission.SEE_CARE)
    etag = asha.open(carer, **both).headers["ETag"]
    both["headers"]["If-Match"] = etag
    answer = asha.open(carer, method="PUT", json={"never": ["text"], "why": WHY}, **both)

    assert (answer.status_code, answer.json) == (200, {"never": ["text"], "why": WHY})
    few = asks(Permission.MANAGE_FAMILIES)
    told = asha.open(carer, **few)
    assert told.json == {"never": ["text"]}
    few["headers"]["If-Match"] = told.headers["ETag"]
    assert asha.open(carer, method="PUT", json={"never": [], "why": "x"}, **few).status_code == 422
    assert asha.open(carer, **asks()).status_code == 403
    record = asha.open(f"/api/v1/families/{reyes['house']}", **asks()).json
    assert [one["never"] for one in record["carers"] if one["given_name"] == "Paula"] == [["text"]]
    assert "SECRETWHY" not in str(record)
    with unit_of_work(world.leeds):
        opened = select(RecordOpening.what).where(RecordOpening.person_id == reyes["paula"])
        assert list(db.scalars(opened)).count("contact") == 1


def test_what_staff_opened_does_not_tell_another_carer_who_was_where(reyes, knock, world):
    with unit_of_work(world.leeds, actor=world.cast["asha"]):
        dan, mia = find(Person, reyes["dan"]), find(Person, reyes["mia"])
        service.set_caring(
            dan.id, mia.id, relationship=Relationship.FATHER, responsibility=Responsibility.YES
        )
    knock("asha").get(f"/families/people/{reyes['mia']}")
    paula, page = knock("paula"), "/my-family/what-we-hold"
    assert "Family record" in paula.get(page).text

    with unit_of_work(world.leeds):
        service.set_contact_rules(find(Person, reyes["dan"]), [Never.PLACE])

    assert "Family record" not in paula.get(page).text
