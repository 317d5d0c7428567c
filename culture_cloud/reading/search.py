"""Publications and the pages of books, as search finds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from culture_cloud.errors import NotFound
from culture_cloud.i18n import named
from culture_cloud.search.documents import Document, Hit, Viewer
from culture_cloud.search.sources import Rows, Source

from .models import Publication, ReaderSettings, ReadingPage, Rights, State
from .page_views import entry_url
from .publications import presenter, queries
from .texts import page_words

KIND, PAGE_KIND = "publication", "page"


def documents(session: Session, ids: Sequence[int]) -> Iterable[Document]:
    """The titles in the reading room."""
    for found in _public(session, ids):
        yield Document(
            kind=KIND,
            id=found.id,
            title=found.title,
            alternative_titles=[t for t in (found.subtitle, found.series, found.isbn) if t],
            body="\n\n".join(filter(None, (found.summary, " ".join(found.keywords)))),
            names=[*found.authors, *found.contributors, found.publisher],
            node_path=found.node.path,
            dated_at=found.published_at,
            audiences=[found.audience_code],
            category=found.kind,
            language=found.language,
        )


def hits(session: Session, ids: Sequence[int], viewer: Viewer) -> Mapping[int, Hit]:
    age = _age(session, viewer)
    return {
        found.id: Hit(
            kind=KIND,
            id=found.id,
            title=found.title,
            href=url_for("reading.page", publication_id=found.id),
            label=presenter.kind_name(found.kind),
            facts=[("person", presenter.people(found.authors[:3]))] if found.authors else [],
        )
        for found in _public(session, ids)
        if age is None or found.audience.age_from <= age
    }


def _age(session: Session, viewer: Viewer) -> int | None:
    if viewer.account_id is None:
        return None
    settings = session.get(ReaderSettings, viewer.account_id)
    return settings.child_age if settings is not None else None


def _public(session: Session, ids: Sequence[int]) -> Sequence[Publication]:
    return session.scalars(
        select(Publication)
        .options(joinedload(Publication.node), joinedload(Publication.audience))
        .where(Publication.id.in_(ids), Publication.state == State.PUBLISHED)
    ).all()


# --- pages of books ------------------------------------------------------------------------------

_OPEN = (
    Publication.state == State.PUBLISHED,
    Publication.rights.in_((Rights.PUBLIC_DOMAIN, Rights.OPEN_LICENCE)),
)
"""Only what anybody may read is found by its text: a hit shows a piece of it."""


def page_documents(session: Session, ids: Sequence[int]) -> Iterable[Document]:
    """The words of pages of freely readable books."""
    for row in _pages(session, ids):
        try:
            words = page_words(presenter.book(row.publication), row.chapter, row.page)
        except NotFound:
            continue
        yield Document(
            kind=PAGE_KIND,
            id=row.id,
            title=row.title or row.publication.title,
            body="\n\n".join(text for _block, text in words.blocks),
            node_path=row.publication.node.path,
            dated_at=row.publication.published_at,
            language=row.publication.language,
            parents=(f"{KIND}:{row.publication_id}",),
        )


def page_hits(session: Session, ids: Sequence[int], viewer: Viewer) -> Mapping[int, Hit]:
    age = _age(session, viewer)
    return {
        row.id: Hit(
            kind=PAGE_KIND,
            id=row.id,
            title=f"{row.publication.title} · {_chapter(row)}",
            href=entry_url(row.publication, row.chapter, row.page),
            at_words=partial(_at_words, row.publication_id, row.chapter, row.page),
            label=_("In a book"),
        )
        for row in _pages(session, ids)
        if age is None or row.publication.audience.age_from <= age
    }


def _at_words(publication_id: int, chapter: int, page: int, words: str) -> str:
    """The page of a book, opened at the first place where the words stand."""
    return url_for(
        "reading.chapter_page",
        publication_id=publication_id,
        chapter=chapter,
        page=page,
        find=words[:100],
        _anchor="hit-1",
    )


def _chapter(row: ReadingPage) -> str:
    return row.title or _("Page %(number)s", number=row.chapter)


def _pages(session: Session, ids: Sequence[int]) -> Sequence[ReadingPage]:
    return session.scalars(
        select(ReadingPage)
        .join(Publication)
        .options(
            joinedload(ReadingPage.publication).joinedload(Publication.node),
            joinedload(ReadingPage.publication).joinedload(Publication.audience),
        )
        .where(ReadingPage.id.in_(ids), *_OPEN)
    ).all()


SOURCE = Source(
    kind=KIND,
    label=_l("Books"),
    position=20,
    documents=documents,
    hits=hits,
    rows=Rows(
        id=Publication.id,
        text=(Publication.title, Publication.subtitle, Publication.summary),
        where=(Publication.state == State.PUBLISHED,),
    ),
    categories=lambda _session: presenter.kind_names(),
    audiences=lambda session: {a.code: named(a) for a in queries.audiences(session)},
)

PAGES = Source(
    kind=PAGE_KIND,
    label=_l("Inside books"),
    position=25,
    documents=page_documents,
    hits=page_hits,
    rows=Rows(
        id=ReadingPage.id,
        text=(ReadingPage.title,),
        where=_OPEN,
        joined=lambda query: query.join(Publication, Publication.id == ReadingPage.publication_id),
    ),
    suggested=False,
    everywhere=False,
)
