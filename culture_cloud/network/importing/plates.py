"""The plate name of every node by the rules of the levels (R5, R8)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from culture_cloud.network.names import plate

from .rows import LevelRow

MAIN = "main"
"""The level whose plate stands for {main}; in a tree without it, the top of the tree does."""


class Plates:
    """Gives plates for a tree of facts (see planning.EMPTY). Nodes in `own` keep what they have."""

    def __init__(
        self,
        nodes: Mapping[str, Mapping[str, Any]],
        levels: tuple[LevelRow, ...],
        county: str,
        own: Collection[str] = (),
    ) -> None:
        self.nodes, self.county, self.own = nodes, county, own
        self.rules = {level.code: level.plate_rule for level in levels}
        self.halls = [c for c, facts in nodes.items() if facts["level"] == MAIN]
        self._known: dict[str, str] = {}

    def of(self, code: str) -> str:
        if code not in self._known:
            self._known[code] = self._worded(code)
        return self._known[code]

    def _worded(self, code: str) -> str:
        facts = self.nodes[code]
        if code in self.own and facts["plate_name"]:
            return str(facts["plate_name"])
        rule = self.rules.get(facts["level"], "{name}")
        parent = facts["parent"]
        return plate(
            rule,
            name=facts["name"],
            main=self._main(code) if "{main}" in rule else "",
            parent=self.nodes[parent]["name"] if parent in self.nodes else "",
            county=self.county,
        )

    def _main(self, code: str) -> str:
        """元江县文化馆（图书馆）: the hall above, and beside it those of the node's other lines."""
        hall = self._hall_above(code)
        if hall == code:
            return self.county
        carried = set(self.nodes[hall]["lines"])
        others = []
        for other in self.halls:
            facts = self.nodes[other]
            beside = other != hall and facts["parent"] == self.nodes[hall]["parent"]
            if beside and set(facts["lines"]) & (set(self.nodes[code]["lines"]) - carried):
                others.append(facts["name"])
                carried |= set(facts["lines"])
        return self.of(hall) + (f"（{'、'.join(others)}）" if others else "")

    def _hall_above(self, code: str) -> str:
        above = code
        while self.nodes[above]["parent"] in self.nodes:
            above = self.nodes[above]["parent"]
            if self.nodes[above]["level"] == MAIN:
                break
        return above
