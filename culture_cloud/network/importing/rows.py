"""What a file says of the network, before it is compared with what is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A level of the tree; the first in the list is the top."""

    code: str
    name: str
    name_en: str
    plate_rule: str = "{name}"


DEFAULT_LEVELS = (
    LevelRow("centre", "中心馆", "Centre hall", "{name}"),
    LevelRow("main", "总馆", "Main hall", "{county}{name}"),
    LevelRow("branch", "分馆", "Branch", "{main}{name}分馆"),
    LevelRow("service_point", "服务点", "Service point", "{name}服务点"),
)
"""Where neither the site nor the file has levels (R1, R2, R8)."""


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A node of the file.

    `facts` are set on the node whether it is new or not; what a file does not mention stays as it
    is. `defaults` are set on a new node alone. Keys are those of planning.FIELDS.
    """

    row: int
    code: str
    facts: Mapping[str, Any]
    defaults: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NetworkFile:
    """A file that could be read: facts and defaults of the network, levels, nodes in its order.

    `unused` names the columns of a table that mean nothing here.
    """

    nodes: tuple[NodeRow, ...]
    network: Mapping[str, str] = field(default_factory=dict)
    network_defaults: Mapping[str, str] = field(default_factory=dict)
    levels: tuple[LevelRow, ...] = ()
    unused: tuple[str, ...] = ()
