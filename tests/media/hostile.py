"""Files that were made to break or to fool what opens them, and odd ones that are all right.

Every case says what must become of it: a word of media.wording where it is refused at once or when
it is decoded, or FINE where a plain picture is made of it.
"""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image, PngImagePlugin

FINE = "fine"
UNREADABLE = "not_a_picture"
TOO_LARGE = "too_many_pixels"
NO_PICTURE = "not_wanted_picture"
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Case:
    """A file somebody sends as a picture, and what must become of it."""

    name: str
    make: Callable[[], bytes]
    outcome: str
    filename: str = "照片.jpg"


def saved(form: str, mode: str = "RGB", size: tuple[int, int] = (90, 60), **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, options.pop("colour", 0)).save(buffer, form, **options)
    return buffer.getvalue()


def noise(form: str, size: tuple[int, int] = (200, 150), **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(buffer, form, **options)
    return buffer.getvalue()


def frames(form: str) -> bytes:
    pictures = [Image.new("RGB", (90, 60), colour) for colour in ("red", "green", "blue")]
    buffer = io.BytesIO()
    pictures[0].save(buffer, form, save_all=True, append_images=pictures[1:])
    return buffer.getvalue()


def chunk(name: bytes, body: bytes, *, crc: int | None = None) -> bytes:
    checked = zlib.crc32(name + body) if crc is None else crc
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checked)


def png(
    width: int, height: int, *more: bytes, body: bytes = b"\x00" * 4000, colour: int = 2
) -> bytes:
    """A PNG that says it is so large, whatever it holds; `more` chunks come before the pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(body))
    return PNG + chunk(b"IHDR", header) + b"".join(more) + pixels + chunk(b"IEND", b"")


def png_wrong_checksum() -> bytes:
    header = struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0)
    return PNG + chunk(b"IHDR", header, crc=1) + chunk(b"IEND", b"")


def png_text_bomb() -> bytes:
    bomb = zlib.compress(b"\x00" * (90 << 20))
    return png(9, 9, *(chunk(b"zTXt", b"x\x00\x00" + bomb) for _n in range(3)))


def png_profile_bomb() -> bytes:
    return png(9, 9, chunk(b"iCCP", b"x\x00\x00" + zlib.compress(b"\x00" * (90 << 20))))


def png_half() -> bytes:
    data = noise("PNG", (400, 400))
    return data[: len(data) // 2] + data[-12:]


def jpeg_says(width: int, height: int) -> bytes:
    """A JPEG whose frame says another size than it has."""
    data = bytearray(noise("JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def gif_says(width: int, height: int) -> bytes:
    data = bytearray(saved("GIF", "P"))
    size = struct.pack("<HH", width, height)
    data[6:10] = size
    at = data.index(b",", 13)
    data[at + 5 : at + 9] = size
    return bytes(data)


def tiff(entries: list[tuple[int, int, int, int]], *, following: int = 0) -> bytes:
    """A TIFF of these entries (tag, type, count, value) and nothing behind them."""
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return (
        b"II*\x00\x08\x00\x00\x00"
        + struct.pack("<H", len(entries))
        + body
        + struct.pack("<I", following)
    )


def tiff_says(width: int, height: int, *, following: int = 0) -> bytes:
    return tiff(
        [
            (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1),
            (262, 3, 1, 1), (273, 4, 1, 8), (278, 4, 1, height), (279, 4, 1, 64),
        ],
        following=following,
    )  # fmt: skip


def many_pages() -> bytes:
    buffer = io.BytesIO()
    page = Image.new("L", (90, 60), 200)
    page.save(buffer, "TIFF", save_all=True, append_images=[page] * 5)
    return buffer.getvalue()


def with_everything() -> bytes:
    """A photograph with the place it was taken at, a comment, a thumbnail, orientation."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Canary"
    exif[0x8825] = {1: "N", 2: (23.0, 21.0, 9.0), 3: "E", 4: (101.0, 44.0, 1.0)}
    return noise("JPEG", exif=exif, comment=b"Canary")


def png_with_everything() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Canary")
    info.add_itxt("XML:com.adobe.xmp", "<x>Canary</x>")
    return noise("PNG", pnginfo=info)


def zipped(name: str, data: bytes, **options: Any) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
XXE = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    b'<svg xmlns="http://www.w3.org/2000/svg"><text>&e;</text></svg>'
)
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;&b;</x>'


def just(data: bytes) -> Callable[[], bytes]:
    return lambda: data


PICTURES = (
    # what is none
    Case("empty", just(b""), "empty"),
    Case("one byte", just(b"\xff"), NO_PICTURE),
    Case("zeros", just(b"\x00" * 5000), NO_PICTURE),
    Case("text", just("一张照片".encode()), NO_PICTURE),
    Case("svg with script", just(SVG), "svg", "画.svg"),
    Case("svg named jpg", just(SVG), "svg"),
    Case("svg behind a mark and spaces", just(b"\xef\xbb\xbf \n\t" + SVG), "svg", "画.png"),
    Case("svg, packed", lambda: gzip.compress(SVG), "svg", "画.svgz"),
    Case("svg that reads files", just(XXE), "svg", "画.svg"),
    Case("entities that multiply", just(LAUGHS), NO_PICTURE, "画.xml"),
    Case("html", just(b"<html><script>alert(1)</script></html>"), NO_PICTURE),
    Case("php", just(b"<?php system($_GET['c']); ?>"), NO_PICTURE, "照片.php.jpg"),
    Case("shell", just(b"#!/bin/sh\nrm -rf /\n"), NO_PICTURE),
    Case("windows program", just(b"MZ\x90\x00" + b"\x00" * 99), NO_PICTURE),
    Case("linux program", just(b"\x7fELF" + b"\x00" * 99), NO_PICTURE),
    Case("postscript", just(b"%!PS-Adobe-3.0 EPSF-3.0\n(x) run"), NO_PICTURE, "画.eps"),
    Case("postscript, boxed", just(b"\xc5\xd0\xd3\xc6" + b"\x00" * 99), NO_PICTURE, "画.eps"),
    Case("heic", just(b"\x00\x00\x00\x18ftypheic" + b"\x00" * 99), "heic"),
    Case("avif", just(b"\x00\x00\x00\x18ftypavif" + b"\x00" * 99), "heic"),
    Case("bmp", lambda: saved("BMP"), NO_PICTURE),
    Case("ico", lambda: saved("ICO", size=(32, 32)), NO_PICTURE),
    Case("jpeg 2000", just(b"\x00\x00\x00\x0cjP  \r\n\x87\n" + b"\x00" * 99), NO_PICTURE),
    Case("photoshop", just(b"8BPS\x00\x01" + b"\x00" * 99), NO_PICTURE),
    Case("windows metafile", just(b"\xd7\xcd\xc6\x9a" + b"\x00" * 99), NO_PICTURE),
    Case("netpbm bomb", just(b"P6\n60000 60000\n255\n"), NO_PICTURE),
    Case("pdf", just(b"%PDF-1.7\n%%EOF"), NO_PICTURE),
    Case("zip", lambda: zipped("照片.jpg", noise("JPEG")), NO_PICTURE),
    Case("zip bomb", lambda: zipped("a", b"\x00" * (30 << 20)), NO_PICTURE),
    Case("word document", lambda: zipped("word/document.xml", LAUGHS), NO_PICTURE),
    Case("gzip bomb", lambda: gzip.compress(b"\x00" * (30 << 20)), NO_PICTURE),
    Case("rar", just(b"Rar!\x1a\x07\x01\x00" + b"\x00" * 99), NO_PICTURE),
    Case("7z", just(b"7z\xbc\xaf\x27\x1c" + b"\x00" * 99), NO_PICTURE),
    Case("film", just(b"\x00\x00\x00\x18ftypisom" + b"\x00" * 99), NO_PICTURE),
    Case("sound", just(b"ID3\x04" + b"\x00" * 99), NO_PICTURE),
    Case("flash", just(b"FWS\x09" + b"\x00" * 99), NO_PICTURE),
    # cut off on the way
    Case("jpeg cut off", lambda: noise("JPEG")[:-4000], "cut_off"),
    Case("jpeg, its beginning", just(b"\xff\xd8\xff\xe0\x00\x10JFIF"), "cut_off"),
    Case("png cut off", lambda: noise("PNG")[:-4000], "cut_off"),
    Case("png, its name", just(PNG), "cut_off"),
    Case("webp cut off", lambda: noise("WEBP")[:-2000], "cut_off"),
    Case("gif cut off", lambda: frames("GIF")[:-30], "cut_off"),
    Case("gif with a zip behind", lambda: frames("GIF") + zipped("a", b"b"), "cut_off"),
    # what turns out when it is decoded
    Case("png of 2.5 gigapixels", lambda: png(50_000, 50_000), TOO_LARGE),
    Case("png far too wide", lambda: png(60_001, 1), TOO_LARGE),
    Case("png of no width", lambda: png(0, 9), UNREADABLE),
    Case("png with a wrong checksum", png_wrong_checksum, UNREADABLE),
    Case("png with text of 270 MB", png_text_bomb, UNREADABLE),
    Case("png with a profile of 90 MB", png_profile_bomb, UNREADABLE),
    Case("png without its pixels", lambda: png(900, 900, body=b""), UNREADABLE),
    Case("png, half of it", png_half, UNREADABLE),
    Case(
        "jpeg of noise", just(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 9 + b"\xff\xd9"), UNREADABLE
    ),
    Case("jpeg of no height", lambda: jpeg_says(90, 0), UNREADABLE),
    Case("jpeg of 4 gigapixels", lambda: jpeg_says(65_000, 65_000), TOO_LARGE),
    Case("gif of 4 gigapixels", lambda: gif_says(65_000, 65_000), TOO_LARGE),
    Case("gif of 160 megapixels", lambda: gif_says(16_000, 10_000), TOO_LARGE),
    Case("tiff of 10 gigapixels", lambda: tiff_says(100_000, 100_000), TOO_LARGE),
    Case("tiff without its pixels", lambda: tiff_says(3000, 3000), UNREADABLE),
    Case("tiff whose pages go in a circle", lambda: tiff_says(3000, 9, following=8), UNREADABLE),
    Case("tiff of nothing", lambda: tiff([]), UNREADABLE),
    Case("tiff that points far away", lambda: tiff([(256, 4, 2**31, 2**31)]), UNREADABLE),
    # odd, and all right
    Case("wrong ending", lambda: noise("PNG"), FINE, "木棉.jpg"),
    Case("a path for a name", lambda: noise("JPEG"), FINE, "../../etc/passwd"),
    Case("a NUL in the name", lambda: noise("JPEG"), FINE, "a\x00.php"),
    Case("cmyk", lambda: saved("JPEG", "CMYK", colour=(0, 255, 255, 0)), FINE),
    Case("progressive", lambda: noise("JPEG", progressive=True), FINE),
    Case("grey", lambda: saved("JPEG", "L"), FINE),
    Case("16 bits, tiff", lambda: saved("TIFF", "I;16", colour=0x8000), FINE, "扫描.tif"),
    Case("16 bits, png", lambda: saved("PNG", "I;16", colour=0x8000), FINE),
    Case("floating point", lambda: saved("TIFF", "F", colour=90.5), FINE, "扫描.tif"),
    Case("lab", lambda: saved("TIFF", "LAB"), FINE, "扫描.tif"),
    Case("black and white", lambda: saved("TIFF", "1"), FINE, "扫描.tif"),
    Case("several pages", many_pages, FINE, "扫描.tif"),
    Case("palette, partly clear", lambda: saved("PNG", "P", transparency=0), FINE),
    Case("clear", lambda: saved("PNG", "RGBA"), FINE),
    Case("moving gif", lambda: frames("GIF"), FINE),
    Case("moving webp", lambda: frames("WEBP"), FINE),
    Case("moving png", lambda: frames("PNG"), FINE),
    Case("jpeg with a page behind", lambda: noise("JPEG") + b"<script>alert(1)</script>", FINE),
    Case("jpeg with a zip behind", lambda: noise("JPEG") + zipped("a", b"b"), FINE),
    Case("place, comment, thumbnail", with_everything, FINE),
    Case("png with words", png_with_everything, FINE),
)
