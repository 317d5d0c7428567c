"""Both engines find the same, count the same, and agree on what comes first."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from culture_cloud.db import Database
from culture_cloud.search.documents import Document
from culture_cloud.search.engines.postgresql.engine import PostgreSQLEngine
from culture_cloud.search.engines.whoosh.engine import WhooshEngine

from .conftest import fill, search

CONTENT = Path(__file__).parent.parent.parent / "culture_cloud" / "demo" / "content"

QUERIES = (
    "图书馆", "老人", "书", "剪纸", "花灯", "木棉渡", "报名", "免费", "孩子 绘本", "周末 讲座",
    "太极拳", "下班写字", "电影下乡", "老照片", "哈尼", "合唱团练声", "非遗", "手机课",
)  # fmt: skip


def documents() -> list[Document]:
    """Every longer text of the demo county."""
    texts: list[str] = []
    for path in sorted(CONTENT.rglob("*.json")):
        found = re.findall(r'"((?:[^"\\]|\\.)*)"', path.read_text("utf-8"))
        texts += [json.loads(f'"{text}"') for text in found if len(text) > 24]
    return [
        Document(
            kind="text",
            id=number,
            title=text[:12],
            body=text,
            category=str(number % 3),
            node_path=f"/1/{number % 5}/",
        )
        for number, text in enumerate(texts, start=1)
    ]


def test_both_engines_agree(database_kind: str, migrated: str, tmp_path: Path) -> None:
    if database_kind != "postgresql":
        pytest.skip("needs both engines")
    database = Database(migrated)
    ours, theirs = WhooshEngine(tmp_path / "search"), PostgreSQLEngine(database)
    texts = documents()
    assert len(texts) > 200
    fill(ours, texts)
    fill(theirs, texts)
    overlap = []
    for query in QUERIES:
        for minimum in (None, 1):
            a, b = (search(e, query, minimum, limit=10) for e in (ours, theirs))
            assert a.total == b.total, query
            assert a.counts == b.counts, query
            if a.keys:
                overlap.append(len(set(a.keys) & set(b.keys)) / len(a.keys))
                assert a.keys[0] in b.keys[:3], query
    assert sum(overlap) / len(overlap) > 0.95
    database.dispose()
