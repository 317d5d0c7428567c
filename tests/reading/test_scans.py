"""Scans: read by a machine where it is installed and marked as such; left alone where not."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select

from culture_cloud import db
from culture_cloud.covers.social import find_font
from culture_cloud.reading import search
from culture_cloud.reading.books import folder_of
from culture_cloud.reading.models import Publication, ReadingPage
from culture_cloud.reading.pdf import ocr
from tests.client import Browser

from . import books

HEAD = "level page_num block_num par_num line_num word_num left top width height conf text"
ROWS = (
    "5 1 1 1 1 1 100 200 200 50 96.1 木棉",
    "5 1 1 1 1 2 320 200 100 50 95.0 渡",
    "5 1 1 1 2 1 100 300 150 50 91.0 Ferry",
    "5 1 1 1 2 2 270 300 100 50 90.0 2026",
    "5 1 1 1 2 3 400 300 100 50 12.0 污渍",
    "5 1 2 1 1 1 100 500 100 50 88.0 完",
)
SCRIPT = """#!/bin/sh
if [ "$1" = --list-langs ]; then printf 'List of languages\\nchi_sim\\neng\\n'; exit 0; fi
cat > /dev/null
{body}
"""


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Put a program of that name first in the path; its body is given."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")

    def install(body: str) -> None:
        (tmp_path / "bin").mkdir()
        program = tmp_path / "bin" / "tesseract"
        program.write_text(SCRIPT.replace("{body}", body))
        program.chmod(0o755)
        ocr.tool.cache_clear()

    ocr.tool.cache_clear()
    yield install
    monkeypatch.undo()
    ocr.tool.cache_clear()


def table(*rows: str) -> str:
    lines = ["\t".join(row.split(" ", 11)) for row in (HEAD, *rows)]
    return "cat <<'END'\n" + "\n".join(lines) + "\nEND"


@pytest.fixture
def scan(bring: Callable[..., int], tmp_path: Path) -> Callable[[], int]:
    return lambda: bring(books.make_pdf(tmp_path / "scan.pdf", ["", ""], height=160))


def test_a_scan_gets_words_that_are_marked_as_a_machines(
    tesseract: Callable[[str], None],
    scan: Callable[[], int],
    app: Flask,
    client: Browser,
    run_jobs: Callable[[], int],
) -> None:
    tesseract(table(*ROWS))
    book = scan()
    assert "只有图片" in client.get(f"/read/{book}").main
    run_jobs()
    page = client.get(f"/read/{book}/2")
    assert "木棉渡Ferry 2026" in page.main
    assert "污渍" not in page.main, "what the machine was not sure of is left out"
    assert "机器" in page.main
    about = client.get(f"/read/{book}").main
    assert "只有图片" not in about
    assert "机器" in about
    hits = client.get(f"/read/{book}/find?q=棉渡")
    assert "找到2处" in hits.main
    assert 'class="found"' in client.get(f"/read/{book}/1?find=棉渡").text
    with app.test_request_context():
        publication = db.session().get_one(Publication, book)
        assert (publication.machine_read, publication.only_pictures) == (True, False)
        ids = list(db.session().scalars(select(ReadingPage.id)))
        told = [document.body for document in search.page_documents(db.session(), ids)]
        assert len(told) == 2
        assert all("木棉渡" in body for body in told)
        # the boxes lie where the words are: thousandths of the enlarged picture
        folder = folder_of(app.config["DATA_FOLDER"], book, publication.book_key).folder
        assert '"木棉渡", 46, ' in (folder / "boxes" / "0001.json").read_text("utf-8")
        assert not list((Path(app.config["DATA_FOLDER"]) / "reading" / "scans").iterdir())


@pytest.mark.parametrize("body", ["exit 3", "kill -9 $$", table("5 1 1 1 1 1 0 0 9 9 44.0 噪声")])
def test_a_tool_that_fails_or_is_not_sure_leaves_the_pictures(
    body: str,
    tesseract: Callable[[str], None],
    scan: Callable[[], int],
    client: Browser,
    run_jobs: Callable[[], int],
) -> None:
    tesseract(body)
    book = scan()
    run_jobs()
    assert "只有图片" in client.get(f"/read/{book}").main
    assert client.get(f"/read/{book}/1").status == 200


def test_the_desk_asks_for_it_where_the_tool_came_later(
    tesseract: Callable[[str], None],
    scan: Callable[[], int],
    clerk: Browser,
    run_jobs: Callable[[], int],
) -> None:
    book = scan()
    run_jobs()  # nothing is installed: the scan stays a scan, the desk has no such button
    page = clerk.get(f"/desk/reading/{book}")
    assert not [form for form in page.forms() if "read-scan" in form.action]
    tesseract(table(*ROWS))
    clerk.submit(clerk.get(f"/desk/reading/{book}"), form="read-scan")
    run_jobs()
    assert "木棉渡" in clerk.get(f"/read/{book}/1").main


@pytest.mark.one_database
@pytest.mark.skipif(ocr.tool() is None or find_font() is None, reason="needs tesseract and a font")
def test_the_real_tool_reads_chinese() -> None:
    sentences = (
        "渡口的木棉花开了，老艄公撑船过河。",
        "天还没有亮，石阶上已经有人说话。",
        "船上坐着去县城看病的老人。",
    )
    image = Image.new("L", (1440, 500), 255)
    font = ImageFont.truetype(str(find_font()), 34)
    for number, sentence in enumerate(sentences):
        ImageDraw.Draw(image).text((80, 120 + 70 * number), sentence, font=font, fill=0)
    file = io.BytesIO()
    image.save(file, "WEBP", quality=80)
    words = ocr.words_of(file.getvalue())
    likeness = SequenceMatcher(None, "".join(sentences), "".join(words.paragraphs))
    assert likeness.ratio() > 0.9, words.paragraphs
    left, top, right, bottom = words.lines[0].box
    assert 40 < left < 80
    assert left < right < 600
    assert 200 < top < bottom < 360
    assert all(len(line.edges) == len(line.text) for line in words.lines)
