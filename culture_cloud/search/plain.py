"""A search that needs no index: LIKE over the rows that are public. Slow and literal, but there."""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from .analysis.folding import clean, in_scripts
from .engines.base import Narrowing
from .sources import Source, Sources
from .understanding import LONGEST_QUERY, Query

MOST_OF_A_KIND = 100


def search(
    session: Session, sources: Sources, query: Query, typed: str, narrowed: Narrowing
) -> list[str]:
    """Keys of what holds every word of the query, in either script; the newest first."""
    words = [word for word in clean(typed)[:LONGEST_QUERY].split() if word][:5]
    if not query or not words:
        return []
    found: list[str] = []
    for source in sources:
        wanted = narrowed.kinds or narrowed.everywhere
        if wanted and source.kind not in wanted:
            continue
        found += _of_source(session, source, words)
    return found


def _of_source(session: Session, source: Source, words: list[str]) -> list[str]:
    rows = source.rows
    holds = and_(
        *(
            or_(
                *(
                    column.contains(form, autoescape=True)
                    for column in rows.text
                    for form in in_scripts(word)
                )
            )
            for word in words
        )
    )
    query = rows.joined(select(rows.id)).where(*rows.where, holds)
    ids = session.scalars(query.order_by(rows.id.desc()).limit(MOST_OF_A_KIND))
    return [f"{source.kind}:{id_}" for id_ in ids]
