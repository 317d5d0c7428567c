"""Originals are kept as they came; what is no usable file is refused with a word."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from PIL import Image

from culture_cloud import clock, db
from culture_cloud.config import Config
from culture_cloud.errors import NotFound
from culture_cloud.media import derivatives, services, serving
from culture_cloud.media.models import MediaOriginal
from culture_cloud.media.originals import OriginalStore
from culture_cloud.media.sniffing import Family, UploadRefused
from culture_cloud.web.policies import public
from culture_cloud.web.security import takes_large_files
from tests.client import Browser

MB = 1 << 20


def jpeg(size: tuple[int, int] = (800, 600), **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(buffer, "JPEG", **options)
    return buffer.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> OriginalStore:
    return OriginalStore(tmp_path)


def keep(store: OriginalStore, data: bytes, filename: str = "", *wanted: Family) -> Any:
    return store.keep(
        io.BytesIO(data), wanted=wanted or (Family.PICTURE,), most_bytes=MB, filename=filename
    )


def test_an_original_is_kept_byte_for_byte_and_once(store: OriginalStore) -> None:
    data = jpeg()
    first, second = keep(store, data), keep(store, data)
    assert first == second
    assert first.checksum == hashlib.sha256(data).hexdigest()
    assert store.path(first.checksum).read_bytes() == data
    assert len([p for p in store.folder.rglob("*") if p.is_file()]) == 1


SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)


@pytest.mark.parametrize(
    ("data", "filename", "reason"),
    [
        (b"", "a.jpg", "empty"),
        (SVG, "a.svg", "svg"),
        (SVG, "a.jpg", "svg"),
        (b"<html><script>alert(1)</script></html>", "a.jpg", "not_wanted_picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "a.jpg", "not_wanted_picture"),
        (b"MZ\x90\x00" + b"\x00" * 99, "holiday.jpg", "not_wanted_picture"),
        (b"%PDF-1.7\n%%EOF", "a.jpg", "not_wanted_picture"),
        (b"\x00\x00\x00\x18ftypheic", "IMG_1.jpg", "heic"),
        (jpeg()[:-20000], "a.jpg", "cut_off"),
        (jpeg() + b"x" * (MB + 1), "a.jpg", "too_large"),
    ],
)
def test_what_is_no_picture_is_refused_and_leaves_nothing(
    store: OriginalStore, data: bytes, filename: str, reason: str
) -> None:
    with pytest.raises(UploadRefused) as refused:
        keep(store, data, filename)
    assert refused.value.reason == reason
    assert not [p for p in store.folder.rglob("*") if p.is_file()]


def test_a_wrong_ending_does_not_matter_the_bytes_do(store: OriginalStore) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (9, 9)).save(buffer, "PNG")
    assert keep(store, buffer.getvalue(), "木棉.jpg").kind.media_type == "image/png"


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"ID3\x04" + b"\x00" * 99, "audio/mpeg"),
        (b"\xff\xfb\x90\x00" + b"\x00" * 99, "audio/mpeg"),
        (b"\x00\x00\x00\x18ftypM4A " + b"\x00" * 99, "audio/mp4"),
        (b"\x00\x00\x00\x18ftypisom" + b"\x00" * 99, "video/mp4"),
        (b"OggS" + b"\x00" * 99, "audio/ogg"),
        (b"RIFF\x00\x00\x00\x00WAVE" + b"\x00" * 99, "audio/wav"),
        (b"\x1aE\xdf\xa3" + b"\x00" * 99, "video/webm"),
    ],
)
def test_recordings_are_known_by_their_bytes(
    store: OriginalStore, head: bytes, media_type: str
) -> None:
    assert keep(store, head, "", Family.AUDIO, Family.VIDEO).kind.media_type == media_type


def test_a_damaged_or_missing_original_is_noticed(store: OriginalStore) -> None:
    kept = keep(store, jpeg())
    assert store.fault(kept.checksum) is None
    path = store.path(kept.checksum)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert store.fault(kept.checksum) == "damaged"
    path.unlink()
    assert store.fault(kept.checksum) == "missing"


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\x", "a" * 63, "A" * 64, "\x00", ""])
def test_no_path_is_built_from_what_a_user_typed(store: OriginalStore, name: str) -> None:
    with pytest.raises(NotFound):
        store.path(name)


# --- with the database and the worker ------------------------------------------------------------


def recorded(app: Flask, data: bytes, *wanted: Family) -> int:
    kept = serving.store().keep(
        io.BytesIO(data), wanted=wanted or (Family.PICTURE,), most_bytes=50 * MB
    )
    with db.transaction() as session:
        return services.record(session, kept).id


def test_the_worker_makes_sizes_without_what_a_camera_adds(
    app_context: Flask, run_jobs: Any
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (23.0, 21.0, 9.0)}
    original_id = recorded(app_context, jpeg((2000, 1000), exif=exif, comment=b"secret"))
    run_jobs()
    row = db.session().get(MediaOriginal, original_id)
    assert row is not None
    assert (row.state, row.width, row.height, row.tiled) == ("ready", 1000, 2000, True)
    for width in (240, 480, 960):
        for ending in ("webp", "jpg"):
            data = derivatives.size_path(row.checksum, width, ending).read_bytes()
            made = Image.open(io.BytesIO(data))
            assert made.size == (width, width * 2)
            assert not dict(made.getexif())
            assert b"secret" not in data
            assert b"Exif" not in data


def cmyk() -> bytes:
    buffer = io.BytesIO()
    Image.new("CMYK", (300, 200), (0, 255, 255, 0)).save(buffer, "JPEG")
    return buffer.getvalue()


def sixteen_bits() -> bytes:
    buffer = io.BytesIO()
    Image.new("I;16", (300, 200), 0x8000).save(buffer, "TIFF")
    return buffer.getvalue()


def animated() -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (300, 200), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def clear() -> bytes:
    buffer = io.BytesIO()
    Image.new("LA", (300, 200), (0, 0)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("make", "colour"),
    [
        (cmyk, (254, 0, 0)),
        (sixteen_bits, (128, 128, 128)),
        (animated, (254, 0, 0)),
        (clear, (255, 255, 255)),
    ],
)
def test_unusual_pictures_are_turned_into_plain_ones(
    app_context: Flask, run_jobs: Any, make: Any, colour: tuple[int, int, int]
) -> None:
    original_id = recorded(app_context, make())
    run_jobs()
    row = db.session().get(MediaOriginal, original_id)
    assert row is not None
    assert row.state == "ready"
    with Image.open(derivatives.size_path(row.checksum, 240, "jpg")) as made:
        got = made.convert("RGB").getpixel((5, 5))
    assert isinstance(got, tuple)
    assert all(abs(a - b) <= 3 for a, b in zip(got, colour, strict=True)), got


def bomb() -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1_000_000)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def half() -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((900, 900), 40).save(buffer, "PNG")
    data = buffer.getvalue()
    return data[: len(data) // 2] + data[-12:]


@pytest.mark.parametrize(("make", "fault"), [(bomb, "too_many_pixels"), (half, "not_a_picture")])
def test_a_picture_that_cannot_be_decoded_is_written_down_as_such(
    app_context: Flask, run_jobs: Any, make: Any, fault: str
) -> None:
    original_id = recorded(app_context, make())
    run_jobs()
    row = db.session().get(MediaOriginal, original_id)
    assert row is not None
    assert (row.state, row.fault) == ("failed", fault)


def test_the_monthly_check_finds_what_rotted(app_context: Flask, run_jobs: Any) -> None:
    original_id = recorded(app_context, jpeg())
    run_jobs()
    row = db.session().get(MediaOriginal, original_id)
    assert row is not None
    path = serving.store().path(row.checksum)
    path.chmod(0o600)
    path.write_bytes(b"rotten")
    derivatives.check_fixity()
    assert not services.damaged(db.session()), "it was looked at today already"
    with clock.frozen(clock.ahead(days=31)):
        derivatives.check_fixity()
    db.release_reads()
    assert [o.damage for o in services.damaged(db.session())] == ["damaged"]


# --- sending -------------------------------------------------------------------------------------


def with_route(app: Flask, checksum: str) -> None:
    @app.get("/sent")
    @public
    def sent() -> Response:
        return serving.send_original(checksum, "audio/mpeg", name="花灯 调子")


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [
        (None, 200, slice(0, None)),
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=0-1,5-6", 200, slice(0, None)),
        ("lines=0-1", 416, slice(0, 0)),
        ("bytes=9999-", 416, slice(0, 0)),
    ],
)
def test_recordings_are_sent_in_the_range_that_was_asked_for(
    app: Flask, asked: str | None, status: int, body: slice
) -> None:
    data = b"ID3\x04" + bytes(range(250))
    with app.app_context():
        kept = serving.store().keep(
            io.BytesIO(data), wanted=(Family.AUDIO,), most_bytes=MB, filename="x"
        )
    with_route(app, kept.checksum)
    headers = {"Range": asked} if asked else {}
    response = app.test_client().get("/sent", headers=headers, buffered=True)
    assert response.status_code == status
    if status != 416:
        assert response.data == data[body]
        assert response.headers["Accept-Ranges"] == "bytes"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"].startswith("sandbox")
        assert (
            "%E8%8A%B1%E7%81%AF%20%E8%B0%83%E5%AD%90.mp3"
            in (response.headers["Content-Disposition"])
        )
    if status == 206:
        assert response.headers["Content-Range"].endswith("/254")
    if status == 200:
        known = {"If-None-Match": response.headers["ETag"]}
        again = app.test_client().get("/sent", headers=known, buffered=True)
        assert again.status_code == 304


def test_nginx_may_send_the_file_itself(config: Config) -> None:
    from dataclasses import replace

    from culture_cloud import create_app

    app = create_app(replace(config, accel_prefix="/protected"))
    with app.app_context():
        kept = serving.store().keep(
            io.BytesIO(b"ID3\x04" + b"\x00" * 99), wanted=(Family.AUDIO,), most_bytes=MB
        )
    with_route(app, kept.checksum)
    response = app.test_client().get("/sent")
    expected = f"/protected/originals/{kept.checksum[:2]}/{kept.checksum}"
    assert response.headers["X-Accel-Redirect"] == expected
    assert response.data == b""
    app.extensions["database"].dispose()


def test_only_who_is_signed_in_may_send_large_files(app: Flask, client: Browser) -> None:
    @app.post("/large")
    @public
    @takes_large_files
    def large() -> str:
        return "never reached"

    answer = client.flask.post("/large", data={"a": "x" * 13 * MB})
    assert answer.status_code == 413
