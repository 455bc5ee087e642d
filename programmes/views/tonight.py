"""What the facilitator's page of one contact shows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app, url_for
from flask_login import current_user

from attendance import queries as registers
from attendance.terms import CAME, Mark
from families import queries as families
from families.models import Person
from families.terms import PersonKind
from hubs.queries import hub_ids_seen_by
from hubs.terms import SessionStanding
from kernel import prose
from kernel.clock import now, today
from kernel.errors import NotFound
from messaging.terms import Never
from outcomes import queries as questionnaires
from outcomes.rules import shipped
from outcomes.terms import OPEN
from programmes import queries, rules
from programmes.models import Course, CourseContact, Participation, Task
from programmes.queries import tonight
from programmes.rules import Known
from programmes.terms import BY_APPOINTMENT, ON_THE_COURSE, CourseStanding, Presence

TABLET, PAPER, ALERT = "outcomes.tablet", "outcomes.paper", "outcomes.alert"


@dataclass(frozen=True)
class Line:
    """Somebody on the page: what is known of them so far, and of this contact."""

    participation: Participation
    people: Sequence[Person]
    marks: Mapping[UUID, Any]
    """What the register of the session says, by person."""
    known: Sequence[Known]
    here: Known | None
    """What is known of this contact; empty for guests."""
    task: Task | None = None
    askings: Sequence[Any] = ()
    make_up: Any = None
    guest_of: str = ""
    missed: str = ""

    @property
    def name(self) -> str:
        """Return who takes part: one name, or two."""
        return prose.listing([person.name for person in self.people])

    @property
    def dose(self) -> int:
        """Return how many contacts they had."""
        return rules.dose(one.presence for one in self.known)

    @property
    def last_time(self) -> str:
        """Return why they did not come to the contact before this one; nothing when they came."""
        before = [one for one in self.known if self.here and one.number < self.here.number and one.presence]
        if self.has_left or not before or not before[-1].did_not_come:
            return ""
        return "Missed last time" if before[-1].presence == Presence.MISSED else "Sent apologies last time"

    @property
    def about_to_drop_out(self) -> bool:
        """Say whether they have not come to two contacts in a row."""
        return self.participation.standing in ON_THE_COURSE and rules.about_to_drop_out(self.known)

    @property
    def has_left(self) -> bool:
        """Say whether they are not on the course any more."""
        return self.participation.standing not in ON_THE_COURSE

    @property
    def came(self) -> bool:
        """Say whether they are here, or had the contact."""
        if self.marks:
            return any(mark.mark in CAME for mark in self.marks.values())
        return bool(self.here and self.here.counts)

    @property
    def is_away(self) -> bool:
        """Say whether they are known not to be here."""
        if any(mark.mark for mark in self.marks.values()):
            return not self.came
        return bool(self.here and self.here.presence and not self.here.counts)


@dataclass(frozen=True)
class Tonight:
    """Everything on the page of one contact."""

    contact: CourseContact
    course: Course
    lines: Sequence[Line]
    guests: Sequence[Line]
    register: Any
    """The register of the session; empty for calls, visits and modules."""
    alerts: Sequence[Any]
    never: Mapping[UUID, Collection[Never]]
    """What must not be done when somebody is rung, by person."""

    @property
    def together(self) -> bool:
        """Say whether the group meets in a session of the timetable."""
        return self.register is not None

    @property
    def by_appointment(self) -> bool:
        """Say whether times are picked for it."""
        return self.contact.kind in BY_APPOINTMENT

    @property
    def off(self) -> bool:
        """Say whether it does not take place."""
        called_off = self.register is not None and self.register.standing == SessionStanding.CALLED_OFF
        return called_off or self.course.standing == CourseStanding.CALLED_OFF

    @property
    def early(self) -> bool:
        """Say whether the day of the session has not come."""
        return self.register is not None and today() < self.register.on_date

    @property
    def takes(self) -> bool:
        """Say whether anything can be said of it now."""
        return not (self.off or self.early or (self.register is not None and self.register.closed_at))

    @property
    def may_close(self) -> bool:
        """Say whether the register can be closed: the session is over."""
        return self.takes and self.register is not None and self.register.ends_at <= now()

    @property
    def everybody(self) -> list[Line]:
        """Return all lines: who is on the course, then guests."""
        return [*self.lines, *self.guests]

    @property
    def came(self) -> int:
        """Return how many are here, or had the contact."""
        return sum(line.came for line in self.everybody)

    @property
    def away(self) -> int:
        """Return of how many it is known that they are not here."""
        return sum(line.is_away for line in self.everybody)

    @property
    def to_come(self) -> int:
        """Return of how many nothing is known yet."""
        return len(self.everybody) - self.came - self.away

    @property
    def creche(self) -> int:
        """Return how many children the crèche awaits."""
        return sum(line.participation.creche_children for line in self.lines if not line.has_left)

    @property
    def interpreters(self) -> list[str]:
        """Return the languages in which interpreters are needed."""
        wanted = {line.participation.interpreter for line in self.everybody if not line.has_left}
        return sorted(wanted - {""})

    def line_of(self, participation_id: UUID) -> Line:
        """Return the line of somebody, or raise NotFound."""
        for line in self.everybody:
            if line.participation.id == participation_id:
                return line
        raise NotFound("participation")


def seen_contact(course_id: UUID, course_contact_id: UUID) -> CourseContact:
    """Return a contact of a course that whoever asks sees, or raise NotFound."""
    contact = queries.find_contact(course_contact_id, seen=current_user)
    if contact.course_id != course_id:
        raise NotFound("contact")
    return contact


def tonight_of(contact: CourseContact) -> Tonight:
    """Return everything on the page of a contact, in as many statements for one participant as for twelve."""
    on_it, guests = tonight.everybody_on(contact), tonight.guests_of(contact)
    ids = [one.id for one in on_it]
    known = queries.known_of([*ids, *(row.Participation.id for row in guests)])
    everybody = [*on_it, *(row.Participation for row in guests)]
    people = tonight.people_by_id([*_people_ids(everybody), *(one.child_id for one in on_it if one.child_id)])
    marks = _marks(contact)
    tasks = tonight.tasks_open(ids)
    askings = _unanswered(ids, people)
    make_ups = tonight.contacts_by_id([one.make_up for some in known.values() for one in some if one.make_up])

    def line(participation: Participation, **parts: Any) -> Line:
        own = [people[person_id] for person_id in _people_ids([participation]) if person_id in people]
        said = {person.id: marks[person.id] for person in own if person.id in marks}
        return Line(participation, own, said, known.get(participation.id, []), **parts)

    lines = []
    for one in on_it:
        here = next((it for it in known.get(one.id, []) if it.contact_id == contact.id), None)
        elsewhere = make_ups.get(here.make_up) if here and here.make_up else None
        lines.append(
            line(one, here=here, task=tasks.get(one.id), askings=askings.get(one.id, ()), make_up=elsewhere)
        )
    visitors = [line(row.Participation, here=None, guest_of=row.course, missed=row.missed) for row in guests]
    register = registers.find_register(contact.session_id) if contact.session_id else None
    alerts = _alerts(ids, lines, people)
    return Tonight(contact, contact.course, lines, visitors, register, alerts, families.never_of(people))


def _people_ids(participations: Iterable[Participation]) -> list[UUID]:
    return [i for one in participations for i in (one.person_id, one.partner_id) if i]


def _marks(contact: CourseContact) -> dict[UUID, Any]:
    if not contact.session_id:
        return {}
    return {line.person_id: line for line in registers.lines_of(contact.session_id)}


def _unanswered(ids: Collection[UUID], people: Mapping[UUID, Person]) -> dict[UUID, list[dict[str, Any]]]:
    """Return what is not answered yet and can be answered now, by whom, with where that is done in the room."""
    instruments, at = shipped(), now()
    waiting = [
        asking
        for asking in questionnaires.askings_of(ids)
        if asking.standing in OPEN and asking.opens_at <= at < asking.closes_at
    ]
    return {
        about_id: [
            {
                "name": instruments[asking.instrument].name
                if asking.instrument in instruments
                else "Questionnaire",
                "occasion": asking.occasion.label,
                "who": people.get(asking.respondent_id),
                "tablet": _address(TABLET, asking_id=asking.id),
                "paper": _address(PAPER, asking_id=asking.id),
            }
            for asking in askings
        ]
        for about_id, askings in tonight.by_participation(waiting).items()
    }


def _alerts(
    ids: Collection[UUID], lines: Sequence[Line], people: Mapping[UUID, Person]
) -> list[dict[str, Any]]:
    """Return whom somebody must look after today: whoever answered, of two the one, and whom to ring."""
    by_id = {line.participation.id: line for line in lines}
    return [
        {
            "name": told.name if told else by_id[alert.about_id].name,
            "people": [told] if told and told.kind == PersonKind.CARER else by_id[alert.about_id].people,
            "raised_at": alert.raised_at,
            "href": _address(ALERT, alert_id=alert.id),
        }
        for alert in questionnaires.open_alerts(ids)
        for told in [people.get(alert.asking.respondent_id)]
    ]


def _address(endpoint: str, **values: Any) -> str | None:
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def register_address(shown: Tonight) -> str | None:
    """Return where the register of the session is, for somebody who sees the hub."""
    if shown.register is None or "attendance.register" not in current_app.view_functions:
        return None
    seen = hub_ids_seen_by(current_user)
    if seen is not None and shown.course.hub_id not in seen:
        return None
    return url_for("attendance.register", session_id=shown.register.session_id)


def state(line: Line, shown: Tonight) -> str:
    """Return what is known of somebody and this contact: ``Here since 6:05pm``, ``Makes it up on Thu 5 Mar``."""
    marks = [mark for mark in line.marks.values() if mark.mark]
    if marks:
        best = min(marks, key=lambda mark: list(Mark).index(mark.mark))
        told = _of_mark(best)
    elif line.here and line.here.presence:
        told = str(line.here.presence.label) if line.here.presence != Presence.ATTENDED else "Had it"
    else:
        told = "" if shown.takes else "Nothing known"
    if line.make_up and line.here and line.here.planned:
        told = f"{told + '. ' if marks else ''}Makes it up at {line.make_up.course}, {_when(line.make_up)}"
    elif line.make_up and line.here and line.here.presence == Presence.MADE_UP:
        told = f"Made up at {line.make_up.course}"
    return told or ("Expected" if shown.together else "Not said yet")


def _of_mark(line: Any) -> str:
    if line.mark in CAME and line.left_at:
        return f"Left at {prose.clock(line.left_at)}"
    if line.mark in CAME and line.arrived_at:
        return f"{'Late, since' if line.mark == Mark.LATE else 'Here since'} {prose.clock(line.arrived_at)}"
    return str(line.mark.label)


def _when(row: Any) -> str:
    starts: datetime | None = row.starts_at
    return f"{prose.short_day(starts)} at {prose.clock(starts)}" if starts else prose.short_day(row.on_date)
