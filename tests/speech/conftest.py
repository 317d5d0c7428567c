"""Voices for tests: the real one, and programs that behave well, hang, or fail."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from culture_cloud.config import Config
from culture_cloud.speech.engine import ProgramEngine
from culture_cloud.speech.speaking import Speech
from tests.client import Browser

MP3_HEAD = b"\xff\xf3\x44\xc4"
SPEAKS = f"import sys; said = sys.stdin.buffer.read(); sys.stdout.buffer.write({MP3_HEAD!r} + said)"
HANGS = "import time; time.sleep(60)"
FAILS = "import sys; sys.exit('the voice is not there')"
WRITES_NONSENSE = "print('not a sound')"


def program(source: str, *, seconds: float = 8.0) -> ProgramEngine:
    """An engine whose program is this Python source."""
    return ProgramEngine("test", (sys.executable, "-c", source), seconds)


def heard(client: Browser, address: str, *, status: int = 200, **headers: str) -> TestResponse:
    """A sound as the browser gets it: `heard(client, address, status=206, Range="bytes=0-1")`."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    response = client.flask.get(address, headers=sent)
    assert response.status_code == status, response.data[:500]
    return response


Voice = Callable[..., Speech]


@pytest.fixture
def voice(app: Flask) -> Voice:
    """Gives the app a voice: `voice(HANGS, seconds=0.5)`."""

    def give(source: str = SPEAKS, *, seconds: float = 8.0) -> Speech:
        speech: Speech = app.extensions["speech"]
        speech.engine = program(source, seconds=seconds)
        return speech

    return give


@pytest.fixture
def folder(config: Config) -> Path:
    return config.data_folder / "speech"
