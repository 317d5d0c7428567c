"""What can be said of an item, as forms, imports and versions hand it over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from .edtf import FuzzyDate, NotADate, parse
from .models import HeritageItem, ItemMedia
from .rights import Visibility

SUMMARY_MOST = 150
"""Characters of the 简明说明 (RD-07)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFacts:
    name: str
    role: str
    person_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFacts:
    """A file of an item. `original_id` names a stored original."""

    original_id: int
    family: str
    filename: str = ""
    title: str = ""
    alt: str = ""
    visibility: str = Visibility.PUBLIC
    withheld_reason: str = ""
    transcript: str = ""
    transcript_language: str = ""
    translation: str = ""
    cues: list[Any] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """An item, whole. Texts are tidy; dates as they were said."""

    kind: str
    node_id: int
    title: str = ""
    other_titles: list[str] = field(default_factory=list)
    summary: str = ""
    description: str = ""
    date_text: str = ""
    place_text: str = ""
    place_node_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    languages: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    sources: str = ""
    rights: str = ""
    rights_holder: str = ""
    visibility: str = Visibility.PUBLIC
    group_id: int | None = None
    restricted_text: str = ""
    restricted_to: str = Visibility.GROUP
    restricted_reason: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    agents: list[AgentFacts] = field(default_factory=list)
    relations: list[tuple[str, int]] = field(default_factory=list)
    media: list[MediaFacts] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For a version."""
        return asdict(self)

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> ItemFacts:
        """From a version, also one that an older program wrote."""
        known = {f.name for f in fields(cls)}
        plain = {name: value for name, value in facts.items() if name in known}
        plain["agents"] = [AgentFacts(**agent) for agent in plain.get("agents", [])]
        plain["relations"] = [(kind, int(other)) for kind, other in plain.get("relations", [])]
        plain["media"] = [MediaFacts(**one) for one in plain.get("media", [])]
        return cls(**plain)


COPIED = tuple(
    f.name for f in fields(ItemFacts) if f.name not in {"agents", "relations", "media", "extra"}
)
MEDIA_COPIED = tuple(f.name for f in fields(MediaFacts))


def facts_of(item: HeritageItem) -> ItemFacts:
    """What a loaded item says."""
    return ItemFacts(
        **{name: getattr(item, name) for name in COPIED},
        extra=dict(item.extra),
        agents=[AgentFacts(name=a.name, role=a.role, person_id=a.person_id) for a in item.agents],
        relations=[(r.kind, r.other_id) for r in item.relations],
        media=[media_facts(one) for one in item.media],
    )


def media_facts(media: ItemMedia) -> MediaFacts:
    return MediaFacts(**{name: getattr(media, name) for name in MEDIA_COPIED})


def read_date(text: str) -> FuzzyDate:
    """The date a text says; without EDTF and days where it says none."""
    try:
        return parse(text)
    except NotADate:
        return FuzzyDate("", None, None)
