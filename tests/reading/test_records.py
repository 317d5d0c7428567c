"""Library records in and out; ISBN; braille; what search is told."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from pymarc import Field, Indicators, MARCReader, Record, Subfield
from pymarc.marcxml import parse_xml_to_array
from sqlalchemy import select

from culture_cloud import db
from culture_cloud.reading import isbn, search
from culture_cloud.reading.braille import making
from culture_cloud.reading.marc import services
from culture_cloud.reading.marc.reading import NotMarc, read_records
from culture_cloud.reading.models import Publication, ReadingPage
from tests.client import Browser

from . import books
from .test_pages import change


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("978-7-02-000220-7", "9787020002207"),
        ("ISBN 7-02-000220-X", "9787020002207"),
        ("9787020002207", "9787020002207"),
        ("０", None),
        ("978-7-02-000220-8", None),
        ("7-02-000220-1", None),
        ("", None),
    ],
)
def test_an_isbn_is_checked_and_written_one_way(given: str, normal: str | None) -> None:
    if normal is None:
        with pytest.raises(isbn.NotAnIsbn):
            isbn.normal_isbn(given)
    else:
        assert isbn.normal_isbn(given) == normal


@pytest.mark.one_database
def test_an_issn_is_checked() -> None:
    assert isbn.is_issn("1002-1167")
    assert not isbn.is_issn("1002-1168")


def test_records_go_out_as_marc21_cnmarc_and_marcxml(
    client: Browser, app: Flask, book: int
) -> None:
    change(app, book, class_mark="I247.7", summary="渡口的故事。", authors=["甲", "乙"])
    marc = next(iter(MARCReader(client.flask.get(f"/read/{book}/record.mrc").data)))
    assert marc is not None
    assert marc["245"]["a"] == "木棉渡的早晨"
    assert marc["020"]["a"] == "9787020002207"
    assert marc["084"]["a"] == "I247.7"
    assert marc["700"]["a"] == "乙"
    cn = next(iter(MARCReader(client.flask.get(f"/read/{book}/record-cn.mrc").data)))
    assert cn is not None
    assert cn["200"]["a"] == "木棉渡的早晨"
    assert cn["010"]["a"] == "9787020002207"
    assert cn["690"]["a"] == "I247.7"
    xml = parse_xml_to_array(io.BytesIO(client.flask.get(f"/read/{book}/record.xml").data))  # type: ignore[no-untyped-call]
    assert xml[0]["245"]["a"] == "木棉渡的早晨"


def record(tag: str, *parts: tuple[str, str], more: tuple[Field, ...] = ()) -> Record:
    made = Record(force_utf8=True)
    subfields = [Subfield(code, value) for code, value in parts]
    made.add_field(Field(tag=tag, indicators=Indicators("1", "0"), subfields=subfields), *more)  # type: ignore[no-untyped-call]
    return made


def field(tag: str, code: str, value: str) -> Field:
    return Field(tag=tag, indicators=Indicators(" ", " "), subfields=[Subfield(code, value)])


def test_records_fill_gaps_and_make_drafts(app: Flask, book: int, hall: int) -> None:
    known = record(
        "245",
        ("a", "别的题名 /"),
        more=(
            field("020", "a", "9787020002207 (pbk.)"),
            field("264", "b", "木棉渡出版社,"),
            field("084", "a", "I247"),
        ),
    )
    fresh = record(
        "200", ("a", "木棉渡县志"), ("f", "县志办编"), more=(field("690", "a", "K297.4"),)
    )
    with app.app_context(), db.transaction() as session:
        done = services.bring_in(session, known.as_marc() + fresh.as_marc(), node_id=hall)
    assert (done.new, done.filled) == (1, 1)
    with app.app_context():
        filled = db.session().get_one(Publication, book)
        assert filled.title == "木棉渡的早晨", "what was written stays"
        assert filled.publisher == "木棉渡出版社"
        assert filled.subject_code == "I"
        draft = db.session().scalar(select(Publication).where(Publication.title == "木棉渡县志"))
        assert draft is not None
        assert (draft.state, draft.subject_code, draft.authors) == ("draft", "K", ["县志办"])


@pytest.mark.one_database
@pytest.mark.parametrize(
    "data",
    [b"", b"no record", b"\xff" * 200, b"<html></html>", b"00000", b"<?xml version='1.0'?><x/>"],
)
def test_files_that_hold_no_records_are_told_so(data: bytes) -> None:
    with contextlib.suppress(NotMarc):
        assert not [facts for facts in read_records(data) if facts]


@pytest.mark.one_database
def test_marcxml_resolves_no_entities(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("CANARY")
    data = (
        f'<!DOCTYPE c [<!ENTITY x SYSTEM "file://{secret}">]>'
        '<collection xmlns="http://www.loc.gov/MARC21/slim"><record>'
        "<leader>00000nam a2200000 a 4500</leader>"
        '<datafield tag="245" ind1="0" ind2="0"><subfield code="a">题名&x;</subfield></datafield>'
        "</record></collection>"
    )
    found = [facts for facts in read_records(data.encode()) if facts]
    assert found[0]["title"] == "题名"


def test_search_is_told_of_titles_and_of_pages_anybody_may_read(
    app: Flask, book: int, bring: Callable[..., int], tmp_path: Path
) -> None:
    with app.test_request_context():
        session = db.session()
        title = next(iter(search.documents(session, [book])))
        assert title.title == "木棉渡的早晨"
        assert "佚名" in title.names
        ids = list(session.scalars(select(ReadingPage.id).order_by(ReadingPage.id)))
        pages = list(search.page_documents(session, ids))
        assert len(pages) == len(ids)
        assert "清晨的渡口" in pages[0].body
        assert pages[0].parents == (f"publication:{book}",)
        session.rollback()
    change(app, book, rights="on_site")
    with app.test_request_context():
        assert not list(search.page_documents(db.session(), ids))
        assert list(search.documents(db.session(), [book])), "that it is there may be known"


@pytest.mark.skipif(making.tool() is None, reason="liblouis is not installed")
def test_a_book_is_put_into_braille_in_lines_of_32_cells(
    client: Browser, app: Flask, bring: Callable[..., int], tmp_path: Path, run_jobs: object
) -> None:
    book = bring(
        books.make_epub(tmp_path / "b.epub", {"one": "<p>今天我们去渡口看木棉花。</p>" * 40})
    )
    run_jobs()  # type: ignore[operator]
    page = client.get(f"/read/{book}")
    assert "机器翻译，未经校对" in page.main
    answer = client.flask.get(page.link("盲文文件"), buffered=True)
    cells = answer.get_data(as_text=True)
    assert cells.isascii()
    lines = re.split(r"\r\n|\f", cells)
    assert max(map(len, lines)) <= 32
    assert all(page.count("\r\n") <= 25 for page in cells.split("\f"))
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "盲文" in client.get("/read?form=braille").main


@pytest.mark.one_database
def test_without_the_tool_the_page_offers_no_braille(client: Browser, book: int) -> None:
    assert "盲文文件" not in client.get(f"/read/{book}").main
