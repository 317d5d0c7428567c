"""The address of a search ↔ what is asked: words, tab, facets, order, page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .analysis.folding import clean
from .engines.base import Narrowing
from .sources import Sources

MOST_PAGES = 100
LONGEST_KEPT = 400
"""Of a longer text this much stands in the box again."""
_CODE = re.compile(r"[\w.-]{1,40}")
_PARENT = re.compile(r"[a-z_]{1,32}:\d{1,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilter:
    """What the query string says; empty where it says nothing or nothing that is understood."""

    words: str = ""
    kind: str = ""
    node: str = ""
    category: str = ""
    period: str = ""
    audience: str = ""
    first_day: date | None = None
    last_day: date | None = None
    #: what is over, too
    past: bool = False
    newest: bool = False
    #: "collection:12": inside one thing only
    inside: str = ""
    page: int = 1
    ignored: tuple[str, ...] = field(default=(), compare=False)

    def args(self) -> dict[str, str]:
        """The query string that says the same."""
        pairs = {
            "q": self.words,
            "kind": self.kind,
            "node": self.node,
            "category": self.category,
            "period": self.period,
            "audience": self.audience,
            "from": self.first_day.isoformat() if self.first_day else "",
            "to": self.last_day.isoformat() if self.last_day else "",
            "past": "1" if self.past else "",
            "sort": "date" if self.newest else "",
            "in": self.inside,
            "page": str(self.page) if self.page > 1 else "",
        }
        return {name: value for name, value in pairs.items() if value}

    def with_(self, **changes: object) -> dict[str, str]:
        """The query string with changes, from the first page on."""
        return replace(self, page=1, **changes).args()  # type: ignore[arg-type]


def parse(args: Mapping[str, str]) -> SearchFilter:
    """Read the query string. What cannot be is left out and named in `ignored`."""
    ignored: list[str] = []

    def code(name: str, form: re.Pattern[str] = _CODE) -> str:
        text = args.get(name, "").strip()
        if text and not form.fullmatch(text):
            ignored.append(name)
            return ""
        return text

    def day(name: str) -> date | None:
        text = args.get(name, "").strip()
        try:
            found = date.fromisoformat(text) if text else None
        except ValueError:
            found = None
        if text and (found is None or not 1 < found.year < 9000):
            ignored.append(name)
            return None
        return found

    page = args.get("page", "1")
    first, last = day("from"), day("to")
    if first and last and last < first:
        first, last = last, first
    return SearchFilter(
        words=clean(args.get("q", "")[:LONGEST_KEPT]),
        kind=code("kind"),
        node=code("node"),
        category=code("category"),
        period=code("period"),
        audience=code("audience"),
        first_day=first,
        last_day=last,
        past=args.get("past") in {"1", "on"},
        newest=args.get("sort") == "date",
        inside=code("in", _PARENT),
        page=min(int(page), MOST_PAGES) if re.fullmatch(r"[1-9]\d{0,5}", page, re.ASCII) else 1,
        ignored=tuple(ignored),
    )


def narrowing(
    asked: SearchFilter,
    sources: Sources,
    *,
    node_path: str,
    visibilities: frozenset[str],
    now: datetime,
    zone: ZoneInfo,
) -> Narrowing:
    """The filter in the terms of an engine."""

    def moment(day: date) -> int:
        return int(datetime.combine(day, time.min, zone).timestamp())

    everywhere = frozenset(s.kind for s in sources if s.everywhere or asked.inside)
    minute = int(now.timestamp()) // 60 * 60
    return Narrowing(
        kinds=frozenset({asked.kind} if asked.kind else ()),
        everywhere=everywhere,
        node_path=node_path,
        category=asked.category,
        period=asked.period,
        audience=asked.audience,
        parent=asked.inside,
        since=moment(asked.first_day) if asked.first_day else None,
        until=moment(asked.last_day + timedelta(days=1)) - 1 if asked.last_day else None,
        # who names days means them, whether they are over or not
        not_over_at=None if asked.past or asked.first_day or asked.last_day else minute,
        visibilities=visibilities,
    )
