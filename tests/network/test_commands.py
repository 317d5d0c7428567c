"""flask network …, as an operator types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from culture_cloud.network.models import Network, Node

from .test_importing import DIVISIONS


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "county.json"
    path.write_text(json.dumps(DIVISIONS, ensure_ascii=False), encoding="utf-8")
    return path


def count(session: Session) -> int:
    found = session.scalar(select(func.count()).select_from(Node)) or 0
    session.rollback()  # or this session's write transaction would hold up the command's
    return found


def test_a_trial_tells_what_would_come_and_writes_nothing(
    app: Flask, session: Session, file: Path
) -> None:
    result = app.test_cli_runner().invoke(args=["network", "import", str(file), "--dry-run"])
    assert result.exit_code == 0, result.output
    assert "元江县文化馆（图书馆）红河街道分馆" in result.output
    assert count(session) == 0


def test_imports_and_reports_then_finds_nothing_to_change(
    app: Flask, session: Session, file: Path
) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(args=["network", "import", str(file)])
    assert first.exit_code == 0, first.output
    assert count(session) == 6
    again = runner.invoke(args=["network", "import", str(file)])
    assert len(again.output.splitlines()) == 1
    assert "6" in again.output


def test_a_refused_file_ends_with_an_error_and_the_row(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("编码,名称,级别\nA,文化馆,总馆\nB,,分馆\n", encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["network", "import", str(path)])
    assert result.exit_code == 1
    assert "2" in result.output
    assert "3" in result.output
    assert count(session) == 0


def test_names_the_site_and_its_help_line(app: Flask, session: Session) -> None:
    runner = app.test_cli_runner()
    result = runner.invoke(
        args=["network", "site", "--name", "云岭文化云", "--phone", "0877-5550100"]
    )
    assert result.exit_code == 0, result.output
    runner.invoke(args=["network", "site", "--phone-hours", "每天 8:30—18:00"])
    site = session.scalars(select(Network)).one()
    assert (site.site_name, site.phone, site.phone_hours) == (
        "云岭文化云",
        "0877-5550100",
        "每天 8:30—18:00",
    )
