"""Style sheets and scripts may be kept for a year when the address says what they hold."""

import re


def kept(knock, address):
    return knock().open(address, method="HEAD").headers["Cache-Control"]


def test_pages_ask_for_what_the_files_hold(knock):
    page = knock().get("/sign-in")

    marks = re.findall(r"/static/hubs\.(?:css|js)\?v=([0-9a-f]{12})", page.text)
    assert len(marks) == 2
    assert len(set(marks)) == 1


def test_a_file_asked_for_by_its_mark_is_kept_for_a_year(app, knock):
    mark = app.jinja_env.globals["static_version"]

    assert "immutable" in kept(knock, f"/static/hubs.css?v={mark}")
    assert "immutable" in kept(knock, "/static/vendor/htmx/htmx.min.js?v=2.0.11")


def test_a_file_asked_for_by_another_mark_is_asked_for_again_soon(knock):
    for asked in ("", "?v=another"):
        assert kept(knock, f"/static/hubs.css{asked}") == "max-age=3600, public"
