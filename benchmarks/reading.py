"""The reading room: chapter pages, the room, OPDS, import and search of a long book."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from flask import Flask

from culture_cloud import clock, create_app, db, migrations
from culture_cloud.config import Config
from culture_cloud.network.models import Level, Network, Node
from culture_cloud.reading.books import BookFolder
from culture_cloud.reading.intake.at_once import take_in_at_once
from culture_cloud.reading.intake.services import Wishes
from culture_cloud.reading.models import Publication, PublicationForm
from culture_cloud.reading.reader import searching
from tests.reading.books import make_epub

SENTENCE = "渡口的木棉花开了，老艄公撑船过河，船上坐着去县城看病的老人和上学的孩子。"


def milliseconds(act: Callable[[], object], times: int = 30) -> float:
    """The median of CPU time, which other programs on the machine disturb least."""
    took = []
    for _n in range(times):
        began = time.process_time()
        act()
        took.append((time.process_time() - began) * 1000)
    return round(median(took), 1)


def long_book(path: Path, chapters: int = 300, characters: int = 10_000) -> Path:
    """A book of three million characters."""
    sentences = characters // len(SENTENCE)
    body = "".join(f"<p>{SENTENCE * 5}</p>" for _n in range(sentences // 5))
    return make_epub(path, {f"c{n:03d}": f"<h1>第{n}章</h1>{body}" for n in range(chapters)})


def add_titles(app: Flask, number: int) -> None:
    """Rows of ten thousand titles."""
    with app.app_context(), db.transaction() as session:
        node = session.query(Node.id).order_by(Node.id).limit(1).scalar()
        kinds, subjects = ("book", "audio_book", "local"), "ABCDEFGHIJK"
        session.add_all(
            Publication(
                urn=f"urn:bench:{n}",
                node_id=node,
                state="published",
                kind=kinds[n % 3],
                title=f"读物第{n}种",
                sort_key=f"du wu {n:05d}",
                subject_code=subjects[n % 11],
                audience_code="elders" if n % 4 else "everyone",
                forms=[PublicationForm(form="text")],
                created_at=clock.now(),
                updated_at=clock.now(),
                published_at=clock.now(),
            )
            for n in range(number)
        )


def main(database_url: str = "") -> None:
    """Print the figures; `database_url` of PostgreSQL, or none for SQLite."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        config = Config(
            data_folder=folder,
            database_url=database_url or f"sqlite:///{folder / 'b.db'}",
            secret_key="benchmark",
            trusted_hosts=("localhost",),
            page_cache=False,
        )
        app = create_app(config)
        migrations.upgrade(app.extensions["database"])
        with app.app_context(), db.transaction() as session:
            session.add(Network(region_code="539999", name="县", site_name="县文化云"))
            session.add(
                Level(code="main", name="总馆", name_en="Main", position=1, plate_rule="{name}")
            )
            session.flush()
            node = Node(code="N1", level_code="main", path="/1/", name="县", plate_name="县馆",
                        lines=[], access=[], updated_at=clock.now())  # fmt: skip
            session.add(node)
            session.flush()
            node_id = node.id
        book_file = long_book(folder / "long.epub")
        began = time.perf_counter()
        with app.app_context(), db.transaction() as session:
            wishes = Wishes(publish=True, rights="public_domain")
            _i, book = take_in_at_once(session, book_file, node_id=node_id, wishes=wishes)
            assert book is not None
            found = BookFolder(folder / "reading" / "books" / f"{book.id}-{book.book_key}")
            number = book.id
        print(f"import of 300 chapters: {time.perf_counter() - began:.1f} s")
        searching.search(found, "木棉")
        print(
            "search inside (ms):", milliseconds(lambda: searching.search(found, "去县城看病的老人"))
        )
        add_titles(app, 10_000)
        client = app.test_client()
        for path in (f"/read/{number}/150", "/read", "/read?kind=book&subject=K", "/opds/titles"):
            client.get(path)
            print(path, "(ms):", milliseconds(lambda path=path: client.get(path)))  # type: ignore[misc]
        answer = client.get(f"/read/{number}/150", headers={"Accept-Encoding": "gzip"})
        print("chapter page, compressed (bytes):", len(answer.data))
        assert zipfile.is_zipfile(book_file)


if __name__ == "__main__":
    main()
