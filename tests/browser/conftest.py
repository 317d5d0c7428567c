"""A demo county, served for real, and Debian's Chromium to look at it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from culture_cloud import create_app, db, demo, migrations
from culture_cloud.access.models import RoleGrant
from culture_cloud.access.permissions import Role
from culture_cloud.accounts.models import Account
from culture_cloud.config import Config
from tests.browser import examples
from tests.browser.eyes import Eyes

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Site:
    """The served demo county."""

    app: Flask
    base: str


@contextmanager
def served(folder: Path, fill: Callable[[Session], None] | None) -> Iterator[Site]:
    """A site of its own in this folder: the demo county changed by `fill`, or an empty one."""
    config = Config(
        data_folder=folder,
        database_url=f"sqlite:///{folder / 'culture-cloud.db'}",
        secret_key="a secret for tests only",
        trusted_hosts=("127.0.0.1",),
    )
    app = create_app(config)
    migrations.upgrade(app.extensions["database"])
    if fill is not None:
        with app.app_context():
            demo.load_county()
            with db.transaction() as session:
                examples.prepare(session)
                fill(session)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(app, f"http://127.0.0.1:{server.port}")
    server.shutdown()
    thread.join()
    app.extensions["database"].dispose()


class Quiet(WSGIRequestHandler):
    """A line for each request would bury what a failing test has to say."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("site"), lambda session: None) as found:
        yield found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail("Chromium is missing: `make browser` installs it, or says who can.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """One visitor with a window; notes what a page did that it must not."""

    context: BrowserContext
    page: Page
    base: str
    faults: list[str]

    def note_request(self, url: str) -> None:
        if not url.startswith((self.base, "blob:")):
            self.faults.append(f"outside: {url}")

    def note_console(self, kind: str, text: str) -> None:
        if kind == "error" and "status of 4" not in text:
            self.faults.append(f"console: {text}")

    def open(self, path: str) -> int:
        """Open a path; returns the status."""
        response = self.page.goto(self.base + path)
        return response.status if response else 0

    def sign_in(self, account: tuple[str, str]) -> None:
        self.open("/sign-in")
        self.page.locator("main input[name=login]").fill(account[0])
        send = self.page.locator("#questions .button-main")
        if not self.page.locator("main input[name=password]").count():  # one question a page
            send.click()
        self.page.locator("main input[name=password]").fill(account[1])
        send.click()


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visit]:
    yield from _visit(chromium, site, width=360, mode="standard", scripts=True)


def _visit(
    chromium: Browser, site: Site, *, width: int, mode: str, scripts: bool
) -> Iterator[Visit]:
    context = chromium.new_context(
        viewport={"width": width, "height": 740},
        java_script_enabled=scripts,
        locale="zh-CN",
    )
    context.add_cookies([{"name": "mode", "value": mode, "url": site.base}])
    page = context.new_page()
    found = Visit(context, page, site.base, [])
    page.on("request", lambda request: found.note_request(request.url))
    page.on("console", lambda message: found.note_console(message.type, message.text))
    page.on("pageerror", lambda error: found.faults.append(f"script: {error}"))
    yield found
    context.close()


@pytest.fixture
def visits(chromium: Browser, site: Site) -> Iterator[object]:
    """Call it with width, mode and scripts to get another visitor."""
    opened: list[Iterator[Visit]] = []

    def make(*, width: int = 360, mode: str = "standard", scripts: bool = True) -> Visit:
        generator = _visit(chromium, site, width=width, mode=mode, scripts=scripts)
        opened.append(generator)
        return next(generator)

    yield make
    for generator in opened:
        next(generator, None)


ROLE_OF = {
    "resident": None,
    "clerk": Role.SERVICE_POINT_CLERK,
    "manager": Role.MAIN_HALL_MANAGER,
    "administrator": Role.SYSTEM_ADMINISTRATOR,
}


def accounts_of(site: Site) -> dict[str, tuple[str, str]]:
    """Name and password of somebody of the demo for each role."""
    with site.app.app_context():
        found = {}
        for name, role in ROLE_OF.items():
            grants = select(RoleGrant.account_id)
            asked = (
                Account.id.in_(grants.where(RoleGrant.role == role))
                if role
                else Account.id.not_in(grants)
            )
            account = db.session().scalar(select(Account).where(asked).order_by(Account.id))
            if account is not None:
                found[name] = (str(account.phone or account.email), demo.PASSWORD)
        return found


@pytest.fixture(scope="session")
def staff_account(site: Site) -> tuple[str, str]:
    """Name and password of a demo member of staff."""
    return accounts_of(site)["manager"]


@pytest.fixture(scope="session")
def eyes(chromium: Browser, site: Site) -> Iterator[Eyes]:
    """Looks at pages of the demo county with all that a machine can measure."""
    found = Eyes(chromium, site.base, accounts_of(site))
    yield found
    found.close()
