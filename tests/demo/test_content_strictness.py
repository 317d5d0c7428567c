"""The demo's reader refuses content that breaks a rule, and says where it stands."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from culture_cloud.demo.content import FOLDER, load

Edit = Callable[[Any], None]


def set_in(kind: str, **fields: object) -> Edit:
    return lambda data: data[kind][0].update(fields)


def drop_in(kind: str, field: str) -> Edit:
    return lambda data: data[kind][0].pop(field)


def twice(kind: str) -> Edit:
    return lambda data: data[kind].append(dict(data[kind][0]))


PERFORMANCE = "activities/performance.json"
BREACHES: list[tuple[str, Edit, str]] = [
    (PERFORMANCE, set_in("activities", node="539901999"), "huadeng-two-pieces.*unknown code"),
    (PERFORMANCE, set_in("activities", audiences=["cats"]), "huadeng-two-pieces.*cats"),
    (PERFORMANCE, set_in("activities", access=["moat"]), "huadeng-two-pieces.*moat"),
    (PERFORMANCE, set_in("activities", prise=1), "huadeng-two-pieces.*unknown field prise"),
    (PERFORMANCE, set_in("activities", title="长" * 31), "huadeng-two-pieces.*longer than 30"),
    (PERFORMANCE, set_in("activities", description=["只有一段。"]), "two to five paragraphs"),
    (PERFORMANCE, set_in("activities", status="cancelled"), "notice"),
    (PERFORMANCE, drop_in("activities", "place"), "huadeng-two-pieces: place is missing"),
    (PERFORMANCE, twice("activities"), "huadeng-two-pieces stands twice"),
    (
        PERFORMANCE,
        set_in("activities", when={"day": 5, "start": "21:00", "end": "19:00"}),
        "when: it ends before it starts",
    ),
    (
        PERFORMANCE,
        lambda data: data["activities"][0]["sign_up"].update(elders=300),
        "sign_up: more places are kept",
    ),
    (
        PERFORMANCE,
        lambda data: data["activities"][0]["sign_up"].update(capacity=80),
        "huadeng-two-pieces, session 1: 82 places taken of 10",
    ),
    (
        PERFORMANCE,
        lambda data: data["activities"][2]["when"].update(rrule="FREQ=SOMETIMES;COUNT=3"),
        "ferry-antiphonal-songs.*rrule cannot be read",
    ),
    (
        PERFORMANCE,
        lambda data: data["activities"][2]["when"].update(rrule="FREQ=WEEKLY;BYDAY=MO;COUNT=3"),
        "ferry-antiphonal-songs.*first session must be one that the rrule gives",
    ),
    ("network.json", set_in("nodes", level="palace"), "539901-WHG.*palace"),
    ("network.json", twice("nodes"), "539901-WHG stands twice"),
    ("network.json", drop_in("nodes", "latitude"), "539901-WHG.*full detail"),
    ("network.json", lambda data: data["nodes"].pop(2), "parent 539901001 "),
    ("kinds.json", set_in("kinds", motif="dragon"), "kinds performance: motif.*dragon"),
    ("people.json", set_in("accounts", role="king"), "tao-yinghong.*king"),
    ("people.json", set_in("accounts", phone="19900003001"), "19900003001 stands twice"),
    ("people.json", set_in("sign_ups", activity="no-such"), "sign_ups 1.*no-such"),
    ("people.json", twice("sign_ups"), "stand twice"),
    ("people.json", set_in("sign_ups", confirmed=160, pairs=60), "138 places taken of 130"),
    ("people.json", set_in("own_sign_ups", proxy="he-zhiqiang"), "may not act for"),
]


@pytest.mark.parametrize(("file", "breach", "message"), BREACHES)
def test_refuses_content_that_breaks_a_rule_and_says_where(
    tmp_path: Path, file: str, breach: Edit, message: str
) -> None:
    shutil.copytree(FOLDER, tmp_path / "content", ignore=shutil.ignore_patterns("*.py", "__*"))
    path = tmp_path / "content" / file
    data = json.loads(path.read_text("utf-8"))
    breach(data)
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(ValueError, match=message):
        load(tmp_path / "content")
