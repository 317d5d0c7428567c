"""What a search is narrowed to, as conditions on rows."""

from __future__ import annotations

from typing import Any

from ...analysis import marks
from ...analysis.entries import NEVER, joined
from ..base import Narrowing
from .tables import signed


def conditions(narrowed: Narrowing, *, facets: bool) -> tuple[list[str], dict[str, Any]]:
    """Conditions on rows; `facets`: with those that are facets themselves."""
    where = ["visibility LIKE ANY(:visibilities)"]
    values: dict[str, Any] = {
        "visibilities": [f"%{_like(joined([token]))}%" for token in sorted(narrowed.visibilities)]
    }
    if narrowed.everywhere and not narrowed.kinds:
        where.append("kind = ANY(:everywhere)")
        values["everywhere"] = sorted(narrowed.everywhere)
    if narrowed.since is not None:
        where.append(f"ends >= :since AND starts <> {NEVER}")
        values["since"] = narrowed.since
    if narrowed.until is not None:
        where.append("starts <= :until")
        values["until"] = narrowed.until
    if narrowed.not_over_at is not None:
        where.append("over > :not_over_at")
        values["not_over_at"] = narrowed.not_over_at
    if narrowed.parent:
        where.append("marks @> CAST(:parent AS integer[])")
        values["parent"] = [signed(marks.of_parent(narrowed.parent))]
    if not facets:
        return where, values
    if narrowed.kinds:
        where.append("kind = ANY(:kinds)")
        values["kinds"] = sorted(narrowed.kinds)
    if narrowed.node_path:
        where.append("node_path LIKE :node_path")
        values["node_path"] = _like(narrowed.node_path) + "%"
    if narrowed.category:
        where.append("category = :category")
        values["category"] = narrowed.category
    if narrowed.period:
        where.append("period = :period")
        values["period"] = narrowed.period
    if narrowed.audience:
        where.append("audiences LIKE :audience")
        values["audience"] = f"%{_like(joined([narrowed.audience]))}%"
    return where, values


def _like(value: str) -> str:
    return value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def keeps(narrowed: Narrowing, facet: str, value: str) -> bool:
    """Whether a value of a facet passes that facet's own narrowing."""
    if facet == "kind":
        return not narrowed.kinds or value in narrowed.kinds
    if facet == "node_path":
        return value.startswith(narrowed.node_path)
    if facet == "audiences":
        return not narrowed.audience or joined([narrowed.audience]) in value
    wanted = narrowed.category if facet == "category" else narrowed.period
    return not wanted or value == wanted
