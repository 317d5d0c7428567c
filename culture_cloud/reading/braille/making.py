"""A book as a BRF file: 32 cells × 25 lines, 国家通用盲文 (RD-06).

Chinese braille parts words; rjieba does that, so mistakes are possible and the page says so. The
tool `lou_translate` (liblouis, LGPL) runs as a program of its own with a fixed command.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from culture_cloud.reading.books import Manifest
from culture_cloud.reading.texts import PageWords

CELLS, LINES = 32, 25
TABLES = "en-us-brf.dis,zhcn-cbs.ctb"
SECONDS = 120
FORM_FEED = "\f"


class NoBraille(RuntimeError):
    """The tool is not installed, or did not do its work."""


@cache
def tool() -> str | None:
    """Where lou_translate is; None where it is not installed."""
    return shutil.which("lou_translate")


def brf(title: str, manifest: Manifest, pages: Iterable[PageWords]) -> str:
    """The whole book: each chapter on a new page, its title first. Raises NoBraille."""
    titles = {c.number: c.title for c in manifest.chapters}
    texts: list[str] = [title]
    begins = {0}
    last = 0
    for page in pages:
        if page.chapter != last:
            last = page.chapter
            begins.add(len(texts))
            if titles.get(last):
                texts.append(titles[last])
        texts += [words for _block, words in page.blocks]
    translated = _translated([_parted(text) for text in texts])
    return _laid_out(translated, begins)


def _parted(text: str) -> str:
    """Words parted by blanks, on one line."""
    import rjieba

    one_line = re.sub(r"\s+", " ", text).strip()
    parted = " ".join(word for word in rjieba.cut(one_line) if word.strip())
    # a sign of punctuation belongs to the word before it
    return re.sub(r" (?=[，。、；：？！）》」』”’…])|(?<=[（《「『“‘]) ", "", parted)


def _translated(lines: list[str]) -> list[str]:
    """Each line in cells, as ASCII braille."""
    program = tool()
    if program is None:
        raise NoBraille("lou_translate is not installed")
    try:
        done = subprocess.run(  # noqa: S603  (a fixed command; the text goes to stdin)
            (program, "--forward", TABLES),
            input="\n".join(lines).encode() + b"\n",
            capture_output=True,
            timeout=SECONDS,
            env={},
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise NoBraille(type(error).__name__) from error
    found = done.stdout.decode("ascii", "replace").split("\n")[: len(lines)]
    if done.returncode != 0 or len(found) < len(lines):
        raise NoBraille(f"lou_translate ended with {done.returncode}")
    return found


def _laid_out(paragraphs: list[str], begins: set[int]) -> str:
    """Lines of 32 cells broken at blanks, two cells in at a paragraph, pages of 25 lines."""
    pages: list[list[str]] = [[]]
    for number, cells in enumerate(paragraphs):
        if number in begins and pages[-1]:
            pages.append([])
        for line in _wrapped(cells):
            if len(pages[-1]) == LINES:
                pages.append([])
            pages[-1].append(line)
    return FORM_FEED.join("".join(f"{line}\r\n" for line in page) for page in pages)


def _wrapped(cells: str) -> list[str]:
    lines, now = [], "  "
    for word in (piece for whole in cells.split() for piece in _pieces(whole)):
        if now.strip() and len(now) + 1 + len(word) > CELLS:
            lines.append(now)
            now = word
        else:
            now = f"{now} {word}" if now.strip() else now + word
    return [line.rstrip() for line in [*lines, now] if line.strip()]


def _pieces(word: str) -> list[str]:
    """A word that is longer than a line, cut to lines."""
    most = CELLS - 2
    return [word[at : at + most] for at in range(0, len(word), most)]


def path_of(data_folder: str | Path, publication_id: int, key: str) -> Path:
    """Where the BRF file of a book lies once it is made."""
    return Path(data_folder) / "reading" / "braille" / f"{publication_id}-{key}.brf"
