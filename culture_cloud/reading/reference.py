"""The reference data of the reading room: top classes of 中图法 (5th edition) and audiences."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

SUBJECTS = (
    ("A", "马克思主义、列宁主义、毛泽东思想、邓小平理论", "Marxism, Leninism, Mao Zedong Thought"),
    ("B", "哲学、宗教", "Philosophy and religion"),
    ("C", "社会科学总论", "Social sciences in general"),
    ("D", "政治、法律", "Politics and law"),
    ("E", "军事", "Military science"),
    ("F", "经济", "Economics"),
    ("G", "文化、科学、教育、体育", "Culture, science, education, sports"),
    ("H", "语言、文字", "Languages"),
    ("I", "文学", "Literature"),
    ("J", "艺术", "Art"),
    ("K", "历史、地理", "History and geography"),
    ("N", "自然科学总论", "Natural sciences in general"),
    ("O", "数理科学和化学", "Mathematics, physics, chemistry"),
    ("P", "天文学、地球科学", "Astronomy and earth sciences"),
    ("Q", "生物科学", "Life sciences"),
    ("R", "医药、卫生", "Medicine and health"),
    ("S", "农业科学", "Agriculture"),
    ("T", "工业技术", "Technology"),
    ("U", "交通运输", "Transport"),
    ("V", "航空、航天", "Aviation and space"),
    ("X", "环境科学、安全科学", "Environment and safety"),
    ("Z", "综合性图书", "General works"),
)

AUDIENCES = (
    ("everyone", "人人可读", "Everyone", 0),
    ("small_children", "学前儿童", "Small children", 0),
    ("children", "小学生", "Children", 6),
    ("teenagers", "中学生", "Teenagers", 12),
    ("elders", "老年人", "Elders", 0),
    ("grown_ups", "成年人", "Grown-ups", 18),
)


def add_reference_data(op: Any) -> None:
    """Insert classes and audiences (called by the migration that makes the tables)."""
    op.bulk_insert(
        _table("reading_subjects", "position"),
        [
            {"code": code, "name": name, "name_en": name_en, "position": place}
            for place, (code, name, name_en) in enumerate(SUBJECTS)
        ],
    )
    op.bulk_insert(
        _table("reading_audiences", "age_from", "position"),
        [
            {"code": code, "name": name, "name_en": name_en, "age_from": age, "position": place}
            for place, (code, name, name_en, age) in enumerate(AUDIENCES)
        ],
    )


def _table(name: str, *numbers: str) -> Any:
    texts = [sa.column(column, sa.String()) for column in ("code", "name", "name_en")]
    return sa.table(name, *texts, *(sa.column(column, sa.Integer()) for column in numbers))
