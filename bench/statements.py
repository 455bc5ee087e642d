"""How many SQL statements each page sends, and that a longer list sends no more."""

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import event

from app.factory import create_app
from bench.stage import Stage
from kernel import db
from kernel.settings import Settings

Row = Callable[[str, str, str], None]


def counted(environment: dict[str, str], stage: Stage, row: Row) -> None:
    """Print the number of statements of each page and verb, with the one that tells PostgreSQL the council."""
    names = {f"HUBS_{name.upper()}": name for name in Settings.model_fields}
    told: dict[str, Any] = {names[key]: value for key, value in environment.items() if key in names}
    app = create_app(Settings(**told))
    bind = db.opened.kw["bind"]
    asked: list[str] = []
    event.listen(bind, "before_cursor_execute", lambda *args: asked.append(args[2]))
    browser, machine = app.test_client(), app.test_client()
    browser.set_cookie("signed-in", stage.parent_token, domain="bench.localhost")
    base = "http://bench.localhost"
    key = {"Authorization": f"Bearer {stage.staff_key}"}
    household, carer, child = map(str, stage.parties[-1])
    party = {"session_id": str(stage.hot), "household_id": household, "person_ids": [carer, child]}

    def statements(send: Callable[[], Any]) -> int:
        send()  # fills what is remembered for seconds, such as whose host it is
        asked.clear()
        answer = send()
        if answer.status_code >= 400:
            raise RuntimeError(f"{answer.status_code} {answer.text[:300]}")
        return len(asked)

    pages = {
        "find a session": "/sessions",
        "My bookings": "/bookings",
        "one session": f"/sessions/{stage.hot}",
    }
    for name, path in pages.items():
        row(f"statements: {name}", str(statements(partial(browser.get, path, base_url=base))), "")
    machine.get("/api/v1/bookings?page_size=1", base_url=base, headers=key)
    asked.clear()
    answer = machine.post("/api/v1/bookings", json=party, base_url=base, headers=key)
    if answer.status_code != 201:
        raise RuntimeError(answer.text)
    row("statements: a booking by the API", str(len(asked)), "goal: 12 or fewer")
    bind.dispose()
