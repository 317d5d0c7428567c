"""Examples of search: results, corrections, nothing found; words that mean the same."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.search.models import SearchSynonym
from tests.browser.places import Place

KEY = {"search.page"}


def values(session: Session) -> dict[str, object]:
    return {"synonym_id": session.scalar(select(SearchSynonym.id)) or 0}


def states(_session: Session) -> list[Place]:
    return [
        Place("search: results", "/search?q=图书馆"),
        Place("search: nothing found", "/search?q=xyzzy"),
        Place("search: the elder version", "/search?q=长辈版"),
    ]
