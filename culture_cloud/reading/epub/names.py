"""Which elements and attributes a page of a book may hold: the allow-lists, in one place."""

from __future__ import annotations

from typing import Any

import nh3

CONTAINERS = frozenset({"div", "section", "blockquote", "ul", "ol", "dl", "figure"})
"""Blocks that may be parted between two pages."""

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LEAVES = frozenset({"p", "li", "dt", "dd", "pre", "figcaption", "td", "th", "caption", *HEADINGS})
"""Blocks whose text is one unit: what bookmarks, notes and reading aloud count."""

TABLE = frozenset({"table", "thead", "tbody", "tfoot", "tr", "colgroup", "col"})
BLOCKS = CONTAINERS | LEAVES | TABLE | {"hr", "summary", "details"}
INLINES = frozenset(
    {
        *("a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "img"),
        *("ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong"),
        *("sub", "sup", "u", "var"),
    }
)
MATH = frozenset(
    {
        *("math", "mi", "mn", "mo", "ms", "mtext", "mspace", "mrow", "mfrac", "msqrt", "mroot"),
        *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts"),
        *("mprescripts", "none", "mtable", "mtr", "mtd", "mpadded", "mphantom", "mstyle"),
        *("menclose", "merror"),
    }
)
RENAMED = {
    **dict.fromkeys(("center", "main", "address", "nav", "body", "header", "footer"), "div"),
    **dict.fromkeys(("article", "aside", "form", "fieldset", "hgroup", "dir", "menu"), "div"),
    **dict.fromkeys(("big", "font", "blink", "tt0", "time", "data", "label"), "span"),
    "tt": "code",
    "strike": "s",
    "acronym": "abbr",
    "rb": "span",
    "rtc": "rt",
}
DROPPED_WHOLE = frozenset(
    {
        *("script", "style", "template", "iframe", "frame", "frameset", "embed", "applet"),
        *("input", "button", "select", "textarea", "option", "link", "meta", "base", "title"),
        *("head", "source", "track", "param", "canvas", "map", "area", "annotation"),
        *("annotation-xml", "audio", "video", "bgsound", "portal", "dialog", "math-error"),
    }
)
"""Gone with all they hold; any other unknown element goes and leaves its content."""

ROLES = frozenset(
    {"doc-noteref", "doc-footnote", "doc-endnote", "doc-backlink", "doc-pullquote", "note"}
)

_ANYWHERE = {"id", "class", "lang", "dir"}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": _ANYWHERE,
    "a": {"href", "role", "rel"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading"},
    "div": {"role", "aria-label", "tabindex"},
    "section": {"role", "aria-label"},
    "ol": {"start", "reversed", "type"},
    "li": {"value", "role"},
    "p": {"role"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "abbr": {"title"},
    "dfn": {"title"},
    "math": {"xmlns", "display", "alttext"},
    "mo": {"stretchy", "fence", "separator", "form"},
    "mtable": {"columnalign"},
    "mfrac": {"linethickness"},
    "mspace": {"width"},
}
KEPT_ATTRIBUTES = {tag: names - _ANYWHERE for tag, names in _ATTRIBUTES.items()}


def cleaned(markup: str, *, inner: bool = False) -> str:
    """The markup with nothing left but what the lists allow.

    `inner`: between our own steps, when references still name parts of the book (`book:`).
    """
    attributes = dict(_ATTRIBUTES)
    if inner:
        attributes["img"] = attributes["img"] | {"data-widths"}
    facts: dict[str, Any] = {
        "tags": set(BLOCKS | INLINES | MATH),
        "clean_content_tags": {"script", "style", "iframe", "template"},
        "attributes": attributes,
        "url_schemes": {"http", "https", "mailto", "tel"} | ({"book"} if inner else set()),
        "link_rel": None,
        "strip_comments": True,
    }
    return nh3.clean(markup, **facts)
