"""How much of a course somebody had, and who is about to drop out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.terms import CAME, Mark
from kernel.ids import new_id
from programmes import rules
from programmes.rules import Known
from programmes.terms import COUNTS, Presence, TaskKind

MONDAY = date(2026, 3, 2)
WEEK = timedelta(days=7)
SOMETHING = st.sampled_from([None, *Presence])
COURSES = st.lists(st.tuples(SOMETHING, st.booleans(), st.booleans()), max_size=20)


def known(*said):
    """A contact a week: a presence, or a presence with whether a make-up is planned and whether that failed."""
    contacts = []
    for number, one in enumerate(said, start=1):
        presence, planned, failed = one if isinstance(one, tuple) else (one, False, False)
        make_up = new_id() if planned else None
        contacts.append(Known(new_id(), number, MONDAY + number * WEEK, presence, make_up, failed))
    return contacts


A, M, S, U = Presence.ATTENDED, Presence.MISSED, Presence.APOLOGIES, Presence.MADE_UP


@pytest.mark.parametrize(
    ("said", "run"),
    [
        ([], 0),
        ([A, M], 1),
        ([M, M, A], 0),
        ([A, M, S], 2),
        ([A, M, None, M], 2),
        ([A, M, (S, True, False)], 1),
        ([A, M, (S, True, True)], 2),
        ([A, M, U], 0),
        ([M, S, M], 3),
    ],
)
def test_missed_in_a_row(said, run):
    contacts = known(*said)
    assert rules.missed_in_a_row(contacts) == run
    assert rules.about_to_drop_out(contacts) == (run >= 2)


@given(COURSES)
def test_the_order_in_which_contacts_are_told_does_not_matter(said):
    contacts = known(*said)
    assert rules.missed_lately(reversed(contacts)) == rules.missed_lately(contacts)


@given(COURSES)
def test_a_contact_that_was_had_ends_every_run(said):
    assert rules.missed_in_a_row(known(*said, A)) == 0
    assert rules.missed_in_a_row(known(*said, M)) == rules.missed_in_a_row(known(*said)) + 1
    assert rules.missed_in_a_row(known(*said, None)) == rules.missed_in_a_row(known(*said))
    assert rules.missed_in_a_row(known(*said, (M, True, False))) == rules.missed_in_a_row(known(*said))


@given(COURSES)
def test_tasks_are_about_contacts_that_were_not_had(said):
    contacts = known(*said)
    wanted = rules.tasks_wanted(contacts)
    had = {one.contact_id for one in contacts if one.counts or one.planned or one.presence is None}
    assert not had & {contact_id for _, contact_id in wanted}
    urgent = [contact_id for kind, contact_id in wanted if kind == TaskKind.ABOUT_TO_DROP_OUT]
    assert len(urgent) == rules.about_to_drop_out(contacts)


def test_who_sent_apologies_once_is_not_rung():
    assert rules.tasks_wanted(known(A, S)) == {}
    ((kind, _),) = rules.tasks_wanted(known(A, M))
    assert kind == TaskKind.MISSED
    assert {kind for kind, _ in rules.tasks_wanted(known(S, S))} == {TaskKind.ABOUT_TO_DROP_OUT}


@given(st.lists(SOMETHING))
def test_a_dose_is_what_was_attended_or_made_up(said):
    assert rules.dose(said) == said.count(A) + said.count(U)
    assert rules.has_started(said) == (rules.dose(said) > 0)


@given(
    st.dictionaries(st.integers(1, 12), SOMETHING),
    st.integers(0, 12),
    st.sets(st.integers(1, 12), max_size=3),
)
def test_completion_needs_enough_and_all_that_must_be_attended(said, least, must):
    done = rules.completed(said, least=least, must_attend=must)
    enough = rules.dose(said.values()) >= least
    assert done == (enough and all(said.get(number) in COUNTS for number in must))
    if done:  # more of the course is never less
        assert rules.completed({**said, 13: A}, least=least, must_attend=must)


@pytest.mark.parametrize(
    ("here", "elsewhere", "told", "presence"),
    [
        ([], [], {}, None),
        ([Mark.HERE], [], {}, A),
        ([Mark.LATE], [], {}, A),
        ([Mark.ABSENT], [], {}, M),
        ([Mark.APOLOGIES], [], {}, S),
        ([Mark.ABSENT, Mark.HERE], [], {}, A),
        ([Mark.ABSENT], [Mark.HERE], {}, U),
        ([], [Mark.LATE], {"planned": True}, U),
        ([], [], {"planned": True}, S),
        ([], [Mark.ABSENT], {"planned": True}, M),
        ([], [], {"closed": True}, M),
        ([], [], {"closed": True, "told_before": True}, S),
        ([Mark.ABSENT], [], {"closed": True, "told_before": True}, M),
    ],
)  # fmt: skip
def test_what_registers_say_of_a_contact(here, elsewhere, told, presence):
    assert rules.presence_of(here, elsewhere, **told) == presence


MARKS = st.lists(st.sampled_from(list(Mark)), max_size=2)


@given(MARKS, MARKS, st.booleans(), st.booleans(), st.booleans())
def test_a_dose_never_comes_of_nothing(here, elsewhere, closed, told, planned):
    presence = rules.presence_of(here, elsewhere, closed=closed, told_before=told, planned=planned)
    assert (presence in COUNTS) == any(mark in CAME for mark in [*here, *elsewhere])
