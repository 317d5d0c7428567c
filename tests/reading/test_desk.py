"""The desk of the reading room: descriptions, shelves, chapters, captions, recordings, networks."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from culture_cloud import db
from culture_cloud.demo import readings
from culture_cloud.network.models import Node
from culture_cloud.reading import heard_jobs
from culture_cloud.reading.models import Publication
from culture_cloud.speech.engine import Sound
from tests import factories
from tests.client import Browser
from tests.signing_in import sign_in

from . import books

Bring = Callable[..., int]


def test_a_description_is_changed_and_faults_are_told_beside_what_was_typed(
    clerk: Browser, app: Flask, book: int
) -> None:
    page = clerk.get(f"/desk/reading/{book}/edit")
    typed = {"title": "渡口的早晨", "isbn": "978-7-02-000220-8", "copies": "3"}
    wrong = clerk.submit(page, typed, form="title", status=422)
    assert "ISBN" in wrong.main
    assert wrong.form("title").values["title"] == "渡口的早晨"
    right = {"isbn": "978-7-02-000220-7", "copies": "", "class_mark": "i247.7", "subject": ""}
    assert "渡口的早晨" in clerk.submit(wrong, right, form="title").main
    with app.app_context():
        found = db.session().get_one(Publication, book)
        assert (found.isbn, found.subject_code) == ("9787020002207", "I")
    # the page of before is too old now: nothing is lost, nothing is overwritten
    assert "别人" in clerk.submit(page, {"title": "旧的"}, form="title", status=422).main
    with app.app_context():
        assert db.session().get_one(Publication, book).title == "渡口的早晨"


class Voice:
    """Says nothing, and notes how it was asked to read."""

    name, is_there = "test", True

    def __init__(self) -> None:
        self.asked: list[Mapping[str, str]] = []

    def speak(self, _text: str, /, *, speed: float, readings: Mapping[str, str]) -> Sound:
        self.asked.append(readings)
        return Sound(bytes.fromhex("fffb10c4") + bytes(100))


def test_a_text_says_how_its_words_are_read_aloud(
    clerk: Browser, app: Flask, book: int, bring: Bring, tmp_path: Path
) -> None:
    voice = app.extensions["speech"].engine = Voice()
    page = clerk.get(f"/desk/reading/{book}/edit")
    wrong = clerk.submit(page, {"readings": "渡口 dù"}, form="title", status=422)
    assert "渡口 dù" in wrong.main
    before = Browser(app).get(f"/read/{book}/1").one("audio").get("src") or ""
    clerk.submit(wrong, {"readings": "渡口 dù kǒu\n重 chong2"}, form="title")
    after = Browser(app).get(f"/read/{book}/1").one("audio").get("src") or ""
    assert after != before, "what sounds otherwise has another address"
    assert clerk.flask.get(after, buffered=True).status_code == 200
    assert voice.asked[-1]["渡口"] == "du4 kou3"
    assert voice.asked[-1]["重"] == "chong2"
    assert "渡口 du4 kou3" in str(
        clerk.get(f"/desk/reading/{book}/edit").form("title").values["readings"]
    )
    other = bring(books.make_epub(tmp_path / "o.epub", {"one": "<p>别的渡口。</p>"}))
    clerk.flask.get(Browser(app).get(f"/read/{other}/1").one("audio").get("src") or "")
    assert "渡口" not in voice.asked[-1], "only in that title"


def test_the_first_pages_at_the_front_are_spoken_before_anybody_asks(
    app: Flask, client: Browser, book: int
) -> None:
    voice = app.extensions["speech"].engine = Voice()
    with app.app_context():
        heard_jobs.speak_ahead()
    made = len(voice.asked)
    assert made
    source = client.get(f"/read/{book}/1").one("audio").get("src") or ""
    assert client.flask.get(source, buffered=True).status_code == 200
    assert len(voice.asked) == made, "it was there already"
    with app.app_context():
        heard_jobs.speak_ahead()
    assert len(voice.asked) == made, "nothing is said twice"


def test_a_title_is_taken_out_and_shown_again(clerk: Browser, app: Flask, book: int) -> None:
    with app.app_context(), db.transaction() as session:
        for node in session.scalars(select(Node)):
            node.review_required = False
    clerk.submit(clerk.get(f"/desk/reading/{book}/withdraw"), {"reason": "版权到期"})
    assert Browser(app).get(f"/read/{book}", status=None).status == 404
    clerk.submit(clerk.get(f"/desk/reading/{book}"), form="/publish")
    assert Browser(app).get(f"/read/{book}").heading == "木棉渡的早晨"


def test_another_halls_titles_are_not_there(
    app: Flask, client: Browser, book: int, hall: int
) -> None:
    with app.app_context(), db.transaction() as session:
        other = factories.make_node(session, name="另一个馆")
        account = factories.make_staff(session, node=other, phone="19900017009")
    sign_in(client, account)
    for path in ("", "/edit", "/replace", "/withdraw", "/recordings"):
        assert client.get(f"/desk/reading/{book}{path}", status=None).status in {403, 404}, path


def test_chapters_of_a_sound_are_typed_in(clerk: Browser, bring: Bring, tmp_path: Path) -> None:
    sound = bring(books.make_mp3(tmp_path / "s.mp3", 90))
    page = clerk.get(f"/desk/reading/{sound}/chapters")
    wrong = clerk.submit(page, {"chapters": "00:00 雾\n一点 狗"}, form="chapters", status=422)
    assert "一点 狗" in wrong.main
    assert "00:00 雾" in str(wrong.form("chapters").values["chapters"])
    clerk.submit(wrong, {"chapters": "00:00 雾\n01:00 狗"}, form="chapters")
    assert "狗" in Browser(clerk.app).get(f"/read/{sound}/2").heading


def test_captions_are_checked_and_become_a_transcript(
    clerk: Browser, bring: Bring, tmp_path: Path
) -> None:
    film = bring(readings.film(tmp_path / "f.mp4"))
    form = clerk.get(f"/desk/reading/{film}/captions").form("csrf_token")

    def send(data: bytes, status: int) -> str:
        file = (io.BytesIO(data), "c.vtt")
        return clerk.post(form.action, {**form.values, "file": file}, status=status).main

    assert "WEBVTT" in send(b"1\n00:00 --> 00:01\nx", 422)
    assert "WEBVTT" in send(b"\xff\xfe\x00", 422)
    send(readings.captions("boat.vtt").encode(), 200)
    page = Browser(clerk.app).get(f"/read/{film}/1")
    track = page.one("track")
    assert (track.get("kind"), track.get("srclang")) == ("captions", "zh")
    answer = clerk.flask.get(track.get("src") or "", buffered=True)
    assert answer.mimetype == "text/vtt"
    assert "小船折好了。放在水上，它会自己走。" in page.main
    assert "autoplay" not in page.text
    source = page.one("video").get("src") or page.one("source").get("src") or ""
    part = clerk.flask.get(source.split("#")[0], headers={"Range": "bytes=0-9"}, buffered=True)
    assert (part.status_code, part.data[4:8]) == (206, b"ftyp")


def test_a_persons_recording_comes_before_the_machine(
    clerk: Browser, book: int, tmp_path: Path
) -> None:
    form = clerk.get(f"/desk/reading/{book}/recordings").form("chapter")
    sound = books.make_mp3(tmp_path / "r.mp3").read_bytes()
    values = {**form.values, "chapter": "1", "reader": "杨小满"}
    no_sound = {**values, "file": (io.BytesIO(b"MZ"), "r.mp3")}
    assert "不是声音" in clerk.post(form.action, no_sound, status=422).main
    clerk.post(form.action, {**values, "file": (io.BytesIO(sound), "r.mp3")})
    page = Browser(clerk.app).get(f"/read/{book}/1")
    assert "杨小满" in page.main
    answer = clerk.flask.get(page.one("audio").get("src") or "", buffered=True)
    assert answer.data == sound


@pytest.mark.parametrize("network", ["0.0.0.0/0", "木棉", "10.1.2.300"])
def test_networks_that_are_none_or_too_wide_are_refused(clerk: Browser, network: str) -> None:
    page = clerk.get("/desk/reading/networks")
    answer = clerk.submit(page, {"network": network}, form="network", status=422)
    assert answer.form("network").values["network"] == network
