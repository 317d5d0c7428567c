"""The network from files: our own JSON, plain administrative divisions, or a table.

`read_file` turns a file into rows of facts, `plan` compares them with what is there and checks the
tree that would come of it; nothing is written before the whole file is found to be right.
"""

from __future__ import annotations

from .faults import Fault, ImportRefused
from .files import read_file
from .planning import Change, NodeChange, Plan, Snapshot, plan
from .rows import LevelRow, NetworkFile, NodeRow

__all__ = [
    "Change",
    "Fault",
    "ImportRefused",
    "LevelRow",
    "NetworkFile",
    "NodeChange",
    "NodeRow",
    "Plan",
    "Snapshot",
    "plan",
    "read_file",
]
