"""Reminders of a full session: what they share is read once, and each is right for its own family."""

from datetime import timedelta

from sqlalchemy import event

from bench import families as making
from families import service as families
from families.models import Person
from kernel import outbox
from kernel.clock import now
from kernel.db import find, unit_of_work
from messaging.terms import Never


def _remind(set_up, council, number, *, prefix):
    """Book a session for some families, and let their reminders be due; return the families."""
    with set_up() as make:
        session = make.session(starts_in=timedelta(hours=23.5), families=100)
        those = making.families(session.hub_id, number, prefix=prefix)
        making.remind(making.booked(session, those), those)
    return those


def test_one_reminder_more_takes_two_statements_more(world, set_up, post):
    made = []
    event.listen(world.engine, "before_cursor_execute", lambda *told: made.append(told[2]))
    counts = []
    for number in (3, 13):
        _remind(set_up, world.leeds, number, prefix=f"few{number}-")
        made.clear()
        assert outbox.drain(world.leeds) == number
        counts.append(sum(not statement.startswith("SET LOCAL") for statement in made))

    assert len(post.letters) == 16
    assert counts[1] - counts[0] == 2 * 10, "the promise that is kept, and the message"


def test_each_goes_to_its_own_family_or_nowhere(world, set_up, post):
    those = _remind(set_up, world.leeds, 5, prefix="row-")
    unsafe, gone = those[1], those[3]
    with unit_of_work(world.leeds):
        families.set_contact_rules(find(Person, unsafe.carer), {Never.EMAIL})
        find(Person, gone.carer).left_at = now()

    outbox.drain(world.leeds)

    assert sorted(letter["To"] for letter in post.letters) == sorted(
        one.email for one in those if one not in (unsafe, gone)
    )
