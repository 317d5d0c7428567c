"""Words of the trade as data: what clerks and other sources call things."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType


def meanings(name: str) -> Mapping[str, str]:
    """Word → meaning, from `<name>.json`, which lists the words of each meaning in lower case."""
    lists = json.loads(files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return MappingProxyType({word: meaning for meaning, words in lists.items() for word in words})
