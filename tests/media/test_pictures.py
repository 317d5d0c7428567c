"""Uploaded pictures: made small and safe, or refused with a word; covers are drawn only for us."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from culture_cloud.errors import NotFound
from culture_cloud.media import addresses
from culture_cloud.media.pictures import PictureRefused, PictureStore
from tests.client import Browser


def picture(form: str = "JPEG", size: tuple[int, int] = (1600, 1200), **options: object) -> bytes:
    buffer = io.BytesIO()
    mode = "RGBA" if form in {"PNG", "WEBP"} else "RGB"
    Image.new(mode, size, "#b3261e").save(buffer, form, **options)
    return buffer.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> PictureStore:
    return PictureStore(tmp_path / "media")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_makes_every_size_in_the_shape_of_a_card(store: PictureStore, form: str) -> None:
    key = store.add(picture(form))
    for width in addresses.POSTER_WIDTHS:
        made = Image.open(io.BytesIO(store.read(key, width)))
        assert (made.format, made.size) == ("WEBP", (width, round(width * 9 / 16)))


def test_what_a_camera_adds_is_gone(store: PictureStore) -> None:
    exif = Image.Exif()
    exif[0x010E] = "ImageDescription with a secret"
    exif.get_ifd(0x8825)[2] = (23.0, 36.0, 0.0)
    key = store.add(picture(exif=exif, comment=b"a secret comment"))
    for width in addresses.POSTER_WIDTHS:
        body = store.read(key, width)
        assert b"secret" not in body
        assert not Image.open(io.BytesIO(body)).getexif()


def test_a_picture_taken_sideways_stands_upright(store: PictureStore) -> None:
    sideways = Image.new("RGB", (1200, 1600), "white")
    sideways.paste("red", (0, 0, 1200, 400))  # the top as the camera held it
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by 90 degrees to the right
    buffer = io.BytesIO()
    sideways.save(buffer, "JPEG", exif=exif)
    made = Image.open(io.BytesIO(store.read(store.add(buffer.getvalue()), 240)))
    red, green, _blue = made.getpixel((230, 60))  # type: ignore[misc]
    assert red > 200 > 100 > green


def bomb() -> bytes:
    """A PNG of 9,000 × 9,000 pixels in a few KB."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", 9000, 9000, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (9000 // 8 + 1) * 9000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not_a_picture"),
        (b"<svg onload='alert(1)'/>", "not_a_picture"),
        (b"%PDF-1.7", "not_a_picture"),
        (picture()[:3000], "not_a_picture"),
        (b"\xff\xd8\xff" + b"\0" * 100, "not_a_picture"),
        (b"II*\0" + b"\0" * 200, "not_a_picture"),
        (bomb(), "too_many_pixels"),
        (b"\0" * (10 * 1024 * 1024 + 1), "too_large"),
    ],
)
def test_anything_else_is_refused_with_a_word(
    store: PictureStore, data: bytes, reason: str
) -> None:
    with pytest.raises(PictureRefused) as refused:
        store.add(data)
    assert refused.value.reason == reason
    assert not list(store.folder.glob("*")) if store.folder.exists() else True


def test_the_same_picture_is_kept_once(store: PictureStore) -> None:
    assert store.add(picture()) == store.add(picture())
    assert len(list(store.folder.iterdir())) == len(addresses.POSTER_WIDTHS)


@pytest.mark.parametrize("key", ["../../etc/passwd", "0" * 23, "0" * 24 + "/..", "", "0" * 24])
def test_no_name_leads_out_of_the_folder(store: PictureStore, key: str) -> None:
    with pytest.raises(NotFound):
        store.read(key, 240)


def test_covers_are_drawn_once_and_kept_for_ever(app: Flask, client: Browser) -> None:
    with app.test_request_context("http://localhost/"):
        cover = addresses.cover("papercut", "剪纸课")
    first = client.flask.get(cover.src)
    assert (first.status_code, first.content_type) == (200, "image/webp")
    assert "immutable" in first.headers["Cache-Control"]
    assert client.flask.get(cover.src).data == first.data


def test_strangers_cannot_have_covers_drawn(app: Flask, client: Browser) -> None:
    with app.test_request_context("http://localhost/"):
        src = addresses.cover("papercut", "剪纸课").src
    forged = src.replace(src.split("/")[-1][:12], "0" * 12)
    for path in (forged, src.replace("papercut", "tile"), src.replace("480", "481")):
        assert client.flask.get(path).status_code == 404
