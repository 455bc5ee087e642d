"""A live house and a browser at its doors."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    expect,
    sync_playwright,
)

from app.demo.notify import FarSide, serving
from app.demo.notify.calling import call, inbound
from kernel.settings import Settings
from tests.post import Post, mail_server
from tests.screenshots import CHROMIUM, NO_BROWSER, QUIET
from tests.servers import TestServers

ROOT = Path(__file__).parent.parent.parent
PHONE, TABLET, DESK = 375, 768, 1280
PATIENCE = 20_000
"""How long a busy machine may take for one step, in milliseconds. Nothing waits longer than it needs to."""
SECOND = {"test_apology.py", "test_booking.py", "test_registers.py"}
"""The stories that are played in the second of two houses."""
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
"""What Chromium writes to the console when a form is refused."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            if not item.get_closest_marker("xdist_group"):  # two houses and browsers do for all
                item.add_marker(pytest.mark.xdist_group(f"pages-{item.path.name in SECOND:d}"))
            if not Path(CHROMIUM).exists():
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


class LiveHouse:
    """The platform, running; its letters; and the orders that it obeys."""

    def __init__(self, process: "subprocess.Popen[str]", post: Post, notify: FarSide, log: Path) -> None:
        self.process, self.post, self.notify, self.log = process, post, notify, log
        told = self._hear()
        self.port: int = told["port"]
        self.people: list[dict[str, str]] = told["people"]

    def base(self, council: str = "leeds") -> str:
        """Return where a council's pages are; the platform's own with an empty name."""
        return f"http://{council}.localhost:{self.port}" if council else f"http://localhost:{self.port}"

    def person(self, role: str, council: str = "leeds") -> dict[str, str]:
        """Return the first persona of a role."""
        return next(p for p in self.people if p["role"] == role and p["tenant"] == (council or "platform"))

    def order(self, do: str, **told: Any) -> Any:
        """Give an order and return the answer."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": do, **told}) + "\n")
        self.process.stdin.flush()
        answer = self._hear()
        assert "failed" not in answer, answer["failed"]
        return answer["answer"]

    def arrange(self, what: str, council: str = "leeds", **told: Any) -> Any:
        """Have something in place: see arranging.py."""
        return self.order("arrange", what=what, council=council, **told)

    def letters(self, to: str, subject: str = "", *, hours: float = 0) -> list[EmailMessage]:
        """Have what is due sent (now, or so many hours later) and return the letters to an address, in order."""
        self.order("drain", hours=hours)
        return [
            one for one in self.post.letters if one["To"] and to in one["To"] and subject in one["Subject"]
        ]

    def letter(self, to: str, subject: str = "", *, hours: float = 0) -> EmailMessage:
        """Return the last letter to an address."""
        found = self.letters(to, subject, hours=hours)
        about = [f"{one['To']}: {one['Subject']}" for one in self.post.letters]
        assert found, f"no letter {subject!r} to {to}, but {about}"
        return found[-1]

    def sends_texts(self, council: str = "leeds") -> Callable[[str, str], int]:
        """Have a council send its texts by Notify; return what sends it one from a number, as a parent does."""
        service = self.notify.open_service(council)
        token = self.arrange(
            "texting", council, key=service.key, template=service.text_template, reply_to=service.reply_to_id
        )
        address = f"{self.base(council)}/messages/notify/texts"
        return lambda number, words: call(address, token, inbound(service, number, words))

    def text(self, to: str) -> str:
        """Have what is due sent, and return the last text message to a number."""
        self.order("drain")
        told = [one.body for one in self.notify.texts if one.to == to]
        assert told, f"no text to {to}, but {[(one.to, one.body) for one in self.notify.texts]}"
        return told[-1]

    def _hear(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, f"the live house has fallen\n{self.log.read_text()[-3000:]}"
        told: dict[str, Any] = json.loads(line)
        return told


def link_in(letter: EmailMessage, words: str) -> str:
    """Return where the link of a letter leads that says these words."""
    html = letter.get_body(("html",))
    assert html
    found = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', html.get_content())
    leads = {unescape(text): unescape(href) for href, text in found}
    assert any(words in text for text in leads), f"no link says {words!r}, but {list(leads)}"
    return next(href for text, href in leads.items() if words in text)


@pytest.fixture(scope="session")
def house(
    servers: TestServers, house_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveHouse]:
    """The live house: Leeds with a year behind it, York that is new. It is Monday 2 March 2026, ten in the morning."""
    log = tmp_path_factory.mktemp("journeys") / "house.log"
    notify = FarSide()
    notify.any_clock = True
    with (
        servers.new_database() as urls, mail_server() as (post, port), serving(notify) as notify_url,
        log.open("w") as log_file,
    ):  # fmt: skip
        environment = {
            **os.environ, **urls.settings, "HUBS_OWNER_DATABASE_URL": urls.owner,
            "HUBS_REDIS_URL": servers.redis_url, "HUBS_REDIS_PREFIX": f"{servers.redis_prefix}journeys:",
            "HUBS_SECRET_KEY": house_settings.secret_key.get_secret_value(),
            "HUBS_FIELD_KEYS": house_settings.field_keys.get_secret_value(), "HUBS_SMTP_URL": f"smtp://127.0.0.1:{port}",
            "HUBS_NOTIFY_URL": notify_url, "HUBS_PUBLIC_SCHEME": "http", "HUBS_INSECURE_COOKIES": "1",
            "HUBS_RATE_LIMITS": "0", "HUBS_ARGON2_TIME_COST": "1", "HUBS_ARGON2_MEMORY_KIB": "8",
        }  # fmt: skip
        with subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.house"], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log_file,
        ) as process:  # fmt: skip
            try:
                yield LiveHouse(process, post, notify, log)
            finally:
                process.kill()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. For one module: while Playwright is there, nobody else may run an event loop."""
    if not Path(CHROMIUM).exists():
        pytest.skip(
            f"!!! NO BROWSER TESTS: there is no Chromium at {CHROMIUM} (apt-get install chromium) !!!"
        )
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*QUIET, "--host-resolver-rules=MAP *.localhost 127.0.0.1"]
        )
        expect.set_options(timeout=PATIENCE)
        yield opened
        opened.close()


class Visit:
    """Somebody's browser: ``visit.page``; what its console complains of is kept."""

    def __init__(self, house: LiveHouse, context: BrowserContext, council: str) -> None:
        self.house, self.context, self.council = house, context, council
        self.complaints: list[str] = []
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("response", self._answered)
        context.set_default_timeout(PATIENCE)
        self.page: Page = context.new_page()

    def sign_in(self, email: str) -> "Visit":
        """Carry the cookie of a fresh sign-in."""
        token = self.house.order("sign_in", council=self.council or "operators", email=email)
        self.context.add_cookies(
            [{"name": "signed-in", "value": token, "url": self.house.base(self.council)}]
        )
        return self

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not EXPECTED.match(message.text):
            self.complaints.append(f"{message.page.url if message.page else ''}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.request.method} {response.url} answered {response.status}")


Visiting = Callable[..., Page]


@pytest.fixture
def visits(house: LiveHouse, chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Open browsers, which must have nothing to complain of in the end."""
    opened: list[Visit] = []

    def visiting(
        who: str | None = None, council: str = "leeds", *, width: int = DESK, js: bool = True, email: str = ""
    ) -> Visit:
        context = chromium.new_context(
            base_url=house.base(council), viewport={"width": width, "height": 900}, java_script_enabled=js,
            has_touch=width < DESK, reduced_motion="reduce",
        )  # fmt: skip
        visit = Visit(house, context, council)
        opened.append(visit)
        if who or email:
            visit.sign_in(email or house.person(who or "", council)["email"])
        return visit

    yield visiting
    for visit in opened:
        visit.context.close()
    complaints = [line for visit in opened for line in visit.complaints]
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def open_page(visits: Callable[..., Visit]) -> Visiting:
    """Open a page of somebody's own browser: ``open_page("hub_worker", width=TABLET)``, or a stranger's."""

    def opening(who: str | None = None, council: str = "leeds", **parts: Any) -> Page:
        page: Page = visits(who, council, **parts).page
        return page

    return opening
