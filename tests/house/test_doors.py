"""Every door says who may enter, and the house does not open without that."""

import pytest
from flask import Flask

from kernel.web.access import Access, access_of, check_doors, public, signed_in


def test_every_view_says_who_may_enter(app):
    check_doors(app)


def test_a_silent_view_keeps_the_house_shut():
    app = Flask("careless", static_folder=None)
    app.add_url_rule("/secrets", view_func=lambda: "all of them", endpoint="secrets")

    with pytest.raises(RuntimeError, match="GET /secrets"):
        check_doors(app)


def test_a_view_that_speaks_is_let_be():
    app = Flask("careful", static_folder=None)
    app.add_url_rule("/open", view_func=public(lambda: "welcome"), endpoint="open")
    app.add_url_rule("/own", view_func=signed_in(lambda: "yours"), endpoint="own")

    check_doors(app)


def test_only_these_doors_are_open_to_strangers(app):
    """A new public page is a decision: add it here when it is meant to be open."""
    open_doors = {
        rule.rule
        for rule in app.url_map.iter_rules()
        for verb in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if _is_open(access_of(app.view_functions[rule.endpoint], verb))
    }
    assert open_doors - PUBLIC == set()


def _is_open(access: Access | None) -> bool:
    return access is not None and access.permissions is None and not access.signed_in


PUBLIC = {
    "/", "/static/<path:filename>", "/accessibility", "/privacy", "/cookies",
    "/api/v1/", "/api/v1/openapi.json",
    "/sign-in", "/sign-in/typed", "/sign-in/link", "/sign-in/link/<token>", "/set-password/<token>", "/sign-out",
    "/hubs", "/hubs/<uuid:hub_id>", "/hubs/<uuid:hub_id>/timetable",
    "/sessions", "/sessions/<uuid:session_id>", "/b/<token>", "/b/<token>/session.ics",
    "/q/<token>", "/q/<token>/look", "/q/<token>/goals", "/q/<token>/<int:place>", "/q/<token>/<int:place>/help",
    "/q/<token>/check", "/q/<token>/done",
    "/programmes", "/programmes/<uuid:programme_id>", "/programmes/courses/<uuid:course_id>",
    "/programmes/interest/<token>", "/messages/choices/<token>",
    "/messages/notify/receipts", "/messages/notify/texts",
    "/register", "/register/check", "/register/done", "/register/children", "/register/children/new",
    "/register/children/<int:number>", "/register/children/<int:number>/needs",
    "/register/children/<int:number>/removal", "/register/ethnicity/children",
    "/register/<any(name, contact, unwanted, address, language, ethnicity, emergency, consents):step>",
}  # fmt: skip


def test_a_machine_that_is_not_known_is_told_so(knock):
    answer = knock().open("/api/v1/sessions")

    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"


def test_an_unknown_host_finds_nothing(app, world):
    client = app.test_client()

    for host in ("nowhere.test", "leeds.test.evil.example", "leeds", "127.0.0.1", "york.leeds.test"):
        assert client.get("/", base_url=f"http://{host}").status_code == 404, host
