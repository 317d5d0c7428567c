"""flask draw verify, as an operator or a stranger types it."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def test_a_published_record_is_verified_without_the_database(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    for name in ("draw-example.json", "wishes-example.json"):
        result = run(args=["draw", "verify", str(EXAMPLES / name)])
        assert result.exit_code == 0, result.output
        assert "is right" in result.output


def test_a_record_that_was_changed_fails(app: Flask, tmp_path: Path) -> None:
    said = json.loads((EXAMPLES / "draw-example.json").read_text(encoding="utf-8"))
    said["draws"][0]["order"].reverse()
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["draw", "verify", str(path)])
    assert result.exit_code == 1
    assert "301: the order is not what the seed gives" in result.output


def test_another_commitment_than_the_one_that_was_kept_fails(app: Flask) -> None:
    path = str(EXAMPLES / "draw-example.json")
    result = app.test_cli_runner().invoke(args=["draw", "verify", path, "--commitment", "00" * 32])
    assert result.exit_code == 1


def test_what_is_no_record_is_said(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("not json", encoding="utf-8")
    for name in (str(path), str(tmp_path / "missing.json")):
        result = app.test_cli_runner().invoke(args=["draw", "verify", name])
        assert result.exit_code == 1
        assert "Error" in result.output
