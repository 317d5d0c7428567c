"""Tables that staff take along: a workbook, or CSV for programs that read no workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from flask import Response

from culture_cloud.tabular import Column, export_csv, export_xlsx
from culture_cloud.web.words import site_zone

Ending = Literal["xlsx", "csv"]

CONTENT_TYPES: Mapping[Ending, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def download(
    columns: Sequence[Column], rows: Iterable[Mapping[str, object]], *, name: str, ending: Ending
) -> Response:
    """The table as a file called `name`.`ending`; CSV begins with a byte order mark for Excel."""
    export = export_xlsx if ending == "xlsx" else export_csv
    response = Response(export(columns, rows, zone=site_zone()), content_type=CONTENT_TYPES[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response
