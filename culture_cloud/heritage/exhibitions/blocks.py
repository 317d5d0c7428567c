"""The blocks of an exhibition: what each kind of block holds, checked where it comes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

BLOCK_KINDS: Mapping[str, object] = {
    "heading": _l("Heading of a section"),
    "text": _l("Text"),
    "quote": _l("Words of somebody"),
    "picture": _l("A large picture of an item"),
    "recording": _l("A recording of an item"),
    "items": _l("Items side by side"),
}
WITH_ITEMS = {"picture", "recording", "items"}
MOST_BLOCKS = 100
MOST_TEXT = 8000


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `text` is the essay, the heading, the words or the caption; `by` who said it."""

    kind: str
    text: str = ""
    by: str = ""
    items: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "text": self.text, "by": self.by, "items": list(self.items)}

    @property
    def fault(self) -> str:
        """What it lacks: `text` or `items`; empty where it is complete."""
        if self.kind in WITH_ITEMS:
            return "" if self.items else "items"
        return "" if self.text else "text"


def blocks_of(stored: Sequence[Any]) -> list[Block]:
    """The blocks of a collection; what an older program wrote and nobody knows is left out."""
    found = []
    for one in stored:
        if isinstance(one, dict) and one.get("kind") in BLOCK_KINDS:
            items = tuple(int(n) for n in one.get("items", ()) if str(n).isdigit())
            found.append(
                Block(str(one["kind"]), str(one.get("text", "")), str(one.get("by", "")), items)
            )
    return found


def item_ids(blocks: Sequence[Block]) -> list[int]:
    """The items that the blocks show, each once, in their order."""
    return list(dict.fromkeys(n for block in blocks for n in block.items))
