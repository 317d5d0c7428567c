"""A power cut at every moment of a write: what was not synced is gone, and the index opens."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from culture_cloud.search.documents import Document
from culture_cloud.search.engines.whoosh.engine import WhooshEngine

from .conftest import fill, search, write

pytestmark = [
    pytest.mark.one_database,
    # whoever was writing when the power went closes nothing
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class PowerCutError(Exception):
    """The machine is off."""


Names = dict[Path, dict[str, int]]
"""Folder → name → inode."""


def names_below(folder: Path) -> Names:
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    return {f: {entry.name: entry.inode() for entry in os.scandir(f)} for f in folders}


class Disk:
    """A folder of which it is known what was synced: the bytes of files, the names in folders. The
    power goes before the sync number `cut`."""

    def __init__(self, home: Path, cut: int) -> None:
        self.home = home
        self.cut = cut
        self.syncs = 0
        self.names = self.newest = names_below(home)
        self.contents = {
            path.stat().st_ino: path.read_bytes() for path in home.rglob("*") if path.is_file()
        }

    def sync(self, handle: int) -> None:
        """In place of os.fsync."""
        if self.syncs >= self.cut:
            if self.syncs == self.cut:
                self.newest = names_below(self.home)
            self.syncs += 1
            raise PowerCutError
        self.syncs += 1
        path = Path(f"/proc/self/fd/{handle}").readlink()
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            self.names = {**self.names, path: names_below(path)[path]}
        else:
            self.contents[os.fstat(handle).st_ino] = path.read_bytes()

    def after(self, into: Path, *, newest_names: bool) -> None:
        """The folder as it is found when the power is back. A file system may have kept names that
        were not synced (`newest_names`); their files are empty then."""
        self._bring_back(self.home, into, self.newest if newest_names else self.names)

    def _bring_back(self, folder: Path, into: Path, names: Names) -> None:
        into.mkdir(parents=True)
        for name, inode in names.get(folder, {}).items():
            if folder / name in names or folder / name in self.newest:
                self._bring_back(folder / name, into / name, names)
            else:
                (into / name).write_bytes(self.contents.get(inode, b""))


def documents(first: int, number: int) -> list[Document]:
    return [Document(kind="item", id=n, title=f"第{n}条") for n in range(first, first + number)]


def cuts_of(
    act: Callable[[WhooshEngine], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> Iterator[tuple[bool, WhooshEngine]]:
    """Act on a small index with a power cut at every `step`-th sync until none comes: whether it
    came, and the engine as it is found, both ways."""
    fill(WhooshEngine(tmp_path / "before"), documents(0, 3))
    for cut in count(0, step):
        home = tmp_path / f"{cut}"
        shutil.copytree(tmp_path / "before", home)
        disk = Disk(home, cut)
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", disk.sync)
            with suppress(PowerCutError):
                act(WhooshEngine(home))
        was_cut = disk.syncs > cut
        for newest in (False, True) if was_cut else (False,):
            found = tmp_path / f"{cut}-{newest}"
            disk.after(found, newest_names=newest)
            engine = WhooshEngine(found)
            engine.check()
            yield was_cut, engine
        if not was_cut:
            return


# some moments each time, every one of them where there is time (make test-slow)
STEPS = pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.slow)])


@STEPS
def test_a_power_cut_while_committing_loses_nothing_that_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    tries = 0
    for was_cut, engine in cuts_of(
        lambda engine: write(engine, documents(3, 1)), tmp_path, monkeypatch, step
    ):
        keys = set(engine.fingerprints())
        assert keys >= {f"item:{n}" for n in range(3)}
        assert was_cut or "item:3" in keys
        write(engine, documents(100, 1))
        assert search(engine, "第100条").total == 1
        tries += 1
    assert tries > 20 // step


@STEPS
def test_a_power_cut_while_building_leaves_the_old_index_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    tries = 0
    for was_cut, engine in cuts_of(
        lambda engine: fill(engine, documents(0, 5)), tmp_path, monkeypatch, step
    ):
        assert len(engine.fingerprints()) in ({3, 5} if was_cut else {5})
        tries += 1
    assert tries > 20 // step
