"""EPUB 3 made of the written texts, valid by epubcheck, with accessibility metadata."""

from __future__ import annotations

import io
import uuid
import zipfile
from html import escape
from pathlib import Path
from typing import Any

from PIL import Image

from culture_cloud import covers

from . import aloud

CONTAINER = (
    '<?xml version="1.0" encoding="utf-8"?>\n<container version="1.0" '
    'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
    'full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles>'
    "</container>"
)
STYLE = (
    "h1{text-align:center} p{text-indent:2em} .center{text-align:center;text-indent:0}\n"
    "aside{margin-top:2em}\n"
)
VERTICAL = "html{-epub-writing-mode:vertical-rl;writing-mode:vertical-rl}\n"
MATH = {
    "area": "<mrow><mi>S</mi><mo>=</mo><mfrac><mrow><mi>a</mi><mo>×</mo><mi>h</mi></mrow><mn>2</mn>"
    "</mfrac></mrow>",
    "share": "<mrow><mfrac><mn>3</mn><mrow><mn>3</mn><mo>+</mo><mn>5</mn></mrow></mfrac><mo>=</mo>"
    "<mfrac><mn>3</mn><mn>8</mn></mfrac></mrow>",
}
SPOKEN = {"area": "S 等于 a 乘 h 除以 2", "share": "三加五分之三，等于八分之三"}
FIXED = (2026, 1, 1, 0, 0, 0)


def write(path: Path, book: dict[str, Any]) -> Path:
    """Write the EPUB of a written text."""
    spoken = aloud.speak(book)
    chapters = [
        _Chapter(book, number, told, spoken[number - 1] if spoken else None)
        for number, told in enumerate(book["chapters"], 1)
    ]
    parts: dict[str, str | bytes] = {
        "META-INF/container.xml": CONTAINER,
        "OEBPS/content.opf": _package(book, chapters),
        "OEBPS/nav.xhtml": _nav(book, chapters),
        "OEBPS/style.css": (VERTICAL if book.get("vertical") else "") + STYLE,
        "OEBPS/cover.png": _picture(book["title"], 480, 640),
    }
    for chapter in chapters:
        parts[f"OEBPS/{chapter.name}.xhtml"] = chapter.document
        if chapter.picture:
            parts[f"OEBPS/{chapter.picture}"] = _picture(chapter.title, 640, 400)
        if chapter.spoken:
            document, sound = f"{chapter.name}.xhtml", f"a{chapter.number:02d}.mp3"
            parts[f"OEBPS/o{chapter.number:02d}.smil"] = aloud.overlay(
                document, sound, chapter.spoken
            )
            parts[f"OEBPS/{sound}"] = bytes(chapter.spoken.sound)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", FIXED), "application/epub+zip")
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, FIXED)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return path


class _Chapter:
    def __init__(
        self, book: dict[str, Any], number: int, told: dict[str, Any], spoken: aloud.Spoken | None
    ) -> None:
        self.book, self.told, self.number, self.spoken = book, told, number, spoken
        self.name, self.title = f"c{number:02d}", told["title"]
        self.picture = f"p{number:02d}.png" if book.get("pictures") else ""
        self.notes: list[str] = []
        self.sections = told.get("sections", [])
        self.document = _document(book, self.title, self._body())

    def _body(self) -> str:
        if self.spoken:
            return self._marked()
        parts = [f"<h1>{escape(self.title)}</h1>"]
        parts += [self._paragraph(text) for text in self.told.get("text", [])]
        for place, section in enumerate(self.sections, 1):
            parts.append(f'<section id="s{place}"><h2>{escape(section["title"])}</h2>')
            parts += [self._paragraph(text) for text in section["text"]]
            parts.append("</section>")
        if self.picture:
            said = f"装饰图：{self.title}的纹样"
            parts.append(f'<figure><img src="{self.picture}" alt="{escape(said)}"/></figure>')
        if self.book.get("table") and self.number == 1:
            parts.append(_table(self.book["table"]))
        return "\n".join([*parts, *self.notes])

    def _marked(self) -> str:
        """The text with its sentences marked, for being heard along."""
        parts, number = [f'<h1 id="w0">{escape(self.title)}</h1>'], 1
        for text in self.told["text"]:
            parts.append(aloud.marked(text, number))
            number += len(aloud.sentences(text))
        return "\n".join(parts)

    def _paragraph(self, text: str) -> str:
        if text.startswith("MATH:"):
            name = text.removeprefix("MATH:")
            return (
                '<p class="center"><math xmlns="http://www.w3.org/1998/Math/MathML" '
                f'alttext="{SPOKEN[name]}">{MATH[name]}</math></p>'
            )
        marked = text
        while "{{" in marked:
            before, _open, rest = marked.partition("{{")
            inside, _close, after = rest.partition("}}")
            word, _bar, note = inside.partition("|")
            number = len(self.notes) + 1
            self.notes.append(
                f'<aside epub:type="footnote" role="doc-footnote" id="n{number}"><p>'
                f"{number}. {escape(note)}</p></aside>"
            )
            reference = (
                f'<a epub:type="noteref" role="doc-noteref" href="#n{number}">[{number}]</a>'
            )
            marked = f"{before}\0{word}\1{reference}\2{after}"
        if self.book.get("ruby"):
            return f"<p>{_ruby(marked)}</p>"
        return f"<p>{_escaped(marked)}</p>"


def _escaped(text: str) -> str:
    """Escape the words, keep the references that stand between the marks."""
    made, rest = "", text
    while "\0" in rest:
        before, _a, rest = rest.partition("\0")
        word, _b, rest = rest.partition("\1")
        reference, _c, rest = rest.partition("\2")
        made += escape(before) + escape(word) + reference
    return made + escape(rest)


def _ruby(text: str) -> str:
    """Each character with its reading."""
    from pypinyin import Style, pinyin

    said = pinyin(text, style=Style.TONE, errors=list)  # type: ignore[arg-type]
    return "".join(
        f"<ruby>{character}<rt>{reading[0]}</rt></ruby>"
        if "\u4e00" <= character <= "\u9fff"
        else escape(character)
        for character, reading in zip(text, said, strict=True)
    )


def _table(rows: list[list[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in rows[0])
    body = "".join(
        "<tr>"
        + f'<th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows[1:]
    )
    top = f"<caption>一览表</caption><thead><tr>{head}</tr></thead>"
    return f"<table>{top}<tbody>{body}</tbody></table>"


def _document(book: dict[str, Any], title: str, body: str) -> str:
    language = book.get("language", "zh-CN")
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="{language}" xml:lang="{language}"><head><title>{escape(title)}</title>'
        f'<link rel="stylesheet" type="text/css" href="style.css"/></head>'
        f"<body>{body}</body></html>"
    )


def _nav(book: dict[str, Any], chapters: list[_Chapter]) -> str:
    lines = []
    for chapter in chapters:
        inner = "".join(
            f'<li><a href="{chapter.name}.xhtml#s{n}">{escape(s["title"])}</a></li>'
            for n, s in enumerate(chapter.sections, 1)
        )
        nested = f"<ol>{inner}</ol>" if inner else ""
        lines.append(f'<li><a href="{chapter.name}.xhtml">{escape(chapter.title)}</a>{nested}</li>')
    heading = "Contents" if book.get("language") == "en" else "目录"
    body = f'<nav epub:type="toc" role="doc-toc"><h1>{heading}</h1><ol>{"".join(lines)}</ol></nav>'
    return _document(book, heading, body)


def _package(book: dict[str, Any], chapters: list[_Chapter]) -> str:
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, f"culture-cloud/demo/{book['file']}")
    language = book.get("language", "zh-CN")
    people = "".join(f"<dc:creator>{escape(name)}</dc:creator>" for name in book["authors"])
    has_pictures = bool(book.get("pictures"))
    features = [
        "tableOfContents",
        "structuralNavigation",
        "displayTransformability",
        "readingOrder",
    ]
    features += ["alternativeText"] if has_pictures else []
    features += ["MathML"] if book.get("math") else []
    features += ["rubyAnnotations"] if book.get("ruby") else []
    spoken = [chapter.spoken for chapter in chapters if chapter.spoken]
    features += ["synchronizedAudioText"] if spoken else []
    access = [("accessMode", "textual"), ("accessModeSufficient", "textual")]
    access += [("accessMode", "visual")] if has_pictures else []
    access += [("accessMode", "auditory")] if spoken else []
    access += [("accessibilityHazard", "none")]
    access += [("accessibilityFeature", feature) for feature in features]
    access += [("accessibilitySummary", "文字可以放大、换颜色、用读屏软件读；插图有文字说明。")]
    metas = "".join(f'<meta property="schema:{name}">{value}</meta>' for name, value in access)
    items = "".join(
        f'<item id="{c.name}" href="{c.name}.xhtml" media-type="application/xhtml+xml"'
        f"{_mathml(c)}{_overlay(c)}/>{_heard(c)}"
        + (f'<item id="i{c.name}" href="{c.picture}" media-type="image/png"/>' if c.picture else "")
        for c in chapters
    )
    spine = "".join(f'<itemref idref="{c.name}"/>' for c in chapters)
    turn = ' page-progression-direction="rtl"' if book.get("vertical") else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<package xmlns="http://www.idpf.org/2007/opf" '
        f'version="3.0" unique-identifier="id" xml:lang="{language}"><metadata '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:uuid:{identifier}'
        f"</dc:identifier><dc:title>{escape(book['title'])}</dc:title>{people}"
        f"<dc:language>{language}</dc:language><dc:date>2026-01-01</dc:date>"
        f"<dc:publisher>木棉渡县文化馆</dc:publisher>"
        f"<dc:description>{escape(book['summary'])}</dc:description>"
        f"<dc:rights>{escape(book['rights_text'])}</dc:rights>"
        f'<meta property="dcterms:modified">2026-01-01T00:00:00Z</meta>{metas}'
        f"{aloud.durations(spoken)}</metadata><manifest>"
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        '<item id="css" href="style.css" media-type="text/css"/>'
        '<item id="cover" href="cover.png" media-type="image/png" properties="cover-image"/>'
        f"{items}</manifest><spine{turn}>{spine}</spine></package>"
    )


def _mathml(chapter: _Chapter) -> str:
    return ' properties="mathml"' if "<math" in chapter.document else ""


def _overlay(chapter: _Chapter) -> str:
    return f' media-overlay="o{chapter.number:02d}"' if chapter.spoken else ""


def _heard(chapter: _Chapter) -> str:
    if not chapter.spoken:
        return ""
    number = f"{chapter.number:02d}"
    return (
        f'<item id="o{number}" href="o{number}.smil" media-type="application/smil+xml"/>'
        f'<item id="a{number}" href="a{number}.mp3" media-type="audio/mpeg"/>'
    )


def _picture(words: str, width: int, height: int) -> bytes:
    """A pattern of the site's own, with the title where a Chinese font is on the machine."""
    from culture_cloud.reading.publications.text_cover import draw_cover

    if height > width:
        image = draw_cover(words, "", "book", width)
    else:
        image = covers.draw("papercut", words, width, height)
    file = io.BytesIO()
    image.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(file, "PNG", optimize=True)
    return file.getvalue()
