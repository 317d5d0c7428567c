"""An item in Dublin Core: terms with their values, for OAI-PMH, HTML and exports.

Terms are those of DCMI Metadata Terms; `simple` folds them into the fifteen elements.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .addresses import item_url
from .kinds import kinds
from .models import HeritageItem
from .relations import CREATORS, RELATIONS
from .rights import RIGHTS
from .visibility import ANYBODY, Reader

SIMPLE = {
    "alternative": "title", "abstract": "description", "issued": "date", "created": "date",
    "spatial": "coverage", "temporal": "coverage", "extent": "format", "medium": "format",
    "license": "rights", "rightsHolder": "rights", "isPartOf": "relation", "references": "relation",
    "provenance": "description",
}  # fmt: skip
"""Term → the element it refines."""


class Statement(NamedTuple):
    """One value of a term; `language` is BCP 47, `encoding` the scheme that says how to read it."""

    term: str
    value: str
    language: str = ""
    encoding: str = ""


def statements(item: HeritageItem, reader: Reader = ANYBODY) -> list[Statement]:
    """What an item says, in the order in which people read it; nothing withheld is in it."""
    return list(_statements(item, reader))


def _statements(item: HeritageItem, reader: Reader) -> Iterator[Statement]:
    kind = kinds()[item.kind]
    yield Statement("title", item.title, "zh")
    for other in item.other_titles:
        yield Statement("alternative", other)
    for agent in item.agents:
        yield Statement("creator" if agent.role in CREATORS else "contributor", agent.name)
    yield Statement("abstract", item.summary, "zh")
    if item.description:
        yield Statement("description", item.description, "zh")
    for subject in (kind.schema["title"], *item.subjects):
        yield Statement("subject", str(subject), "zh")
    yield Statement("publisher", item.node.plate_name, "zh")
    if item.date_edtf:
        yield Statement("created", item.date_edtf, encoding="EDTF")
    if item.date_text:
        yield Statement("temporal", item.date_text, "zh")
    yield Statement("type", kind.dcmi_type, encoding="DCMIType")
    shown = [m for m in item.media if reader.sees_media(m, item)]
    for media_type in sorted({m.original.media_type for m in shown}):
        yield Statement("format", media_type, encoding="IMT")
    yield Statement("identifier", item_url(item.id), encoding="URI")
    yield Statement("identifier", item.uid)
    for language in item.languages or ["zh"]:
        yield Statement("language", language, encoding="RFC5646")
    yield from _places(item)
    yield from _extra(item)
    if item.sources:
        yield Statement("source", item.sources, "zh")
    for relation in reader.seen_relations(item):
        yield Statement(
            RELATIONS[relation.kind].dc_term, item_url(relation.other_id), encoding="URI"
        )
    if item.rights in RIGHTS:
        yield Statement("rights", RIGHTS[item.rights].uri, encoding="URI")
    if item.rights_holder:
        yield Statement("rightsHolder", item.rights_holder, "zh")


def _places(item: HeritageItem) -> Iterator[Statement]:
    if item.place_text:
        yield Statement("spatial", item.place_text, "zh")
    elif item.place_node is not None:
        yield Statement("spatial", item.place_node.name, "zh")
    if item.latitude is not None and item.longitude is not None:
        point = f"east={item.longitude:g}; north={item.latitude:g}"
        yield Statement("spatial", point, encoding="Point")


def _extra(item: HeritageItem) -> Iterator[Statement]:
    for field in kinds()[item.kind].fields:
        if field.dc_term and field.dc_term != "language" and item.extra.get(field.name):
            yield Statement(field.dc_term, str(item.extra[field.name]), "zh")


def simple(found: list[Statement]) -> list[tuple[str, str]]:
    """The same in the fifteen elements, each value once."""
    pairs = [(SIMPLE.get(s.term, s.term), s.value) for s in found if s.value]
    return list(dict.fromkeys(pairs))
