"""The reference data that every site begins with: kinds of activity and audiences (R39, R82–R88).

They are rows, not constants: a site may rename them or add its own.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

KINDS = (
    ("performance", "演出", "Performance", "drum"),
    ("exhibition", "展览", "Exhibition", "papercut"),
    ("training", "培训", "Training", "brocade"),
    ("lecture", "讲座", "Lecture", "scroll"),
    ("reading", "阅读推广", "Reading", "scroll"),
    ("contest", "赛事", "Contest", "tile"),
    ("screening", "放映", "Screening", "screen"),
    ("festival", "节庆", "Festival", "lantern"),
    ("other", "其他", "Other", "terraces"),
)

AUDIENCES = (
    ("everyone", "人人可来", "Everyone"),
    ("elders", "老年人", "Elders"),
    ("children", "儿童", "Children"),
    ("students", "学生", "Students"),
    ("left_behind_children", "留守儿童", "Left-behind children"),
    ("parents", "家长", "Parents"),
    ("migrant_workers", "农民工", "Migrant workers"),
    ("disabled", "残疾人", "Disabled people"),
    ("farmers", "农民", "Farmers"),
    ("women", "妇女", "Women"),
    ("volunteers", "志愿者", "Volunteers"),
)


def add_reference_data(op: Any) -> None:
    """Insert the kinds and audiences (called by the first migration)."""
    text = sa.String()
    kinds = sa.table(
        "activity_kinds",
        sa.column("code", text),
        sa.column("name", text),
        sa.column("name_en", text),
        sa.column("motif", text),
        sa.column("position", sa.Integer()),
    )
    op.bulk_insert(
        kinds,
        [
            {"code": code, "name": name, "name_en": name_en, "motif": motif, "position": position}
            for position, (code, name, name_en, motif) in enumerate(KINDS)
        ],
    )
    audiences = sa.table(
        "audiences",
        sa.column("code", text),
        sa.column("name", text),
        sa.column("name_en", text),
        sa.column("position", sa.Integer()),
    )
    op.bulk_insert(
        audiences,
        [
            {"code": code, "name": name, "name_en": name_en, "position": position}
            for position, (code, name, name_en) in enumerate(AUDIENCES)
        ],
    )
