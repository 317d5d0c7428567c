"""Whether the nodes make a tree: every fault in words, at the row that brought it in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from culture_cloud.network.facts import LINES
from culture_cloud.tabular import N_, Reason

from .faults import Fault
from .rows import LevelRow, NodeRow

Nodes = Mapping[str, dict[str, Any]]

LONGEST_PATH = 12
"""Nodes from the top down; ids of 15 digits still fit the column then."""


def check_tree(
    nodes: Nodes, rows: Mapping[str, NodeRow], levels: tuple[LevelRow, ...]
) -> list[Fault]:
    """The faults of the tree. A node without a level gets the one below its parent's."""
    rank = {level.code: position for position, level in enumerate(levels)}
    faults = [
        Fault(reason, row.row, str(nodes[code]["name"]))
        for code, row in rows.items()
        for reason in _faults_of(code, nodes, rank, levels)
    ]
    return faults or [*_levels_still_used(nodes, rows, rank), *_rival_tops(nodes, rows)]


def _faults_of(
    code: str, nodes: Nodes, rank: Mapping[str, int], levels: tuple[LevelRow, ...]
) -> Iterator[Reason]:
    facts = nodes[code]
    parent = facts["parent"]
    if not facts["name"]:
        yield Reason(N_("The name is missing."))
    yield from _coordinate_faults(facts)
    if parent is not None and parent not in nodes:
        yield Reason(
            N_("Its parent %(parent)s is neither in the file nor on this site."),
            {"parent": parent},
        )
        return
    chain = _chain(code, nodes)
    if chain[-1] in chain[:-1]:
        yield Reason(
            N_("It stands below itself: %(chain)s."),
            {"chain": " → ".join(nodes[above]["name"] or above for above in chain)},
        )
        return
    if len(chain) > LONGEST_PATH:
        yield Reason(N_("The tree is more than %(limit)d nodes deep."), {"limit": LONGEST_PATH})
        return
    if not facts["level"]:
        facts["level"] = _level_below(chain[::-1], nodes, rank, levels)
    yield from _level_faults(facts, nodes, rank, levels)
    if parent is None and not facts["lines"]:
        yield Reason(
            N_("A node at the top must say its lines: 文化馆 (culture_hall), 图书馆 (library).")
        )


def _chain(code: str, nodes: Nodes) -> list[str]:
    """The node and all above it; in a circle the last one repeats."""
    chain = [code]
    while (above := nodes[chain[-1]]["parent"]) in nodes:
        chain.append(above)
        if above in chain[:-1]:
            break
    return chain


def _level_below(
    chain: list[str], nodes: Nodes, rank: Mapping[str, int], levels: tuple[LevelRow, ...]
) -> str:
    """The level that follows from the ones above; the chain goes from the top down."""
    level = ""
    for code in chain:
        below = rank[level] + 1 if level in rank else len(levels)
        level = nodes[code]["level"] or (levels[below].code if below < len(levels) else "")
    return level


def _level_faults(
    facts: Mapping[str, Any],
    nodes: Nodes,
    rank: Mapping[str, int],
    levels: tuple[LevelRow, ...],
) -> Iterator[Reason]:
    names = "、".join(f"{level.name} ({level.code})" for level in levels)
    if not facts["level"]:
        yield Reason(N_("Its level is missing. Levels here: %(levels)s."), {"levels": names})
    elif facts["level"] not in rank:
        yield Reason(
            N_("There is no level “%(level)s”. Levels here: %(levels)s."),
            {"level": facts["level"], "levels": names},
        )
    elif facts["parent"] is not None:
        parent = nodes[facts["parent"]]
        if rank.get(parent["level"], -1) >= rank[facts["level"]]:
            yield Reason(
                N_("Its level, %(level)s, must be below that of its parent %(parent)s."),
                {"level": levels[rank[facts["level"]]].name, "parent": parent["name"]},
            )


def _coordinate_faults(facts: Mapping[str, Any]) -> Iterator[Reason]:
    latitude, longitude = facts["latitude"], facts["longitude"]
    if (latitude is None) != (longitude is None):
        yield Reason(N_("Latitude and longitude belong together: one of them is missing."))
    elif latitude is not None and 73 <= latitude <= 90 and 3 <= longitude <= 54:
        # China lies at 3–54° N, 73–136° E; north of 73° there is nobody to serve
        yield Reason(N_("Latitude and longitude are swapped."))


def _levels_still_used(
    nodes: Nodes, rows: Mapping[str, NodeRow], rank: Mapping[str, int]
) -> Iterator[Fault]:
    """A file that lists the levels anew must keep those on which nodes stand."""
    for level in sorted({f["level"] for c, f in nodes.items() if c not in rows} - set(rank)):
        yield Fault(
            Reason(
                N_("Nodes of this site stand on the level %(level)s. Keep it in the list."),
                {"level": level},
            )
        )


def _rival_tops(nodes: Nodes, rows: Mapping[str, NodeRow]) -> Iterator[Fault]:
    """Each line has one top: a culture hall and a library may stand side by side, two culture
    halls need a hall above them."""
    for line in LINES:
        tops = [
            code
            for code, facts in nodes.items()
            if facts["parent"] is None and line in facts["lines"] and not facts["closed_down"]
        ]
        for code in tops[1:]:
            row = rows.get(code) or rows.get(tops[0])
            yield Fault(
                Reason(
                    N_("%(first)s and %(second)s both stand at the top for the line %(line)s."
                       " Give one of them a parent."),
                    {
                        "first": nodes[tops[0]]["name"],
                        "second": nodes[code]["name"],
                        "line": LINES[line],
                    },
                ),
                row.row if row else None,
                str(nodes[code]["name"]),
            )  # fmt: skip
