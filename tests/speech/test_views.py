"""Sounds on the web: in parts, for ever, only for texts of ours, never at the cost of a page."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path

import pytest
from flask import Flask

from culture_cloud.jobs.worker import Handlers
from culture_cloud.speech.speaking import WAITING_REQUESTS, listening
from tests.client import Browser

from .conftest import FAILS, HANGS, MP3_HEAD, SPEAKS, Voice, heard


@pytest.fixture
def noted(app: Flask) -> str:
    """The address of a text that a page noted; there is no sound yet."""
    return note(app, "欢迎大家。")


@pytest.fixture(autouse=True)
def _speaking(voice: Voice) -> None:
    voice(SPEAKS)


def note(app: Flask, text: str, *, is_personal: bool = False) -> str:
    with app.app_context():
        audio = listening([text], is_personal=is_personal)
    assert audio is not None
    return audio.src


def test_the_first_who_listens_has_it_made(client: Browser, noted: str) -> None:
    answer = heard(client, noted)
    assert answer.mimetype == "audio/mpeg"
    assert answer.data.startswith(MP3_HEAD)
    assert json.loads(answer.data.removeprefix(MP3_HEAD))["text"] == "欢迎大家。"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_it_is_made_once(client: Browser, noted: str, voice: Voice) -> None:
    first = heard(client, noted).data
    voice(FAILS)
    assert heard(client, noted).data == first


def test_parts_are_served(client: Browser, noted: str) -> None:
    whole = heard(client, noted)
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = heard(client, noted, status=206, Range="bytes=0-1")
    assert part.data == MP3_HEAD[:2]
    assert part.headers["Content-Range"] == f"bytes 0-1/{len(whole.data)}"
    rest = heard(client, noted, status=206, Range="bytes=4-")
    assert rest.data == whole.data[4:]
    last = heard(client, noted, status=206, Range="bytes=-3")
    assert last.data == whole.data[-3:]


def test_a_part_beyond_the_end_is_refused(client: Browser, noted: str) -> None:
    size = len(heard(client, noted).data)
    answer = heard(client, noted, status=416, Range=f"bytes={size}-")
    assert answer.headers["Content-Range"] == f"bytes */{size}"


def test_an_unchanged_sound_is_not_sent_again(client: Browser, noted: str) -> None:
    etag = heard(client, noted).headers["ETag"]
    heard(client, noted, status=304, If_None_Match=etag)


def test_a_head_request_tells_the_length(client: Browser, noted: str) -> None:
    size = len(heard(client, noted).data)
    answer = client.flask.head(noted)
    assert (answer.status_code, answer.content_length, answer.data) == (200, size, b"")


@pytest.mark.parametrize(
    "name", ["s" + "0" * 32, "p" + "a" * 32, "s123", "turn", "..%2f..%2fsecret-key"]
)
def test_a_guessed_name_leads_nowhere(client: Browser, noted: str, name: str) -> None:
    client.get(f"/listen/{name}.mp3", status=404)


def test_a_changed_text_has_another_address(app: Flask, noted: str) -> None:
    assert note(app, "欢迎大家来。") != noted


def test_what_is_personal_is_for_its_owner_alone(app: Flask, client: Browser) -> None:
    answer = heard(client, note(app, "您的报名号码", is_personal=True))
    assert answer.headers["Cache-Control"] == "private, max-age=3600"


def test_a_voice_that_hangs_costs_the_sound_alone(
    app: Flask, client: Browser, voice: Voice
) -> None:
    voice(HANGS, seconds=0.5)
    address = note(app, "欢迎。")
    answer = heard(client, address, status=503)
    assert answer.headers["Retry-After"]
    with app.app_context():
        assert listening(["欢迎。"]) is None, "the page offers it no more for a while"
        assert listening(["别的文字。"]) is not None
    voice(SPEAKS)
    heard(client, address, status=503)  # not tried again at once


def test_making_is_limited_for_an_address_and_hearing_is_not(app: Flask, client: Browser) -> None:
    addresses = [note(app, f"第{number}个活动") for number in range(31)]
    for address in addresses[:30]:
        heard(client, address)
    answer = heard(client, addresses[30], status=429)
    assert int(answer.headers["Retry-After"]) > 0
    heard(client, addresses[0])


def test_only_few_threads_ever_wait_for_the_voice(app: Flask, voice: Voice) -> None:
    voice(HANGS, seconds=1.5)
    addresses = [note(app, f"第{number}个活动") for number in range(WAITING_REQUESTS + 2)]
    answered: list[int] = []
    at_once = threading.Barrier(len(addresses))

    def ask(address: str) -> None:
        at_once.wait()
        with app.test_client() as browser:
            answered.append(browser.get(address).status_code)

    threads = [threading.Thread(target=ask, args=(address,)) for address in addresses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answered == [503] * len(addresses)
    failed = len(list(Path(app.config["DATA_FOLDER"], "speech").glob("*.failed")))
    assert 1 <= failed <= WAITING_REQUESTS, "the others were sent away without waiting"


def test_a_lost_sound_is_made_again(client: Browser, noted: str, folder: Path) -> None:
    whole = heard(client, noted).data
    next(folder.glob("*.mp3")).unlink()
    assert heard(client, noted).data == whole


def test_where_nothing_can_be_written_the_page_has_no_player(app: Flask, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("a file where the folder should be")
    with app.app_context():
        assert listening(["欢迎。"]) is None


def test_old_sounds_are_forgotten_by_the_worker(app: Flask) -> None:
    handlers: Handlers = app.extensions["handlers"]
    assert "speech.forget_old" in handlers.by_name
    assert "speech.forget_old" in [periodic.name for periodic in handlers.periodic]


def test_a_faulty_table_of_local_names_is_left_out(app: Flask) -> None:
    from culture_cloud.speech.speaking import init_app

    settings = app.config["CULTURE_CLOUD"]
    table = settings.data_folder / "readings.json"
    table.write_text('{"朝阳村": "zhao1 yang2 cun1"}')
    init_app(app, settings)
    first = app.extensions["speech"]
    assert first.readings == {"朝阳村": "zhao1 yang2 cun1"}
    for faulty in ('{"朝阳村": "zhao1"}', "[1]", "{"):
        table.write_text(faulty)
        init_app(app, settings)
        assert app.extensions["speech"].readings == {}
    assert app.extensions["speech"].voice != first.voice
