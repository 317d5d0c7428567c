"""What an EPUB becomes: what is said stays, what acts or fetches goes, and its uploader is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from culture_cloud.demo import readings
from culture_cloud.demo.readings import epubs
from culture_cloud.reading.books import BookFolder
from culture_cloud.reading.intake.making import Result
from culture_cloud.speech.engine import Sound

from . import books
from .conftest import Made

pytestmark = pytest.mark.one_database
Make = Callable[[Path], Made]


def codes(result: Result) -> set[str]:
    assert result.refused is None, result.refused
    return {finding.code for finding in result.findings}


def page(folder: Path, chapter: int = 1, number: int = 1) -> str:
    return BookFolder(folder).page_html(chapter, number)


HOSTILE = {
    "a script": ("<script>alert(1)</script><p>留下</p>", "script", ("script", "alert")),
    "a script from elsewhere": (
        '<script src="https://evil.example/x.js"></script><p>留下</p>',
        "script",
        ("script", "evil"),
    ),
    "an event handler": ('<p onclick="alert(1)">留下</p>', "script", ("onclick", "alert")),
    "an svg with a script": (
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script>'
        "<text>留下</text></svg><p>留下</p>",
        "picture_svg",
        ("alert", "<svg"),
    ),
    "a javascript link": (
        '<p><a href="javascript:alert(1)">留下</a></p>',
        "link_dangerous",
        ("javascript", "href"),
    ),
    "a javascript link in disguise": (
        '<p><a href=" java&#9;script:alert(1)">留下</a></p>',
        "link_dangerous",
        ("script:", "href"),
    ),
    "a data link": (
        '<p><a href="data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;">留下</a></p>',
        "link_dangerous",
        ("data:", "href"),
    ),
    "a frame": ('<iframe src="https://evil.example/"></iframe><p>留下</p>', "embedded", ("evil",)),
    "an object": ('<object data="x.swf"><p>留下</p></object>', None, ("<object", "swf")),
    "a picture from elsewhere": (
        '<p>留下<img src="https://evil.example/t.gif" alt="点"/></p>',
        "outside",
        ("evil", "<img"),
    ),
    "a data picture": (
        '<p>留下<img src="data:image/svg+xml,x" alt="点"/></p>',
        "outside",
        ("data:", "<img"),
    ),
    "a form": (
        '<form action="https://evil.example/"><input name="password"/><p>留下</p></form>',
        "form_inside",
        ("evil", "<input", "<form"),
    ),
    "style with an address": (
        '<p style="background:url(https://evil.example/x)">留下</p>',
        "css_outside",
        ("evil", "style="),
    ),
    "a refresh": (
        '<meta http-equiv="refresh" content="0;url=https://evil.example/"/><p>留下</p>',
        None,
        ("evil", "refresh"),
    ),
    "a base": ('<base href="https://evil.example/"/><p>留下</p>', "outside", ("evil",)),
    "mathml that hides a script": (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><annotation-xml encoding="text/html">'
        "<script>alert(1)</script></annotation-xml><mi>留下</mi></math>",
        None,
        ("alert", "annotation"),
    ),
    "a template": (
        "<template><img src='x' onerror='alert(1)'/></template><p>留下</p>",
        None,
        ("alert",),
    ),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_what_acts_or_fetches_is_taken_out(name: str, made: Make, tmp_path: Path) -> None:
    body, code, gone = HOSTILE[name]
    result, folder = made(books.make_epub(tmp_path / "x.epub", {"one": body}))
    assert code is None or code in codes(result)
    markup = page(folder)
    assert "留下" in markup
    for words in gone:
        assert words not in markup.lower(), markup


def test_entities_of_the_file_are_never_resolved(made: Make, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET-CANARY")
    document = (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}">'
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><html xmlns="http://www.w3.org/1999/xhtml">'
        "<body><p>前&x;&b;后</p></body></html>"
    )
    result, folder = made(books.make_epub(tmp_path / "x.epub", {"one": document.encode()}))
    assert "entities" in codes(result)
    assert "CANARY" not in page(folder)
    assert "haha" not in page(folder)
    assert "前" in page(folder)


def test_a_billion_laughs_is_over_at_once(made: Make, tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 2 if n else "ha"}">' for n in range(30))
    document = f"<!DOCTYPE html [{laughs}]><html><body><p>&l29;笑</p></body></html>"
    result, folder = made(books.make_epub(tmp_path / "x.epub", {"one": document.encode()}))
    assert "entities" in codes(result)
    assert len(page(folder)) < 1000


def test_css_is_cut_down_and_bound_to_the_text(made: Make, tmp_path: Path) -> None:
    sheet = (
        "@import 'https://evil.example/a.css'; @font-face{font-family:x;src:url(x.woff)}"
        "body{background:url(https://evil.example/b);margin:5em;text-align:justify}"
        ".poem{text-indent:2em;position:fixed;font-style:italic;color:white}"
        "p::after{content:'x'} a[href^='x']{font-weight:bold} h1{text-align:center}"
        "#note .x > p{font-weight:bold;behavior:url(x)} .y{width:expression(alert(1))}"
        "html[data-mode]{font-style:italic}"
    )
    path = books.make_epub(
        tmp_path / "x.epub",
        {"one": '<p class="poem" style="text-indent:1em;background:url(x)">一</p>'},
        more={"OEBPS/s.css": sheet},
        manifest='<item id="s" href="s.css" media-type="text/css"/>',
    )
    result, folder = made(path)
    assert "css_outside" in codes(result)
    css = (folder / "book.css").read_text()
    assert "evil" not in css
    assert "url" not in css
    assert "position" not in css
    assert "color" not in css
    assert ".book-text .b-poem{text-indent:2em;font-style:italic}" in css
    assert ".book-text .book-h1{text-align:center}" in css
    assert ".book-text #b-note .b-x > p{font-weight:bold}" in css
    assert ".book-text{text-align:justify}" in css
    assert all(line.startswith(".book-text") for line in css.splitlines())
    assert 'class="b-poem book-s1"' in page(folder)


def test_lines_of_letters_are_not_set_to_both_margins(made: Make, tmp_path: Path) -> None:
    """On a phone words of letters would stand far apart (WCAG 1.4.8); characters never do."""
    for language, kept in (("en", False), ("zh", True)):
        _result, folder = made(
            books.make_epub(
                tmp_path / f"{language}.epub",
                {"one": '<p style="text-align: justify; text-indent:1em">one two</p>'},
                more={"OEBPS/s.css": "body,p{text-align:justify;font-style:italic}"},
                manifest='<item id="s" href="s.css" media-type="text/css"/>',
                language=language,
            )
        )
        assert ("justify" in (folder / "book.css").read_text()) is kept, language


def test_a_book_cannot_wear_the_classes_and_ids_of_the_site(made: Make, tmp_path: Path) -> None:
    body = '<div class="notice button" id="main"><p id="help">一</p><a href="#help">去</a></div>'
    _result, folder = made(books.make_epub(tmp_path / "x.epub", {"one": body}))
    markup = page(folder)
    assert 'class="b-notice b-button"' in markup
    assert 'id="main"' not in markup
    assert 'href="#b-help"' in markup
    assert 'id="b-help"' in markup


def test_a_missing_chapter_is_told_and_the_rest_is_read(made: Make, tmp_path: Path) -> None:
    result, folder = made(
        books.make_epub(tmp_path / "x.epub", {"one": "<p>还在</p>"}, missing=("two",))
    )
    assert "epub_part_missing" in codes(result)
    assert "还在" in page(folder)


@pytest.mark.parametrize("mimetype", [None, "text/plain", ""])
def test_a_wrong_mimetype_is_told_and_the_book_is_read(
    mimetype: str | None, made: Make, tmp_path: Path
) -> None:
    result, _folder = made(
        books.make_epub(tmp_path / "x.epub", {"one": "<p>一</p>"}, mimetype=mimetype)
    )
    assert "epub_mimetype" in codes(result)


def test_a_wrong_encoding_is_read_as_what_it_is(made: Make, tmp_path: Path) -> None:
    document = '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>木棉花开</p></body></html>'
    wrong = b'<?xml version="1.0" encoding="utf-8"?>' + document.encode("gb18030")
    result, folder = made(books.make_epub(tmp_path / "x.epub", {"one": wrong}))
    assert "wrong_encoding" in codes(result)
    assert "木棉花开" in page(folder)


def test_markup_that_is_not_well_formed_is_mended(made: Make, tmp_path: Path) -> None:
    broken = "<html><body><p>一<br>二<b>三</p><p>四&nbsp;五 < 六</p>".encode()
    result, folder = made(books.make_epub(tmp_path / "x.epub", {"one": broken}))
    assert "not_well_formed" in codes(result)
    assert all(word in page(folder) for word in "一二三四五六")


def test_obfuscated_fonts_are_no_drm(made: Make, tmp_path: Path) -> None:
    fonts = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData '
        'xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod '
        'Algorithm="http://www.idpf.org/2008/embedding"/></EncryptedData></encryption>'
    )
    result, _folder = made(
        books.make_epub(
            tmp_path / "x.epub", {"one": "<p>一</p>"}, more={"META-INF/encryption.xml": fonts}
        )
    )
    assert result.refused is None


def test_what_a_text_needs_stays(made: Make, tmp_path: Path) -> None:
    body = (
        "<h2>诗</h2><p><ruby>渡<rt>dù</rt></ruby>口<sup>1</sup></p>"
        '<table><caption>表</caption><tr><th scope="row">甲</th>'
        '<td colspan="2">乙</td></tr></table>'
        '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="x/2"><mfrac><mi>x</mi><mn>2</mn>'
        '</mfrac></math><ol start="3"><li>三</li></ol><p dir="rtl" xml:lang="ar">سلام</p>'
        "<dl><dt>名</dt><dd>义</dd></dl><blockquote><p>引</p></blockquote><pre>一\n 二</pre>"
    )
    _result, folder = made(books.make_epub(tmp_path / "x.epub", {"one": body}))
    markup = page(folder)
    for kept in (
        "<ruby>渡<rt>dù</rt></ruby>",
        "<sup>1</sup>",
        "<caption",
        'scope="row"',
        'colspan="2"',
        "<mfrac><mi>x</mi><mn>2</mn></mfrac>",
        'start="3"',
        'dir="rtl"',
        'lang="ar"',
        "<dt",
        "<blockquote>",
        "<pre",
    ):
        assert kept in markup, kept


def test_pictures_are_made_anew_without_hidden_data(made: Make, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x9286] = "EXIF-CANARY"
    jpeg = books.picture(700, 500, "JPEG", exif=exif, comment=b"COMMENT-CANARY")
    assert b"CANARY" in jpeg
    path = books.make_epub(
        tmp_path / "x.epub",
        {"one": '<p>图<img src="p.jpg" alt="渡口的木棉"/></p><p><img src="p.jpg"/></p>'},
        more={"OEBPS/p.jpg": jpeg},
    )
    result, folder = made(path)
    assert "picture_without_words" in codes(result)
    markup = page(folder)
    assert 'alt="渡口的木棉"' in markup
    assert 'alt="插图"' in markup
    assert "srcset=" in markup
    kept = list((folder / "pictures").glob("*.webp"))
    assert {p.suffix for p in (folder / "pictures").iterdir()} == {".webp"}
    assert all(b"CANARY" not in p.read_bytes() for p in kept)


def test_long_chapters_are_parted_and_anchors_kept(made: Make, tmp_path: Path) -> None:
    text = "".join(f'<p id="p{n}">第{n}段：{"渡口的木棉花开了。" * 20}</p>' for n in range(100))
    path = books.make_epub(
        tmp_path / "x.epub",
        {
            "one": f"<h1>第1章 one</h1>{text}<p><a href='#p1'>回到前面</a></p>",
            "two": "<p><a href='one.xhtml#p60'>看第六十段</a><a href='one.xhtml'>看第一章</a></p>",
        },
    )
    _result, folder = made(path)
    book = BookFolder(folder)
    first = book.manifest.chapters[0]
    assert 4 < first.pages < 12
    whole = "".join(page(folder, 1, n) for n in range(1, first.pages + 1))
    assert [f"第{n}段：" in whole for n in range(100)] == [True] * 100
    target = next(n for n in range(1, first.pages + 1) if 'id="b-p60"' in page(folder, 1, n))
    assert f'href="@book@/1/{target}#b-p60"' in page(folder, 2)
    assert 'href="@book@/1"' in page(folder, 2)
    assert 'href="@book@/1#b-p1"' in page(folder, 1, first.pages)
    numbers = [int(n) for n in __import__("re").findall(r'id="n(\d+)"', whole)]
    assert numbers == sorted(set(numbers))


def test_a_footnote_stands_below_the_page_that_refers_to_it(made: Make, tmp_path: Path) -> None:
    filler = "".join(f"<p>{'木棉花开了。' * 60}</p>" for _n in range(30))
    body = (
        f'<p>艄公<a epub:type="noteref" href="#f1">[1]</a></p>{filler}'
        '<aside epub:type="footnote" id="f1"><p>撑船的人。</p></aside>'
    )
    _result, folder = made(books.make_epub(tmp_path / "x.epub", {"one": body}))
    assert BookFolder(folder).manifest.chapters[0].pages > 1
    assert "撑船的人" in page(folder, 1, 1)
    assert 'role="doc-noteref"' in page(folder, 1, 1)
    assert 'href="#b-f1"' in page(folder, 1, 1)


def test_one_document_with_nested_contents_becomes_chapters(made: Make, tmp_path: Path) -> None:
    nav = (
        '<nav epub:type="toc"><ol><li><a href="all.xhtml#a">甲</a><ol><li><a href="all.xhtml#a1">'
        '甲之一</a></li></ol></li><li><a href="all.xhtml#b">乙</a></li></ol></nav>'
    )
    body = (
        '<section id="a"><h1>甲</h1><p>一</p><section id="a1"><h2>甲之一</h2><p>二</p></section>'
        '</section><section id="b"><h1>乙</h1><p>三</p></section>'
    )
    _result, folder = made(books.make_epub(tmp_path / "x.epub", {"all": body}, nav=nav))
    manifest = BookFolder(folder).manifest
    assert [c.title for c in manifest.chapters] == ["甲", "乙"]
    assert [(e.title, e.level, e.chapter) for e in manifest.contents] == [
        ("甲", 1, 1),
        ("甲之一", 2, 1),
        ("乙", 1, 2),
    ]


def test_headings_go_on_from_the_page_without_a_level_skipped(made: Make, tmp_path: Path) -> None:
    body = "<h1>第1章 one</h1><h4>一</h4><p>x</p><h6>二</h6><p>y</p><h4>三</h4>"
    _result, folder = made(books.make_epub(tmp_path / "x.epub", {"one": body}))
    import re

    assert re.findall(r"<(h\d)", page(folder)) == ["h2", "h3", "h2"]


def test_vertical_books_and_books_from_right_to_left(made: Make, tmp_path: Path) -> None:
    _result, folder = made(
        books.make_epub(
            tmp_path / "v.epub",
            {"one": "<p>竖排</p>"},
            more={"OEBPS/s.css": "body{-epub-writing-mode:vertical-rl}"},
            manifest='<item id="s" href="s.css" media-type="text/css"/>',
            spine_attributes='page-progression-direction="rtl"',
        )
    )
    assert BookFolder(folder).manifest.vertical
    assert BookFolder(folder).manifest.direction == "ltr"
    _result, folder = made(
        books.make_epub(tmp_path / "a.epub", {"one": "<p>سلام</p>"}, language="ar")
    )
    assert BookFolder(folder).manifest.direction == "rtl"


def test_text_of_nothing_but_line_breaks_is_parted(made: Make, tmp_path: Path) -> None:
    body = "<div>" + "<br/>".join(f"第{n}行：{'木棉花开了。' * 30}" for n in range(60)) + "</div>"
    _result, folder = made(books.make_epub(tmp_path / "x.epub", {"one": body}))
    chapter = BookFolder(folder).manifest.chapters[0]
    assert chapter.pages > 2
    assert chapter.blocks == 60


def test_a_paragraph_without_end_is_cut_at_sentences(made: Make, tmp_path: Path) -> None:
    body = f"<p>{'渡口的木棉花开了，艄公撑船过河。' * 2000}</p>"
    _result, folder = made(books.make_epub(tmp_path / "x.epub", {"one": body}))
    chapter = BookFolder(folder).manifest.chapters[0]
    assert chapter.pages > 5
    assert page(folder, 1, 2).rstrip("</div>p\n").endswith("。")


def test_a_book_of_the_demo_is_heard_sentence_by_sentence(
    made: Make, tmp_path: Path, app: Flask
) -> None:
    book = next(b for b in readings.told() if b.get("aloud"))
    app.extensions["speech"].engine = Reader()
    with app.app_context():
        path = epubs.write(tmp_path / "aloud.epub", book)
    result, folder = made(path)
    assert codes(result) == set()
    chapter = BookFolder(folder).manifest.chapters[0]
    text = "".join(book["chapters"][0]["text"])
    assert len(chapter.spoken) == 1 + text.count("。")
    assert [c["begin"] for c in chapter.spoken] == list(range(len(chapter.spoken)))
    assert all(f'id="{clip["id"]}"' in page(folder) for clip in chapter.spoken[1:])


class Reader:
    """Says each line in one second of silence."""

    name, is_there = "test", True

    def speak(self, text: str, /, *, speed: float, readings: Mapping[str, str]) -> Sound:
        lines = text.split("\n")
        sound = Sound((bytes.fromhex("fffb10c4") + bytes(100)) * round(len(lines) * 38.46))
        sound.lines = tuple(float(n) for n in range(len(lines)))
        return sound


def test_media_overlays_tell_what_is_heard_when(made: Make, tmp_path: Path) -> None:
    smil = (
        '<smil xmlns="http://www.w3.org/ns/SMIL" version="3.0"><body>'
        '<par><text src="one.xhtml#s1"/><audio src="a.mp3" clipBegin="0s" clipEnd="1.5s"/></par>'
        '<par><text src="one.xhtml#s2"/><audio src="a.mp3" clipBegin="0:00:01.5" clipEnd="3s"/>'
        '</par><par><text src="one.xhtml#s3"/><audio src="https://evil.example/b.mp3"/></par>'
        "</body></smil>"
    )
    sound = books.make_mp3(tmp_path / "a.mp3").read_bytes()
    _result, folder = made(
        books.make_epub(
            tmp_path / "x.epub",
            {"one": '<p><span id="s1">一。</span><span id="s2">二。</span></p>'},
            more={"OEBPS/o.smil": smil, "OEBPS/a.mp3": sound},
            manifest='<item id="o" href="o.smil" media-type="application/smil+xml"/>'
            '<item id="m" href="a.mp3" media-type="audio/mpeg"/>',
            overlay="o",
        )
    )
    spoken = BookFolder(folder).manifest.chapters[0].spoken
    assert [(c["id"], c["begin"], c["end"]) for c in spoken] == [("b-s1", 0, 1.5), ("b-s2", 1.5, 3)]
    assert BookFolder(folder).media_path(spoken[0]["audio"]).read_bytes() == sound
