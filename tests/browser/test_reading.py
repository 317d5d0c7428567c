"""A book read from cover to end without scripts; a hostile book that stays silent."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Dialog
from sqlalchemy import select

from culture_cloud import db
from culture_cloud.network.models import Node
from culture_cloud.reading.intake.at_once import take_in_at_once
from culture_cloud.reading.intake.services import Wishes
from culture_cloud.reading.models import Publication
from tests.reading import books

from .conftest import Site, Visit

Visits = Callable[..., Visit]


def text_book(site: Site) -> int:
    with site.app.app_context():
        found = db.session().scalar(select(Publication.id).where(Publication.form == "text"))
        assert found is not None
        return found


def taken_in(site: Site, path: Path) -> int:
    """A file shown in the reading room; whoever takes it in takes it out again."""
    with site.app.app_context(), db.transaction() as session:
        hall = session.scalar(select(Node.id).order_by(Node.id))
        assert hall is not None
        wishes = Wishes(publish=True, rights="public_domain")
        _intake, publication = take_in_at_once(session, path, node_id=hall, wishes=wishes)
        assert publication is not None
        return publication.id


def withdraw(site: Site, book: int) -> None:
    with site.app.app_context(), db.transaction() as session:
        session.get_one(Publication, book).state = "withdrawn"


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_a_book_is_read_from_cover_to_end_without_scripts(
    site: Site, visits: Visits, mode: str
) -> None:
    visit = visits(mode=mode, scripts=False)
    visit.open(f"/read/{text_book(site)}")
    visit.page.locator("main .panel-main a.button").first.click()
    pages = 1
    while visit.page.locator("main a[rel=next]").count():
        visit.page.locator("main a[rel=next]").click()
        pages += 1
    assert pages > 2
    assert "第299段" in visit.page.locator(".book-text").inner_text()
    assert not visit.faults, visit.faults


def test_a_hostile_book_runs_nothing_and_asks_no_other_host(
    site: Site, visits: Visits, tmp_path: Path
) -> None:
    body = (
        "<script>alert(1)</script><p onclick='alert(2)'>留下的话</p>"
        "<img src='https://evil.example/x.png' alt='点' onerror='alert(3)'/>"
        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(4)'><script>alert(5)</script></svg>"
        "<a href='javascript:alert(6)'>按</a><iframe src='https://evil.example/'></iframe>"
        "<p style='background:url(https://evil.example/y)'>又一段</p>"
    )
    path = books.make_epub(
        tmp_path / "hostile.epub",
        {"one": body},
        title="<script>alert(7)</script>",
        more={"OEBPS/s.css": "@import url(https://evil.example/z.css);p{background:url(//evil/)}"},
        manifest='<item id="s" href="s.css" media-type="text/css"/>',
    )
    assert zipfile.is_zipfile(path)
    book = taken_in(site, path)
    with site.app.app_context(), db.transaction() as session:
        session.get_one(Publication, book).title = "<script>alert(7)</script>"
    visit = visits()
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    visit.page.on("dialog", note)
    visit.page.add_init_script(
        "window.violations = [];"
        "addEventListener('securitypolicyviolation', e => violations.push(e.blockedURI))"
    )
    for address in (f"/read/{book}", f"/read/{book}/1", "/read"):
        visit.open(address)
        visit.page.wait_for_timeout(300)
        assert visit.page.evaluate("violations") == [], address
    visit.open(f"/read/{book}/1")
    assert "留下的话" in visit.page.locator(".book-text").inner_text()
    assert dialogs == []
    assert visit.faults == []
    withdraw(site, book)


def test_the_place_follows_from_one_browser_to_another(
    site: Site, visits: Visits, staff_account: tuple[str, str]
) -> None:
    book = text_book(site)
    one = visits(scripts=False)
    one.sign_in(staff_account)
    one.open(f"/read/{book}/1")
    one.page.locator(".book-pager button.button-main").click()
    place = one.page.url
    other = visits(width=1280, mode="elder", scripts=False)
    other.sign_in(staff_account)
    other.open(f"/read/{book}/go-on")
    assert other.page.url == place


def test_sentences_light_up_as_they_are_heard(site: Site, visits: Visits, tmp_path: Path) -> None:
    """Media overlays with scripts; without, the same sound plays."""
    smil = (
        '<smil xmlns="http://www.w3.org/ns/SMIL" version="3.0"><body>'
        '<par><text src="one.xhtml#s1"/><audio src="a.mp3" clipBegin="0s" clipEnd="1s"/></par>'
        '<par><text src="one.xhtml#s2"/><audio src="a.mp3" clipBegin="1s" clipEnd="4s"/></par>'
        "</body></smil>"
    )
    book = taken_in(
        site,
        books.make_epub(
            tmp_path / "heard.epub",
            {"one": '<p><span id="s1">一只船。</span><span id="s2">两棵树。</span></p>'},
            more={
                "OEBPS/o.smil": smil,
                "OEBPS/a.mp3": books.make_mp3(tmp_path / "a.mp3", 5).read_bytes(),
            },
            manifest='<item id="o" href="o.smil" media-type="application/smil+xml"/>'
            '<item id="m" href="a.mp3" media-type="audio/mpeg"/>',
            overlay="o",
        ),
    )
    visit = visits()
    visit.open(f"/read/{book}/1")
    visit.page.locator("audio").evaluate("player => { player.muted = true; return player.play(); }")
    visit.page.locator("#b-s1.book-heard").wait_for()
    visit.page.locator("#b-s2.book-heard").wait_for()
    assert visit.page.locator(".book-heard").count() == 1
    visit.page.locator("#b-s1").click()
    visit.page.locator("#b-s1.book-heard").wait_for()
    assert visit.faults == []
    plain = visits(scripts=False)
    plain.open(f"/read/{book}/1")
    source = plain.page.locator("audio").get_attribute("src") or ""
    assert source.endswith(".mp3#t=0,4")
    withdraw(site, book)
