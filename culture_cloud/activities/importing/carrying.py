"""What a row says of an activity: values for its fields, and the rest, which `extra` keeps.

Only what the source carries is a value; silence leaves a field as it is. What a new activity is
where its source is silent:

- it takes place at the hall that keeps the list;
- it is free where the list is the hall's own (a public hall's activities are, unless it says
  otherwise); of a listing of others' activities nobody knows, so it sends people to the organiser;
- one signs up here only where the hall's own table gives a number of places. Of feeds, calendars
  and others' listings the places are not ours to give: one signs up elsewhere where they name a
  page or a phone and ask for money, limit the places or speak of signing up; else one just comes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Session

from culture_cloud.activities.importing import kinds
from culture_cloud.activities.importing.rows import ImportRow
from culture_cloud.activities.importing.sources import Origin
from culture_cloud.activities.importing.words import meanings
from culture_cloud.activities.models import Activity, ActivityKind, Audience, SignUpWay

ASK_THE_ORGANISER = "以主办方公布为准"
"""The fee of an activity that costs something, or may, where nobody said how much."""

_JUST_FREE = ("免费", "免費", "free")
_SIGN_UP_WORDS = re.compile(
    "报名|報名|预约|預約|购票|購票|售票|索票|领票|領票|门票|門票|票价|票價"
    "|sign up|register|registration|tickets?",
    re.IGNORECASE,
)
_TEXTS = (
    "title", "description", "place_name", "address", "bring", "organiser", "contact_phone",
    "source_name",
)  # fmt: skip
_LONGEST = {
    name: column.type.length
    for name, column in Activity.__table__.c.items()
    if isinstance(column.type, String) and column.type.length
}
"""How many characters a column holds, where it is limited."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The kinds and audiences of this site: code → name, and what audiences are called."""

    kinds: Mapping[str, str]
    audiences: Mapping[str, str]
    audience_words: Mapping[str, str]

    @classmethod
    def load(cls, session: Session) -> Vocabulary:
        audiences = session.execute(select(Audience.code, Audience.name, Audience.name_en)).all()
        named = {_plain(word): code for code, *words in audiences for word in (code, *words)}
        known = {code for code, *_names in audiences}
        common = {word: code for word, code in meanings("audiences").items() if code in known}
        return cls(
            kinds={k.code: k.name for k in session.scalars(select(ActivityKind))},
            audiences={code: name for code, name, _name_en in audiences},
            audience_words={**common, **named},
        )

    def kind(self, word: str | None, title: str) -> str:
        code = kinds.kind_code(word, title)
        return code if code in self.kinds else next(iter(self.kinds))


@dataclass(frozen=True, slots=True)
class Carried:
    """`fields`: what the source says, by column (and `audience_codes`). `defaults`: what a new
    activity gets for the others. `extra`: what has no column, or did not fit into it."""

    fields: dict[str, Any]
    defaults: dict[str, Any]
    extra: dict[str, str]


def carried(row: ImportRow, *, origin: Origin, node_id: int, vocabulary: Vocabulary) -> Carried:
    """The values of a row."""
    reader = _Reader(row, origin, vocabulary)
    fields = reader.fields()
    return Carried(fields, _defaults(row, origin, node_id, vocabulary, fields), reader.extra)


class _Reader:
    def __init__(self, row: ImportRow, origin: Origin, vocabulary: Vocabulary) -> None:
        self.row, self.origin, self.vocabulary = row, origin, vocabulary
        self.extra = dict(row.extra)

    def fields(self) -> dict[str, Any]:
        row = self.row
        found: dict[str, Any] = {}
        for name in _TEXTS:
            if text := getattr(row, name):
                found[name] = self._fitting(name, text)
        if row.co_organisers:
            found["co_organisers"] = self._fitting("co_organisers", "、".join(row.co_organisers))
        if row.latitude is not None and row.longitude is not None:
            found |= {"latitude": row.latitude, "longitude": row.longitude}
        if row.capacity is not None:
            found["capacity"] = row.capacity
        if row.rrule and len(row.rrule) <= _LONGEST["rrule"]:
            found["rrule"] = row.rrule
        found |= self._kind() | self._fee() | self._audiences() | self._web() | self._sign_up()
        self._keep("image_url", row.image_url)
        if row.status != "confirmed":
            self._keep("status", row.status)
        if row.source_modified_at is not None:
            self._keep("source_modified_at", row.source_modified_at.isoformat())
        if row.uid is not None:
            self._keep("uid", row.uid)
        return found

    def _keep(self, name: str, text: str) -> None:
        if text:
            self.extra[name if name not in self.extra else f"{name} (2)"] = text

    def _fitting(self, name: str, text: str) -> str:
        """The text as far as the column holds it; the whole is kept beside it."""
        if cut(name, text) == text:
            return text
        self._keep(name, text)
        return cut(name, text)

    def _kind(self) -> dict[str, Any]:
        word = self.row.kind
        if not word:
            return {}
        self._keep("kind", word)
        known = kinds.match_kind(word)
        return {"kind_code": known} if known in self.vocabulary.kinds else {}

    def _fee(self) -> dict[str, Any]:
        fee, is_free = self.row.fee, self.row.is_free
        if is_free:
            self._keep("fee", "" if (fee or "").lower() in _JUST_FREE else fee or "")
            return {"is_free": True, "fee": ""}
        if fee:
            return {"is_free": False, "fee": self._fitting("fee", fee)}
        return {} if is_free is None else {"is_free": False, "fee": ASK_THE_ORGANISER}

    def _audiences(self) -> dict[str, Any]:
        words = self.vocabulary.audience_words
        codes = {words[_plain(name)] for name in self.row.audiences if _plain(name) in words}
        unknown = [name for name in self.row.audiences if _plain(name) not in words]
        self._keep("audiences", "、".join(unknown))
        return {"audience_codes": tuple(sorted(codes))} if codes else {}

    def _web(self) -> dict[str, Any]:
        url = self.row.url
        if url and len(url) > _LONGEST["source_url"]:
            self._keep("url", url)
            return {}
        return {"source_url": url} if url else {}

    def _sign_up(self) -> dict[str, Any]:
        row = self.row
        if self.origin is Origin.SHEET:
            return {"sign_up": SignUpWay.HERE} if row.capacity is not None else {}
        asks = (
            row.is_free is False
            or row.capacity is not None
            or _SIGN_UP_WORDS.search(f"{row.title} {row.description}") is not None
        )
        url = row.url if len(row.url) <= _LONGEST["sign_up_url"] else ""
        if not asks or not (url or row.contact_phone):
            return {}
        return {"sign_up": SignUpWay.ELSEWHERE} | ({"sign_up_url": url} if url else {})


def _defaults(
    row: ImportRow,
    origin: Origin,
    node_id: int,
    vocabulary: Vocabulary,
    fields: Mapping[str, Any],
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "kind_code" not in fields:
        found["kind_code"] = vocabulary.kind(row.kind, row.title)
    if "place_name" not in fields and "address" not in fields:
        found["place_node_id"] = node_id
    if "is_free" not in fields and origin is Origin.LISTING:
        found |= {"is_free": False, "fee": ASK_THE_ORGANISER}
    return found


def cut(name: str, text: str) -> str:
    """A text as far as its column holds it."""
    longest = _LONGEST.get(name, len(text))
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().lower()
