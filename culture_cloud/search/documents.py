"""What search is given and what it shows: a document to find, and a hit to open."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Protocol

PUBLIC = "public"
SIGNED_IN = "signed_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One thing that can be found. `kind` and `id` together name it.

    Text is plain text as its readers see it, in either script; folding is search's own work. What
    nobody may read is not put in.
    """

    kind: str
    id: int
    title: str
    alternative_titles: Sequence[str] = ()
    #: what it says; sentences are cut from it for the list of results
    body: str = ""
    #: people and bodies that belong to it: bearers, authors, organisers
    names: Sequence[str] = ()
    #: where it is or what place it is about, in words
    place: str = ""
    #: path of the node it belongs to, "/1/7/"; empty: no node's own
    node_path: str = ""
    #: when it takes place, or the time it speaks of
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    #: when it was made or published: the order "newest first" where there is no `starts_at`
    dated_at: datetime | None = None
    #: when it is over, for what can be over: from then on it is shown only to who asks for it
    over_at: datetime | None = None
    #: codes, as the facet of the same name shows them
    audiences: Sequence[str] = ()
    #: code of what sort of its kind it is (performance, ich_element, …)
    category: str = ""
    #: code of the period it belongs to (qing, republic, …)
    period: str = ""
    #: BCP 47
    language: str = "zh"
    #: who may see it: tokens of which the viewer needs one (see sources.Source.visibilities)
    visibility: Sequence[str] = (PUBLIC,)
    #: more (>1) or less (<1) than others of equal fit
    boost: float = 1.0
    #: "collection:12", "publication:7": what it can be searched inside of
    parents: Sequence[str] = ()

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"

    def fingerprint(self) -> str:
        """Twelve letters that change with anything it says."""
        parts = [repr(_plain(getattr(self, item.name))) for item in fields(self)]
        return hashlib.blake2b(
            "\x1f".join(parts).encode("utf-8", "replace"), digest_size=6
        ).hexdigest()


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A found thing as the list shows it, loaded from its own row for this viewer."""

    kind: str
    id: int
    title: str
    href: str
    #: what sort of thing it is, in a word or two
    label: str = ""
    #: (picture of components/icons.html, words): when, where, by whom
    facts: Sequence[tuple[str, str]] = ()
    #: (words, kind of tag) for full, cancelled, over
    state: tuple[str, str] | None = None
    #: components/cards.html says what a cover is
    cover: Mapping[str, Any] | Any | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    #: words of its body → the address that opens it where they stand, for what is long
    at_words: Callable[[str], str] | None = None


class Viewer(Protocol):
    """Who is looking: access.actor.Actor or Visitor."""

    @property
    def is_authenticated(self) -> bool: ...

    @property
    def account_id(self) -> int | None: ...
