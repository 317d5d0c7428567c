"""Files made to do harm, and files that are only broken: each is told in words, none is opened."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from culture_cloud.reading.intake.making import make
from culture_cloud.reading.intake.wording import words_of

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
    name: str, made: Callable[[Path], Made], tmp_path: Path, app: Flask
) -> None:
    build, code = REFUSED[name]
    result, _folder = made(build(tmp_path / "bad.epub"))
    assert result.refused is not None, result.facts
    assert result.refused.code.startswith(code), result.refused
    with app.test_request_context():
        said = words_of(result.refused.as_json())
    assert "Something in the file" not in said
    assert len(said) > 5


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


def test_a_file_that_hangs_or_crashes_is_kept_aside(tmp_path: Path) -> None:
    """The maker never raises for what is in a file."""
    for number in range(40):
        data = bytearray(
            books.make_epub(tmp_path / "f.epub", {"one": "<p>一</p>" * 20}).read_bytes()
        )
        for at in range(number, len(data), 97):
            data[at] ^= (number * 37 + at) & 0xFF
        path = tmp_path / f"fuzz{number}.epub"
        path.write_bytes(bytes(data))
        make(path, tmp_path / f"fuzz-{number}")
