"""What a half of a furnished council holds of programmes and questionnaires: one of each, for one family."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.queries import hashed
from families.models import Person
from hubs.models import Hub, Room
from hubs.terms import BookingMode, CountedIn, SessionStanding
from kernel.clock import now, today
from kernel.db import db
from outcomes.models import Asking, CouncilBands, CouncilChangeRule, Goal, RiskAlert, Score, Wording
from outcomes.rules import shipped
from outcomes.service.asking import path_of
from outcomes.terms import AskingStanding, Occasion, Respondent, Way
from programmes.models import (
    Accreditation,
    Course,
    CourseContact,
    Dose,
    Edition,
    EditionContact,
    Facilitator,
    Interest,
    Participation,
    Programme,
    Slot,
    Step,
    Task,
)
from programmes.terms import ContactKind, Presence, Source, Standing, TaskKind
from tests.making import Make

DESPAIR, ITEMS = "phq9", 9
"""An instrument with words that are shipped, one of whose questions is about despair."""
LICENSED = {"paula": "sdq", "pete": "wemwbs"}
"""Instruments whose words a council uploads."""


def furnish_course(
    make: Make, parent: str, hub: Hub, room: Room, family: list[Person], worker: UUID, *, weeks: int = 1
) -> str:
    """Add a programme with a course that began so many weeks ago, somebody on it, and what they are asked.

    Return the private link of what they have not answered yet.
    """
    carer, child, *_ = family
    activity = make.activity(
        f"Calm parents {parent}", mode=BookingMode.COURSE, counted_in=CountedIn.ADULTS, age_to_months=216
    )
    programme = _add(
        Programme(
            name=f"Calm parents {parent}",
            name_key=f"calm parents {parent}",
            summary="Six evenings.",
            accreditation="Calm parents",
            activity_id=activity.id,
        )
    )
    edition = _add(Edition(programme_id=programme.id, number=1, most=8, least_contacts=2, measures=MEASURES))
    for number, kind in enumerate(KINDS, 1):
        _add(
            EditionContact(
                edition_id=edition.id, number=number, kind=kind, title=f"Contact {number}", minutes=60
            )
        )
    _add(Accreditation(account_id=worker, what="Calm parents", trained_on=today(), accredited_on=today()))
    course = _add(
        Course(
            programme_id=programme.id,
            edition_id=edition.id,
            hub_id=hub.id,
            room_id=room.id,
            title=f"Calm parents, {parent}",
            first_date=today() - timedelta(weeks=weeks),
            last_date=today() + timedelta(weeks=2 - weeks),
            places=8,
            creche_places=2,
            age_from_years=0,
            age_to_years=11,
            way_in=programme.way_in,
            late_start_until=2,
        )
    )
    contacts = [
        _contact(make, course, number, kind, activity, room, weeks) for number, kind in enumerate(KINDS, 1)
    ]
    contacts[-1].session.standing = SessionStanding.CALLED_OFF
    _add(Facilitator(course_id=course.id, account_id=worker))
    on_it = _on_the_course(course, carer, child, contacts, worker)
    _add(
        Participation(
            programme_id=programme.id,
            hub_id=hub.id,
            household_id=carer.household_id,
            person_id=carer.id,
            child_id=child.id,
            source=Source.SCHOOL,
            reason="They shout.",
            referred_at=now(),
        )
    )
    _add(
        Interest(programme_id=programme.id, person_id=carer.id, household_id=carer.household_id, since=now())
    )
    return _asked(parent, on_it, carer, worker)


KINDS = (ContactKind.GROUP, ContactKind.GROUP, ContactKind.PHONE, ContactKind.GROUP)
MEASURES = [{"instrument": DESPAIR, "respondent": "parent", "when": ["before", "after"]}]


def _contact(
    make: Make, course: Course, number: int, kind: ContactKind, activity: Any, room: Room, weeks: int
) -> CourseContact:
    starts_in = timedelta(weeks=number - 1 - weeks, hours=4)
    session = None
    if kind is ContactKind.GROUP:
        session = make.session(
            hub=course.hub, activity=activity, room_id=room.id, starts_in=starts_in, families=None
        )
    return _add(
        CourseContact(
            course_id=course.id,
            number=number,
            kind=kind,
            title=f"Contact {number}",
            minutes=60,
            checklist=["Said hello"],
            on_date=today() + timedelta(weeks=number - 1 - weeks),
            session_id=session.id if session else None,
        )
    )


def _on_the_course(
    course: Course, carer: Person, child: Person, contacts: list[CourseContact], worker: UUID
) -> Participation:
    on_it = _add(
        Participation(
            programme_id=course.programme_id,
            course_id=course.id,
            household_id=carer.household_id,
            person_id=carer.id,
            child_id=child.id,
            standing=Standing.STARTED,
            source=Source.HEALTH_VISITOR,
            referred_by="Nurse Fell",
            reason="Sleepless nights.",
            access_needs="A ramp",
            interpreter="Polish",
            referred_at=now() - timedelta(days=30),
            booked_at=now() - timedelta(days=20),
            started_at=now() - timedelta(days=7),
        )
    )
    for standing in (Standing.REFERRED, Standing.BOOKED, Standing.STARTED):
        _add(
            Step(
                participation_id=on_it.id,
                standing=standing,
                taken_at=now(),
                taken_by=worker,
                why="They rang.",
            )
        )
    over, _, call, _ = contacts
    _add(
        Dose(
            participation_id=on_it.id,
            contact_id=over.id,
            presence=Presence.MISSED,
            said_at=now(),
            said_by=worker,
        )
    )
    _add(
        Task(
            course_id=course.id,
            participation_id=on_it.id,
            contact_id=over.id,
            kind=TaskKind.MISSED,
            due_on=today(),
        )
    )
    for hour in (1, 2):
        starts = now() + timedelta(days=7, hours=hour)
        taken = {"participation_id": on_it.id, "picked_at": now()} if hour == 1 else {}
        _add(
            Slot(
                contact_id=call.id,
                account_id=worker,
                starts_at=starts,
                ends_at=starts + timedelta(minutes=30),
                **taken,
            )
        )
    return on_it


def _asked(parent: str, on_it: Participation, carer: Person, worker: UUID) -> str:
    usual = {
        "instrument": DESPAIR,
        "version": "1",
        "respondent": Respondent.PARENT,
        "respondent_id": carer.id,
        "subject_id": carer.id,
        "about_id": on_it.id,
        "title": "Calm parents",
        "opens_at": now() - timedelta(days=8),
        "closes_at": now() + timedelta(days=30),
    }
    answers = {str(number): 2 for number in range(1, ITEMS + 1)}
    answered = _add(
        Asking(
            **usual,
            occasion=Occasion.BEFORE,
            standing=AskingStanding.ANSWERED,
            answers=json.dumps(answers),
            way=Way.LINK,
            started_at=now(),
            answered_at=now(),
        )
    )
    asked = _add(Asking(**usual, occasion=Occasion.AFTER))
    link = path_of(asked)
    asked.token_hash = hashed(link.rpartition("/")[2])
    _add(
        Score(asking_id=answered.id, about_id=on_it.id, scale="total", value=18, band="Severe", clinical=True)
    )
    _add(Goal(about_id=on_it.id, person_id=carer.id, number=1, words="Sleep through"))
    _add(RiskAlert(asking_id=answered.id, about_id=on_it.id, item=9, raised_at=now()))
    licensed = shipped()[LICENSED[parent]]
    answers_of = {name: [str(one.value) for one in those] for name, those in licensed.responses.items()}
    items = [f"Question {item.number}" for item in licensed.items]
    words = {"intro": "Tell us.", "items": items, "responses": answers_of}
    _add(
        Wording(
            instrument=LICENSED[parent],
            words=words,
            attested_by=worker,
            attested_at=now(),
            evidence="Letter of May",
        )
    )
    bands = [{"from": "0", "to": "13", "name": "Close to average", "clinical": False}]
    _add(
        CouncilBands(
            instrument=LICENSED[parent],
            scale=licensed.scales[-1].code,
            respondent=Respondent.PARENT,
            bands=bands,
            source="The manual",
            entered_by=worker,
            entered_at=now(),
        )
    )
    _add(
        CouncilChangeRule(
            instrument="bpses", scale="total", deviation=Decimal(4), reliability=Decimal("0.75"), source="Our own study",
            entered_by=worker, entered_at=now(), withdrawn_at=None if parent == "paula" else now(),
        )
    )  # fmt: skip
    return link


def _add(row: Any) -> Any:
    db.add(row)
    db.flush()
    return row
