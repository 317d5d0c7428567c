"""JSON in our own shape (docs/network-import.md shows it whole).

{"network": {"region_code", "name", "site_name", "phone", "sms_phone", "phone_hours"},
 "levels": [{"code", "name", "name_en", "plate_rule"}, …],          from the top down
 "nodes": [{"code", "name", "level", "parent", …, "children": […]}, …]}

Every part may be missing. Nodes are nested by "children", or flat with the code of their "parent";
a child without "level" stands one level below its parent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from culture_cloud.network.models import Level, Network, Node
from culture_cloud.network.names import is_sound_rule
from culture_cloud.tabular import N_, Reason

from . import values
from .faults import BadValue, Fault, ImportRefused, whole_file
from .rows import LevelRow, NetworkFile, NodeRow

NETWORK_KEYS = ("region_code", "name", "site_name", "phone", "sms_phone", "phone_hours")
LEVEL_KEYS = ("code", "name", "name_en", "plate_rule")
TEXTS = ("plate_name", "about", "address", "liaison", "photo_alt")

READERS: Mapping[str, Callable[[Any], Any]] = {
    "name": values.name,
    "level": partial(values.text, Node, "level_code"),
    "parent": lambda raw: values.code(raw) if raw else None,
    "lines": values.lines,
    "phone": partial(values.phone, "phone"),
    "sms_phone": partial(values.phone, "sms_phone"),
    "latitude": partial(values.coordinate, "latitude"),
    "longitude": partial(values.coordinate, "longitude"),
    "access": values.access,
    "review_required": values.flag,
    "closed_down": values.flag,
    "position": values.position,
    "hours": values.hours,
    "closings": values.closings,
    **{key: partial(values.text, Node, key) for key in TEXTS},
}
"""How each fact of a node is read, whatever kind of file it stands in."""

DEEPEST = 20


def read_document(data: Mapping[str, Any]) -> NetworkFile:
    """A file in our own shape. Raises ImportRefused with every fault that was found."""
    unknown = set(data) - {"network", "levels", "nodes"}
    if unknown:
        raise whole_file(values.unknown_keys(unknown))
    faults: list[Fault] = []
    nodes = tuple(_node_rows(_list(data, "nodes"), faults))
    try:
        network = _network(data.get("network") or {})
        levels = tuple(_level(item) for item in _list(data, "levels"))
    except BadValue as error:
        raise whole_file(error.reason) from None
    if faults:
        raise ImportRefused(faults)
    return NetworkFile(nodes=nodes, network=network, levels=levels)


def _list(data: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    found = data.get(key) or []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise whole_file(Reason(N_("“%(key)s” must be a list of objects."), {"key": key}))
    return found


def _network(facts: object) -> dict[str, str]:
    if not isinstance(facts, dict):
        raise BadValue(Reason(N_("“%(key)s” must be an object."), {"key": "network"}))
    if unknown := set(facts) - set(NETWORK_KEYS):
        raise BadValue(values.unknown_keys(unknown))
    return {key: values.text(Network, key, value) for key, value in facts.items()}


def _level(facts: dict[str, Any]) -> LevelRow:
    if unknown := set(facts) - set(LEVEL_KEYS):
        raise BadValue(values.unknown_keys(unknown))
    code = values.code(facts.get("code"))
    name = values.text(Level, "name", facts.get("name")) or code
    rule = values.text(Level, "plate_rule", facts.get("plate_rule")) or "{name}"
    if not is_sound_rule(rule):
        raise BadValue(
            Reason(
                N_("The plate rule “%(rule)s” may use {name}, {main}, {parent} and {county} only."),
                {"rule": rule},
            )
        )
    return LevelRow(code, name, values.text(Level, "name_en", facts.get("name_en")), rule)


def _node_rows(items: list[dict[str, Any]], faults: list[Fault]) -> Iterator[NodeRow]:
    """Depth first, so that the count of rows follows the file from top to bottom."""
    waiting: list[tuple[dict[str, Any], str | None, int]]
    waiting = [(item, None, 0) for item in reversed(items)]
    number = 0
    while waiting:
        item, parent, depth = waiting.pop()
        number += 1
        children = item.get("children") or []
        if not isinstance(children, list) or not all(isinstance(c, dict) for c in children):
            reason = Reason(N_("“%(key)s” must be a list of objects."), {"key": "children"})
            faults.append(Fault(reason, number, str(item.get("code", ""))))
            children = []
        row = node_row(number, {k: v for k, v in item.items() if k != "children"}, parent, faults)
        if row is not None:
            yield row
        if depth >= DEEPEST:
            raise whole_file(Reason(N_("The tree is more than 20 levels deep.")))
        code = row.code if row else str(item.get("code"))
        waiting.extend((child, code, depth + 1) for child in reversed(children))


def node_row(
    number: int, item: Mapping[str, Any], parent: str | None, faults: list[Fault]
) -> NodeRow | None:
    """One node; what is wrong with it goes into `faults`. `parent` is the code of the node around
    it in a nested file."""
    who = str(item.get("name") or item.get("code") or "")[:40]
    reasons: list[Reason] = []
    if unknown := set(item) - {"code", *READERS}:
        reasons.append(values.unknown_keys(unknown))
    facts: dict[str, Any] = {}
    code = ""
    try:
        code = values.code(item.get("code"))
    except BadValue as error:
        reasons.append(error.reason)
    for key, read in READERS.items():
        if key in item:
            try:
                facts[key] = read(item[key])
            except BadValue as error:
                reasons.append(error.reason)
    if parent is not None:
        if facts.get("parent", parent) != parent:
            reasons.append(
                Reason(
                    N_("It stands inside %(around)s and names another parent, %(parent)s."),
                    {"around": parent, "parent": facts["parent"]},
                )
            )
        facts["parent"] = parent
    faults.extend(Fault(reason, number, who) for reason in reasons)
    return None if reasons else NodeRow(number, code, facts)
