"""Compares a file with the network that is there, and checks the tree that would come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from culture_cloud.tabular import N_, Reason

from .faults import Fault, ImportRefused, whole_file
from .plates import Plates
from .rows import DEFAULT_LEVELS, LevelRow, NetworkFile, NodeRow
from .tree import check_tree

Facts = dict[str, Any]
"""Facts of a node by the keys of EMPTY."""

EMPTY: Mapping[str, Any] = {
    "name": "",
    "plate_name": "",
    "level": "",
    "parent": None,
    "position": 0,
    "lines": [],
    "address": "",
    "phone": "",
    "sms_phone": "",
    "hours": (),
    "closings": (),
    "liaison": "",
    "access": [],
    "about": "",
    "latitude": None,
    "longitude": None,
    "photo_alt": "",
    "review_required": False,
    "closed_down": False,
}
"""A node of which nothing is known, in the order in which changes are reported. `level` and
`parent` are codes; `hours` and `closings` are as importing.values gives them."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The network as it is: its facts (empty where there is none), levels from the top, nodes by
    code with all facts of EMPTY."""

    network: Mapping[str, str] = field(default_factory=dict)
    levels: tuple[LevelRow, ...] = ()
    nodes: Mapping[str, Facts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that changes; `name` is a key of EMPTY or a column of the network."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class NodeChange:
    """A node that changes, by its code and its plate name as it will be."""

    code: str
    plate_name: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. `after` is the whole network as it would be; `created` keeps the
    order of the file; nodes outside the file change where a rule or a name above them does."""

    after: Snapshot
    created: tuple[str, ...]
    changed: tuple[NodeChange, ...]
    unchanged: int
    network_changes: tuple[Change, ...]
    levels_changed: bool
    unused: tuple[str, ...]


def plan(before: Snapshot, file: NetworkFile) -> Plan:
    """The difference that the file makes. Raises ImportRefused with every fault of the tree."""
    network = _network_after(before, file)
    levels = file.levels or before.levels or DEFAULT_LEVELS
    _check_levels(levels)
    faults = _repeated_codes(file.nodes)
    nodes = {code: dict(facts) for code, facts in before.nodes.items()}
    for row in file.nodes:
        nodes[row.code] = _facts_after(row, nodes.get(row.code), levels)
    rows = {row.code: row for row in file.nodes}
    faults += check_tree(nodes, rows, levels)
    if faults:
        raise ImportRefused(faults)
    _fill_in(nodes, before, file.nodes)
    _name_plates(nodes, before, file, levels, network.get("name", ""))
    after = Snapshot(network, levels, nodes)
    created = tuple(row.code for row in file.nodes if row.code not in before.nodes)
    changed = tuple(
        NodeChange(code, facts["plate_name"], changes)
        for code, facts in nodes.items()
        if code in before.nodes and (changes := _changes(before.nodes[code], facts))
    )
    touched = {change.code for change in changed} | set(created)
    return Plan(
        after=after,
        created=created,
        changed=changed,
        unchanged=sum(row.code not in touched for row in file.nodes),
        network_changes=tuple(
            Change(key, before.network.get(key, ""), value)
            for key, value in network.items()
            if before.network.get(key, "") != value
        ),
        levels_changed=levels != before.levels,
        unused=file.unused,
    )


def _network_after(before: Snapshot, file: NetworkFile) -> dict[str, str]:
    present, given = before.network.get("region_code", ""), file.network.get("region_code", "")
    if present and given and present != given:
        raise whole_file(
            Reason(
                N_("This site serves %(name)s (%(present)s); the file is about %(given)s."),
                {"name": before.network.get("name", ""), "present": present, "given": given},
            )
        )
    kept = {key: value for key, value in before.network.items() if value}
    return {**file.network_defaults, **kept, **file.network}


def _check_levels(levels: tuple[LevelRow, ...]) -> None:
    codes = [level.code for level in levels]
    for code in codes:
        if codes.count(code) > 1:
            raise whole_file(Reason(N_("The level %(code)s stands there twice."), {"code": code}))


def _repeated_codes(rows: tuple[NodeRow, ...]) -> list[Fault]:
    faults, first = [], dict[str, int]()
    for row in rows:
        if row.code in first:
            reason = Reason(
                N_("The code %(code)s stands in row %(row)d already."),
                {"code": row.code, "row": first[row.code]},
            )
            faults.append(Fault(reason, row.row, str(row.facts.get("name", ""))))
        first.setdefault(row.code, row.row)
    return faults


def _facts_after(row: NodeRow, present: Facts | None, levels: tuple[LevelRow, ...]) -> Facts:
    facts: Facts = {**(present or {**EMPTY, **row.defaults, "position": None}), **row.facts}
    facts["level"] = _level_code(facts["level"], levels)
    return facts


def _level_code(text: str, levels: tuple[LevelRow, ...]) -> str:
    """A level is named by its code or by either of its names."""
    wanted = text.casefold()
    for level in levels:
        names = {level.code.casefold(), level.name.casefold(), level.name_en.casefold()}
        if wanted and wanted in names:
            return level.code
    return text


def _fill_in(nodes: dict[str, Facts], before: Snapshot, rows: tuple[NodeRow, ...]) -> None:
    """What a row may leave out: its place after its siblings, and the lines of its parent."""
    given = {row.code: row.facts for row in rows}
    last: dict[str | None, int] = {}
    for code, facts in nodes.items():
        old = before.nodes.get(code)
        moved = old is not None and old["parent"] != facts["parent"]
        if moved and "position" not in given.get(code, {}):
            facts["position"] = None
        if facts["position"] is not None:
            last[facts["parent"]] = max(last.get(facts["parent"], 0), facts["position"])
    for facts in nodes.values():
        if facts["position"] is None:
            facts["position"] = last[facts["parent"]] = last.get(facts["parent"], 0) + 1
    for row in rows:
        above: str | None = row.code
        while above is not None and not nodes[row.code]["lines"]:
            above = nodes[above]["parent"]
            if above is not None:
                nodes[row.code]["lines"] = list(nodes[above]["lines"])


def _name_plates(
    nodes: dict[str, Facts],
    before: Snapshot,
    file: NetworkFile,
    levels: tuple[LevelRow, ...],
    county: str,
) -> None:
    """Plates follow the rules, except those that somebody has worded by hand."""
    own = {row.code for row in file.nodes if row.facts.get("plate_name")}
    former = Plates(before.nodes, before.levels, before.network.get("name", ""))
    own |= {
        code
        for code, facts in before.nodes.items()
        if nodes[code]["plate_name"] == facts["plate_name"] != former.of(code)
    }
    plates = Plates(nodes, levels, county, own)
    for code, facts in nodes.items():
        facts["plate_name"] = plates.of(code)


def _changes(before: Facts, after: Facts) -> tuple[Change, ...]:
    return tuple(Change(key, before[key], after[key]) for key in EMPTY if before[key] != after[key])
