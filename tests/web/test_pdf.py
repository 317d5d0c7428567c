"""Print pages as files: by a browser where there is one, and no control where there is none."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask

from culture_cloud import create_app
from culture_cloud.config import Config
from culture_cloud.web import pdf
from tests.client import Browser

BROWSER = next((path for path in map(shutil.which, pdf.NAMES) if path), None)
PAGE = (
    '<!doctype html><html lang="zh-CN"><head><title>本周活动</title>'
    '<link rel="stylesheet" href="/static/x/css/site.css"><script src="/x.js"></script></head>'
    '<body class="sheet paper-{paper}"><main><h1>木棉花开</h1><p>免费</p></main></body></html>'
)

pytestmark = pytest.mark.one_database


def app_with(config: Config, setting: str) -> Flask:
    return create_app(replace(config, pdf=setting))


def test_without_a_browser_no_page_offers_a_file(config: Config) -> None:
    app = app_with(config, "off")
    page = Browser(app).get("/activities/week")
    assert not [href for href in page.links.values() if ".pdf" in href]
    answer = app.test_client().get("/activities/week.pdf")
    assert answer.status_code == 503
    assert "打印" in answer.get_data(as_text=True)
    app.extensions["database"].dispose()


def program(folder: Path, text: str) -> str:
    path = folder / "browser"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_a_browser_that_hangs_is_ended_and_the_page_stands(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 0.3)
    app = app_with(config, program(tmp_path, "sleep 60"))
    before = time.monotonic()
    assert app.test_client().get("/activities/week.pdf").status_code == 503
    assert time.monotonic() - before < 20
    page = Browser(app).get("/activities/week")
    assert [href for href in page.links.values() if ".pdf" in href]
    app.extensions["database"].dispose()


def test_a_browser_that_writes_nothing_is_no_fault_of_the_page(
    config: Config, tmp_path: Path
) -> None:
    app = app_with(config, program(tmp_path, "exit 0"))
    assert app.test_client().get("/activities/week.pdf").status_code == 503
    app.extensions["database"].dispose()


@pytest.mark.skipif(BROWSER is None, reason="no browser is installed")
@pytest.mark.parametrize(
    ("paper", "millimetres"), [("a3", (297, 420)), ("a5", (148, 210)), ("strip", (80, 240))]
)
def test_a_real_browser_makes_a_tagged_file_of_the_right_size(
    config: Config, paper: str, millimetres: tuple[int, int]
) -> None:
    app = app_with(config, str(BROWSER))
    with app.test_request_context("/"):
        body = pdf.made(PAGE.replace("{paper}", paper), is_personal=True)
    assert b"/StructTreeRoot" in body, "the file is not tagged"
    document = pypdfium2.PdfDocument(body)
    width, height = document[0].get_size()
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == millimetres
    words = document[0].get_textpage().get_text_range()
    assert "木棉花开" in words
    document.close()
    assert not list((config.data_folder / "pdf").glob("*.pdf")), "a ticket was kept"
    app.extensions["database"].dispose()
