"""The letters to those who asked to be told of the next course of a programme."""

from uuid import UUID

from families import queries as families
from kernel import prose
from kernel.clock import now
from kernel.db import find
from kernel.outbox import Wanted, keeps, promise_all
from messaging import service as messaging
from messaging.terms import Letter
from programmes.jobs.letters import OVERTAKEN, about, facts_of
from programmes.models import Course, Interest
from programmes.queries import mine
from programmes.service import interest as interests

LEAVE = "leave-interest"


@keeps("programme.course_opened")
def tell_everybody(course_id: UUID) -> str:
    """Promise each of those who are interested a letter of the course, once."""
    course = find(Course, course_id)
    if not interests.is_news(course):
        return OVERTAKEN
    told, after = 0, None
    while some := mine.interests_in(course.programme_id, after):
        promise_all(
            [
                Wanted(
                    "programme.interested",
                    f"programme.interested:{course_id}:{one.id}",
                    None,
                    {"course_id": course_id, "interest_id": one.id},
                    one.person_id,
                    in_bulk=True,
                )
                for one in some
            ]
        )
        told, after = told + len(some), some[-1].id
    return prose.count(told, "person", "people")


@keeps("programme.interested")
def send_interested(course_id: UUID, interest_id: UUID) -> str:
    """Tell somebody who is interested that a course has opened."""
    course, interest = find(Course, course_id), find(Interest, interest_id)
    if interest.left_at or not interests.is_news(course):
        return OVERTAKEN
    letter = Letter(
        kind="course-opened",
        says=about(course),
        facts=facts_of(course),
        action=("See the course", f"/programmes/courses/{course.id}"),
        small_links=[
            (
                "Do not tell me about this any more",
                f"/programmes/interest/{messaging.one_step(LEAVE, interest.id)}",
            )
        ],
    )
    interest.told_at = now()
    to = families.recipient(interest.person_id)
    return messaging.send(letter, to=to, about=interest.id, key=f"course-opened:{course.id}:{interest.id}")
