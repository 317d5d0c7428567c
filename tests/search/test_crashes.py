"""Whatever happens to the process or the files: the old index serves, or a new one is built."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from culture_cloud.search.analysis.entries import entry_of
from culture_cloud.search.documents import Document
from culture_cloud.search.engines.base import Damaged
from culture_cloud.search.engines.whoosh.engine import WhooshEngine

from .conftest import fill, search, write

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).parent.parent.parent

WRITING = """
    import sys
    from pathlib import Path
    from culture_cloud.search.analysis.entries import entry_of
    from culture_cloud.search.documents import Document
    from culture_cloud.search.engines.whoosh.engine import WhooshEngine
    engine = WhooshEngine(Path(sys.argv[1]))
    number = int(sys.argv[2])
    while True:
        number += 1
        entry = entry_of(Document(kind="item", id=number, title=f"写入第{number}条"))
        with engine.writing():
            engine.write([entry], [])
        print(number, flush=True)
"""

BUILDING = """
    import sys
    from pathlib import Path
    from culture_cloud.search.analysis.entries import entry_of
    from culture_cloud.search.documents import Document
    from culture_cloud.search.engines.whoosh.engine import WhooshEngine
    engine = WhooshEngine(Path(sys.argv[1]))
    entries = [entry_of(Document(kind="item", id=n, title=f"重建第{n}条")) for n in range(400)]
    print("begun", flush=True)
    while True:
        with engine.rebuilding():
            building = engine.begin()
            part = building.part([entries], lambda _: None)
            engine.complete(building, [part], lambda _: ([], []))
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


# a few deaths each time; a flood of them where there is time (make test-slow)
@pytest.mark.parametrize("deaths", [2, pytest.param(80, marks=pytest.mark.slow)])
def test_killed_while_committing_no_written_document_is_lost(tmp_path: Path, deaths: int) -> None:
    engine = WhooshEngine(tmp_path / "search")
    fill(engine, [Document(kind="item", id=0, title="开头")])
    chance = random.Random(1)
    last = 0
    for _ in range(deaths):
        process = start(WRITING, tmp_path / "search", last)
        assert process.stdout is not None
        for _ in range(chance.randint(2, 6)):
            last = int(process.stdout.readline())
        time.sleep(chance.random() * 0.05)
        process.send_signal(signal.SIGKILL)
        rest, _ = process.communicate()
        last = max([last, *(int(line) for line in rest.split())])
        found = WhooshEngine(tmp_path / "search")
        found.check()
        keys = set(found.fingerprints())
        # each once, none that was not written; the one on its way may have got there
        wanted = {f"item:{n}" for n in range(last + 1)}
        assert wanted <= keys <= wanted | {f"item:{last + 1}"}
        assert search(found, "写入").total == len(keys) - 1
    write(engine, [Document(kind="item", id=9999999, title="照常写入")])
    assert search(engine, "照常写入").total == 1


@pytest.mark.parametrize("deaths", [2, pytest.param(40, marks=pytest.mark.slow)])
def test_killed_while_building_the_old_index_serves(tmp_path: Path, deaths: int) -> None:
    engine = WhooshEngine(tmp_path / "search")
    fill(engine, [Document(kind="item", id=0, title="重建第0条")])
    chance = random.Random(2)
    for _ in range(deaths):
        process = start(BUILDING, tmp_path / "search")
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.random() * 0.6)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert search(WhooshEngine(tmp_path / "search"), "重建第0条").total >= 1
    with engine.rebuilding():
        assert len(list((tmp_path / "search").glob("g-*"))) == 1


def test_swapping_fails_no_reader(tmp_path: Path) -> None:
    """Index after index takes the place of the one before while readers search without a pause."""
    engine = WhooshEngine(tmp_path / "search")
    documents = [Document(kind="item", id=n, title=f"第{n}条记录") for n in range(50)]
    fill(engine, documents)
    stopped = threading.Event()

    def read() -> int:
        reader = WhooshEngine(tmp_path / "search")
        count = 0
        while not stopped.is_set():
            found = search(reader, "记录")
            assert found.total == 50
            assert len(reader.bodies(found.keys)) == len(found.keys)
            count += 1
        return count

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        for _ in range(8):
            fill(engine, documents)
        stopped.set()
        assert all(reader.result() > 0 for reader in readers)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call it: from then on no file of an index can be synced to the disk."""

    def fill_up() -> None:
        def refuse(_handle: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", refuse)

    yield fill_up
    monkeypatch.undo()


def test_a_full_disk_loses_nothing_and_readers_go_on(
    tmp_path: Path, full_disk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = WhooshEngine(tmp_path / "search")
    fill(engine, [Document(kind="item", id=1, title="原来的")])
    full_disk()
    with pytest.raises(OSError, match="No space"), engine.writing():
        engine.write([entry_of(Document(kind="item", id=2, title="写不下的"))], ["item:1"])
    assert search(engine, "原来的").keys == ("item:1",)
    assert search(WhooshEngine(tmp_path / "search"), "原来的").keys == ("item:1",)
    monkeypatch.undo()
    write(engine, [Document(kind="item", id=2, title="写得下了")], gone=["item:1"])
    assert search(engine, "原来的").total == 0
    assert search(engine, "写得下了").keys == ("item:2",)


def damage_deleted(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder)


def damage_cut(folder: Path) -> None:
    for path in filter(Path.is_file, folder.iterdir()):
        os.truncate(path, path.stat().st_size // 2)


def damage_noise(folder: Path) -> None:
    chance = random.Random(3)
    for path in filter(Path.is_file, folder.iterdir()):
        path.write_bytes(chance.randbytes(path.stat().st_size))


def damage_empty_contents(folder: Path) -> None:
    for path in folder.glob("*.toc"):
        path.write_bytes(b"")


DAMAGES = (damage_deleted, damage_cut, damage_noise, damage_empty_contents)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_noticed_when_opening_and_a_rebuild_mends_it(tmp_path: Path, damage: Any) -> None:
    documents = [Document(kind="item", id=n, title=f"第{n}条记录") for n in range(30)]
    engine = WhooshEngine(tmp_path / "search")
    fill(engine, documents)
    folder = engine.generations.serving()
    assert folder is not None
    damage(folder)
    with pytest.raises(Damaged):
        WhooshEngine(tmp_path / "search").check()
    fill(engine, documents)
    assert search(engine, "记录").total == 30


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_under_a_reader_never_ends_its_process(tmp_path: Path, damage: Any) -> None:
    engine = WhooshEngine(tmp_path / "search")
    fill(engine, [Document(kind="item", id=n, title=f"第{n}条记录") for n in range(30)])
    assert search(engine, "记录").total == 30
    folder = engine.generations.serving()
    assert folder is not None
    damage(folder)
    for _ in range(3):
        try:
            search(engine, "记录")
            engine.bodies(["item:3"])
        except Damaged:
            continue
