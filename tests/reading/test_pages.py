"""The reading room and its pages, as a browser without scripts sees them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from culture_cloud import db
from culture_cloud.network.models import Node
from culture_cloud.reading.models import OnSiteNetwork, Publication
from tests.client import Browser, words

from . import books

Bring = Callable[..., int]


def change(app: Flask, publication_id: int, **facts: object) -> None:
    with app.app_context(), db.transaction() as session:
        publication = session.get_one(Publication, publication_id)
        for name, value in facts.items():
            setattr(publication, name, value)


def test_the_room_lists_what_there_is(any_mode: Browser, book: int) -> None:
    page = any_mode.get("/read")
    assert "木棉渡的早晨" in page.main
    assert "共1种读物" in page.main


def test_the_room_is_narrowed_by_each_question(
    client: Browser, app: Flask, book: int, bring: Bring, tmp_path: Path
) -> None:
    english = bring(
        books.make_epub(
            tmp_path / "e.epub", {"one": "<p>Hello</p>"}, title="Morning", language="en"
        )
    )
    change(app, english, kind="picture_book", subject_code="I", audience_code="children")
    for query, shown in (
        ("kind=picture_book", "Morning"),
        ("subject=I", "Morning"),
        ("audience=children", "Morning"),
        ("language=en", "Morning"),
        ("language=zh", "木棉渡的早晨"),
    ):
        main = client.get(f"/read?{query}").main
        assert shown in main, query
        assert ("Morning" in main) != ("木棉渡的早晨" in main), query
    assert "没有找到" in client.get("/read?subject=Z").main
    assert (
        "看不懂" in client.get("/read?kind=<script>").main
        or client.get("/read?kind=<x>").status == 200
    )


def test_counts_beside_the_choices_are_those_of_the_lists(
    client: Browser, app: Flask, book: int, bring: Bring, tmp_path: Path
) -> None:
    for number in range(3):
        other = bring(books.make_epub(tmp_path / f"{number}.epub", {"one": f"<p>{number}</p>"}))
        change(app, other, subject_code="K" if number else "I", audience_code="elders")
    page = client.get("/read?audience=elders")
    labels = [words(e) for e in page.all("label")]
    assert any("K" in label and "(2)" in label for label in labels)
    assert "共3种读物" in page.main
    assert "共2种读物" in client.get("/read?audience=elders&subject=K").main


def test_the_list_goes_on_page_by_page(client: Browser, app: Flask, book: int) -> None:
    with app.app_context(), db.transaction() as session:
        first = session.get_one(Publication, book)
        for number in range(30):
            session.add(
                Publication(
                    urn=f"urn:test:{number}",
                    node_id=first.node_id,
                    state="published",
                    title=f"读物{number:02d}",
                    sort_key=f"du wu {number:02d}",
                    audience_code="everyone",
                    created_at=first.created_at,
                    updated_at=first.updated_at,
                    published_at=first.published_at,
                )
            )
    for order in ("new", "title", "read"):
        seen: list[str] = []
        url = f"/read?order={order}"
        while url:
            page = client.get(url)
            found = [words(e) for e in page.all("h3", class_="card-title")]
            seen += [t for t in found if t not in seen or order == "new"]
            more = [href for text, href in page.links.items() if "显示更多读物" in text]
            url = more[0] if more else ""
        assert len({t for t in seen if t.startswith("读物")}) == 30, order


def test_a_title_says_what_it_is_and_leads_into_the_text(any_mode: Browser, book: int) -> None:
    page = any_mode.get(f"/read/{book}")
    assert page.heading == "木棉渡的早晨"
    assert "9787020002207" in page.main
    assert "没有版权限制" in page.main
    assert "可以当文字读" in page.main
    chapter = any_mode.get(page.link("开始读"))
    assert chapter.heading == "第1章 one"
    assert "第1章，共3章" in chapter.main


def test_a_book_is_read_from_cover_to_end_by_links_alone(any_mode: Browser, book: int) -> None:
    page = any_mode.get(f"/read/{book}/1")
    text = page.main
    steps = 0
    while True:
        onward = [a.get("href") for a in page.all("a", rel="next")]
        if not onward:
            break
        page = any_mode.get(onward[0] or "")
        text += page.main
        steps += 1
    assert steps > 4
    assert [f"第{n}句说完" in text for n in range(1, 400)] == [True] * 399
    assert "这本书读到头了" in text
    while True:
        back = [a.get("href") for a in page.all("a", rel="prev")]
        if not back:
            break
        page = any_mode.get(back[0] or "")
        steps -= 1
    assert steps == 0


def test_hits_open_at_the_sentence_in_either_script(client: Browser, book: int) -> None:
    page = client.get(f"/read/{book}/find?q=第300句")
    assert "找到1处" in page.main
    hit = next(a for a in page.all("a", class_="row-title"))
    found = client.get((hit.get("href") or "").split("#")[0])
    mark = found.one("mark", id="hit-1")
    assert words(mark) == "第300句"
    assert "找到399处" in client.get(f"/read/{book}/find?q=撐船過河").main
    assert "没有这些字" in client.get(f"/read/{book}/find?q=火车").main
    assert client.get(f"/read/{book}/find?q=<script>").status == 200


def test_the_search_over_all_books_opens_at_the_sentence(
    client: Browser, book: int, run_jobs: Callable[[], int]
) -> None:
    run_jobs()
    page = client.get(f"/search?q=第300句&in=publication:{book}")
    link = next(href for href in page.links.values() if "find=" in href)
    address, _sign, anchor = link.partition("#")
    assert words(client.get(address).one("mark", id=anchor)) == "第300句"


def test_chapters_that_are_not_there_answer_404(client: Browser, book: int) -> None:
    for path in ("99", "0", "1/99", "2/0", "pictures/x.webp", "media/x.mp3", "cover-7.webp"):
        assert client.get(f"/read/{book}/{path}", status=None).status == 404, path


def test_drafts_and_withdrawn_titles_are_not_there(
    client: Browser, app: Flask, bring: Bring, tmp_path: Path
) -> None:
    hidden = bring(books.make_epub(tmp_path / "d.epub", {"one": "<p>草稿</p>"}), publish=False)
    for state in ("draft", "withdrawn"):
        change(app, hidden, state=state)
        for path in (
            "",
            "/1",
            "/contents",
            "/find?q=草稿",
            "/book.css",
            "/cover-240.webp",
            "/file",
        ):
            assert client.get(f"/read/{hidden}{path}", status=None).status == 404, path
        assert "草稿" not in client.get("/read").main


def test_on_site_titles_open_by_address_alone(
    client: Browser, app: Flask, book: int, hall: int
) -> None:
    change(app, book, rights="on_site")
    assert "只能在馆里看" in client.get(f"/read/{book}").main
    assert client.get(f"/read/{book}/1").heading == "木棉渡的早晨"
    assert client.get(f"/read/{book}/file", status=None).status == 403
    with app.app_context(), db.transaction() as session:
        node = session.scalar(select(Node.id).where(Node.id == hall))
        session.add(OnSiteNetwork(node_id=node, network="127.0.0.0/8"))
    assert client.get(f"/read/{book}/1").heading == "第1章 one"


def test_titles_for_grown_ups_need_a_grown_up(client: Browser, app: Flask, book: int) -> None:
    change(app, book, audience_code="grown_ups")
    assert "给成年人看" in client.get(f"/read/{book}").main
    assert client.get(f"/read/{book}/1").heading == "木棉渡的早晨"


def test_every_answer_of_a_book_forbids_scripts(client: Browser, book: int) -> None:
    for path in ("", "/1", "/file"):
        answer = client.flask.get(f"/read/{book}{path}", buffered=True)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy.split("style-src")[0]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "%E6%9C%A8%E6%A3%89" in answer.headers["Content-Disposition"]


def test_a_pdf_is_read_page_by_page_with_hits_on_the_picture(
    any_mode: Browser, bring: Bring, tmp_path: Path
) -> None:
    pdf = bring(books.make_pdf(tmp_path / "p.pdf", ["Cotton tree ferry", "The second page", "End"]))
    page = any_mode.get(f"/read/{pdf}/2")
    assert "第2页，共3页" in page.main
    assert "The second page" in page.main
    picture = page.one("img", width="720")
    answer = any_mode.flask.get(picture.get("src") or "")
    assert answer.data[:4] == b"RIFF"
    assert len(answer.data) < 120 * 1024
    hits = any_mode.get(f"/read/{pdf}/2?find=second")
    assert 'class="found"' in hits.text
    assert "1440" in any_mode.get(f"/read/{pdf}/2?zoom=200").text
    assert "第3页" in any_mode.get(f"/read/{pdf}/contents").main


def test_a_scan_says_that_it_has_only_pictures(
    client: Browser, bring: Bring, tmp_path: Path
) -> None:
    pdf = bring(books.make_pdf(tmp_path / "s.pdf", ["", ""]))
    assert "只有图片" in client.get(f"/read/{pdf}").main
    assert "只有图片" in client.get(f"/read/{pdf}/1").main


def test_a_picture_book_keeps_its_order_and_its_words(
    any_mode: Browser, bring: Bring, tmp_path: Path
) -> None:
    parts: dict[str, str | bytes] = {f"{n}.png": books.picture(300, 400) for n in range(1, 12)}
    parts["10.txt"] = "小船过河了。"
    parts["title.txt"] = "小船\n木棉渡小学"
    book = bring(books.make_zip(tmp_path / "z.zip", parts))
    assert any_mode.get(f"/read/{book}").heading == "小船"
    assert "小船过河了" in any_mode.get(f"/read/{book}/10").main
    assert "没有文字" in any_mode.get(f"/read/{book}/11").main


def test_the_sound_of_a_page_begins_and_ends_with_its_words(
    client: Browser, bring: Bring, tmp_path: Path
) -> None:
    """A chapter of two pages has one sound file; each page plays its own part of it."""
    filler = "".join(f"<p>{'木棉花开了。' * 60}</p>" for _n in range(30))
    smil = (
        '<smil xmlns="http://www.w3.org/ns/SMIL" version="3.0"><body>'
        '<par><text src="one.xhtml#s1"/><audio src="a.mp3" clipBegin="0s" clipEnd="1.5s"/></par>'
        '<par><text src="one.xhtml#s2"/><audio src="a.mp3" clipBegin="1.5s" clipEnd="3s"/></par>'
        "</body></smil>"
    )
    book = bring(
        books.make_epub(
            tmp_path / "x.epub",
            {"one": f'<p id="s1">一。</p>{filler}<p id="s2">二。</p>'},
            more={
                "OEBPS/o.smil": smil,
                "OEBPS/a.mp3": books.make_mp3(tmp_path / "a.mp3").read_bytes(),
            },
            manifest='<item id="o" href="o.smil" media-type="application/smil+xml"/>'
            '<item id="m" href="a.mp3" media-type="audio/mpeg"/>',
            overlay="o",
        )
    )
    heard: list[str] = []
    path = f"/read/{book}/1"
    while path:
        page = client.get(path)
        heard.append("".join((a.get("src") or "").rpartition("#")[2] for a in page.all("audio")))
        path = next((a.get("href") or "" for a in page.all("a", rel="next")), "")
    assert (heard[0], heard[-1]) == ("t=0,1.5", "t=1.5,3")
    assert len(heard) > 2
    assert not [part for part in heard[1:-1] if part.startswith("t=")]


def test_sound_is_streamed_in_ranges(client: Browser, bring: Bring, tmp_path: Path) -> None:
    book = bring(books.make_mp3(tmp_path / "a.mp3", 5))
    page = client.get(f"/read/{book}/1")
    source = page.one("audio").get("src") or ""
    answer = client.flask.get(source, headers={"Range": "bytes=0-99"}, buffered=True)
    assert answer.status_code == 206
    assert len(answer.data) == 100
    assert answer.headers["Content-Range"].startswith("bytes 0-99/")
    assert "autoplay" not in page.text
