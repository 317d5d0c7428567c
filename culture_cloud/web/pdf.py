"""Print pages as tagged PDF files, by the browser that is installed on the server, if one is.

The page's own print styles are the only layout there is. The browser is a program beside the site,
started for one page without network, ended after SECONDS; one at a time on a machine. Where none is
installed, or no Chinese font, pages offer no PDF: printing from the reader's browser always works.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, make_response
from flask_babel import gettext as _

from culture_cloud.config import Config

from .static_files import load

log = logging.getLogger(__name__)

SECONDS = 25.0
WAIT_SECONDS = 6.0
MOST_KEPT = 200
"""Files of public pages that are kept; the oldest go first."""

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


class PdfFailed(Exception):
    """No file came: no browser, too busy, or it took too long and was ended."""


def init_app(app: Flask, config: Config) -> None:
    app.extensions["pdf"] = chosen(config.pdf)
    app.jinja_env.globals["pdf_is_there"] = is_there


def chosen(setting: str) -> str | None:
    """The browser for a setting: "auto" takes what is installed, "off" none, else a path."""
    if setting == "off":
        return None
    if setting != "auto":
        return setting if os.access(setting, os.X_OK) else None
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    return found if found and _has_chinese_font() else None


@lru_cache(maxsize=1)
def _has_chinese_font() -> bool:
    lister = shutil.which("fc-list")
    if lister is None:
        return True
    try:
        command = [lister, ":lang=zh", "family"]
        done = subprocess.run(command, capture_output=True, timeout=10, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return bool(done.stdout.strip())


def is_there() -> bool:
    """Whether pages may offer a PDF."""
    return current_app.extensions["pdf"] is not None


def answer(html: str, *, name: str, is_personal: bool = False) -> Response:
    """The page as a PDF to keep; where it cannot be made now, words that say what to do."""
    try:
        body = made(html, is_personal=is_personal)
    except PdfFailed as failed:
        log.warning("a page could not become a PDF", extra={"fault": str(failed)})
        words = _("The file cannot be made right now. Please print the page from your browser.")
        return Response(
            f"{words}\n", 503, {"Retry-After": "30"}, content_type="text/plain; charset=utf-8"
        )
    response = make_response(body)
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-store" if is_personal else "private, no-cache"
    return response


def made(html: str, *, is_personal: bool = False) -> bytes:
    """The PDF of a print page. Public ones are kept by their content. Raises PdfFailed."""
    browser: str | None = current_app.extensions["pdf"]
    if browser is None:
        raise PdfFailed("no browser is installed")
    alone = _standing_alone(html)
    folder = Path(current_app.config["DATA_FOLDER"]) / "pdf"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{hashlib.blake2b(alone.encode(), digest_size=16).hexdigest()}.pdf"
    if not is_personal and kept.exists():
        return kept.read_bytes()
    with _turn(folder):
        body = _printed(browser, alone)
    if not is_personal:
        beside = kept.with_suffix(f".{os.getpid()}.part")
        beside.write_bytes(body)
        beside.replace(kept)
        _forget_oldest(folder)
    return body


def _standing_alone(html: str) -> str:
    """The page with its stylesheet inside and nothing to load or run."""
    css = load("css/site.css").body.decode()
    html = re.sub(r"<script\b.*?</script>", "", html, flags=re.S)
    html = re.sub(r"<link\b[^>]*>", "", html)
    return html.replace("</head>", f"<style>{css}</style></head>", 1)


def _printed(browser: str, html: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="paper-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        page, sheet = folder / "page.html", folder / "page.pdf"
        page.write_text(html, encoding="utf-8")
        command = [
            browser,
            *("--headless", "--disable-gpu", "--no-first-run", "--disable-extensions"),
            *("--disable-background-networking", "--disable-dev-shm-usage"),
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={folder / 'profile'}",
            *("--export-tagged-pdf", "--no-pdf-header-footer", f"--print-to-pdf={sheet}"),
            page.as_uri(),
        ]
        if os.geteuid() == 0:  # in a container; the page is ours and nothing is loaded
            command.insert(1, "--no-sandbox")
        _run(command, folder)
        if not sheet.exists() or sheet.read_bytes()[:5] != b"%PDF-":
            raise PdfFailed("the browser wrote no PDF")
        return sheet.read_bytes()


def _run(command: list[str], home: Path) -> None:
    """Run the browser, and end it with all its children where it takes too long."""
    environment = {"HOME": str(home), "PATH": os.defpath, "LANG": "zh_CN.UTF-8"}
    try:
        running = subprocess.Popen(  # noqa: S603  (a fixed command; the page lies in a file)
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        raise PdfFailed(f"the browser does not start: {error.strerror}") from error
    try:
        running.wait(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise PdfFailed(f"the browser was ended after {SECONDS} s") from None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One page at a time on this machine, whichever process asks; the kernel frees a dead one's."""
    handle = os.open(folder / "turn", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        until = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise PdfFailed("too many wait") from None
                time.sleep(0.1)
        yield
    finally:
        os.close(handle)


def _forget_oldest(folder: Path) -> None:
    files = sorted(folder.glob("*.pdf"), key=lambda path: path.stat().st_mtime)
    for path in files[:-MOST_KEPT]:
        path.unlink(missing_ok=True)
