"""Heritage as search finds it: items with their transcripts and pages, collections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from flask import has_request_context, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from culture_cloud.search.documents import Document, Hit, Viewer
from culture_cloud.search.sources import Rows, Source

from . import presenter, queries
from .exhibitions.blocks import blocks_of
from .kinds import kinds
from .models import Collection, CollectionEntry, HeritageItem, ItemState
from .periods import period_words
from .reading import reader
from .rights import Visibility
from .visibility import Reader, groups_of

ITEM, COLLECTION = "heritage_item", "heritage_collection"
ON_SITE = "heritage:on_site"


def _tokens(item: HeritageItem) -> tuple[str, ...]:
    if item.visibility == Visibility.GROUP:
        return (f"heritage-group:{item.group_id}",)
    if item.visibility == Visibility.ON_SITE:
        return (ON_SITE,)
    return (str(item.visibility),)


def _documents(session: Session, ids: Sequence[int]) -> Iterable[Document]:
    parents: dict[int, list[str]] = {}
    for item_id, collection_id in session.execute(
        select(CollectionEntry.item_id, CollectionEntry.collection_id).where(
            CollectionEntry.item_id.in_(ids)
        )
    ):
        parents.setdefault(item_id, []).append(f"collection:{collection_id}")
    items = session.scalars(
        queries.whole().where(HeritageItem.id.in_(ids), HeritageItem.state == ItemState.PUBLISHED)
    )
    for item in items:
        yield Document(
            kind=ITEM,
            id=item.id,
            title=item.title,
            alternative_titles=list(item.other_titles),
            body=_body(item),
            names=[agent.name for agent in item.agents],
            place=_place(item),
            node_path=(item.place_node or item.node).path,
            starts_at=_moment(item.date_first),
            ends_at=_moment(item.date_last),
            dated_at=item.published_at,
            category=item.kind,
            period=item.period,
            language=(item.languages or ["zh"])[0],
            visibility=_tokens(item),
            parents=tuple(parents.get(item.id, ())),
        )


def _body(item: HeritageItem) -> str:
    """All that whoever may see the item may read: nothing of what is withheld inside it."""
    kind = kinds()[item.kind]
    parts = [item.summary, item.description]
    parts += [
        field.words(item.extra[field.name]) for field in kind.fields if item.extra.get(field.name)
    ]
    parts += [item.date_text, *item.subjects]
    for media in item.media:
        if media.visibility == Visibility.PUBLIC:
            parts += [media.title, media.alt, media.transcript, media.translation, *media.pages]
            if not media.transcript:
                parts += [str(text) for _starts, _ends, text in media.cues]
    return "\n".join(part for part in parts if part)


def _place(item: HeritageItem) -> str:
    node = item.place_node or item.node
    return " ".join(filter(None, (item.place_text, node.name, node.plate_name)))


def _moment(day: int | None) -> datetime | None:
    if day is None or not 10000 < day < 99990000:
        return None
    return datetime(day // 10000, day // 100 % 100, min(day % 100, 28), tzinfo=UTC)


def _reader(session: Session, viewer: Viewer) -> Reader:
    return Reader(
        signed_in=viewer.is_authenticated,
        on_site=has_request_context() and reader().on_site,
        groups=groups_of(session, viewer.account_id),
    )


def _hits(session: Session, ids: Sequence[int], viewer: Viewer) -> Mapping[int, Hit]:
    found = queries.items_by_id(session, ids, _reader(session, viewer))
    return {item_id: _hit(item) for item_id, item in found.items()}


def _hit(item: HeritageItem) -> Hit:
    facts = []
    if when := presenter.date_words(item):
        facts.append(("clock", when))
    facts.append(("place", presenter.place_words(item)))
    return Hit(
        kind=ITEM,
        id=item.id,
        title=item.title,
        href=url_for("heritage.page", item_id=item.id),
        label=kinds()[item.kind].name,
        facts=facts,
    )


def _visibilities(session: Session, viewer: Viewer) -> Iterable[str]:
    who = _reader(session, viewer)
    yield from (f"heritage-group:{one}" for one in who.groups)
    if who.on_site:
        yield ON_SITE


def _collection_documents(session: Session, ids: Sequence[int]) -> Iterable[Document]:
    for found in _shown_collections(session, ids):
        blocks = blocks_of(found.blocks)
        yield Document(
            kind=COLLECTION,
            id=found.id,
            title=found.title,
            body="\n".join([found.summary, *(b.text for b in blocks if b.text)]),
            place=found.node.plate_name,
            node_path=found.node.path,
            dated_at=found.published_at,
            category="exhibition" if found.is_exhibition else "collection",
            boost=1.2,
        )


def _collection_hits(session: Session, ids: Sequence[int], _viewer: Viewer) -> Mapping[int, Hit]:
    return {
        found.id: Hit(
            kind=COLLECTION,
            id=found.id,
            title=found.title,
            href=url_for("heritage.collection", slug=found.code),
            label=_("Online exhibition") if found.is_exhibition else _("Collection"),
            facts=[("place", found.node.plate_name)],
        )
        for found in _shown_collections(session, ids)
    }


def _shown_collections(session: Session, ids: Sequence[int]) -> Sequence[Collection]:
    return session.scalars(
        select(Collection)
        .options(joinedload(Collection.node))
        .where(Collection.id.in_(ids), Collection.state == ItemState.PUBLISHED)
    ).all()


SOURCE = Source(
    kind=ITEM,
    label=_l("Local heritage"),
    position=30,
    documents=_documents,
    hits=_hits,
    rows=Rows(
        id=HeritageItem.id,
        text=(HeritageItem.title, HeritageItem.summary, HeritageItem.description),
        where=(
            HeritageItem.state == ItemState.PUBLISHED,
            HeritageItem.visibility == Visibility.PUBLIC,
        ),
    ),
    categories=lambda _session: {code: kind.name for code, kind in kinds().items()},
    periods=lambda _session: period_words(),
    visibilities=_visibilities,
)

COLLECTIONS = Source(
    kind=COLLECTION,
    label=_l("Exhibitions and collections"),
    position=35,
    documents=_collection_documents,
    hits=_collection_hits,
    rows=Rows(
        id=Collection.id,
        text=(Collection.title, Collection.summary),
        where=(Collection.state == ItemState.PUBLISHED,),
    ),
    categories=lambda _session: {
        "exhibition": str(_("Online exhibition")),
        "collection": str(_("Collection")),
    },
)
