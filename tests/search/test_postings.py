"""The core held against what is simpler: bulk inversion against counting, the flat codec under
Whoosh's own writer, the query loop against Whoosh's own matchers."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.index import FileIndex
from whoosh.query import Term

from culture_cloud.search.analysis.entries import entry_of
from culture_cloud.search.analysis.terms import weighted_terms
from culture_cloud.search.documents import Document
from culture_cloud.search.engines.whoosh import loop, stock
from culture_cloud.search.engines.whoosh.codec import FlatCodec
from culture_cloud.search.engines.whoosh.engine import WhooshEngine
from culture_cloud.search.engines.whoosh.index import to_merge
from culture_cloud.search.engines.whoosh.inversion import Words, inverted, numbers_of
from culture_cloud.search.engines.whoosh.schema import INDEX_NAME, TEXT, schema
from culture_cloud.search.engines.whoosh.storage import DurableStorage

from .conftest import fill, plan_for, search, write

pytestmark = pytest.mark.one_database

CHARACTERS = "元江哈尼族棕扇舞古歌的一是不了在有人天地，。\n a1bWi雲裏𠮷。"
TEXT_OF = st.text(CHARACTERS, max_size=60)


def documents(count: int, seed: int = 3) -> list[Document]:
    chance = random.Random(seed)

    def text(length: int) -> str:
        return "".join(chance.choices(CHARACTERS, k=length))

    return [
        Document(kind="item", id=n, title=text(6), names=[text(3)], body=text(80))
        for n in range(1, count + 1)
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXT_OF, TEXT_OF, TEXT_OF), min_size=1, max_size=6))
def test_bulk_inversion_counts_what_counting_counts(texts: list[tuple[str, str, str]]) -> None:
    entries = [
        entry_of(Document(kind="item", id=n, title=title, place=place, body=body))
        for n, (title, place, body) in enumerate(texts)
    ]
    words = Words()
    for number, entry in enumerate(entries):
        words.add(number, entry.zones)
    made = inverted(numbers_of(entries, 0), words)
    found: dict[tuple[str, int], int] = {}
    ends = [*made.starts[1:].tolist(), len(made.ids)]
    for term, start, end in zip(made.terms, made.starts.tolist(), ends, strict=False):
        for place in range(start, end):
            found[term.decode(), int(made.ids[place])] = int(made.weights[place])
    wanted = {
        (term, number): weight
        for number, entry in enumerate(entries)
        for term, weight in weighted_terms(entry.zones).items()
    }
    assert found == wanted
    assert made.terms == sorted(made.terms)


def test_whooshs_own_writer_and_reader_agree_on_the_flat_codec(tmp_path: Path) -> None:
    storage = DurableStorage(tmp_path)
    index: FileIndex = storage.create_index(schema(), indexname=INDEX_NAME)
    writer = index.writer(codec=FlatCodec(), compound=False)
    for text in ("元江 哈尼 元江", "哈尼", "古歌 元江"):
        writer.add_document(text=text)
    writer.commit()
    with index.searcher() as searcher:
        matcher = Term(TEXT, "元江").matcher(searcher)
        found = []
        while matcher.is_active():
            found.append((matcher.id(), matcher.weight()))
            matcher.next()
        assert found == [(0, 2.0), (2, 1.0)]
        assert searcher.doc_frequency(TEXT, "哈尼") == 2
        matcher = Term(TEXT, "元江").matcher(searcher)
        matcher.skip_to(1)
        assert matcher.id() == 2


def test_weights_that_do_not_fit_a_byte_are_refused(tmp_path: Path) -> None:
    from culture_cloud.search.engines.whoosh.codec import FlatPostings

    storage = DurableStorage(tmp_path)
    segment = FlatCodec().new_segment(storage, INDEX_NAME)
    postings = FlatPostings(storage, segment)
    for weights in ([0.5], [256.0], [0.0]):
        with pytest.raises(ValueError):
            postings.append(np.array([1], np.uint32), weights)
    postings.close()


QUERIES = ("元江", "舞", "哈尼族棕扇", "棕扇舞古歌 的", "天地人是不了在有一", "a1b", "不存在的词")


@pytest.mark.parametrize("minimum", ["all", "some"])
@pytest.mark.parametrize("query", QUERIES)
def test_the_query_loop_finds_and_scores_as_whoosh_does(
    whoosh: WhooshEngine, query: str, minimum: str
) -> None:
    """Same documents, same scores to float32; over several segments with deletions."""
    some = documents(120)
    fill(whoosh, some[:60])
    write(whoosh, some[60:], gone=["item:5", "item:6"])
    write(whoosh, documents(12, seed=9))
    asked = plan_for(query)
    wanted = len(asked.groups) if minimum == "all" else 1
    folder = whoosh._folder()
    snapshot = folder.snapshot()
    ours = loop.match(snapshot, asked.groups, wanted)
    theirs = stock.match(folder.whoosh(), snapshot, asked.groups, wanted)
    assert len(ours) > 1
    for own, other in zip(ours, theirs, strict=True):
        assert own.ids.tolist() == other.ids.tolist()
        assert own.scores == pytest.approx(other.scores, rel=1e-4)


def test_merging_keeps_every_posting(whoosh: WhooshEngine, tmp_path: Path) -> None:
    some = documents(90)
    other = WhooshEngine(tmp_path / "other")
    fill(other, some)
    fill(whoosh, some[:3])
    for start in range(3, 90, 3):
        write(whoosh, some[start : start + 3])
    assert whoosh.check().segments < 12
    for query in QUERIES:
        assert set(search(whoosh, query, limit=200).keys) == set(
            search(other, query, limit=200).keys
        )
    assert whoosh.fingerprints() == other.fingerprints()


def test_segments_stay_few_however_many_writes(whoosh: WhooshEngine) -> None:
    fill(whoosh, documents(200))
    for document in documents(40, seed=8):
        write(whoosh, [document])
    views = whoosh._folder().snapshot().views
    assert len(views) <= 9
    assert to_merge(views, 1_000_000) == [] or len(views) > 1


def test_a_reader_keeps_its_snapshot_while_others_write(whoosh: WhooshEngine) -> None:
    fill(whoosh, documents(40))
    before = whoosh._folder().snapshot()
    for number in range(20):
        write(whoosh, [Document(kind="item", id=1000 + number, title="后来的")])
    matched = loop.match(before, plan_for("舞").groups, 1)
    assert sum(len(found.ids) for found in matched) > 0
    assert search(whoosh, "后来的", limit=50).total == 20
