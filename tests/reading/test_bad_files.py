"""Files made to do harm, and files that are only broken: each is told in words, none is opened."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from culture_cloud.reading.intake import wording
from culture_cloud.reading.intake.making import make

from . import books
from .conftest import Made

pytestmark = pytest.mark.one_database


def _bomb(path: Path) -> Path:
    return books.make_zip(path, {"META-INF/container.xml": b"0" * (20 * 1024 * 1024)})


def _many(path: Path) -> Path:
    return books.make_zip(
        path, {f"{n}.jpg": b"x" for n in range(10_000)}, method=zipfile.ZIP_STORED
    )


def _written(data: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return write


def _zipped(
    parts: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED
) -> Callable[[Path], Path]:
    return lambda path: books.make_zip(path, parts, method=method)


def _symlink(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("META-INF/container.xml")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return path


def _cut_off(path: Path) -> Path:
    books.make_epub(path, {"one": "<p>一</p>"})
    path.write_bytes(path.read_bytes()[:700])
    return path


def _noise(path: Path) -> Path:
    books.make_epub(path, {"one": "<p>一二三四五</p>" * 50})
    data = bytearray(path.read_bytes())
    at = data.find(b"OEBPS/content.opf") + 60
    data[at : at + 40] = b"\xff" * 40
    path.write_bytes(bytes(data))
    return path


def _with(parts: dict[str, str | bytes]) -> Callable[[Path], Path]:
    return lambda path: books.make_epub(path, {"one": "<p>一</p>"}, more=parts)


ENCRYPTED = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData '
    'xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod '
    'Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/></EncryptedData></encryption>'
)

REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "zero bytes": (_written(b""), "empty_file"),
    "noise": (_written(b"\x00\x01\x02" * 500), "unknown_file"),
    "text": (_written("只是一段文字".encode()), "unknown_file"),
    "a word file": (_written(b"\xd0\xcf\x11\xe0" + bytes(600)), "office_file"),
    "rtf": (_written(b"{\\rtf1 hello}"), "office_file"),
    "a kindle book": (_written(bytes(60) + b"BOOKMOBI" + bytes(100)), "kindle_file"),
    "html": (_written(b"<!DOCTYPE html><script>alert(1)</script>"), "web_page"),
    "svg": (_written(b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), "web_page"),
    "xml with an entity": (_written(b'<?xml version="1.0"?><!DOCTYPE x>'), "web_page"),
    "one picture": (_written(books.picture()), "single_picture"),
    "eps": (_written(b"%!PS-Adobe-3.0 EPSF-3.0"), "single_picture"),
    "rar": (_written(b"Rar!\x1a\x07\x00" + bytes(50)), "other_archive"),
    "seven zip": (_written(b"7z\xbc\xaf'\x1c" + bytes(50)), "other_archive"),
    "gzip": (_written(b"\x1f\x8b\x08" + bytes(50)), "other_archive"),
    "an elf program": (_written(b"\x7fELF" + bytes(200)), "unknown_file"),
    "a windows program": (_written(b"MZ" + bytes(200)), "unknown_file"),
    "a shell script": (_written(b"#!/bin/sh\nrm -rf /\n"), "unknown_file"),
    "only the beginning of a zip": (_written(b"PK\x03\x04" + bytes(100)), "zip_broken"),
    "an empty zip": (_zipped({}), "zip_of_what"),
    "a zip of text": (_zipped({"a.txt": "x"}), "zip_of_what"),
    "a zip of programs": (_zipped({"a.exe": b"MZ"}), "zip_of_what"),
    "a cut-off epub": (_cut_off, "zip_broken"),
    "an epub with noise inside": (_noise, "zip_broken"),
    "a bomb": (_bomb, "zip_bomb"),
    "four gigabytes, it says": (books.claims_too_much, "zip_bomb"),
    "ten thousand files": (_many, "zip_too_many"),
    "a locked zip": (books.encrypted_flag, "zip_encrypted"),
    "a symbolic link": (_symlink, "zip_path"),
    "packed with bzip2": (
        _zipped({"META-INF/container.xml": books.CONTAINER}, zipfile.ZIP_BZIP2),
        "zip_method",
    ),
    "packed with lzma": (
        _zipped({"META-INF/container.xml": books.CONTAINER}, zipfile.ZIP_LZMA),
        "zip_method",
    ),
    "a path upwards": (_with({"../../etc/cron.d/x": "x"}), "zip_path"),
    "a path from the root": (_with({"/etc/passwd": "x"}), "zip_path"),
    "a drive": (_with({"C:/windows/x": "x"}), "zip_path"),
    "a backslash": (_with({"..\\..\\x": "x"}), "zip_path"),
    "an archive inside": (_with({"OEBPS/more.zip": b"PK\x03\x04"}), "zip_nested"),
    "a book inside": (_with({"OEBPS/other.epub": b"PK\x03\x04"}), "zip_nested"),
    "pictures and an archive": (_zipped({"1.jpg": b"x", "2.zip": b"PK"}), "zip_nested"),
    "no container": (_zipped({"mimetype": "application/epub+zip"}), "epub_no_container"),
    "a container of noise": (
        _zipped({"mimetype": "application/epub+zip", "META-INF/container.xml": b"\xff\xfe\x00"}),
        "epub_no_container",
    ),
    "a container that leads nowhere": (
        _zipped({"META-INF/container.xml": books.CONTAINER}),
        "epub_no_package",
    ),
    "a package of noise": (
        _zipped({"META-INF/container.xml": books.CONTAINER, "OEBPS/content.opf": "<<<<"}),
        "epub_no_package",
    ),
    "a package without spine": (
        _zipped(
            {
                "META-INF/container.xml": books.CONTAINER,
                "OEBPS/content.opf": '<package xmlns="http://www.idpf.org/2007/opf"/>',
            }
        ),
        "epub_empty",
    ),
    "no chapter is there": (
        lambda path: books.make_epub(path, {}, missing=("one", "two")),
        "epub_empty",
    ),
    "a book of nothing": (lambda path: books.make_epub(path, {"one": ""}), "epub_empty"),
    "drm by readium": (_with({"META-INF/license.lcpl": "{}"}), "drm"),
    "drm by adobe": (_with({"META-INF/rights.xml": "<rights/>"}), "drm"),
    "drm by apple": (_with({"META-INF/sinf.xml": "<sinf/>"}), "drm"),
    "encrypted chapters": (_with({"META-INF/encryption.xml": ENCRYPTED}), "drm"),
    "a pdf of noise": (_written(b"%PDF-1.7\n" + bytes(300)), "pdf_broken"),
    "a pdf cut off": (_written(b"%PDF-1.4\n1 0 obj\n<<"), "pdf_broken"),
    "a locked pdf": (lambda path: books.lock_pdf(books.make_pdf(path, ["x"])), "pdf_encrypted"),
    "a pdf without pages": (lambda path: books.make_pdf(path, []), "pdf_"),
    "a pdf of 3000 pages": (lambda path: books.make_pdf(path, [""] * 3000), "pdf_too_many_pages"),
    "sound of noise": (_written(b"ID3\x04\x00" + bytes(300)), "media_broken"),
    "ogg of noise": (_written(b"OggS" + bytes(300)), "media_broken"),
    "mp4 of noise": (_written(b"\x00\x00\x00\x18ftypisom" + b"\xff" * 300), "media_broken"),
    "pictures that are none": (_zipped({"1.jpg": b"GIF89a", "2.png": b"noise"}), "zip_of_what"),
    "a picture of too many pixels": (
        _zipped({"1.png": books.picture(10, 10).replace(b"\x00\x00\x00\n", b"\x00\x00\xff\xff")}),
        "zip_of_what",
    ),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_a_bad_file_is_refused_in_words(
    name: str, made: Callable[[Path], Made], tmp_path: Path
) -> None:
    build, code = REFUSED[name]
    result, _folder = made(build(tmp_path / "bad.epub"))
    assert result.refused is not None, result.facts
    assert result.refused.code.startswith(code), result.refused
    assert result.refused.code in wording.REFUSALS


def test_every_finding_is_told_in_whole_sentences(app: Flask) -> None:
    facts = {"name": "甲", "number": 3, "most": 2, "count": 2, "encoding": "gb18030"}
    with app.test_request_context():
        for code in (*wording.REFUSALS, *wording.NOTES):
            said = wording.words_of({"code": code, "facts": facts})
            assert code not in said, said
            assert said.endswith(("。", "！")), said


def test_a_pdf_with_programs_is_taken_without_them(
    made: Callable[[Path], Made], tmp_path: Path
) -> None:
    catalog = b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"
    result, folder = made(books.make_pdf(tmp_path / "js.pdf", ["Hello there"], catalog=catalog))
    assert result.refused is None
    assert "pdf_script" in {finding.code for finding in result.findings}
    kept = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert not [data for data in kept if b"alert" in data]


def test_every_member_twice_is_refused(made: Callable[[Path], Made], tmp_path: Path) -> None:
    path = books.make_epub(tmp_path / "twice.epub", {"one": "<p>一</p>"})
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("OEBPS/one.xhtml", "<p>二</p>")
    result, _folder = made(path)
    assert result.refused is not None
    assert result.refused.code == "zip_twice"


def test_a_name_says_nothing_of_what_a_file_is(
    made: Callable[[Path], Made], tmp_path: Path
) -> None:
    """A PDF that is called .epub is a PDF."""
    result, _folder = made(books.make_pdf(tmp_path / "really.epub", ["Hello there, reader"]))
    assert result.facts["kind"] == "pdf"


@pytest.mark.parametrize("depth", [500, 5000])
def test_markup_nested_without_end_does_no_harm(
    depth: int, made: Callable[[Path], Made], tmp_path: Path
) -> None:
    body = "<div>" * depth + "<p>深处的话</p>" + "</div>" * depth
    result, _folder = made(
        books.make_epub(tmp_path / "deep.epub", {"one": "<p>一</p>", "two": body})
    )
    assert result.refused is None or result.refused.code == "too_much"


def _seeds(folder: Path) -> dict[str, bytes]:
    """Small valid files; the archives are not packed, so that a changed byte reaches what is in
    them."""
    more: books.Parts = {
        "OEBPS/p.png": books.picture(20, 20),
        "OEBPS/s.css": "p{margin:1em} .x > a::before{content:'a'} @media print{p{color:red}}",
        "OEBPS/o.smil": '<smil xmlns="http://www.w3.org/ns/SMIL"><body><par><text src="one.xhtml#a"'
        '/><audio src="a.mp3" clipBegin="0s" clipEnd="1.5s"/></par></body></smil>',
        "OEBPS/a.mp3": books.make_mp3(folder / "a.mp3").read_bytes()[:2000],
    }
    book = books.make_epub(
        folder / "book.epub",
        {
            "one": '<h1>一</h1><p id="a">渡口<a href="two.xhtml#b">去</a><img src="p.png" alt="x"/>'
            "</p><table><tr><td>1</td></tr></table>",
            "two": '<p id="b"><ruby>渡<rt>du</rt></ruby></p><aside epub:type="footnote" id="f"><p>n'
            '</p></aside><svg xmlns="http://www.w3.org/2000/svg"><text>t</text></svg>',
        },
        more=more,
        manifest='<item id="s" href="s.css" media-type="text/css"/>'
        '<item id="p" href="p.png" media-type="image/png"/>'
        '<item id="o" href="o.smil" media-type="application/smil+xml"/>'
        '<item id="m" href="a.mp3" media-type="audio/mpeg"/>',
        overlay="o",
    )
    pictures: books.Parts = {"1.png": books.picture(20, 30), "1.txt": "词", "title.txt": "题\n人"}
    return {
        "epub": books.unpacked(book).read_bytes(),
        "pdf": books.make_pdf(folder / "p.pdf", ["Hello", "World"], height=160).read_bytes(),
        "zip": books.make_zip(folder / "z", pictures, method=zipfile.ZIP_STORED).read_bytes(),
        "mp3": books.make_mp3(folder / "m.mp3", 1).read_bytes(),
        "mp4": resources.files("culture_cloud.demo.readings")
        .joinpath("boat.mp4")
        .read_bytes()[:4000],
    }


_PIECES = (
    b"<",
    b">",
    b"&",
    b'"',
    b"\xff\xfe",
    b"\x00",
    b"<!DOCTYPE x [",
    b"</p>",
    b"%",
    b"..",
    b"-1",
)
_changes = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(("write", "insert", "cut")),
        st.one_of(st.sampled_from(_PIECES), st.binary(min_size=1, max_size=4)),
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return _seeds(tmp_path_factory.mktemp("seeds"))


@pytest.mark.parametrize("kind", ["epub", "pdf", "zip", "mp3", "mp4"])
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=_changes)
def test_no_byte_of_a_file_makes_the_maker_stumble(
    kind: str,
    changes: list[tuple[float, str, bytes]],
    seeds: dict[str, bytes],
    tmp_path: Path,
) -> None:
    """Whatever was changed in a file: it is taken in, or refused in words."""
    data = bytearray(seeds[kind])
    for share, way, piece in changes:
        at = int(share * len(data))
        data[at : at + (0 if way == "insert" else len(piece))] = b"" if way == "cut" else piece
    path = tmp_path / "changed"
    path.write_bytes(bytes(data))
    result = make(path, tmp_path / "book")
    shutil.rmtree(tmp_path / "book", ignore_errors=True)
    told = [*result.findings, *([result.refused] if result.refused else [])]
    assert {finding.code for finding in told} <= {*wording.REFUSALS, *wording.NOTES}
    json.dumps(result.as_json())
