"""A browser for the tests, which looks at the quality of every page that it gets."""

import re
from typing import Any
from urllib.parse import urljoin

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

FORM_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')


class Knocker:
    """Knocks at one host's doors: keeps cookies, sends form tokens, and refuses a page that is badly made."""

    def __init__(self, app: Flask, host: str) -> None:
        self.app, self.host = app, host
        self.client = app.test_client()
        self.base = f"http://{host}"

    def carry(self, token: str) -> "Knocker":
        """Carry the cookie of a sign-in."""
        self.client.set_cookie(self.app.config["SIGN_IN_COOKIE"], token, domain=self.host)
        return self

    def get(self, path: str, *, htmx: bool = False, follow: bool = False, **kwargs: Any) -> TestResponse:
        """Read a page."""
        return self._checked(
            self.client.get(
                path, base_url=self.base, headers=_htmx(htmx, kwargs), follow_redirects=follow, **kwargs
            )
        )

    def post(
        self,
        path: str,
        data: dict[str, Any] | None = None,
        *,
        htmx: bool = False,
        follow: bool = False,
        **kwargs: Any,
    ) -> TestResponse:
        """Send a form, with its token."""
        form = {"csrf_token": self.token(), **(data or {})}
        return self._checked(
            self.client.post(
                path,
                data=form,
                base_url=self.base,
                headers=_htmx(htmx, kwargs),
                follow_redirects=follow,
                **kwargs,
            )
        )

    def open(self, path: str, **kwargs: Any) -> TestResponse:
        """Send anything, without a token."""
        return self.client.open(path, base_url=self.base, **kwargs)

    def token(self) -> str:
        """Return the form token of this visit."""
        page = self.client.get("/sign-in", base_url=self.base).text
        found = FORM_TOKEN.search(page)
        if not found:
            page = self.client.get("/account", base_url=self.base).text
            found = FORM_TOKEN.search(page)
        assert found, "no page with a form token"
        return found[1] or found[2]

    def _checked(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and answer.data and answer.status_code < 600:
            check_quality(answer)
        return answer


def _htmx(on: bool, kwargs: dict[str, Any]) -> dict[str, str]:
    return {**kwargs.pop("headers", {}), **({"HX-Request": "true"} if on else {})}


def check_quality(answer: TestResponse) -> None:
    """Fail on a page that is not well made: one heading, a title, labels, form targets, a nonce on every script."""
    html = answer.text
    whole = html.lstrip().lower().startswith("<!doctype")
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html) if whole else parser.parseFragment(html)
    mistakes = [code for _, code, _ in parser.errors if code not in {"expected-doctype-but-got-start-tag"}]
    assert not mistakes, f"{answer.request.path}: not valid HTML: {sorted(set(mistakes))}"
    elements = list(tree.iter())
    if whole:
        headings = [e for e in elements if e.tag == "h1"]
        assert len(headings) == 1, f"{answer.request.path}: {len(headings)} h1"
        title = next(e for e in elements if e.tag == "title")
        assert (title.text or "").strip(" –"), f"{answer.request.path}: no title"
    ids = [e.get("id") for e in elements if isinstance(e.tag, str) and e.get("id")]
    assert len(ids) == len(set(ids)), (
        f"{answer.request.path}: ids used twice: {[i for i in ids if ids.count(i) > 1][:3]}"
    )
    _check_forms(answer, elements)
    for e in elements:
        if not isinstance(e.tag, str):
            continue
        assert not e.get("style"), f"{answer.request.path}: inline style on <{e.tag}>"
        assert not [a for a in e.attrib if isinstance(a, str) and a.startswith("on")], (
            f"{answer.request.path}: inline handler"
        )
        if e.tag == "style" or (e.tag == "script" and not e.get("src")):
            assert e.get("nonce"), f"{answer.request.path}: <{e.tag}> without a nonce"


def _check_forms(answer: TestResponse, elements: list[Any]) -> None:
    labelled = {e.get("for") for e in elements if e.tag == "label"}
    for e in elements:
        if e.tag == "form" and (e.get("method") or "get").lower() == "post":
            inputs = {i.get("name") for i in e.iter() if i.tag == "input"}
            assert "csrf_token" in inputs, f"{answer.request.path}: a form without its token"
        if e.tag in {"input", "select", "textarea"} and e.get("type") not in {"hidden", "submit", "button"}:
            named = e.get("id") in labelled or e.get("aria-label") or e.get("aria-labelledby")
            assert named, f"{answer.request.path}: <{e.tag} name={e.get('name')}> has no label"


def links(answer: TestResponse) -> list[str]:
    """Return the addresses of the links on a page."""
    return [urljoin(answer.request.path, href) for href in re.findall(r'<a [^>]*href="([^"#]+)', answer.text)]
