"""Hostile and odd uploads: refused with a word, or made into plain pictures; never more memory."""

from __future__ import annotations

import io
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from culture_cloud.heritage.importing.archives import members
from culture_cloud.media.making import make
from culture_cloud.media.originals import OriginalStore
from culture_cloud.media.pixels import CannotBeRead
from culture_cloud.media.sniffing import Family, UploadRefused
from culture_cloud.media.wording import _WORDS

from .hostile import FINE, PICTURES, Case, zipped

pytestmark = pytest.mark.one_database
MOST = 50 << 20


def outcome(case: Case, folder: Path) -> str:
    """What becomes of a file: it is stored, then decoded as the worker does."""
    store = OriginalStore(folder)
    try:
        kept = store.keep(
            io.BytesIO(case.make()),
            wanted=(Family.PICTURE,),
            most_bytes=MOST,
            filename=case.filename,
        )
        make(store.path(kept.checksum), folder / "made")
    except (UploadRefused, CannotBeRead) as error:
        return error.reason
    return FINE


@pytest.mark.parametrize("case", PICTURES, ids=lambda case: case.name)
def test_a_hostile_file_is_refused_with_a_word_and_an_odd_one_made_plain(
    case: Case, tmp_path: Path
) -> None:
    found = outcome(case, tmp_path)
    assert found == case.outcome
    assert found == FINE or found in _WORDS, "people are told why in words"
    left = {path.name for path in tmp_path.iterdir()}
    assert left <= {"originals", "made"}, "nothing half-made stays"
    if found == FINE:
        data = (tmp_path / "made" / "240.jpg").read_bytes()
        with Image.open(io.BytesIO(data)) as made:
            assert made.mode == "RGB"
            assert not dict(made.getexif())
        assert not any(word in data for word in (b"Canary", b"script", b"PK\x03\x04"))


def damaged(data: bytes, rng: random.Random) -> bytes:
    """The same with bytes changed, cut out or doubled somewhere."""
    broken = bytearray(data)
    for _n in range(rng.randrange(1, 8)):
        at = rng.randrange(len(broken))
        match rng.randrange(4):
            case 0:
                broken[at] = rng.randrange(256)
            case 1:
                broken[at : at + 4] = rng.choice((b"\xff" * 4, b"\x00" * 4, b"\x7f\xff\xff\xff"))
            case 2:
                del broken[at : at + rng.randrange(1, 40)]
            case _:
                broken[at:at] = broken[at : at + rng.randrange(1, 40)]
    return bytes(broken)


@pytest.mark.parametrize("case", [c for c in PICTURES if c.outcome == FINE], ids=lambda c: c.name)
def test_no_damage_breaks_what_opens_pictures(case: Case, tmp_path: Path) -> None:
    rng = random.Random(case.name)
    whole = case.make()
    for number in range(12):
        data = damaged(whole, rng)
        found = outcome(Case("", lambda data=data: data, ""), tmp_path / str(number))  # type: ignore[misc]
        assert found == FINE or found in _WORDS


ZIPS: tuple[tuple[str, bytes, Any], ...] = (
    ("not one", b"PK\x03\x04" + b"\x00" * 50, "bad_archive"),
    ("cut off", zipped("a.jpg", b"x" * 5000)[:-30], "bad_archive"),
    ("bomb", zipped("a.jpg", b"\x00" * (40 << 20)), "archive_too_large"),
    ("too much", zipped("a.jpg", random.Random(1).randbytes(3 << 20)), "archive_too_large"),
    ("up and out", zipped("../../../etc/a.jpg", b"x"), ["a.jpg"]),
    ("from the root", zipped("/etc/a.jpg", b"x"), ["a.jpg"]),
    ("from another drive", zipped("C:\\Windows\\a.jpg", b"x"), ["a.jpg"]),
    ("hidden", zipped(".htaccess", b"x"), []),
    ("another's rubbish", zipped("__MACOSX/._a.jpg", b"x"), []),
    ("zip in a zip", zipped("b.zip", zipped("a.jpg", b"x")), ["b.zip"]),
    ("Chinese", zipped("照片/老渡口.jpg", b"x"), ["老渡口.jpg"]),
)


@pytest.mark.parametrize(("name", "data", "wanted"), ZIPS, ids=[one[0] for one in ZIPS])
def test_a_folder_of_files_is_taken_by_names_only(name: str, data: bytes, wanted: Any) -> None:
    del name
    try:
        found: Any = [one for one, _file in members(io.BytesIO(data), 2 << 20)]
    except UploadRefused as error:
        found = error.reason
    assert found == wanted


_ALL = """
import resource, sys
from pathlib import Path
from tests.media.hostile import Case
from tests.media.test_hostile import outcome
def most(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = most()
for file in sorted(Path(sys.argv[1]).iterdir()):
    outcome(Case(file.name, file.read_bytes, ""), Path(sys.argv[2]) / file.name)
print(most() - before)
"""


def test_no_hostile_file_takes_memory(tmp_path: Path) -> None:
    sent, made = tmp_path / "sent", tmp_path / "made"
    sent.mkdir()
    for number, case in enumerate(PICTURES):
        (sent / str(number)).write_bytes(case.make())
    done = subprocess.run(
        [sys.executable, "-c", _ALL, str(sent), str(made)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert int(done.stdout) <= 100, f"{done.stdout.strip()} MiB"


def test_there_are_enough_of_them() -> None:
    assert len(PICTURES) >= 60
    assert len({case.name for case in PICTURES}) == len(PICTURES)
