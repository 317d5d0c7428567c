"""How fast search answers, and what building costs: the engines beside FTS5 and stock Whoosh.

Documents are made of real clauses dealt at random, so that terms are as frequent as in real text.
The load mixes what people do: single words, several words, phrases, questions, a node filter, the
order by date; each search with facets, with the bodies of a page and its passages. Every engine
meets the same queries in the same order in one run, round robin, so that a busy machine slows all
alike. Times are of the engine with passages, without HTTP and without loading rows.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from culture_cloud.search import corrections, passages
from culture_cloud.search.analysis.entries import Entry, entry_of
from culture_cloud.search.documents import Document
from culture_cloud.search.engines.base import Engine, Narrowing, Plan
from culture_cloud.search.engines.whoosh.engine import WhooshEngine
from culture_cloud.search.understanding import understand
from culture_cloud.serve import settle

from .search_peers import Peer, StockWhoosh, size_of

BATCH = 1000
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SpeedFigure:
    """Times of one engine under the mixed load, ms. `cpu95`: the 95th percentile of this process's
    CPU time, which other work on the machine disturbs less (a database server's is not in it)."""

    engine: str
    documents: int
    p50: float
    p95: float
    worst: float
    per_second: float
    cpu95: float


@dataclass(frozen=True, slots=True)
class BuildFigure:
    """CPU seconds of building one index, and its size."""

    engine: str
    documents: int
    cpu: float
    seconds: float
    megabytes: float


# --- the documents -------------------------------------------------------------------------------


def clauses(folder: Path | None) -> list[str]:
    """Clauses of real text: of a folder of passages where there is one, and of the demo county."""
    texts: list[str] = []
    content = Path(__file__).parent.parent / "culture_cloud" / "demo" / "content"
    for path in sorted(content.rglob("*.json")):
        texts += re.findall(r'"((?:[^"\\]|\\.)*)"', path.read_text("utf-8"))
    if folder is not None:
        for path in sorted(folder.glob("*.jsonl")):
            if "quer" not in path.name and "question" not in path.name:
                texts += [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
    found = [c for text in texts for c in re.split(r"[，。；！？、\s]", text)]
    return list(
        dict.fromkeys(c for c in found if 3 <= len(c) <= 24 and re.search(r"[\u4e00-\u9fff]{3}", c))
    )


def documents(count: int, pool: Sequence[str]) -> Iterator[Document]:
    chance = random.Random(11)
    for number in range(1, count + 1):
        body = "，".join(chance.choice(pool) for _ in range(chance.randint(4, 12))) + "。"
        starts = NOW + timedelta(hours=chance.randint(-9000, 9000))
        yield Document(
            kind=chance.choice(("activity", "activity", "item", "publication")),
            id=number,
            title=chance.choice(pool)[:12] + chance.choice(pool)[:6],
            body=body,
            node_path=f"/1/{chance.randint(2, 12)}/{chance.randint(13, 90)}/",
            category=chance.choice(("performance", "lecture", "dance", "song", "book")),
            period=chance.choice(("", "qing", "republic")),
            audiences=chance.sample(("elders", "children", "students"), chance.randint(0, 2)),
            starts_at=starts,
            over_at=starts + timedelta(days=400),
        )


@dataclass(frozen=True, slots=True)
class Query:
    """One act of the load."""

    words: str
    any_of: bool = False
    node: str = ""
    by_date: bool = False
    typed: bool = False


def load(count: int, pool: Sequence[str]) -> list[Query]:
    """The mix: 25 % words, 20 % two words, 25 % phrases, 5 % questions, 10 % by node, 10 % by date,
    5 % suggestions while typing."""
    chance = random.Random(5)
    found: list[Query] = []
    while len(found) < count:
        clause = re.sub(r"[^\u4e00-\u9fff]", "", chance.choice(pool))
        if len(clause) < 4:
            continue
        start = chance.randrange(len(clause) - 3)
        word = clause[start : start + 2]
        act = chance.random()
        if act < 0.25:
            found.append(Query(word))
        elif act < 0.45:
            found.append(Query(f"{word} {clause[-2:]}"))
        elif act < 0.70:
            found.append(Query(clause[start : start + chance.randint(3, 8)]))
        elif act < 0.75:
            found.append(Query(f"{clause}{chance.choice(pool)}", any_of=True))
        elif act < 0.85:
            found.append(Query(word, node=f"/1/{chance.randint(2, 12)}/"))
        elif act < 0.95:
            found.append(Query(word, by_date=True))
        else:
            found.append(Query(word, typed=True))
    return found


# --- the engines ---------------------------------------------------------------------------------

Act = Callable[[Query], Any]


def ours(engine: Engine) -> Act:
    """A search as the page asks for it, with bodies and passages; or suggestions."""
    now = int(NOW.timestamp())

    def act(query: Query) -> Any:
        narrowed = Narrowing(node_path=query.node, not_over_at=now)
        asked = understand(query.words)
        if query.typed:
            return corrections.names_holding(engine, asked, narrowed)
        plan = Plan(
            groups=asked.groups, minimum=1 if query.any_of else len(asked.groups),
            phrases=asked.phrases, narrowed=narrowed, by_date=query.by_date, now=now,
        )  # fmt: skip
        found = engine.find(plan)
        bodies = engine.bodies(found.keys)
        phrases = [phrase for same in asked.phrases for phrase in same]
        return [passages.passage(bodies[key], phrases, asked.terms) for key in found.keys]

    return act


def fts5(peer: Peer) -> Act:
    def act(query: Query) -> Any:
        return peer.search(query.words, any_of=query.any_of, node=query.node, by_date=query.by_date)

    return act


def stock(peer: StockWhoosh) -> Act:
    def act(query: Query) -> Any:
        return peer.search(query.words, any_of=query.any_of, node=query.node, by_date=query.by_date)

    return act


def timed(acts: dict[str, Act], queries: Sequence[Query], documents_: int) -> list[SpeedFigure]:
    """Every engine meets every query, in turn; a warm round before is not counted."""
    settle()
    for act in acts.values():
        for query in queries[: len(queries) // 5]:
            act(query)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in acts}
    for query in queries:
        for name, act in acts.items():
            times[name].append(_time_of(act, query))
    return [_figure(name, documents_, measured) for name, measured in times.items()]


def _time_of(act: Act, query: Query) -> tuple[float, float]:
    """Wall and CPU time, ms."""
    began, cpu = time.perf_counter(), time.thread_time()
    act(query)
    return (time.perf_counter() - began) * 1000, (time.thread_time() - cpu) * 1000


def _figure(name: str, documents_: int, times: list[tuple[float, float]]) -> SpeedFigure:
    ordered, cpu = sorted(wall for wall, _ in times), sorted(cpu for _, cpu in times)
    at95 = int(len(ordered) * 0.95)
    return SpeedFigure(
        engine=name,
        documents=documents_,
        p50=ordered[len(ordered) // 2],
        p95=ordered[at95],
        worst=ordered[-1],
        per_second=1000 * len(ordered) / sum(ordered),
        cpu95=cpu[at95],
    )


# --- building ------------------------------------------------------------------------------------


def build(engine: WhooshEngine, count: int, pool: Sequence[str], folder: Path) -> BuildFigure:
    """Build in this process; analysing the documents belongs to it."""
    began, cpu = time.monotonic(), time.process_time()
    entries = ([entry_of(d) for d in some] for some in batches(documents(count, pool)))
    with engine.rebuilding():
        building = engine.begin()
        engine.complete(building, [building.part(entries, lambda _done: None)], _nothing)
    spent, cpu = time.monotonic() - began, time.process_time() - cpu
    return BuildFigure("Whoosh, flat postings", count, cpu, spent, size_of(folder) / 1e6)


def build_peer(
    peer: Peer | StockWhoosh, count: int, pool: Sequence[str], path: Path
) -> BuildFigure:
    cpu, began = 0.0, time.monotonic()
    for some in batches(documents(count, pool)):
        # peers have neither names by sound nor marks: they are given folded text, uncounted
        entries = [entry_of(document) for document in some]
        before = time.process_time()
        peer.add(entries)
        cpu += time.process_time() - before
    before = time.process_time()
    peer.finish()
    cpu += time.process_time() - before
    return BuildFigure(peer.name, count, cpu, time.monotonic() - began, size_of(path) / 1e6)


def batches(found: Iterator[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for document in found:
        batch.append(document)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _nothing(_keys: Sequence[str]) -> tuple[list[Entry], list[str]]:
    return [], []


def added_while_reading(engine: WhooshEngine, act: Act, queries: Sequence[Query]) -> SpeedFigure:
    """Searches while one document after the other is added, each found by the next search."""
    times = []
    for number, query in enumerate(queries):
        if number % 20 == 0:
            title = f"刚刚加进来的第{number}条"
            document = Document(kind="item", id=10_000_000 + number, title=title)
            with engine.writing():
                engine.write([entry_of(document)], [])
            asked = understand(title)
            plan = Plan(groups=asked.groups, minimum=len(asked.groups), phrases=asked.phrases)
            if document.key not in engine.find(plan).keys:
                raise AssertionError("an added document was not found by the next search")
        times.append(_time_of(act, query))
    return _figure("Whoosh, flat, while adding", engine.check().documents, times)


def fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
