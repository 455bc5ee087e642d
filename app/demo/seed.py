"""Makes the demonstration data, once: four councils, a year of history, and the people who can sign in."""

import json
import os
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

from sqlalchemy import select

import app.models  # noqa: F401
from accounts import service as accounts
from app import contexts
from app.demo import texting
from app.demo.furnishing import Furnishing
from app.demo.personas import Persona, open_persona
from app.demo.story import COUNCILS, OPERATOR, CouncilStory
from hubs.models import Hub
from kernel import db as kernel_db
from kernel.db import db, unit_of_work
from kernel.settings import Settings, from_environment
from tenants import queries as tenant_queries
from tenants import service as tenants
from tenants.terms import Ground

AT_ONCE = 2


def main() -> None:
    """Make the data unless it is there, and write down who can sign in."""
    settings = from_environment()
    personas = Path(os.environ["HUBS_DEMO_DATA"]) / "personas.json"
    _open(settings)
    if personas.exists() and _is_furnished():
        people = json.loads(personas.read_text())
    else:
        people = [persona.told() for persona in seed(settings)]

    draft = personas.with_suffix(".draft")
    draft.write_text(
        json.dumps([_moved(person, settings) for person in people], indent=2, ensure_ascii=False)
    )
    draft.rename(personas)
    texting.settle(settings)
    _close()


def seed(settings: Settings) -> list[Persona]:
    """Make the platform and its councils, or those that are missing, and return who can sign in."""
    personas = [make_operator(settings)]
    _close()  # what a fork must not share
    with ProcessPoolExecutor(AT_ONCE, initializer=_open, initargs=(settings,)) as councils:
        for people in councils.map(make_council, COUNCILS, repeat(settings)):
            personas += people
    return personas


def make_operator(settings: Settings) -> Persona:
    """Make the platform, or find it, and return who operates it."""
    role, name = OPERATOR
    with unit_of_work(None, read_only=True):
        found = tenant_queries.by_slug("operators")
    tenant = (
        found.id
        if found
        else tenants.create_council(
            "operators", "Family Hubs", contact_email="team@familyhubs.example", ground=Ground.PLATFORM
        )
    )
    with unit_of_work(tenant):
        return open_persona("", role, name, settings, "familyhubs.example")


def make_council(story: CouncilStory, settings: Settings) -> list[Persona]:
    """Make a council and furnish it, or find it, and return who can sign in."""
    with unit_of_work(None, read_only=True):
        found = tenant_queries.by_slug(story.slug)
    tenant = found.id if found else tenants.create_council(story.slug, story.name, contact_email=story.email)
    with unit_of_work(tenant):
        if db.scalar(select(Hub.id).limit(1)):
            return _known_personas(story, settings)
        return Furnishing(story, settings).furnish()


def _open(settings: Settings) -> None:
    kernel_db.connect(kernel_db.engine(settings.database_url, pool_size=1))
    contexts.connect(settings)
    accounts.use_hasher(time_cost=settings.argon2_time_cost, memory_kib=settings.argon2_memory_kib)
    contexts.preload()


def _close() -> None:
    kernel_db.opened.kw["bind"].dispose()


def _is_furnished() -> bool:
    with unit_of_work(None, read_only=True):
        return all(tenant_queries.by_slug(story.slug) for story in COUNCILS)


def _moved(person: dict[str, str], settings: Settings) -> dict[str, str]:
    """Return the person at today's address: the demonstration may have another port than last time."""
    host = person["base_url"].partition("://")[2].partition(":")[0]
    return person | {"base_url": settings.base_url(host)}


def _known_personas(story: CouncilStory, settings: Settings) -> list[Persona]:
    return [
        open_persona(story.slug, role, name, settings, story.email.partition("@")[2])
        for role, name, _ in story.people
    ]


if __name__ == "__main__":
    main()
