"""An evening of a course, for the tests of the pages of those who run it."""

from contextlib import contextmanager

from sqlalchemy import event, select

from kernel.db import db, unit_of_work
from programmes.models import Dose
from tests.programmes.a_course import a_course, joins


class Evening:
    """A course of which the first evening has begun, with people on it."""

    def __init__(self, set_up, world, *names, runs=("asha",), **parts):
        self.world = world
        with set_up() as make:
            course = a_course(make, runs=runs)
            self.course_id = course.id
            self.contacts = [contact.id for contact in course.contacts]
            self.people, self.on_it = {}, {}
            for name in names or ("Paula Reyes",):
                person = make.family(carer=name)[0]
                person.phone = "01904 551 550"
                self.people[name] = person.id
                self.on_it[name] = joins(course, person, **parts).id

    def path(self, number=1):
        return f"/courses/{self.course_id}/contacts/{self.contacts[number - 1]}"

    def press(self, name="Paula Reyes", number=1):
        return f"{self.path(number)}/people/{self.on_it[name]}"

    def rows(self, model, *where):
        with unit_of_work(self.world.leeds):
            return list(db.scalars(select(model).where(*where)))

    def presence(self, name="Paula Reyes"):
        return [row.presence for row in self.rows(Dose, Dose.participation_id == self.on_it[name])]


@contextmanager
def counting(world):
    made = []

    def note(conn, cursor, statement, *rest):
        if not statement.startswith("SET LOCAL"):
            made.append(statement)

    event.listen(world.engine, "before_cursor_execute", note)
    yield made
    event.remove(world.engine, "before_cursor_execute", note)
