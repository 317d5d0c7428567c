"""Does search find what people mean? Known items and judged questions, beside BM25 of SQLite FTS5.

Known items: a fragment of a document is typed, as it stands, in the other script, with one
character wrong or missing; a title by its pinyin or initials. Found means: among the first ten. A
fragment that more than ten documents hold word for word has no known item and is left out.
Questions: each names the documents that answer it; nDCG@10, for each half of them too, so that
what was tuned on the one can be read off the other. What else people type is in search_typing; its
questions were never used to tune.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import opencc
from pypinyin import Style, lazy_pinyin

from culture_cloud.search import asking
from culture_cloud.search.analysis.folding import fold, folded_name, is_cjk
from culture_cloud.search.documents import Document
from culture_cloud.search.engines.base import Engine, Narrowing
from culture_cloud.search.understanding import understand

from . import search_typing
from .search_peers import Peer

FIRST = 10
EACH = 1500
"""Fragments of each sort."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the ids of the documents that answer it."""

    query: str
    relevant: frozenset[int]


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents with questions to them."""

    name: str
    documents: list[Document]
    questions: list[Question]


@dataclass(frozen=True, slots=True)
class QualityFigure:
    """`share` of `tried` that were found; for questions nDCG@10, with that of the peer."""

    collection: str
    what: str
    tried: int
    share: float
    least: float | None = None
    peer: float | None = None


def collections(folder: Path) -> Iterator[Collection]:
    """The texts of a folder (passages.jsonl with questions.jsonl, classics.jsonl with
    classics_queries.jsonl)."""
    for name, texts, questions in (
        ("encyclopedia", "passages.jsonl", "questions.jsonl"),
        ("classics", "classics.jsonl", "classics_queries.jsonl"),
    ):
        if (folder / texts).exists():
            yield _collection(name, _lines(folder / texts), _lines(folder / questions))


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _collection(name: str, texts: list[dict[str, Any]], asked: list[dict[str, Any]]) -> Collection:
    numbers = {str(row["id"]): number for number, row in enumerate(texts, start=1)}
    documents = [
        Document(
            kind="text",
            id=numbers[str(row["id"])],
            title=str(row.get("title") or ""),
            names=[str(row["book"])] if row.get("book") else [],
            body=str(row["text"]),
        )
        for row in texts
    ]
    questions = [
        Question(str(row["query"]), frozenset(numbers[str(r)] for r in row["relevant"]))
        for row in asked
    ]
    return Collection(name, documents, questions)


# --- asking --------------------------------------------------------------------------------------


def finder(engine: Engine) -> Callable[[str], list[int]]:
    """Asks as the page does: the first ten ids of the whole cascade."""
    narrowed = Narrowing()

    def find(words: str) -> list[int]:
        asked = asking.Asked(words=words, narrowed=narrowed, now=0)
        found = asking.keys_found(engine, understand(words), asked)
        return [int(key.partition(":")[2]) for key in found[:FIRST]]

    return find


def measure(engine: Engine, collection: Collection, peer: Peer) -> list[QualityFigure]:
    find = finder(engine)
    figures = [
        _known(collection, what, least, tries, find) for what, least, tries in _sorts(collection)
    ]
    figures += [
        _known(collection, what, None, tries, find)
        for what, tries in search_typing.sorts(collection.documents, _titles(collection))
    ]
    asked = collection.questions
    for what, some in (("", asked), (", even half", asked[::2]), (", odd half", asked[1::2])):
        own = _ndcg(some, find)
        other = _ndcg(some, lambda words: peer.find_any(words, FIRST))
        figures.append(
            QualityFigure(
                collection.name,
                f"questions, nDCG@10{what}",
                len(some),
                own,
                None if what else other,
                other,
            )
        )
    keywords = search_typing.keywords(collection.documents)
    judged = [Question(words, frozenset({wanted})) for words, wanted in keywords]
    other = _ndcg(judged, lambda words: peer.find_any(words, FIRST))
    figures.append(
        QualityFigure(
            collection.name,
            "three words of a text, nDCG@10",
            len(judged),
            _ndcg(judged, find),
            other,
            other,
        )
    )
    return figures


def _known(
    collection: Collection,
    what: str,
    least: float | None,
    tries: list[tuple[str, int]],
    find: Callable[[str], list[int]],
) -> QualityFigure:
    hits = sum(wanted in find(words) for words, wanted in tries)
    return QualityFigure(collection.name, what, len(tries), hits / max(1, len(tries)), least)


def _ndcg(questions: Sequence[Question], find: Callable[[str], list[int]]) -> float:
    total = 0.0
    for question in questions:
        gains = [
            1 / math.log2(place + 2)
            for place, found in enumerate(find(question.query)[:FIRST])
            if found in question.relevant
        ]
        best = sum(1 / math.log2(n + 2) for n in range(min(FIRST, len(question.relevant))))
        total += sum(gains) / best
    return total / max(1, len(questions))


# --- what is typed -------------------------------------------------------------------------------


def _sorts(collection: Collection) -> Iterator[tuple[str, float, list[tuple[str, int]]]]:
    chance = random.Random(7)
    texts = {d.id: folded_name.__wrapped__(d.title + "\n" + d.body) for d in collection.documents}
    exact = _fragments(collection, texts, chance, range(2, 11))
    longer = _fragments(collection, texts, chance, range(5, 11))
    to_traditional, to_simplified = opencc.OpenCC("s2t"), opencc.OpenCC("t2s")

    def other_script(words: str) -> str:
        traditional: str = to_traditional.convert(words)
        return traditional if traditional != words else str(to_simplified.convert(words))

    yield "exact fragment, 2 to 10 characters", 0.99, exact
    yield (
        "typed in the other script",
        0.97,
        [(other, wanted) for words, wanted in exact if (other := other_script(words)) != words],
    )
    common = "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会"
    wrong = [(_one_wrong(words, common, chance), wanted) for words, wanted in longer]
    yield "one character wrong", 0.95, wrong
    yield "one character missing", 0.95, [(_one_missing(w, chance), wanted) for w, wanted in longer]
    titles = _titles(collection)
    yield "title by pinyin", 0.95, [("".join(_pinyin(t)), number) for t, number in titles]
    yield (
        "title by initials",
        0.90,
        [
            ("".join(syllable[0] for syllable in _pinyin(title)), number)
            for title, number in titles
            if len(title) >= 4
        ],
    )


def _with(words: str, place: int, character: str) -> str:
    return words[:place] + character + words[place + 1 :]


def _one_wrong(words: str, common: str, chance: random.Random) -> str:
    return _with(words, chance.randrange(len(words)), chance.choice(common))


def _one_missing(words: str, chance: random.Random) -> str:
    place = chance.randrange(len(words))
    return words[:place] + words[place + 1 :]


def _pinyin(title: str) -> list[str]:
    return lazy_pinyin(title, style=Style.NORMAL)


def _titles(collection: Collection) -> list[tuple[str, int]]:
    """Titles that one document alone has and that are Chinese throughout."""
    folded = [(fold(d.title), d.id) for d in collection.documents]
    counts: dict[str, int] = {}
    for title, _ in folded:
        counts[title] = counts.get(title, 0) + 1
    return [
        (title, number)
        for title, number in folded
        if counts[title] == 1 and len(title) >= 2 and all(map(is_cjk, title))
        and re.fullmatch(r"\w+", title)
    ]  # fmt: skip


def _fragments(
    collection: Collection, texts: dict[int, str], chance: random.Random, lengths: range
) -> list[tuple[str, int]]:
    """Fragments as they stand (within a line and a clause) that at most ten documents hold."""
    found: list[tuple[str, int]] = []
    tried = 0
    while len(found) < EACH and tried < EACH * 20:
        tried += 1
        document = chance.choice(collection.documents)
        clauses = re.findall(r"[\u4e00-\u9fff]{2,}", document.body)
        if not clauses:
            continue
        clause, length = chance.choice(clauses), chance.choice(lengths)
        if len(clause) < length:
            continue
        start = chance.randrange(len(clause) - length + 1)
        words = clause[start : start + length]
        folded = folded_name(words)
        if sum(folded in text for text in texts.values()) <= FIRST:
            found.append((words, document.id))
    return found
