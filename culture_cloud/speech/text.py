"""From what a page shows to what is said: plain sentences without a digit or a sign."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from .figures import said_figures
from .letters import said_latin
from .phones import said_phones

MOST_CHARACTERS = 2000
"""How much is said of one page: about nine minutes, two megabytes."""

MOST_SHOWN = 400
"""So much of a paragraph is told again, to find it on the page."""

MORE_ON_THE_PAGE = "后面还有，请看页面。"

_ENDS = "。！？"


@dataclass(frozen=True, slots=True)
class Script:
    """What is said of a page: sentences, one to a line; and for each paragraph of the page that is
    said, the number of the line where it begins and how the page shows it."""

    text: str
    shown: tuple[tuple[int, str], ...]


def spoken(paragraphs: Iterable[str], *, most: int = MOST_CHARACTERS) -> str:
    """Paragraphs of a page as sentences to be said, one to a line, at most `most` characters."""
    return script(paragraphs, most=most).text


def script(paragraphs: Iterable[str], *, most: int = MOST_CHARACTERS) -> Script:
    """Paragraphs of a page as what is said of them, at most `most` characters.

    What is too long ends at a sentence, with the advice to read on.
    """
    kept: list[str] = []
    shown: list[tuple[int, str]] = []
    left = most - len(MORE_ON_THE_PAGE) - 1
    # addresses and signs fall away, so more is looked at than is said; but never all of a flood
    unread = 3 * most
    is_cut = False
    for paragraph in paragraphs:
        is_cut = is_cut or len(paragraph) > unread
        begins = len(kept)
        for sentence in _sentences(in_words(paragraph[: max(0, unread)])):
            if len(sentence) + 1 > left:
                is_cut = True
                if not kept:
                    kept.append(_cut_short(sentence, left - 2))
                break
            kept.append(sentence)
            left -= len(sentence) + 1
        unread -= len(paragraph)
        if len(kept) > begins:
            shown.append((begins, paragraph[:MOST_SHOWN]))
        if is_cut:
            break
    return Script("\n".join([*kept, MORE_ON_THE_PAGE] if is_cut and kept else kept), tuple(shown))


def in_words(text: str) -> str:
    """The text with telephone numbers, dates, amounts, letters and signs in words.

    The rules run from the special to the general: what one has put into words holds no digit for
    the next. None looks back over more than a few characters, so a long text takes only as much
    more time as it is longer.
    """
    text = text.replace("\r\n", "\n").translate(_FULL_WIDTH)
    text = _ADDRESSES.sub("，", text)
    text = said_figures(said_phones(text))
    return _without_signs(said_latin(text))


_FULL_WIDTH = {
    code: code - 0xFEE0
    for first, last in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
    for code in range(first, last + 1)
} | {
    ord("％"): "%",
    ord("．"): ".",
    ord("－"): "-",
    ord("～"): "~",
    ord("　"): " ",
    ord("〇"): "零",
}

_ADDRESSES = re.compile(
    r"(?:https?://|www\.)[!-~]+|[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)
"""Addresses of pages and letters: nobody can write them down by ear."""


# --- signs and sentences -------------------------------------------------------------------------

_PAUSES = dict.fromkeys(map(ord, "（）()[]【】〔〕{}：:；;，,、/|…—–"), "，")
_SAID = {ord("&"): "和", ord("+"): "加", ord("="): "等于", ord("→"): "到", ord("×"): "乘"}
_ENDINGS = {ord("!"): "！", ord("?"): "？", ord("｡"): "。"}
_SIGNS: dict[int, str] = {**_PAUSES, **_SAID, **_ENDINGS}
_HAN = "一-鿿"


def _without_signs(text: str) -> str:
    """Brackets and colons are pauses; quotation marks, bullets and little pictures are nothing."""
    text = re.sub(r"[ \t]+[·•・|-]+[ \t]+", "，", text)
    text = re.sub(r"(?<=[》」』”])(?=[《「『“])", "，", text)
    text = re.sub(r"\.(?=\s|$)", "。", text)
    text = text.translate(_SIGNS)
    text = "".join(sign for sign in text if sign in "\n，。！？ '" or _is_said(sign))
    text = re.sub(rf"(?<=[{_HAN}]) +(?=[{_HAN}])", "，", text)
    return re.sub(r" *，[， ]*", "，", text)


def _is_said(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LN"


def _sentences(text: str) -> list[str]:
    found = []
    for line in text.split("\n"):
        for piece in re.findall(rf"[^{_ENDS}]+[{_ENDS}]?", line):
            sentence = piece.strip("， ").replace("，。", "。")
            if sentence.strip(_ENDS):
                found.append(sentence if sentence[-1] in _ENDS else f"{sentence}。")
    return found


def _cut_short(sentence: str, most: int) -> str:
    """A sentence without end stops at its last pause, or where it must."""
    head = sentence[:most]
    at_pause = head.rfind("，")
    return f"{head[:at_pause] if at_pause > most // 2 else head}。"
