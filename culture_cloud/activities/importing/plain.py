"""Markup → readable plain text, in one pass over any input.

The standard HTMLParser takes minutes for 100 kB of crafted markup; text of feeds comes from
strangers, so tags are cut out by a scan that never looks back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from culture_cloud.tabular.sheets import storable

_MARKUP = re.compile(
    r"</?(?:p|br|div|a|span|b|i|em|strong|ul|ol|li|h[1-6]|img|table|font)\b", re.IGNORECASE
)
_TAG_NAME = re.compile(r"/?[a-zA-Z][a-zA-Z0-9]*")
_LINK = re.compile(r"href\s*=\s*[\"']?(https?://[^\"'\s<>]+)", re.IGNORECASE)
_ENDLESS_NUMBER = re.compile(r"&#\d{8,};?")
_TABLES_AND_LISTS = ("li", "ul", "ol", "tr", "table", "dt", "dd")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset(
    ("p", "div", "br", "hr", "blockquote", "section", "article", *_TABLES_AND_LISTS, *_HEADINGS)
)
_UNSEEN = frozenset(("script", "style", "template", "head", "iframe", "object"))


def plain_text(text: str, *, html: bool | None = None) -> str:
    """Readable plain text: markup becomes line breaks, blank lines at most one in a row.

    `html`: whether it is markup; None: if it looks so. A link's address follows its text.
    """
    if html or (html is None and _MARKUP.search(text)):
        text = unescape(_ENDLESS_NUMBER.sub("", "".join(_seen(text))))
    lines = (re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in storable(text).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _seen(text: str) -> Iterator[str]:
    """The text between the tags, with line ends for blocks."""
    lower = text.lower()
    position, link, link_start = 0, "", 0
    while (start := text.find("<", position)) >= 0:
        yield text[position:start]
        name_found = _TAG_NAME.match(text, start + 1)
        is_comment = text.startswith("<!", start)
        end_mark = "-->" if text.startswith("<!--", start) else ">"
        end = text.find(end_mark, start) if name_found or is_comment else -1
        if end < 0:
            if not name_found and not is_comment:
                yield "<"
                position = start + 1
                continue
            break
        position = end + len(end_mark)
        name = name_found.group().lower() if name_found else ""
        if name in _UNSEEN:
            close = lower.find(f"</{name}", position)
            position = len(text) if close < 0 else close
        elif name.lstrip("/") in _BLOCKS:
            yield "\n"
        elif name == "a":
            found = _LINK.search(text, start, end)
            link, link_start = (found.group(1) if found else ""), position
        elif name == "/a" and link:
            if link not in text[link_start:start]:
                yield f" {link} "
            link = ""
    else:
        yield text[position:]
        return
    yield text[start:]
