"""What an import would do, row by row; the same is worked out again when it is done."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.heritage import queries, services
from culture_cloud.heritage.edtf import NotADate, parse
from culture_cloud.heritage.facts import SUMMARY_MOST, AgentFacts, ItemFacts, MediaFacts, facts_of
from culture_cloud.heritage.kinds import Kind, kinds
from culture_cloud.heritage.models import HeritageItem
from culture_cloud.heritage.rights import RIGHTS
from culture_cloud.heritage.tables import ROLE_NAMES
from culture_cloud.network.models import Node

_PARTED = re.compile(r"[;；\n]+")


class Step(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row: what becomes of it; words of importing.wording for what stops it and what to check."""

    row: int
    title: str
    step: Step
    uid: str | None = None
    facts: ItemFacts | None = None
    item_id: int | None = None
    faults: Sequence[tuple[str, str]] = field(default_factory=tuple)
    notes: Sequence[tuple[str, str]] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Terms:
    """For which hall, with which files ({name: [original, family]}), and what may be changed."""

    node: Node
    files: Mapping[str, Sequence[Any]]
    may_change: Any
    """(HeritageItem) → whether whoever imports may change it."""


def plan(session: Session, rows: Sequence[Mapping[str, Any]], terms: Terms) -> list[PlannedRow]:
    places = _places(session)
    seen: set[str] = set()
    planned = []
    for row in rows:
        one = _planned(session, row, terms, places)
        if one.uid and one.uid in seen:
            fault = ("twice", one.uid)
            one = replace(one, step=Step.REFUSED, faults=[*one.faults, fault])
        seen.add(one.uid or "")
        planned.append(one)
    return planned


def _places(session: Session) -> dict[str, int]:
    """Names and codes of places; a name that two places share is none."""
    found: dict[str, int] = {}
    twice: set[str] = set()
    for node in session.scalars(select(Node).where(Node.closed_down.is_(False))):
        for name in {node.code, node.name, node.plate_name} - {""}:
            if name in found:
                twice.add(name)
            found[name] = node.id
    return {name: node_id for name, node_id in found.items() if name not in twice}


def _planned(
    session: Session, row: Mapping[str, Any], terms: Terms, places: Mapping[str, int]
) -> PlannedRow:
    faults: list[tuple[str, str]] = []
    notes: list[tuple[str, str]] = []
    title, number = str(row.get("title", ""))[:200], int(row.get("row", 0))
    kind = _kind(str(row.get("kind", "")), faults)
    if not title:
        faults.append(("title", ""))
    uid = str(row.get("uid", ""))[:120] or None
    item = session.scalar(queries.whole().where(HeritageItem.uid == uid)) if uid else None
    if item is not None and not terms.may_change(item):
        faults.append(("not_yours", uid or ""))
    if item is not None and kind is not None and item.kind != kind.code:
        faults.append(("other_kind", str(row.get("kind", ""))))
    if kind is None or faults:
        return PlannedRow(number, title, Step.REFUSED, uid, faults=faults)
    facts = _facts(row, kind, terms, places, facts_of(item) if item else None, faults, notes)
    if faults:
        return PlannedRow(number, title, Step.REFUSED, uid, faults=faults, notes=notes)
    if item is None:
        return PlannedRow(number, title, Step.CREATE, uid, facts, notes=notes)
    step = Step.UNCHANGED if facts_of(item) == facts else Step.CHANGE
    return PlannedRow(number, title, step, uid, facts, item.id, notes=notes)


def _kind(text: str, faults: list[tuple[str, str]]) -> Kind | None:
    for code, kind in kinds().items():
        if text in {code, str(kind.schema["title"]), str(kind.schema["title_en"])}:
            return kind
    faults.append(("kind", text))
    return None


def _facts(  # noqa: PLR0917
    row: Mapping[str, Any],
    kind: Kind,
    terms: Terms,
    places: Mapping[str, int],
    before: ItemFacts | None,
    faults: list[tuple[str, str]],
    notes: list[tuple[str, str]],
) -> ItemFacts:
    def said(name: str, most: int) -> str:
        text = str(row.get(name, "")).strip()
        if len(text) > most:
            faults.append(("too_long", name))
        return text

    summary = said("summary", 300)
    if len(summary) > SUMMARY_MOST:
        notes.append(("summary", str(len(summary))))
    date_text = said("date_text", 120)
    if date_text and not _is_understood(date_text):
        notes.append(("date", date_text))
    place = said("place", 80)
    if place and place not in places:
        notes.append(("place", place))
    rights = _rights(said("rights", 200))
    if row.get("rights") and not rights:
        notes.append(("rights", str(row["rights"])))
    base = before or ItemFacts(kind=kind.code, node_id=terms.node.id)
    point = _point(row, notes)
    return replace(
        base,
        title=said("title", 200),
        other_titles=_several(row, "other_titles"),
        summary=summary,
        description=said("description", 40000),
        date_text=date_text,
        place_text=said("place_text", 200) or ("" if place in places else place),
        place_node_id=places.get(place, base.place_node_id),
        latitude=point[0] if point else base.latitude,
        longitude=point[1] if point else base.longitude,
        languages=_several(row, "languages") or base.languages,
        subjects=_several(row, "subjects"),
        sources=said("sources", 4000),
        rights=rights or base.rights,
        rights_holder=said("rights_holder", 200),
        extra=_extra(row, kind, dict(base.extra), faults),
        agents=_agents(row, notes),
        media=_media(row, terms, base, notes),
    )


def _is_understood(text: str) -> bool:
    try:
        parse(text)
    except NotADate:
        return False
    return True


def _several(row: Mapping[str, Any], name: str) -> list[str]:
    parts = re.split(r"[;；,，、\n]+", str(row.get(name, "")))
    return [part.strip()[:120] for part in parts if part.strip()][:40]


def _rights(text: str) -> str:
    if text in RIGHTS:
        return text
    words = {"公有领域": "pd", "有版权": "in-copyright", "保留": "in-copyright", "不明": "no-known"}
    folded = text.lower().replace(" ", "-")
    return words.get(text, folded if folded in RIGHTS else "")


def _point(row: Mapping[str, Any], notes: list[tuple[str, str]]) -> tuple[float, float] | None:
    texts = str(row.get("latitude", "")), str(row.get("longitude", ""))
    if not any(texts):
        return None
    try:
        latitude, longitude = float(texts[0]), float(texts[1])
    except ValueError:
        notes.append(("point", " ".join(texts)))
        return None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        notes.append(("point", " ".join(texts)))
        return None
    return latitude, longitude


def _agents(row: Mapping[str, Any], notes: list[tuple[str, str]]) -> list[AgentFacts]:
    codes = {name: code for code, name in ROLE_NAMES.items()}
    found = []
    for part in _PARTED.split(str(row.get("agents", ""))):
        role, colon, name = part.strip().replace(":", "：").partition("：")
        if not role:
            continue
        if not colon or role.strip() not in codes:
            notes.append(("agent", part.strip()))
            continue
        found.append(AgentFacts(name=name.strip()[:120], role=codes[role.strip()]))
    return found


def _extra(
    row: Mapping[str, Any], kind: Kind, extra: dict[str, Any], faults: list[tuple[str, str]]
) -> dict[str, Any]:
    for one in kind.fields:
        text = str(row.get(f"{kind.code}.{one.name}", "")).strip()
        if not text:
            continue
        by_name = {str(o["name"]): str(o["value"]) for o in one.schema.get("x-options", ())}
        extra[one.name] = int(text) if one.is_number and text.isdigit() else by_name.get(text, text)
    for name, rule in kind.faults(extra):
        if rule != "required":
            label = str(kind.schema["properties"].get(name, {}).get("title", name))
            faults.append(("extra", label))
    return extra


def _media(
    row: Mapping[str, Any], terms: Terms, base: ItemFacts, notes: list[tuple[str, str]]
) -> list[MediaFacts]:
    """The files a row names, with their descriptions in the same order; known ones stay."""
    names = [part.strip() for part in _PARTED.split(str(row.get("files", ""))) if part.strip()]
    alts = [part.strip() for part in _PARTED.split(str(row.get("alts", "")))]
    found = list(base.media)
    known = {one.filename for one in found}
    for number, name in enumerate(names):
        if name in known:
            continue
        stored = terms.files.get(name.lower())
        if stored is None:
            notes.append(("file", name))
            continue
        original_id, family = int(stored[0]), str(stored[1])
        alt = alts[number][:500] if number < len(alts) and family == "picture" else ""
        found.append(MediaFacts(original_id=original_id, family=family, filename=name, alt=alt))
    return found


def apply(
    session: Session, planned: Sequence[PlannedRow], *, by_account_id: int | None
) -> dict[str, int]:
    """Do it: new ones become drafts. How many of each step."""
    counts = {str(step): 0 for step in Step}
    for one in planned:
        counts[one.step] += 1
        if one.step is Step.CREATE and one.facts is not None:
            services.create(
                session, one.facts, by_account_id=by_account_id, uid=one.uid, deed="imported"
            )
        elif one.step is Step.CHANGE and one.facts is not None and one.item_id is not None:
            services.change(
                session, one.item_id, one.facts, by_account_id=by_account_id, deed="imported"
            )
    return counts
