"""XML and XHTML that a stranger wrote: no entities, no network, no DTD, never an exception."""

from __future__ import annotations

import html
import re
from typing import Any

from lxml import etree

from culture_cloud.reading.intake.findings import Findings

_PARSER_FACTS: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{0,31});")
_XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def local(element: etree._Element | None) -> str:
    """The name of an element without its namespace; empty for comments and None."""
    if element is None or not isinstance(element.tag, str):
        return ""
    return element.tag.rpartition("}")[2]


def text_of(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())


def drop(element: etree._Element, name: str) -> bool:
    """Take an attribute away. Returns whether it was there."""
    if name not in element.attrib:
        return False
    del element.attrib[name]
    return True


def decoded(data: bytes, findings: Findings) -> str:
    """The text of a document; where its declared encoding is wrong it is read as what it is."""
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, "replace")
    declared = _DECLARED.search(data[:1024])
    named = declared[1].decode("ascii").lower() if declared else "utf-8"
    for name in (named, "utf-8", "gb18030"):
        try:
            text = data.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
        if name != named:
            findings.note("wrong_encoding", encoding=name.upper())
        return text
    findings.note("wrong_encoding", encoding="UTF-8")
    return data.decode("utf-8", "replace")


def parse_xml(data: bytes, findings: Findings) -> etree._Element | None:
    """The root of an XML document, mended where it is not well-formed; None where nothing is left.

    A DOCTYPE is taken away before parsing, so no entity of the file is ever defined (XXE, laughs).
    """
    text = _plain(decoded(data, findings), findings)
    root = _as_xml(text, recover=False)
    if root is not None:
        return root
    findings.note("not_well_formed")
    # two ways of mending: whichever loses less of what is said
    mended = [_as_html(text), _as_xml(text, recover=True)]
    kept = [one for one in mended if one is not None]
    return max(kept, key=lambda one: len(text_of(one)), default=None)


def _as_xml(text: str, *, recover: bool) -> etree._Element | None:
    parser = etree.XMLParser(recover=recover, encoding="utf-8", **_PARSER_FACTS)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if root is not None and _depth_is_sane(root) else None


def _as_html(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if root is not None and _depth_is_sane(root) else None


def _plain(text: str, findings: Findings) -> str:
    """Without declaration, DOCTYPE, forbidden characters; &nbsp; and its like spelled out."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)
    doctype = _DOCTYPE.search(text[:20000])
    if doctype is not None:
        if doctype[1] and "<!ENTITY" in doctype[1].upper():
            findings.note("entities")
        text = text[: doctype.start()] + text[doctype.end() :]
    return _NAMED.sub(_spelled_out, _FORBIDDEN.sub("", text))


def _spelled_out(found: re.Match[str]) -> str:
    if found[1] in _XML_NAMES:
        return found[0]
    meant = html.unescape(found[0])
    return "" if meant == found[0] else html.escape(meant)


MOST_DEPTH = 200


def _depth_is_sane(root: etree._Element) -> bool:
    """Whether the tree can be walked without fear for the stack."""
    depth = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MOST_DEPTH:
            return False
    return True
