"""flask activities import: says row by row what came of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from culture_cloud.activities.models import Activity
from culture_cloud.network.models import Node
from tests import factories

TABLE = "活动名称,开始时间,地点\n诗会,2026-06-19 19:30,小剧场\n,2026-06-20 9:00,广场\n"


@pytest.fixture
def node(session: Session) -> Node:
    made = factories.make_node(session, code="539900-WHG")
    session.commit()
    return made


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["activities", "import", *map(str, arguments)])


def states(session: Session) -> list[str]:
    found = list(session.scalars(select(Activity.state)))
    session.rollback()
    return found


def test_each_row_is_told(app: Flask, session: Session, node: Node, table: Path) -> None:
    done = run(app, table, "--node", node.code, "--publish")
    assert done.exit_code == 0, done.output
    assert "第 2 行 诗会" in done.output
    assert "第 3 行" in done.output
    assert states(session) == ["published"]
    again = run(app, table, "--node", node.code, "--publish")
    assert "诗会" not in again.output


def test_new_activities_are_drafts_unless_asked_for(
    app: Flask, session: Session, node: Node, table: Path
) -> None:
    run(app, table, "--node", node.code)
    assert states(session) == ["draft"]


def test_a_trial_writes_nothing(app: Flask, session: Session, node: Node, table: Path) -> None:
    done = run(app, table, "--node", node.code, "--dry-run")
    assert done.exit_code == 0
    assert "诗会" in done.output
    assert states(session) == []


def test_a_file_that_cannot_be_read_ends_with_one(app: Flask, node: Node, tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    path.write_bytes(b"%PDF-1.7")
    done = run(app, path, "--node", node.code)
    assert done.exit_code == 1
    assert run(app, path, "--node", "nowhere").exit_code == 1


@pytest.mark.parametrize("as_file", [True, False])
def test_a_feed_of_its_own_form_needs_a_mapping(
    app: Flask, session: Session, node: Node, tmp_path: Path, as_file: bool
) -> None:
    feed, mapping = tmp_path / "feed.json", tmp_path / "mapping.json"
    feed.write_text(json.dumps([{"was": "诗会", "wann": "2026-06-19 19:30"}]))
    mapping.write_text(
        json.dumps({"name": "own", "fields": {"title": "was"}, "dates": {"starts_at": "wann"}})
    )
    done = run(
        app, feed, "--node", node.code, "--mapping", mapping if as_file else "no-such-mapping"
    )
    assert done.exit_code == (0 if as_file else 1), done.output
    count = session.scalar(select(func.count()).select_from(Activity))
    assert count == (1 if as_file else 0)
    mapping.write_text("{")
    session.rollback()
    assert run(app, feed, "--node", node.code, "--mapping", mapping).exit_code == 1
