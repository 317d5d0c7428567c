"""The way in: by the desk, by the command, in a process of its own; what goes wrong is kept."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from flask import Flask
from sqlalchemy import select

from culture_cloud import db
from culture_cloud.network.models import Node
from culture_cloud.reading.intake import jobs, process, services
from culture_cloud.reading.models import Intake, Publication
from tests.client import Browser

from . import books

RunJobs = Callable[[], int]


def uploaded(clerk: Browser, *files: Path, **answers: object) -> str:
    """Bring files in by the form; the page one comes to, as text."""
    form = clerk.get("/desk/reading/upload").form("rights")
    sent = {
        **form.values,
        "rights": "public_domain",
        "files": [(io.BytesIO(path.read_bytes()), path.name) for path in files],
        **answers,
    }
    return clerk.post(form.action, sent).main


def test_a_clerk_brings_a_folder_in_and_is_told_what_came_of_each(
    clerk: Browser, app: Flask, hall: int, run_jobs: RunJobs, tmp_path: Path
) -> None:
    with app.app_context(), db.transaction() as session:
        session.get_one(Node, hall).review_required = False
    good = books.make_epub(tmp_path / "渡口.epub", {"one": "<p>清晨</p><script>1</script>"})
    bad = tmp_path / "坏.epub"
    bad.write_bytes(b"PK\x03\x04 broken")
    assert "收到2个文件" in uploaded(clerk, good, bad, publish="y").replace(" ", "")
    run_jobs()
    page = clerk.get("/desk/reading")
    assert "坏.epub" in page.main
    told = clerk.get(page.link("坏.epub"))
    assert "文件坏了" in told.main
    kept = clerk.flask.get(told.link("坏.epub") if "坏.epub" in told.links else "/", buffered=True)
    assert kept.status_code in {200, 302}
    with app.app_context():
        book = db.session().scalar(select(Publication))
        refused = db.session().scalar(select(Intake).where(Intake.state == "refused"))
        assert book is not None
        assert refused is not None
        assert book.state == "published"
        assert jobs.store().aside(refused.key).read_bytes() == bad.read_bytes(), "not lost"
        number, aside = book.id, refused.id
    assert "脚本" in clerk.get(f"/desk/reading/{number}").main
    assert "清晨" in Browser(app).get(f"/read/{number}/1").main
    # the very same file again is not a second book
    assert "木棉渡的早晨" in uploaded(clerk, good)
    # looked at again, refused again; then thrown away for good
    clerk.submit(clerk.get(f"/desk/reading/files/{aside}"), form="/again")
    run_jobs()
    clerk.submit(clerk.get(f"/desk/reading/files/{aside}"), form="/throw-away")
    with app.app_context():
        assert db.session().get(Intake, aside) is None


def test_the_upload_form_says_what_is_missing_and_keeps_the_rest(
    clerk: Browser, tmp_path: Path
) -> None:
    form = clerk.get("/desk/reading/upload").form("rights")
    answers = {**form.values, "rights": "on_site", "files": []}
    page = clerk.post(form.action, answers, status=422)
    assert "请至少选一个文件" in page.main
    assert page.form("rights").values["rights"] == "on_site"


def test_the_command_brings_a_folder_in_with_a_report(
    app: Flask, hall: int, tmp_path: Path
) -> None:
    folder = tmp_path / "书"
    (folder / "里面").mkdir(parents=True)
    books.make_epub(folder / "a.epub", {"one": "<p>一</p>"})
    books.make_epub(folder / "里面" / "again.epub", {"one": "<p>一</p>"})
    books.make_pdf(folder / "里面" / "b.PDF", ["Ferry"])
    (folder / "c.epub").write_bytes(b"")
    (folder / "notes.txt").write_text("not for us")
    (folder / "里面" / "again.epub").write_bytes((folder / "a.epub").read_bytes())
    done = app.test_cli_runner().invoke(args=["reading", "import", str(folder), "--publish"])
    assert done.exit_code == 0, done.output
    assert "2 taken in, 1 already here, 1 kept aside." in done.output
    assert "c.epub: 文件是空的" in done.output
    with app.app_context():
        found = db.session().scalars(select(Publication.state)).all()
        assert found == ["published", "published"]
    wrong = app.test_cli_runner().invoke(args=["reading", "import", str(folder), "--node", "X"])
    assert wrong.exit_code == 1
    assert "There is no node" in wrong.output


def test_a_job_that_died_half_way_is_done_again(app: Flask, hall: int, tmp_path: Path) -> None:
    """The file had been moved and the folder half made when the worker was killed."""
    path = books.make_epub(tmp_path / "a.epub", {"one": "<p>一</p>"})
    with app.app_context():
        with path.open("rb") as file:
            received = jobs.store().receive(file)
        with db.transaction() as session:
            intake_id = services.receive(
                session, received, filename="a.epub", node_id=hall, account_id=None
            ).id
        from culture_cloud.media import serving
        from culture_cloud.media.sniffing import BY_MEDIA_TYPE

        kept = jobs.store()
        serving.store().adopt(kept.waiting(received.key), BY_MEDIA_TYPE["application/epub+zip"])
        kept.making(received.key).mkdir(parents=True)
        (kept.making(received.key) / "manifest.json").write_text("{")
        jobs.take_in(intake_id)
        jobs.take_in(intake_id)  # and once more by a second worker: nothing happens twice
        assert len(db.session().scalars(select(Publication)).all()) == 1
        assert not kept.making(received.key).exists()


@pytest.mark.one_database
def test_a_file_that_hangs_the_program_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(process, "SECONDS", 0.01)
    path = books.make_epub(tmp_path / "a.epub", {"one": "<p>一</p>"})
    result = process.make_apart(path, tmp_path / "book")
    assert result.refused is not None
    assert result.refused.code == "too_much"
    assert not (tmp_path / "book").exists()


@pytest.mark.one_database
@pytest.mark.parametrize("ended", [-9, -11, -24, 1])
def test_a_program_that_is_killed_refuses_the_file_and_a_fault_of_ours_is_tried_again(
    ended: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Out of memory, a crash of a decoder, too much CPU; and an exception that nobody caught."""
    said = b"Traceback\nKeyError: 'x'" if ended == 1 else b""
    done = subprocess.CompletedProcess(("x",), ended, b"", said)
    monkeypatch.setattr(subprocess, "run", lambda *_a, **_k: done)
    if ended == 1:
        with pytest.raises(RuntimeError, match="KeyError"):
            process.make_apart(tmp_path / "x", tmp_path / "book")
    else:
        result = process.make_apart(tmp_path / "x", tmp_path / "book")
        assert result.refused is not None
        assert result.refused.code == "too_much"


class Flood(io.RawIOBase):
    """A form with a file of many zeros that is never in memory; notes how much of it was read, and
    the most memory that the process had meanwhile."""

    def __init__(self, token: str, size: int) -> None:
        self.parts: list[bytes | int] = [
            (
                f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--x'
                '\r\nContent-Disposition: form-data; name="file"; filename="a.epub"\r\n\r\n'
            ).encode(),
            size,
            b"\r\n--x--\r\n",
        ]
        self.size = sum(part if isinstance(part, int) else len(part) for part in self.parts)
        self.read_bytes = 0
        self.process = psutil.Process()
        self.began = self.most = self.process.memory_info().rss

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        if not self.parts:
            return 0
        first = self.parts.pop(0)
        if isinstance(first, int):
            part, left = bytes(min(len(buffer), first)), first - len(buffer)
            self.parts[:0] = [left] if left > 0 else []
        else:
            part, rest = first[: len(buffer)], first[len(buffer) :]
            self.parts[:0] = [rest] if rest else []
        buffer[: len(part)] = part
        self.read_bytes += len(part)
        if self.read_bytes % (8 * 1024 * 1024) < len(buffer):
            self.most = max(self.most, self.process.memory_info().rss)
        return len(part)


def flood(clerk: Browser, book: int, size: int) -> tuple[int, Flood]:
    """Send a file of that size as the new file of a book; the status, and what became of it."""
    path = f"/desk/reading/{book}/replace"
    stream = Flood(str(clerk.get(path).form("csrf_token").values["csrf_token"]), size)
    answer = clerk.flask.post(
        path,
        environ_overrides={
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "wsgi.input": io.BufferedReader(stream, 64 * 1024),
            "CONTENT_LENGTH": str(stream.size),
        },
    )
    return answer.status_code, stream


def test_a_gigabyte_is_refused_before_it_is_read(clerk: Browser, book: int) -> None:
    status, stream = flood(clerk, book, 1024**3)
    assert status == 413
    assert stream.read_bytes < 1024**2


@pytest.mark.slow
def test_a_large_file_is_never_in_memory(clerk: Browser, book: int, run_jobs: RunJobs) -> None:
    """Our rule for uploads: the process grows by less than 64 MiB."""
    status, stream = flood(clerk, book, 180 * 1024**2)
    assert status == 303
    assert stream.read_bytes == stream.size
    assert stream.most - stream.began < 64 * 1024**2
    run_jobs()
    assert "木棉渡的早晨" in Browser(clerk.app).get(f"/read/{book}").main, "the old file stays"
