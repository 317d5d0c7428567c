"""An item as its form shows it."""

from __future__ import annotations

from typing import Any

from culture_cloud.heritage.kinds import Kind
from culture_cloud.heritage.models import HeritageItem
from culture_cloud.heritage.presenter import language_words

from .cues import cues_text
from .uploads import sign


def answers(item: HeritageItem, kind: Kind) -> dict[str, Any]:
    """What stands in the form of an item when it is opened."""
    point = f"{item.latitude}, {item.longitude}" if item.latitude is not None else ""
    return {
        "version": str(item.version),
        **{
            name: getattr(item, name)
            for name in (
                "title", "summary", "description", "date_text", "place_text", "sources", "rights",
                "rights_holder", "visibility", "restricted_text", "restricted_to",
                "restricted_reason",
            )
        },
        "other_titles": "，".join(item.other_titles),
        "node": item.node.code,
        "place_node": item.place_node.code if item.place_node else "",
        "point": point,
        "languages": "，".join(language_words(code) for code in item.languages),
        "subjects": "，".join(item.subjects),
        "group": str(item.group_id or ""),
        "agents": [
            {"role": a.role, "name": a.name, "person": str(a.person_id or "")} for a in item.agents
        ],
        "relations": [{"kind": r.kind, "other": str(r.other_id)} for r in item.relations],
        "media": [
            {
                "original": sign(m.original_id, m.family, m.filename),
                "cues": cues_text(m.cues),
                **{
                    name: getattr(m, name)
                    for name in (
                        "family", "filename", "alt", "title", "visibility", "withheld_reason",
                        "transcript", "transcript_language", "translation",
                    )
                },
            }
            for m in item.media
        ],
        **{f"x_{field.name}": item.extra.get(field.name) for field in kind.fields},
    }  # fmt: skip
