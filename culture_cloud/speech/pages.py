"""A page's own matter, as it is shown, to be read aloud: no menus, no buttons, nothing typed in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import current_app, g, request
from flask_login import current_user
from lxml import html as parser
from markupsafe import Markup

from culture_cloud.web import modes
from culture_cloud.web.policies import policy_of

from .speaking import Listening, listening, speech

LEAST_CHARACTERS = 12
"""A page that says less is read faster than it is heard."""

_LEFT_OUT = {
    *("script", "style", "svg", "nav", "noscript", "template", "audio", "video", "figure"),
    *("button", "select", "input", "textarea", "option"),
}
_LEFT_OUT_CLASSES = {
    *("hidden-text", "skip", "listen", "actions", "pager", "filters", "chips", "back", "trail"),
    *("search", "tabs", "quick"),
}
_BLOCKS = {
    *("p", "h1", "h2", "h3", "h4", "li", "dt", "dd", "td", "th", "legend", "label", "caption"),
    *("div", "section", "article", "ul", "ol", "dl", "table", "tr", "tbody", "thead", "fieldset"),
    *("form", "header", "main", "aside", "blockquote", "details", "summary", "figcaption"),
}

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Matter:
    """The matter of a page in two parts, with the player between them.

    `offers`: whether a player belongs there at all; `audio` is none where nobody can speak.
    """

    before: Markup
    after: Markup
    offers: bool
    audio: Listening | None = None


def read_aloud(matter: Markup) -> Matter:
    """The drawn main part of a public page with the place for its player: in elder mode below its
    heading, else at the end, as where the heading belongs to a question. A page that has a player
    of its own keeps it."""
    whole = Matter(matter, Markup(), offers=False)
    if not _is_read(matter):
        return whole
    audio = None
    if speech().engine.is_there:
        paragraphs = paragraphs_of(matter)
        if sum(map(len, paragraphs)) < LEAST_CHARACTERS:
            return whole
        is_personal = current_user.is_authenticated or "csrf_token" in g or g.get("personal", False)
        audio = listening(paragraphs, is_personal=bool(is_personal))
    before, heading, after = matter.partition("</h1>")
    belongs_to_a_question = "<form" in before or "<legend" in before
    if not heading or belongs_to_a_question or modes.current_mode() != modes.ELDER:
        return Matter(matter, Markup(), True, audio)
    return Matter(Markup(before + heading), Markup(after), True, audio)  # noqa: S704  (as drawn)


def _is_read(matter: str) -> bool:
    if request.method != "GET" or 'class="listen"' in matter or "<h1" not in matter:
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    policy = policy_of(view) if view is not None else None
    if policy is None or policy.permission is not None:
        return False
    return not request.path.startswith("/styleguide")


def paragraphs_of(matter: str) -> list[str]:
    """The paragraphs of a piece of HTML in the order they are shown, each with its plain text."""
    found: list[str] = []
    _collect(parser.fragment_fromstring(matter, create_parent="div"), found)
    return found


def _collect(element: parser.HtmlElement, found: list[str]) -> None:
    """Add the paragraphs below an element: the innermost blocks, and rows of tables as one."""
    if not isinstance(element.tag, str) or _is_left_out(element):
        return
    blocks = [child for child in element if child.tag in _BLOCKS]
    if element.tag == "tr" or not _has_blocks(element):
        text = _text(element)
        if text:
            found.append(text)
        return
    loose = _SPACES.sub(" ", element.text or "").strip()
    if loose:
        found.append(loose)
    for child in element:
        if child in blocks or _has_blocks(child):
            _collect(child, found)
        elif isinstance(child.tag, str) and not _is_left_out(child):
            text = _text(child)
            if text:
                found.append(text)
        tail = _SPACES.sub(" ", child.tail or "").strip()
        if tail:
            found.append(tail)


def _has_blocks(element: parser.HtmlElement) -> bool:
    return any(isinstance(e.tag, str) and e.tag in _BLOCKS for e in element.iterdescendants())


def _is_left_out(element: parser.HtmlElement) -> bool:
    if element.tag in _LEFT_OUT or element.get("aria-hidden") == "true":
        return True
    if element.tag == "details" and element.get("open") is None:
        return True
    return bool(_LEFT_OUT_CLASSES & set((element.get("class") or "").split()))


def _text(element: parser.HtmlElement) -> str:
    """What an element shows, in one line; cells of a row are parted by a comma."""
    parts: list[str] = []

    def walk(one: parser.HtmlElement) -> None:
        if not isinstance(one.tag, str) or _is_left_out(one):
            return
        parts.append(one.text or "")
        for child in one:
            walk(child)
            if child.tag in {"td", "th"} or _stands_apart(child):
                parts.append("，")
            elif child.tag == "br":
                parts.append(" ")
            parts.append(child.tail or "")

    walk(element)
    return _SPACES.sub(" ", "".join(parts)).strip().strip("，").strip()


def _stands_apart(one: parser.HtmlElement) -> bool:
    """Parts of a row that only their look keeps apart."""
    return (
        one.tag in {"span", "strong"} and one.getnext() is not None and not (one.tail or "").strip()
    )
