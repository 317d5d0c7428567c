"""Halls and service points as search finds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from culture_cloud.i18n import named
from culture_cloud.search.documents import Document, Hit, Viewer
from culture_cloud.search.sources import Rows, Source

from .models import Node

KIND = "node"


def documents(session: Session, ids: Sequence[int]) -> Iterable[Document]:
    """Every node that is open, by its plate and by the short name people use."""
    for node in _open(session, ids):
        yield Document(
            kind=KIND,
            id=node.id,
            title=node.plate_name,
            alternative_titles=[node.name],
            body=node.about,
            place=node.address,
            node_path=node.path,
            category=node.level_code,
            # who types the name of a hall wants the hall, then what is on there
            boost=1.5,
        )


def hits(session: Session, ids: Sequence[int], _viewer: Viewer) -> Mapping[int, Hit]:
    return {
        node.id: Hit(
            kind=KIND,
            id=node.id,
            title=node.plate_name,
            href=url_for("network.node", code=node.code),
            label=named(node.level),
            facts=[
                (picture, text)
                for picture, text in (("place", node.address), ("phone", node.phone))
                if text
            ],
        )
        for node in _open(session, ids)
    }


def _open(session: Session, ids: Sequence[int]) -> Sequence[Node]:
    return session.scalars(
        select(Node)
        .options(joinedload(Node.level))
        .where(Node.id.in_(ids), Node.closed_down.is_(False))
    ).all()


SOURCE = Source(
    kind=KIND,
    label=_l("Halls and service points"),
    position=20,
    documents=documents,
    hits=hits,
    rows=Rows(
        id=Node.id,
        text=(Node.plate_name, Node.about, Node.address),
        where=(Node.closed_down.is_(False),),
    ),
)


def node_names(session: Session) -> Mapping[str, tuple[str, str]]:
    """Path → code and name, as the facet of places shows them."""
    rows = session.execute(
        select(Node.path, Node.code, Node.name).where(Node.closed_down.is_(False))
    )
    return {path: (code, name) for path, code, name in rows}
