"""The words of tabs and filters, and their counts as links and choices."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from culture_cloud.web import words

from .asked import SearchFilter
from .engines.base import Counts
from .sources import Labels, Sources

MOST_CHOICES = 10
NO_PATH = "/none/"
"""A path below which nothing lies: for a node that does not exist."""


class FacetWords:
    """Names for the codes that engines count."""

    def __init__(self, session: Session, sources: Sources) -> None:
        self.session = session
        self.sources = sources

    @cached_property
    def nodes(self) -> Mapping[str, tuple[str, str]]:
        return self.sources.nodes(self.session)

    @cached_property
    def categories(self) -> dict[str, str]:
        return self._labels("categories")

    @cached_property
    def periods(self) -> dict[str, str]:
        return self._labels("periods")

    @cached_property
    def audiences(self) -> dict[str, str]:
        return self._labels("audiences")

    def _labels(self, facet: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for source in self.sources:
            labels: Labels = getattr(source, facet)(self.session)
            found.update(labels)
        return found

    def path_of(self, code: str) -> str:
        """The path of a node by its code; of one that does not exist, a path that holds nothing."""
        if not code:
            return ""
        return next((path for path, (c, _name) in self.nodes.items() if c == code), NO_PATH)

    def tabs(self, asked: SearchFilter, counts: Counts) -> list[dict[str, Any]]:
        """All, then each kind that has something, with how many."""
        by_kind = counts.get("kind", {})
        tabs = [self._tab(asked, "", _("All"), sum(by_kind.values()))]
        for source in self.sources:
            count = by_kind.get(source.kind, 0)
            if count or asked.kind == source.kind:
                tabs.append(self._tab(asked, source.kind, str(source.label), count))
        return tabs if len(tabs) > 2 or asked.kind else []

    def _tab(self, asked: SearchFilter, kind: str, label: str, count: int) -> dict[str, Any]:
        return {
            "label": f"{label} ({count})",
            "href": url_for("search.page", **asked.with_(kind=kind, category="")),  # type: ignore[arg-type]
            "current": asked.kind == kind,
        }

    def groups(self, asked: SearchFilter, counts: Counts) -> list[dict[str, Any]]:
        """The questions of the filter form, each with the choices that lead somewhere."""
        groups = [
            self._group(
                "category",
                _("What"),
                self._named(counts, "category", self.categories),
                asked.category,
            ),
            self._group("node", _("Where"), self._counted_nodes(counts), asked.node),
            self._group(
                "period",
                _("From what time"),
                self._named(counts, "period", self.periods),
                asked.period,
            ),
            self._group("audience", _("For whom"), self._counted_audiences(counts), asked.audience),
        ]
        return [group for group in groups if group is not None]

    def _group(
        self, name: str, legend: str, choices: list[tuple[str, str, int]], chosen: str
    ) -> dict[str, Any] | None:
        if len(choices) < 2 and not chosen:
            return None
        options = [
            {"value": code, "label": label, "count": count, "checked": code == chosen}
            for code, label, count in choices[:MOST_CHOICES]
        ]
        everything = {"value": "", "label": _("All"), "count": None, "checked": not chosen}
        return {"name": name, "legend": legend, "options": [everything, *options]}

    def _named(
        self, counts: Counts, facet: str, labels: Mapping[str, str]
    ) -> list[tuple[str, str, int]]:
        found = [
            (code, labels[code], count)
            for code, count in counts.get(facet, {}).items()
            if code in labels
        ]
        return sorted(found, key=lambda row: (-row[2], row[1]))

    def _counted_audiences(self, counts: Counts) -> list[tuple[str, str, int]]:
        """A document may be for several: "|elders|children|"."""
        single: dict[str, int] = {}
        for value, count in counts.get("audiences", {}).items():
            for code in value.strip("|").split("|"):
                single[code] = single.get(code, 0) + count
        return self._named({"audiences": single}, "audiences", self.audiences)

    def _counted_nodes(self, counts: Counts) -> list[tuple[str, str, int]]:
        """A node counts for itself and all above it; one that holds everything says nothing."""
        summed: dict[str, int] = {}
        total = 0
        for path, count in counts.get("node_path", {}).items():
            total += count
            parts = [part for part in path.split("/") if part]
            for depth in range(1, len(parts) + 1):
                above = "/" + "/".join(parts[:depth]) + "/"
                summed[above] = summed.get(above, 0) + count
        found = [
            (*self.nodes[path], count)
            for path, count in summed.items()
            if path in self.nodes and (count < total or len(summed) == 1)
        ]
        return sorted(found, key=lambda row: (-row[2], row[1]))

    def chips(self, asked: SearchFilter) -> list[dict[str, str]]:
        """What the list is narrowed to, each with the way to take it away."""
        names = dict(self.nodes.values())
        chosen = [
            ("category", asked.category, self.categories.get(asked.category, "")),
            ("node", asked.node, names.get(asked.node, "")),
            ("period", asked.period, self.periods.get(asked.period, "")),
            ("audience", asked.audience, self.audiences.get(asked.audience, "")),
        ]
        chips = [
            {"label": label or code, "href": url_for("search.page", **asked.with_(**{name: ""}))}  # type: ignore[arg-type]
            for name, code, label in chosen
            if code
        ]
        if asked.first_day or asked.last_day:
            chips.append(
                {
                    "label": _days_words(asked),
                    "href": url_for("search.page", **asked.with_(first_day=None, last_day=None)),  # type: ignore[arg-type]
                }
            )
        if asked.past:
            chips.append(
                {
                    "label": _("Also what is over"),
                    "href": url_for("search.page", **asked.with_(past=False)),  # type: ignore[arg-type]
                }
            )
        if asked.inside:
            chips.append(
                {
                    "label": _("Inside one collection or book"),
                    "href": url_for("search.page", **asked.with_(inside="")),  # type: ignore[arg-type]
                }
            )
        return chips


def _days_words(asked: SearchFilter) -> str:
    first = words.day_words(asked.first_day) if asked.first_day else ""
    last = words.day_words(asked.last_day) if asked.last_day else ""
    if first and last:
        return _("%(first)s to %(last)s", first=first, last=last)
    return _("from %(day)s", day=first) if first else _("until %(day)s", day=last)
