"""Words of a picture, read by tesseract where it is installed with its Chinese data.

The tool (Apache 2.0) runs as a program of its own with a fixed command, on pictures that we made
ourselves, never on a stranger's file. Without it a scan stays what it is: only pictures (RD-04).
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from PIL import Image

from .layout import SCALE, Line

SECONDS = 90
"""For one page; a page that takes longer stays without words."""

ENLARGED = 1.5
"""Small print is read better from a larger picture."""

SURE_WORD, SURE_PAGE = 40.0, 50.0
"""Less sure words (0 to 100) are left out; of a less sure page (a photograph, say) all of them."""

_WORD = "5"
"""The level of a word in tesseract's table."""


class NotRead(RuntimeError):
    """The tool failed on a page."""


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on a page: lines with their places (layout.Line), and the paragraphs of them."""

    lines: list[Line] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)


@cache
def tool() -> str | None:
    """Where tesseract is; None where it or its simplified Chinese is not installed."""
    path = shutil.which("tesseract")
    return path if path is not None and "chi_sim" in _languages(path) else None


def _languages(path: str) -> set[str]:
    try:
        done = _run([path, "--list-langs"], b"")
    except NotRead:
        return set()
    return set(done.decode(errors="replace").split())


def words_of(picture: bytes) -> Words:
    """The words of a page's picture. Raises NotRead."""
    path = tool()
    if path is None:
        raise NotRead("tesseract is not installed")
    with Image.open(io.BytesIO(picture), formats=("WEBP",)) as opened:
        gray = opened.convert("L")
    large = gray.resize((round(gray.width * ENLARGED), round(gray.height * ENLARGED)))
    file = io.BytesIO()
    large.save(file, "PNG", compress_level=1)
    known = _languages(path)
    wanted = "+".join(code for code in ("chi_sim", "chi_tra", "eng") if code in known)
    table = _run([path, "stdin", "stdout", "-l", wanted, "tsv"], file.getvalue())
    return _arranged(table.decode("utf-8", errors="replace"), large.width, large.height)


def _run(command: list[str], given: bytes) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603  (a fixed command, no shell)
            command,
            input=given,
            capture_output=True,
            timeout=SECONDS,
            cwd=Path("/"),
            env={"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"},
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise NotRead(str(error)[:200]) from error
    if done.returncode != 0:
        raise NotRead(done.stderr.decode(errors="replace").strip()[-200:])
    return done.stdout


Row = dict[str, Any]


def _arranged(table: str, width: int, height: int) -> Words:
    """tesseract's table (TSV: a word a row with its box in pixels) as lines and paragraphs."""
    rows = [row for row in _rows(table) if row["conf"] >= SURE_WORD]
    letters = sum(len(row["text"]) for row in rows)
    if not letters or sum(r["conf"] * len(r["text"]) for r in rows) / letters < SURE_PAGE:
        return Words()
    found = Words()
    for _place, in_paragraph in groupby(rows, key=lambda r: (r["block_num"], r["par_num"])):
        texts: list[str] = []
        for _line, in_line in groupby(in_paragraph, key=lambda r: r["line_num"]):
            line = _line_of(list(in_line), width, height)
            found.lines.append(line)
            texts.append(line.text)
        found.paragraphs.append(_joined(texts))
    return found


def _rows(table: str) -> Iterator[Row]:
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if row.get("level") != _WORD or not text:
            continue
        numbers = {k: float(row[k]) for k in ("left", "top", "width", "height", "conf")}
        places = {k: row[k] for k in ("block_num", "par_num", "line_num")}
        yield {**numbers, **places, "text": text}


def _line_of(words: list[Row], width: int, height: int) -> Line:
    line = Line(box=_box(words, width, height))
    for word in words:
        if _needs_blank(line.text, word["text"]):
            line.text += " "
            line.edges.append(round(word["left"] * SCALE / width))
        step = word["width"] / len(word["text"])
        line.text += word["text"]
        line.edges += [
            round((word["left"] + step * (n + 1)) * SCALE / width) for n in range(len(word["text"]))
        ]
    return line


def _box(words: list[Row], width: int, height: int) -> tuple[int, int, int, int]:
    left, top = min(w["left"] for w in words), min(w["top"] for w in words)
    right = max(w["left"] + w["width"] for w in words)
    bottom = max(w["top"] + w["height"] for w in words)
    across, down = SCALE / width, SCALE / height
    return round(left * across), round(top * down), round(right * across), round(bottom * down)


def _joined(texts: list[str]) -> str:
    whole = ""
    for text in texts:
        whole += f" {text}" if _needs_blank(whole, text) else text
    return whole


def _needs_blank(before: str, after: str) -> bool:
    """Words of letters are parted; Chinese characters are not."""
    return bool(before) and before[-1].isascii() and after[:1].isascii() and after[:1].isalnum()
