"""Heritage: an item with pictures, a collection, a gift, a group, for the crawl."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.heritage import services
from culture_cloud.heritage.exhibitions import services as exhibitions
from culture_cloud.heritage.exhibitions.blocks import Block
from culture_cloud.heritage.facts import ItemFacts
from culture_cloud.heritage.models import (
    Collection,
    Contribution,
    HeritageGroup,
    HeritageImport,
    HeritageItem,
)
from culture_cloud.media import derivatives, serving
from culture_cloud.media.models import MediaOriginal
from culture_cloud.network.models import Node
from tests.browser.places import Place
from tests.heritage.makers import png, stored, wav

KEY = {"heritage.page", "heritage.place"}
_KEY = "crawl-crawl-crawl-crawl"
_PICTURE = "crawl-picture"


def _hall(session: Session) -> Node:
    found = session.scalar(select(Node).where(Node.parent_id.is_(None)).order_by(Node.id))
    assert found is not None
    return found


def prepare(session: Session) -> None:
    hall = _hall(session)
    item = services.create(
        session,
        ItemFacts(
            kind="village_file", node_id=hall.id, title="村名的来历", extra={"topic": "names"}
        ),
        by_account_id=None,
    )
    _with_picture(session, hall)
    made = exhibitions.create(
        session,
        code="crawl",
        node_id=hall.id,
        title="看看怎么做",
        summary="给爬虫看的。",
        is_exhibition=True,
        blocks=[Block("heading", "第一节"), Block("items", "", items=(item.id,))],
    )
    session.add(HeritageGroup(node_id=hall.id, name="织锦人", about="会织锦的人"))
    session.add(
        Contribution(
            key=_KEY,
            kind="memory",
            node_id=hall.id,
            name="杨桂珍",
            title="从前的街",
            text="街上铺石板。",
            consent="2026-11",
            consented_at=clock.now(),
            created_at=clock.now(),
        )
    )
    session.add(
        HeritageImport(
            key=_KEY,
            node_id=hall.id,
            filename="清单.xlsx",
            rows=[{"row": 2, "title": "老井", "kind": "地点"}, {"row": 3, "title": "怪"}],
            created_at=clock.now(),
        )
    )
    session.flush()
    assert made.id


def _with_picture(session: Session, hall: Node) -> None:
    """A published item with two pictures that are ready, as the worker would have made them, and a
    recording to listen to sentence by sentence."""
    pictures = [stored(session, png((1800, 1100))), stored(session, png((900, 700)))]
    said = stored(
        session,
        wav(4),
        title="晒场边的话",
        transcript="我们寨子从前住在山上。\n晒场是后来开的。",
        transcript_language="hni",
        translation="我们寨子从前住在山上。晒场是后来开的。",
        cues=[[0, 2, "我们寨子从前住在山上。"], [2, 4, "晒场是后来开的。"]],
    )
    facts = ItemFacts(
        kind="photograph",
        node_id=hall.id,
        title="晒场上的土锅",
        summary="1979年的晒场，三百多口锅坯。",
        date_text="1979年",
        rights="cc-by",
        media=[*pictures, said],
    )
    item = services.create(session, facts, by_account_id=None, uid=_PICTURE)
    services.publish(session, item.id, by_account_id=None)
    for picture in pictures:
        original = session.get(MediaOriginal, picture.original_id)
        assert original is not None
        path = serving.store().path(original.checksum)
        made = derivatives.made_apart(path, derivatives.folder_of(original.checksum))
        original.width, original.height = made["width"], made["height"]
        original.state, original.tiled = "ready", bool(made["levels"])


def values(session: Session) -> dict[str, object]:
    shown = session.scalar(select(HeritageItem.id).where(HeritageItem.uid == _PICTURE))
    draft = session.scalar(select(HeritageItem.id).where(HeritageItem.state == "draft"))
    collection = session.scalar(select(Collection).where(Collection.code == "crawl"))
    published = session.scalar(select(Collection.code).where(Collection.state == "published"))
    assert published, "the demo shows exhibitions"
    gift = session.scalar(select(Contribution.id).where(Contribution.state == "waiting"))
    return {
        "heritage.item_id": shown,
        "desk_heritage.item_id": draft,
        "heritage.slug": published,
        "item_id": shown,
        "slug": published,
        "collection_id": collection.id if collection else 0,
        "number": 0,
        "gift_id": gift,
        "group_id": session.scalar(select(HeritageGroup.id)),
        "heritage_gifts.token": _KEY,
        "desk_heritage.key": _KEY,
    }


def states(session: Session) -> list[Place]:
    del session
    return [Place("heritage: nothing found", "/heritage/items?kind=object&period=early")]
