"""Tables in and out: workbooks and CSV files as clerks and offices exchange them.

Reading gives sheets of plain values and refuses what is dangerous or not readable, in words.
Writing gives typed cells that open cleanly in Excel, WPS and LibreOffice. What the columns mean
is known by the features that use this package.
"""

from __future__ import annotations

from culture_cloud.tabular.csv_files import read_csv
from culture_cloud.tabular.export import Column, export_csv, export_xlsx
from culture_cloud.tabular.reasons import N_, FileNotReadable, Reason
from culture_cloud.tabular.sheets import Cell, Sheet, SheetRow
from culture_cloud.tabular.workbooks import read_workbook

__all__ = [
    "N_",
    "Cell",
    "Column",
    "FileNotReadable",
    "Reason",
    "Sheet",
    "SheetRow",
    "export_csv",
    "export_xlsx",
    "read_csv",
    "read_workbook",
]
