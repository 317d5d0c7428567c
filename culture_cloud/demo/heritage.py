"""The demo's local heritage, written by the services that the desk uses; pictures come later, from
the worker (see heritage_pictures), so that a first start stays quick."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.accounts.models import Account
from culture_cloud.heritage import services
from culture_cloud.heritage.exhibitions import services as exhibitions
from culture_cloud.heritage.exhibitions.blocks import Block
from culture_cloud.heritage.facts import AgentFacts, ItemFacts, facts_of
from culture_cloud.heritage.kinds import kinds
from culture_cloud.heritage.models import HeritageItem
from culture_cloud.heritage.relations import RELATIONS
from culture_cloud.jobs.queue import enqueue
from culture_cloud.network.models import Node

FOLDER = Path(__file__).parent / "content" / "heritage"
UID = "mumiandu-{}"

RIGHTS = {
    "ich_element": "cultural", "photograph": "cc-by-nc", "document": "pd", "recording": "cc-by-nc",
}  # fmt: skip
STILL_OPEN = {"mw-school": "submitted", "vf-datou": "draft", "grain-measure": "reviewed"}
"""What has not been published yet, so that the desk has something to do."""
SIGNED_IN_ONLY = {"genealogy-duan"}
SACRED = {
    "old-forest": ("祭龙的石头在林子正中，只有寨老知道怎么走。", "寨子里的规矩，不许告诉外人"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the content."""

    code: str
    kind: str
    node: str
    title: str
    when: str
    summary: str
    description: str
    extra: Mapping[str, Any]
    pairs: tuple[tuple[str, str], ...]


def read() -> list[Told]:
    """All items of the content, in the order of their kinds. Raises ValueError."""
    return [one for code in kinds() for one in _read_kind(code)]


def _read_kind(kind: str) -> Iterator[Told]:
    numbers = {field.name for field in kinds()[kind].fields if field.is_number}
    for line in (FOLDER / f"{kind}.psv").read_text(encoding="utf-8").splitlines():
        parts = [part.strip() for part in line.split("|")]
        parts += [""] * (9 - len(parts))
        code, node, title, when, summary, description, extra, *more = parts
        yield Told(
            code, kind, node, title, when, summary, description,
            {n: int(v) if n in numbers else v for n, v in _pairs(extra)},
            tuple(pair for text in more for pair in _pairs(text)),
        )  # fmt: skip


def _pairs(text: str) -> list[tuple[str, str]]:
    found = [part.partition("=") for part in text.split(";") if part]
    return [(name, value) for name, _equals, value in found]


def transcripts() -> dict[str, list[str]]:
    """What is said on some recordings, sentence by sentence."""
    found: dict[str, list[str]] = json.loads(
        (FOLDER / "transcripts.json").read_text(encoding="utf-8")
    )
    return found


def add(session: Session, accounts: Mapping[str, Account], now: datetime) -> None:
    """Write items, relations and exhibitions, and ask the worker for the pictures."""
    nodes = {node.name: node for node in session.scalars(select(Node))}
    author = accounts["bai-huixian"].id
    told = read()
    people = {one.title: one.code for one in told if one.kind == "person"}
    written: dict[str, HeritageItem] = {}
    for number, one in enumerate(told):
        with clock.frozen(now - timedelta(days=300 - number, hours=number % 7)):
            written[one.code] = services.create(
                session,
                _facts(one, nodes[one.node]),
                by_account_id=author,
                uid=UID.format(one.code),
            )
    for number, one in enumerate(told):
        with clock.frozen(now - timedelta(days=120 - number * 0.7)):
            _finish(session, one, written, people, author)
    _add_exhibitions(session, nodes, written, now, author)
    enqueue(session, "demo.draw_heritage", {"first": 0}, key="demo.draw_heritage")


def _facts(one: Told, node: Node) -> ItemFacts:
    secret, reason = SACRED.get(one.code, ("", ""))
    return ItemFacts(
        kind=one.kind,
        node_id=node.id,
        place_node_id=node.id,
        title=one.title,
        summary=one.summary,
        description=one.description,
        date_text="" if one.when == "不知年代" else one.when,
        extra=one.extra,
        languages=["zh-Hans"],
        latitude=node.latitude if one.kind == "place" else None,
        longitude=node.longitude if one.kind == "place" else None,
        sources="县图书馆地方文献室与各村服务点采集",
        rights=RIGHTS.get(one.kind, "cc-by"),
        visibility="signed_in" if one.code in SIGNED_IN_ONLY else "public",
        restricted_text=secret,
        restricted_to="signed_in",
        restricted_reason=reason,
    )


def _finish(
    session: Session,
    one: Told,
    written: Mapping[str, HeritageItem],
    people: Mapping[str, str],
    author: int,
) -> None:
    """What needs all items to be there: relations, people; then the way to the public."""
    item = written[one.code]
    facts = replace(
        facts_of(item),
        relations=[(n, written[v].id) for n, v in one.pairs if n in RELATIONS],
        agents=[
            AgentFacts(name=v, role=n, person_id=written[people[v]].id if v in people else None)
            for n, v in one.pairs
            if n not in RELATIONS
        ],
    )
    services.change(session, item.id, facts, by_account_id=author)
    state = STILL_OPEN.get(one.code, "published")
    if state == "submitted":
        services.submit(session, item.id, by_account_id=author)
    elif state == "reviewed":
        services.review(session, item.id, by_account_id=author)
    elif state == "published":
        services.publish(session, item.id, by_account_id=author)


def _add_exhibitions(
    session: Session,
    nodes: Mapping[str, Node],
    written: Mapping[str, HeritageItem],
    now: datetime,
    author: int,
) -> None:
    shown = json.loads((FOLDER / "exhibitions.json").read_text(encoding="utf-8"))
    for number, one in enumerate(shown):
        blocks = [
            Block(
                block["kind"],
                block["text"],
                block.get("by", ""),
                tuple(written[code].id for code in block.get("items", ())),
            )
            for block in one["blocks"]
        ]
        with clock.frozen(now - timedelta(days=20 - 5 * number)):
            made = exhibitions.create(
                session,
                code=one["code"],
                node_id=nodes[one["node"]].id,
                title=one["title"],
                summary=one["summary"],
                is_exhibition=True,
                blocks=blocks,
            )
            session.flush()
            exhibitions.publish(session, made.id, by_account_id=author)
