"""Heritage in the words that pages, manifests and exports show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from culture_cloud.i18n import is_chinese
from culture_cloud.media.addresses import Picture, cover

from . import edtf
from .addresses import cover_of
from .kinds import kinds
from .models import HeritageItem, ItemState
from .relations import ROLES
from .rights import RIGHTS
from .visibility import Reader

MISSING = {
    "title": _l("a title"),
    "summary": _l("the short plain description"),
    "summary_long": _l("a short description of at most 150 characters"),
    "alt": _l("for each picture, what is to be seen on it"),
    "transcript": _l("for each recording, what is said, and the same in Putonghua"),
    "rights": _l("what others may do with it"),
    "group": _l("the group of people who may see it"),
    "withheld": _l("the reason why something is not shown to everybody"),
    "extra": _l("the facts that this kind needs"),
}
"""What an item may lack, in words."""

STATES = {
    ItemState.DRAFT: (_l("Draft"), "plain"),
    ItemState.SUBMITTED: (_l("At the branch"), "warn"),
    ItemState.REVIEWED: (_l("At the main hall"), "warn"),
    ItemState.PUBLISHED: (_l("Published"), "calm"),
    ItemState.WITHDRAWN: (_l("Withdrawn"), "bad"),
}

MOTIFS = {
    "ich_element": "lantern", "person": "papercut", "place": "terraces", "object": "brocade",
    "photograph": "screen", "recording": "drum", "document": "scroll", "village_file": "tile",
    "worker_history": "brocade",
}  # fmt: skip
"""Kind → pattern of the drawn cover of an item without a picture."""

LANGUAGES = {
    "zh-Hans": _l("Chinese, simplified"),
    "zh-Hant": _l("Chinese, traditional"),
    "zh": _l("Chinese"),
    "lzh": _l("Classical Chinese"),
    "cmn": _l("Putonghua"),
    "cmn-x-local": _l("Local Chinese"),
    "tdd": _l("Dai (Dehong)"),
    "khb": _l("Dai (Xishuangbanna)"),
    "hni": _l("Hani"),
    "iii": _l("Yi"),
    "en": _l("English"),
}
"""Languages that items are in (BCP 47), for choosing; others may be typed."""


@dataclass(frozen=True, slots=True)
class ItemCard:
    """The arguments of item_card."""

    title: str
    href: str
    kind: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    cover: Picture | None = None
    summary: str = ""


def card(item: HeritageItem, reader: Reader) -> ItemCard:
    lines = []
    if when := date_words(item):
        lines.append(("clock", when))
    if where := place_words(item):
        lines.append(("place", where))
    return ItemCard(
        title=item.title,
        href=url_for("heritage.page", item_id=item.id),
        kind=kinds()[item.kind].name,
        lines=lines,
        cover=cover_of(item, reader) or cover(MOTIFS.get(item.kind, "tile"), item.title),
        summary=item.summary,
    )


def cards(items: Iterable[HeritageItem], reader: Reader) -> list[ItemCard]:
    return [card(item, reader) for item in items]


def date_words(item: HeritageItem) -> str:
    """What was said, with the years it means beside it where those are not in it."""
    meant = edtf.in_words(item.date_edtf)
    said = item.date_text
    if not said or said == item.date_edtf or not is_chinese():
        return meant or said
    if not meant or any(c.isdigit() for c in said):
        return said
    return _("%(said)s (%(meant)s)", said=said, meant=meant)


def place_words(item: HeritageItem) -> str:
    """The place it is about: in words, else the name of its node, else of who keeps it."""
    if item.place_text:
        return item.place_text
    node = item.place_node or item.node
    return node.name or node.plate_name


def language_words(code: str) -> str:
    return str(LANGUAGES.get(code, code))


def language_code(name: str) -> str:
    """The code of a language that is named in words; what is no known name is a code itself."""
    names = {str(words): code for code, words in LANGUAGES.items()}
    return names.get(name.strip(), name.strip())


def rights_words(item: HeritageItem) -> str:
    found = RIGHTS.get(item.rights)
    return str(found.words) if found else ""


def fact_rows(item: HeritageItem) -> list[tuple[str, str]]:
    """(term, value) of everything short that is known of an item, each in words."""
    kind = kinds()[item.kind]
    rows: list[tuple[str, str]] = [(_("Kind"), kind.name)]
    if item.other_titles:
        rows.append((_("Also called"), _(", ").join(item.other_titles)))
    if when := date_words(item):
        rows.append((_("Time"), when))
    rows.append((_("Place"), place_words(item)))
    rows += [
        (extra.label, extra.words(item.extra[extra.name]))
        for extra in kind.fields
        if extra.rows == 1 and item.extra.get(extra.name) not in (None, "")
    ]
    rows += [(str(ROLES[role]), _(", ").join(names)) for role, names in _by_role(item).items()]
    if item.languages:
        rows.append((_("Language"), _(", ").join(language_words(c) for c in item.languages)))
    if item.subjects:
        rows.append((_("Keywords"), _(", ").join(item.subjects)))
    return rows


def _by_role(item: HeritageItem) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for agent in item.agents:
        if agent.role in ROLES:
            found.setdefault(agent.role, []).append(agent.name)
    return found


def long_texts(item: HeritageItem) -> list[tuple[str, str]]:
    """(heading, text) of the long fields of the kind."""
    return [
        (extra.label, str(item.extra[extra.name]))
        for extra in kinds()[item.kind].fields
        if extra.rows > 1 and item.extra.get(extra.name)
    ]


def citation(item: HeritageItem, url: str, year: int, site_name: str) -> str:
    """How to cite it (after GB/T 7714—2015, electronic resources)."""
    creators = [a.name for a in item.agents][:3]
    parts = [_(", ").join(creators), f"{item.title}[DB/OL]"]
    kept = f"{item.node.plate_name}, {site_name}"
    return ". ".join([p for p in parts if p] + [f"{kept}, {year}", url]) + "."


def missing_words(missing: Iterable[str]) -> list[str]:
    return [str(MISSING[word]) for word in missing]


def state_tag(item: Any) -> tuple[str, str]:
    words, kind = STATES[ItemState(item.state)]
    return str(words), kind
