"""What a visitor asks the reading room for. Values that make no sense are left out with a note."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

QUESTIONS = ("kind", "subject", "audience", "language", "form")
ORDERS = ("new", "title", "read")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list, good also after rows came or went: the last row's key and id."""

    key: str
    id: int

    def __str__(self) -> str:
        return f"{self.id}~{self.key}"

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        number, tilde, key = text.partition("~")
        if not tilde or not re.fullmatch(r"\d{1,15}", number) or len(key) > 130:
            return None
        return cls(key, int(number))


@dataclass(frozen=True, slots=True)
class RoomFilter:
    """The questions of the reading room, as codes; empty means any."""

    kind: str = ""
    subject: str = ""
    audience: str = ""
    language: str = ""
    form: str = ""
    order: str = "new"
    after: Cursor | None = None
    ignored: tuple[str, ...] = field(default=(), compare=False)

    def args(self) -> dict[str, str]:
        """The query values that make this filter, without the place in the list."""
        values = {name: getattr(self, name) for name in QUESTIONS}
        if self.order != "new":
            values["order"] = self.order
        return {name: value for name, value in values.items() if value}

    def without(self, *names: str) -> RoomFilter:
        """The same with some questions dropped, from the first page on."""
        return replace(self, after=None, **{n: getattr(RoomFilter(), n) for n in names})

    @property
    def chosen(self) -> list[tuple[str, str]]:
        return [(name, getattr(self, name)) for name in QUESTIONS if getattr(self, name)]


def parse(args: Mapping[str, str]) -> RoomFilter:
    """Read query values; what is not understood is named in `ignored` and left out."""
    ignored: list[str] = []

    def code(name: str) -> str:
        text = args.get(name, "").strip()
        if text and not re.fullmatch(r"[\w.-]{1,40}", text):
            ignored.append(name)
            return ""
        return text

    order = args.get("order", "") or "new"
    if order not in ORDERS:
        ignored.append("order")
        order = "new"
    given = args.get("after", "")
    after = Cursor.parse(given) if given else None
    if given and after is None:
        ignored.append("after")
    return RoomFilter(
        **{name: code(name) for name in QUESTIONS},
        order=order,
        after=after,
        ignored=tuple(ignored),
    )
