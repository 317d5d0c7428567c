"""Hostile and odd uploads: refused with a word, or made into plain pictures; never more memory."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from culture_cloud.media.making import make
from culture_cloud.media.originals import OriginalStore
from culture_cloud.media.pixels import CannotBeRead
from culture_cloud.media.sniffing import Family, UploadRefused
from culture_cloud.media.wording import _WORDS

from .hostile import FINE, PICTURES, Case

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
