"""JSON of plain administrative divisions: a county, its townships, their villages.

{"code": "530428", "name": "元江哈尼族彝族傣族自治县", "townships": [
  {"code": "530428001", "name": "红河街道", "villages": [
    {"code": "530428001001", "name": "红河社区居民委员会"}, …]}, …]}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from culture_cloud.network.facts import LINES
from culture_cloud.network.models import Network
from culture_cloud.network.names import short_county, short_village
from culture_cloud.tabular import N_, Reason

from . import values
from .documents import node_row
from .faults import BadValue, Fault, ImportRefused, whole_file
from .rows import NetworkFile, NodeRow

ALL_LINES = list(LINES)


def are_divisions(data: Mapping[str, Any]) -> bool:
    return "townships" in data


def read_divisions(data: Mapping[str, Any], *, one_hall: bool = False) -> NetworkFile:
    """The network that the divisions call for (R2): a culture hall and a library as main halls
    (with `one_hall` a single 文化馆（图书馆）), a branch for each township, a service point for
    each village, with names as people say them. Raises ImportRefused with every fault."""
    try:
        code = values.code(data.get("code"))
        county = short_county(values.text(Network, "name", data.get("name")))
    except BadValue as error:
        raise whole_file(error.reason) from None
    if not county:
        raise whole_file(Reason(N_("The name of the county is missing.")))
    faults: list[Fault] = []
    nodes = tuple(_nodes(code, data, one_hall, faults))
    if faults:
        raise ImportRefused(faults)
    return NetworkFile(
        nodes=nodes,
        network={"region_code": code},
        network_defaults={"name": county, "site_name": f"{county}文化云"},
    )


def _nodes(
    county: str, data: Mapping[str, Any], one_hall: bool, faults: list[Fault]
) -> Iterator[NodeRow]:
    hall = f"{county}-WHG"
    if one_hall:
        halls = [(hall, "文化馆（图书馆）", ALL_LINES)]
    else:
        halls = [(hall, "文化馆", ["culture_hall"]), (f"{county}-TSG", "图书馆", ["library"])]
    number = 0
    for code, name, lines in halls:
        number += 1
        yield NodeRow(
            number, code, {"name": name, "level": "main"}, {"parent": None, "lines": lines}
        )
    for township in _places(data, "townships", number, faults):
        number += 1
        branch = _place(number, township, "branch", hall, faults)
        if branch is not None:
            yield branch
        for village in _places(township, "villages", number, faults):
            number += 1
            parent = branch.code if branch else hall
            point = _place(number, village, "service_point", parent, faults)
            if point is not None:
                yield point


def _places(
    around: Mapping[str, Any], key: str, number: int, faults: list[Fault]
) -> list[Mapping[str, Any]]:
    found = around.get(key) or []
    if isinstance(found, list) and all(isinstance(item, dict) for item in found):
        return found
    faults.append(Fault(Reason(N_("“%(key)s” must be a list of objects."), {"key": key}), number))
    return []


def _place(
    number: int, item: Mapping[str, Any], level: str, parent: str, faults: list[Fault]
) -> NodeRow | None:
    row = node_row(number, {k: item.get(k) for k in ("code", "name")}, None, faults)
    if row is None:
        return None
    name = short_village(row.facts["name"]) if level == "service_point" else row.facts["name"]
    return NodeRow(
        number,
        row.code,
        {"name": name, "level": level, "parent": parent},
        {"lines": ALL_LINES},
    )
