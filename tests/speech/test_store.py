"""Names of sounds, and how long they are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from culture_cloud import clock
from culture_cloud.speech.store import SpeechStore, Utterance


@pytest.fixture
def store(tmp_path: Path) -> SpeechStore:
    return SpeechStore(tmp_path / "speech", "secret")


HELLO = Utterance("欢迎。")


def test_the_name_changes_with_all_the_sound_depends_on(store: SpeechStore) -> None:
    names = {
        store.key(HELLO, voice="a 1"),
        store.key(replace(HELLO, text="欢迎！"), voice="a 1"),
        store.key(replace(HELLO, speed=0.75), voice="a 1"),
        store.key(HELLO, voice="a 2"),
        SpeechStore(store.folder, "another secret").key(HELLO, voice="a 1"),
    }
    assert len(names) == 5
    assert store.key(HELLO, voice="a 1") == store.key(Utterance("欢迎。"), voice="a 1")


def test_what_was_noted_is_found_again(store: SpeechStore) -> None:
    key = store.key(HELLO, voice="a")
    assert store.utterance(key) is None
    store.remember(key, HELLO)
    assert store.utterance(key) == HELLO
    assert store.sound(key) is None


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "s" + "g" * 32, "x" + "0" * 32])
def test_a_name_never_leads_out_of_the_folder(store: SpeechStore, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        store.sound(key)


@pytest.mark.parametrize(("personal", "days"), [(False, 30), (True, 2)])
def test_what_no_page_shows_is_forgotten(store: SpeechStore, personal: bool, days: int) -> None:
    said = replace(HELLO, is_personal=personal)
    key = store.key(said, voice="a")
    store.remember(key, said)
    store.keep(key, b"sound")
    now = clock.now()
    with clock.frozen(now + timedelta(days=days, hours=-1)):
        assert store.forget_old() == 0
    with clock.frozen(now + timedelta(days=days, hours=1)):
        assert store.forget_old() == 1
    assert list(store.folder.iterdir()) == []


def test_a_page_that_is_shown_again_keeps_its_sound(store: SpeechStore) -> None:
    key = store.key(HELLO, voice="a")
    now = clock.now()
    store.remember(key, HELLO)
    with clock.frozen(now + timedelta(days=29)):
        store.remember(key, HELLO)
    with clock.frozen(now + timedelta(days=31)):
        assert store.forget_old() == 0


def test_a_failure_is_remembered_for_a_while(store: SpeechStore) -> None:
    key = store.key(HELLO, voice="a")
    store.remember(key, HELLO)
    assert not store.failed_lately(key)
    store.note_failure(key)
    assert store.failed_lately(key)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert not store.failed_lately(key)
