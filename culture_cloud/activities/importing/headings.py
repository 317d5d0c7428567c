"""Which column is which: headings as clerks write them → fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from culture_cloud.activities.importing.words import meanings

_FIELDS = meanings("headings")
_LONGEST_FIRST = sorted((word for word in _FIELDS if len(word) > 1), key=len, reverse=True)

# 报名截止时间 is a time too, and 已报名人数 a number, but not the activity's.
_ANOTHERS = re.compile(
    r"截止|报名|報名|发布|發布|发布|填报|登记|更新|创建|修改|审核|已|实际|參與|参加|入场|签到|集合"
)
_STRICT = frozenset(("start", "start_day", "end", "end_day", "capacity", "uid", "title", "status"))
_ASIDE = re.compile(r"\([^)]*\)|\[[^]]*\]|【[^】]*】|[*＊:：#\s_\-]+")

LONGEST_HEADING = 60
DATE_FIELDS = frozenset(("start", "start_day"))


@dataclass(frozen=True, slots=True)
class Header:
    """The header row found: column index → field, and every column's heading."""

    row_number: int
    fields: Mapping[int, str]
    headings: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether it names the activity and when it is."""
        found = set(self.fields.values())
        return "title" in found and bool(found & DATE_FIELDS)

    def __len__(self) -> int:
        return len(self.fields)


def read_header(row_number: int, cells: Sequence[object]) -> Header:
    """The header that a row would be: each field goes to the column that fits it best, the first
    of equals."""
    headings = {
        index: " ".join(str(cell).split())
        for index, cell in enumerate(cells)
        if cell is not None and len(str(cell)) <= LONGEST_HEADING
    }
    fields: dict[int, str] = {}
    for exact in (True, False):
        for index, heading in headings.items():
            name = _field(heading, exact=exact)
            if name and index not in fields and name not in fields.values():
                fields[index] = name
    return Header(row_number, fields, headings)


def normal_heading(heading: str) -> str:
    """活动名称（必填）* → 活动名称; Start time → starttime."""
    return _ASIDE.sub("", unicodedata.normalize("NFKC", heading).lower())


def _field(heading: str, *, exact: bool) -> str | None:
    normal = normal_heading(heading)
    if exact:
        return _FIELDS.get(normal)
    for word in _LONGEST_FIRST:
        if normal.endswith(word) and not word.isascii():
            name = _FIELDS[word]
            return None if name in _STRICT and _ANOTHERS.search(normal) else name
    return None
