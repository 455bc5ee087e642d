from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from bookings.models import Booking
from bookings.terms import Standing as Booked
from families.events import HouseholdsMerged, PeopleMerged, PersonLeft
from kernel.db import db, find, unit_of_work
from kernel.errors import NotFound, Refusal, Unacceptable
from kernel.journal import record
from kernel.outbox import Promise
from programmes.errors import (
    AlreadyOnACourse,
    CannotMove,
    CourseIsClosed,
    CourseIsFull,
    CrecheIsFull,
    OfferIsOver,
    OnlyByReferral,
)
from programmes.events import CourseCalledOff
from programmes.models import Dose, Edition, Participation, Step
from programmes.queries import joining as queries
from programmes.service import joining
from programmes.terms import (
    CourseStanding,
    Part,
    Presence,
    Source,
    Standing,
    Unit,
    WayIn,
)
from tests.programmes import making

WEEK = timedelta(weeks=1)


def book(course: Any, parent: Any, **parts: Any) -> Participation:
    return joining.book(course_id=course.id, household_id=parent.household_id, person_id=parent.id, **parts)


def refer(course: Any, parent: Any, **parts: Any) -> Participation:
    return joining.refer(
        programme_id=course.programme_id,
        household_id=parent.household_id,
        person_id=parent.id,
        source=Source.HEALTH_VISITOR,
        **parts,
    )


def booked_sessions(participation: Participation) -> int:
    return len(queries.bookings_to_come(participation))


def left(course: Any) -> int:
    return queries.door(course).places_left


# Booking


def test_whoever_books_a_course_is_booked_into_its_sessions_to_come(make):
    course, (paula, mia) = making.course(make), make.family()

    booked = book(course, paula, child_id=mia.id, interpreter="Polish", access_needs="A ramp")

    assert booked.standing == Standing.BOOKED
    assert booked_sessions(booked) == 3
    assert left(course) == 7
    assert (booked.interpreter, booked.access_needs) == ("Polish", "A ramp")
    steps = db.scalars(select(Step.standing).where(Step.participation_id == booked.id)).all()
    assert steps == [Standing.BOOKED]


def test_sessions_that_are_over_are_not_booked_by_a_late_start(make):
    course, (paula, _) = making.course(make, starts_in=-WEEK, late_start_until=3), make.family()

    assert booked_sessions(book(course, paula)) == 2


def test_nobody_starts_after_the_cut_off(make):
    course, (paula, _) = making.course(make, starts_in=-WEEK, late_start_until=1), make.family()

    with pytest.raises(CourseIsClosed, match="too far"):
        book(course, paula)


@pytest.mark.parametrize("standing", [CourseStanding.DRAFT, CourseStanding.ENDED, CourseStanding.CALLED_OFF])
def test_only_an_open_course_is_joined(make, standing):
    course, (paula, _) = making.course(make, standing=standing), make.family()

    with pytest.raises(CourseIsClosed):
        book(course, paula)


def test_a_full_course_is_full(make):
    course, (paula, _), (other, _) = making.course(make, places=1), make.family(), make.family(carer="Jo Lee")
    book(course, paula)

    with pytest.raises(CourseIsFull, match="no place left"):
        book(course, other)


def test_two_parents_of_a_child_each_take_a_place_where_each_person_counts(make):
    course, (paula, mia) = making.course(make, places=2), make.family()
    sam = make.carer("Sam Reyes", household=paula.household)

    book(course, paula, child_id=mia.id, partner_id=sam.id)

    assert left(course) == 0
    both = db.scalars(select(Participation.person_id).where(Participation.course_id == course.id)).all()
    assert set(both) == {paula.id, sam.id}


def test_two_parents_need_two_places(make):
    course, (paula, mia) = making.course(make, places=1), make.family()
    sam = make.carer("Sam Reyes", household=paula.household)

    with pytest.raises(CourseIsFull, match="only 1 place left"):
        book(course, paula, child_id=mia.id, partner_id=sam.id)

    assert left(course) == 1


def test_two_parents_of_a_child_may_go_to_two_courses(make):
    course, (paula, mia) = making.course(make), make.family()
    other = making.course(make, of=course.programme, starts_in=timedelta(days=8))
    sam = make.carer("Sam Reyes", household=paula.household)

    book(course, paula, child_id=mia.id)
    book(other, sam, child_id=mia.id)

    assert (left(course), left(other)) == (7, 7)


def test_a_couple_takes_one_place_and_both_are_booked(make):
    course, (paula, mia) = making.course(make, places=1, unit=Unit.COUPLE), make.family()
    sam = make.carer("Sam Reyes", household=paula.household)

    booked = book(course, paula, child_id=mia.id, partner_id=sam.id)

    assert left(course) == 0
    assert [b.adults for b in queries.bookings_to_come(booked)] == [2, 2, 2]


def test_parents_who_live_apart_come_together_to_one_course(make):
    course, (paula, mia) = making.course(make, unit=Unit.COUPLE), make.family()
    sam = make.carer("Sam Lee", household=make.household("LS1 1AA"))
    make._add(making_caring(sam, mia))

    booked = book(course, paula, child_id=mia.id, partner_id=sam.id)

    assert {b.household_id for b in queries.bookings_to_come(booked)} == {
        paula.household_id,
        sam.household_id,
    }


def making_caring(carer: Any, child: Any) -> Any:
    from families.models import Caring

    return Caring(carer_id=carer.id, child_id=child.id)


def test_somebody_is_on_one_course_of_a_programme_at_a_time(make):
    course, (paula, _) = making.course(make), make.family()
    other = making.course(make, of=course.programme, starts_in=timedelta(days=8))
    book(course, paula)

    with pytest.raises(AlreadyOnACourse):
        book(other, paula)


def test_a_stranger_cannot_be_brought_along(make):
    course, (paula, _), (other, child) = making.course(make), make.family(), make.family(carer="Jo Lee")

    for wrong in ({"partner_id": other.id}, {"child_id": child.id}):
        with pytest.raises(NotFound):
            book(course, paula, **wrong)


def test_creche_places_run_out_on_their_own(make):
    course, (paula, _), (other, _) = making.course(make, creche_places=2), make.family(), make.family()
    book(course, paula, creche_children=2)

    with pytest.raises(CrecheIsFull):
        book(course, other, creche_children=1)
    with pytest.raises(Unacceptable):
        book(course, other, creche_children=-1)
    assert book(course, other).standing == Standing.BOOKED


def test_families_do_not_book_what_is_by_referral_until_a_place_is_offered(make):
    course, (paula, _) = making.course(make, way_in=WayIn.REFERRAL), make.family()
    referred = refer(course, paula)
    with pytest.raises(OnlyByReferral):
        book(course, paula, by_family=True)

    joining.offer(referred, course.id)

    assert book(course, paula, by_family=True).id == referred.id


# Referred, offered, accepted


def test_a_referral_becomes_an_offer_and_then_a_place(make, clock):
    course, (paula, _) = making.course(make, places=1), make.family()
    referred = refer(course, paula, reason="Rows at bedtime", referred_by="Jo, Seacroft Clinic")
    clock.shift(timedelta(minutes=1))
    joining.offer(referred, course.id)
    assert left(course) == 0
    clock.shift(timedelta(minutes=1))
    joining.accept(referred)

    assert referred.standing == Standing.BOOKED
    assert booked_sessions(referred) == 3
    steps = select(Step.standing).where(Step.participation_id == referred.id).order_by(Step.taken_at)
    assert db.scalars(steps).all() == [Standing.REFERRED, Standing.OFFERED, Standing.BOOKED]


def test_an_offer_that_nobody_takes_up_lapses_and_frees_its_place(make, clock):
    course, (paula, _) = making.course(make, starts_in=3 * WEEK, places=1), make.family()
    referred = refer(course, paula)
    joining.offer(referred, course.id)
    clock.shift(timedelta(days=6))
    assert not joining.lapse(referred)

    clock.shift(timedelta(days=2))
    assert left(course) == 1
    assert joining.lapse(referred)

    assert (referred.standing, referred.course_id, referred.hub_id) == (
        Standing.REFERRED,
        None,
        course.hub_id,
    )
    with pytest.raises(OfferIsOver):
        joining.accept(referred)


def test_whoever_accepts_too_late_gets_what_is_left(make, clock):
    course, (paula, _), (other, _) = (
        making.course(make, starts_in=3 * WEEK, places=1),
        make.family(),
        make.family(),
    )
    referred = refer(course, paula)
    joining.offer(referred, course.id)
    clock.shift(timedelta(days=8))
    book(course, other)

    with pytest.raises(CourseIsFull):
        joining.accept(referred)


def test_an_offer_for_two_keeps_two_places(make):
    course, (paula, mia) = making.course(make, places=2), make.family()
    sam = make.carer("Sam Reyes", household=paula.household)
    referred = refer(course, paula, partner_id=sam.id, child_id=mia.id)

    joining.offer(referred, course.id)
    assert left(course) == 0
    joining.accept(referred)

    assert left(course) == 0
    assert db.scalar(select(func.count()).select_from(Participation)) == 2


def test_nobody_is_referred_twice_and_offers_are_for_the_programme(make):
    course, (paula, _) = making.course(make), make.family()
    referred = refer(course, paula)
    other = making.course(make, of=making.programme(make, "Another"))

    with pytest.raises(AlreadyOnACourse):
        refer(course, paula)
    with pytest.raises(Unacceptable):
        joining.offer(referred, other.id)


def test_declining_ends_it_and_may_be_said_twice(make):
    course, (paula, _) = making.course(make), make.family()
    referred = refer(course, paula)
    joining.offer(referred, course.id)

    joining.decline(referred, "No time")
    joining.decline(referred)

    assert referred.standing == Standing.DECLINED
    assert left(course) == 8
    lapse = db.scalars(select(Promise).where(Promise.topic == "course.offer_lapse")).one()
    assert lapse.outcome == "withdrawn"


# Leaving


def test_withdrawing_frees_the_place_and_the_sessions(make):
    course, (paula, _) = making.course(make), make.family()
    booked = book(course, paula)

    joining.withdraw(booked, "Moved away")
    joining.withdraw(booked, "Moved away")

    assert booked.standing == Standing.WITHDRAWN
    assert left(course) == 8
    assert set(db.scalars(select(Booking.standing))) == {Booked.CANCELLED}
    assert book(course, paula).id != booked.id


def test_dropping_out_is_for_those_who_started(make):
    course, (paula, _), (other, _) = making.course(make), make.family(), make.family()
    started = book(course, paula)
    joining.move(started, Standing.STARTED)
    booked = book(course, other)

    joining.drop_out(started, "Too much on")
    with pytest.raises(CannotMove):
        joining.drop_out(booked, "No")

    assert started.standing == Standing.DROPPED_OUT
    assert booked_sessions(started) == 0


def test_moving_to_another_course_takes_the_contacts_along(make, clock):
    course, (paula, mia) = making.course(make), make.family()
    other = making.course(make, of=course.programme, starts_in=timedelta(days=8))
    started = book(course, paula, child_id=mia.id, creche_children=0, access_needs="A ramp")
    joining.move(started, Standing.STARTED)
    make._add(
        Dose(
            participation_id=started.id,
            contact_id=course.contacts[0].id,
            presence=Presence.ATTENDED,
            said_at=started.referred_at,
        )
    )
    before = started.referred_at
    clock.shift(timedelta(days=1))

    moved = joining.transfer(started, other.id, "Mornings are better")

    assert (started.standing, started.transferred_to_id) == (Standing.TRANSFERRED, moved.id)
    assert (moved.standing, moved.referred_at, moved.access_needs) == (Standing.STARTED, before, "A ramp")
    dose = db.scalars(select(Dose).where(Dose.participation_id == moved.id)).one()
    assert (dose.contact_id, dose.made_up_at_id) == (other.contacts[0].id, course.contacts[0].id)
    assert {b.session_id for b in queries.bookings_to_come(moved)} == {
        c.session_id for c in other.contacts[1:]
    }


def test_a_move_needs_a_place_and_the_same_programme(make):
    course, (paula, _), (other, _) = making.course(make), make.family(), make.family()
    full = making.course(make, of=course.programme, places=1, starts_in=timedelta(days=8))
    stranger = making.course(make, of=making.programme(make, "Another"))
    booked = book(course, paula)
    book(full, other)

    with pytest.raises(CourseIsFull):
        joining.transfer(booked, full.id, "")
    for wrong in (stranger, course):
        with pytest.raises(Unacceptable):
            joining.transfer(booked, wrong.id, "")
    assert booked.standing == Standing.BOOKED


# What happens to people and courses


def test_everybody_is_off_a_course_that_is_called_off(make):
    course = making.course(make)
    families = [make.family(carer=f"Parent {n}")[0] for n in range(3)]
    booked, started = book(course, families[0]), book(course, families[1])
    joining.move(started, Standing.STARTED)
    offered = refer(course, families[2])
    joining.offer(offered, course.id)

    course.standing = CourseStanding.CALLED_OFF
    record(CourseCalledOff(subject=course.id))

    assert (booked.standing, started.standing) == (Standing.WITHDRAWN, Standing.DROPPED_OUT)
    assert (offered.standing, offered.course_id) == (Standing.REFERRED, None)
    told = db.scalars(select(Promise.topic).where(Promise.topic.like("%called_off"))).all()
    assert told == ["course.called_off"] * 2


def test_two_records_of_one_person_are_on_a_course_once(make):
    course, (stays, _), (gone, _) = making.course(make), make.family(), make.family()
    kept = book(course, stays)
    joining.move(kept, Standing.STARTED)
    double = book(course, gone)

    record(PeopleMerged(subject=stays.id, gone=gone.id))
    db.expire_all()

    assert (kept.standing, double.standing) == (Standing.STARTED, Standing.TRANSFERRED)
    assert double.person_id == stays.id
    assert left(course) == 7


def test_a_place_follows_the_record_that_stays(make):
    course, (stays, _), (gone, mia) = making.course(make), make.family(), make.family()
    booked = book(course, gone, child_id=mia.id)

    record(PeopleMerged(subject=stays.id, gone=gone.id))
    record(HouseholdsMerged(subject=stays.household_id, gone=gone.household_id))
    db.expire_all()

    assert (booked.person_id, booked.household_id, booked.standing) == (
        stays.id, stays.household_id, Standing.BOOKED,
    )  # fmt: skip


def test_whoever_leaves_a_family_leaves_its_courses(make):
    course, (paula, _) = making.course(make), make.family()
    booked = book(course, paula)

    record(PersonLeft(subject=paula.id, household=paula.household_id))

    assert booked.standing == Standing.WITHDRAWN


# At the same moment


def at_once(world: Any, *works: Callable[[], Any]) -> list[Any]:
    barrier = Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        barrier.wait(20)
        try:
            with unit_of_work(world.leeds):
                return work()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def test_the_last_two_places_go_to_two_of_eight(set_up, world):
    with set_up() as make:
        course = making.course(make, places=4)
        for n in range(2):
            book(course, make.family(carer=f"Early {n}")[0])
        parents = [make.family(carer=f"Parent {n}")[0] for n in range(8)]

    came = at_once(world, *(lambda p=p: book(course, p) for p in parents))

    assert sum(isinstance(one, Participation) for one in came) == 2
    assert sum(isinstance(one, CourseIsFull) for one in came) == 6
    with set_up():
        assert left(course) == 0
        assert db.scalar(select(func.count()).select_from(Booking)) == 4 * 3


def test_one_parent_in_two_browsers_is_on_one_course(set_up, world):
    with set_up() as make:
        course, paula = making.course(make), make.family()[0]
        other = making.course(make, of=course.programme, starts_in=timedelta(days=8))

    came = at_once(world, *(lambda c=c: book(c, paula) for c in (course, other, course, other)))

    assert sum(isinstance(one, Participation) for one in came) == 1
    with set_up():
        assert find(Participation, came[[isinstance(o, Participation) for o in came].index(True)].id)


# With real templates


@pytest.mark.parametrize(
    "code", ["triple-p-group", "sfp-10-14", "solihull-understanding-your-child", "triple-p-standard"]
)
def test_a_family_joins_a_course_set_up_from_a_template(make, code):
    from datetime import date, time

    from programmes.service import courses, templates

    edition = templates.adopt(code)
    edition = db.query(Edition).filter(Edition.programme_id == edition.id).first()
    course = courses.set_up(
        edition, hub_id=make.hub().id, room_id=None, title="Ours", first_date=date(2026, 3, 10), starts=time(18),
        places=max(edition.fewest, 2), creche_places=2, facilitators={make.cast["asha"]: Part.LEADS},
        term_time_only=False,
    )  # fmt: skip
    paula, mia = make.family()
    sam = make.carer("Sam Reyes", household=paula.household)
    before = left(course)

    booked = book(course, paula, child_id=mia.id, partner_id=sam.id, creche_children=1)

    together = sum(contact.session_id is not None for contact in course.contacts)
    assert booked_sessions(booked) == together
    assert before - left(course) == (2 if edition.unit == Unit.PARENT else 1)
    courses.call_off(course, "The leader is ill.")
    assert booked.standing == Standing.WITHDRAWN
    topics = set(db.scalars(select(Promise.topic).where(Promise.outcome.is_(None))))
    assert not topics & {"booking.confirmed", "booking.cancelled", "booking.session_called_off"}
