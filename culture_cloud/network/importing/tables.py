"""Tables (XLSX, CSV) of nodes, with Chinese or English headings in any order.

An empty cell leaves the fact as it is: clerks fill in what they know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from culture_cloud.tabular import N_, Cell, Reason, Sheet

from .documents import node_row
from .faults import Fault, ImportRefused, whole_file
from .rows import NetworkFile, NodeRow

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("编码", "代码", "编号", "机构编码", "机构代码", "行政区划代码", "code"),
    "name": ("名称", "馆名", "机构名称", "单位名称", "name"),
    "plate_name": ("挂牌名称", "挂牌", "plate name", "plate"),
    "level": ("级别", "层级", "level"),
    "parent": ("上级编码", "上级代码", "上级编号", "上级机构编码", "上级", "parent code", "parent"),
    "lines": ("业务线", "业务", "类别", "lines", "line"),
    "address": ("地址", "详细地址", "address"),
    "phone": ("电话", "联系电话", "固定电话", "phone", "telephone"),
    "sms_phone": ("短信号码", "短信电话", "手机", "sms phone", "text messages"),
    "hours": ("开放时间", "开馆时间", "服务时间", "hours", "opening hours"),
    "liaison": ("联络员", "联系人", "负责人", "liaison", "contact"),
    "access": ("无障碍设施", "无障碍", "access"),
    "about": ("简介", "介绍", "about"),
    "latitude": ("纬度", "latitude", "lat"),
    "longitude": ("经度", "longitude", "lon", "lng"),
    "position": ("顺序", "排序", "order", "position"),
    "closed_down": ("已撤销", "已停办", "closed down"),
}
_KEY_OF = {heading: key for key, headings in HEADINGS.items() for heading in headings}

ROWS_ABOVE_HEADINGS = 10


def read_sheets(sheets: Iterable[Sheet]) -> NetworkFile:
    """The nodes of the first sheet that has the headings. Raises ImportRefused."""
    for sheet in sheets:
        for place, row in enumerate(sheet.rows[:ROWS_ABOVE_HEADINGS]):
            keys = [_KEY_OF.get(_heading(cell)) for cell in row.cells]
            if "code" in keys and "name" in keys:
                return _read(sheet, place, keys)
    raise whole_file(
        Reason(N_("No row of headings was found. A table of nodes needs at least 编码 and 名称."))
    )


def _heading(cell: Cell) -> str:
    return " ".join(str(cell or "").replace("*", "").split()).casefold()


def _read(sheet: Sheet, headings_at: int, keys: Sequence[str | None]) -> NetworkFile:
    headings = sheet.rows[headings_at].cells
    _refuse_repeated(keys, headings, sheet.rows[headings_at].number)
    faults: list[Fault] = []
    nodes: list[NodeRow] = []
    for row in sheet.rows[headings_at + 1 :]:
        item: dict[str, Any] = {
            key: _plain(cell)
            for key, cell in zip(keys, row.cells, strict=False)
            if key is not None and cell is not None
        }
        if not item:
            continue
        found = node_row(row.number, item, None, faults)
        if found is not None:
            nodes.append(found)
    if faults:
        raise ImportRefused(faults)
    unused = [
        str(heading)
        for key, heading in zip(keys, headings, strict=True)
        if key is None and heading is not None
    ]
    return NetworkFile(nodes=tuple(nodes), unused=tuple(unused))


def _refuse_repeated(keys: Sequence[str | None], headings: Sequence[Cell], number: int) -> None:
    seen: dict[str, Cell] = {}
    for key, heading in zip(keys, headings, strict=True):
        if key is not None and key in seen:
            reason = Reason(
                N_("The columns “%(first)s” and “%(second)s” mean the same. Keep one of them."),
                {"first": str(seen[key]), "second": str(heading)},
            )
            raise ImportRefused([Fault(reason, number)])
        if key is not None:
            seen[key] = heading


def _plain(cell: Cell) -> Any:
    """Codes and phones that the spreadsheet program took for numbers are whole again."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
