"""Pictures of the running demo for README and docs (`make screenshots`): docs/images/*.webp."""

from __future__ import annotations

import io
import tempfile
import threading
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from culture_cloud import create_app, db, demo, migrations
from culture_cloud.access.models import RoleGrant
from culture_cloud.accounts.models import Account
from culture_cloud.config import Config
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.routes import examples

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"
SIZES = {360: 780, 1280: 900}
MODES = ("standard", "elder")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = Config(
            data_folder=folder,
            database_url=f"sqlite:///{folder / 'site.db'}",
            secret_key="only for these pictures",
            trusted_hosts=("127.0.0.1",),
        )
        app = create_app(config)
        migrations.upgrade(app.extensions["database"])
        with app.app_context():
            demo.load_county()
            staff = db.session().scalar(
                select(Account.phone)
                .join(RoleGrant, RoleGrant.account_id == Account.id)
                .where(RoleGrant.role == "branch_editor")
            )
        with app.test_request_context(base_url="http://127.0.0.1/"):
            values = examples()
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.port}"
        paths = {
            "home": "/",
            "list": "/activities",
            "activity": f"/activities/{values['activity_id']}",
            "sign-up": f"/activities/{values['activity_id']}/sign-up",
            "node": f"/nodes/{values['code']}",
            "desk": "/desk",
        }
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for mode in MODES:
                for width, height in SIZES.items():
                    take(browser, base, paths, mode, (width, height), str(staff))
            browser.close()
        server.shutdown()
        app.extensions["database"].dispose()


def take(
    browser: Browser,
    base: str,
    paths: dict[str, str],
    mode: str,
    size: tuple[int, int],
    staff: str,
) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", device_scale_factor=1.5
    )
    context.add_cookies([{"name": "mode", "value": mode, "url": base}])
    page = context.new_page()
    for name, path in paths.items():
        if name == "desk":
            sign_in(page, base, staff)
        page.goto(base + path, wait_until="networkidle")
        keep(page, f"{name}-{mode}-{size[0]}")
    context.close()


def sign_in(page: Page, base: str, phone: str) -> None:
    page.goto(f"{base}/sign-in")
    page.locator("main input[name=login]").fill(phone)
    page.locator("main input[name=password]").fill(demo.PASSWORD)
    page.locator("main form:has(input[name=password]) button[type=submit]").click()
    page.wait_for_load_state()


def keep(page: Page, name: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.save(FOLDER / f"{name}.webp", "WEBP", quality=78, method=6)


if __name__ == "__main__":
    main()
