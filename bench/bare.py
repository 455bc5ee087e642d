"""What the pages are measured against: a bare Flask and SQLAlchemy page that lists 30 sessions, walls included."""

import os
from typing import Any
from uuid import UUID

from flask import Flask, render_template_string
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session as Connection

import app.models  # noqa: F401
from hubs.models import Activity, Hub, Session
from kernel.db import engine

PAGE = """<!doctype html><html lang="en"><head><title>Sessions</title></head><body><h1>Sessions</h1><ul>
{% for s in rows %}<li><a href="/sessions/{{ s.id }}">{{ s.title }}</a> {{ s.name }} {{ s.starts_at.strftime("%d %B %H:%M") }}
to {{ s.ends_at.strftime("%H:%M") }}</li>{% endfor %}</ul></body></html>"""


def create(bind: Engine, tenant: UUID) -> Flask:
    """Return the application."""
    bare = Flask("bare")

    @bare.get("/")
    def listed() -> Any:
        with Connection(bind) as connection, connection.begin():
            connection.execute(text(f"SET LOCAL app.tenant_id = '{tenant}'"))
            rows = connection.execute(
                select(Session.id, Session.starts_at, Session.ends_at, Activity.title, Hub.name)
                .join(
                    Activity, (Activity.tenant_id == Session.tenant_id) & (Activity.id == Session.activity_id)
                )
                .join(Hub, (Hub.tenant_id == Session.tenant_id) & (Hub.id == Session.hub_id))
                .where(Session.tenant_id == tenant)
                .order_by(Session.starts_at, Session.id)
                .limit(30)
            ).all()
            return render_template_string(PAGE, rows=rows)

    return bare


if "BENCH_TENANT" in os.environ:
    bare_app = create(engine(os.environ["HUBS_DATABASE_URL"], pool_size=8), UUID(os.environ["BENCH_TENANT"]))
