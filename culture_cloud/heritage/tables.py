"""Items as rows of a table, out and in by the same headings: what was exported can be imported.

Headings are Chinese whatever language the site shows, as they are read back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from culture_cloud.tabular import Column

from .kinds import kinds
from .models import HeritageItem
from .rights import RIGHTS

COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("uid", "编号", 22),
    ("kind", "类别", 12),
    ("title", "名称", 30),
    ("other_titles", "别名", 20),
    ("summary", "简明说明", 40),
    ("description", "说明", 50),
    ("date_text", "时间", 18),
    ("place", "地点", 18),
    ("place_text", "具体地点", 24),
    ("latitude", "纬度", 12),
    ("longitude", "经度", 12),
    ("agents", "相关人", 30),
    ("subjects", "关键词", 24),
    ("languages", "语言文字", 14),
    ("sources", "来源", 30),
    ("rights", "使用方式", 14),
    ("rights_holder", "所有者", 18),
    ("files", "文件", 30),
    ("alts", "图片说明", 40),
)
"""(name, heading, width)"""
ONLY_OUT: tuple[tuple[str, str, int], ...] = (
    ("edtf", "时间（EDTF）", 18),
    ("hall", "保管单位", 24),
    ("state", "状态", 10),
    ("url", "网址", 40),
)
ROLE_NAMES = {
    "bearer": "传承人", "maker": "制作者", "author": "作者", "photographer": "拍摄者",
    "speaker": "讲述人", "singer": "演唱演奏者", "recorder": "采录者", "owner": "持有者",
    "depicted": "所述人物", "donor": "捐赠者",
}  # fmt: skip


def extra_headings() -> dict[str, tuple[str, str]]:
    """Heading → (kind, field) of every extra field; one heading may serve several kinds."""
    return {
        f"{kind.schema['title']}：{field.schema['title']}": (kind.code, field.name)
        for kind in kinds().values()
        for field in kind.fields
    }


def columns() -> list[Column]:
    """All columns of an export."""
    plain = [Column(heading, name, width=width) for name, heading, width in COLUMNS + ONLY_OUT]
    extra = [Column(heading, f"{k}.{f}", width=18) for heading, (k, f) in extra_headings().items()]
    return plain + extra


def rows(items: Iterable[HeritageItem], address: Any) -> Iterator[dict[str, object]]:
    """The items as rows; `address` gives the URL of an item's id."""
    empty: dict[str, object] = {column.key: None for column in columns()}
    for item in items:
        row = empty | {
            "uid": item.uid,
            "kind": str(kinds()[item.kind].schema["title"]),
            "title": item.title,
            "other_titles": "；".join(item.other_titles),
            "summary": item.summary,
            "description": item.description,
            "date_text": item.date_text,
            "place": item.place_node.name if item.place_node else "",
            "place_text": item.place_text,
            "latitude": f"{item.latitude:g}" if item.latitude is not None else "",
            "longitude": f"{item.longitude:g}" if item.longitude is not None else "",
            "agents": "；".join(f"{ROLE_NAMES[a.role]}：{a.name}" for a in item.agents),
            "subjects": "；".join(item.subjects),
            "languages": "；".join(item.languages),
            "sources": item.sources,
            "rights": item.rights if item.rights in RIGHTS else "",
            "rights_holder": item.rights_holder,
            "files": "；".join(m.filename for m in item.media),
            "alts": "；".join(m.alt for m in item.media if m.family == "picture"),
            "edtf": item.date_edtf,
            "hall": item.node.plate_name,
            "state": item.state,
            "url": address(item.id),
        }
        for field in kinds()[item.kind].fields:
            value = item.extra.get(field.name)
            row[f"{item.kind}.{field.name}"] = _out(field, value) if value is not None else None
        yield row


def _out(field: Any, value: Any) -> str:
    names = {str(o["value"]): str(o["name"]) for o in field.schema.get("x-options", ())}
    return names.get(str(value), str(value))
