"""flask draw verify, as an operator or a stranger types it."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.draws import jobs
from culture_cloud.draws.models import Application, DrawKind
from tests import factories
from tests.draws.making import apply, make_draw, wanted

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


def test_a_draw_of_the_site_is_verified_by_the_number_of_its_activity(
    app: Flask, session: Session
) -> None:
    activity = factories.make_activity(session, places=3)
    draw = make_draw(session, [activity])
    apply(session, *(wanted(draw, activity, party_size=1 + n % 2) for n in range(4)))
    verify = partial(app.test_cli_runner().invoke, args=["draw", "verify", str(activity.id)])
    assert "not drawn yet" in verify().output
    with clock.frozen(clock.ahead(days=1, minutes=1)):
        jobs.hold(draw_id=draw.id)
    result = verify()
    assert result.exit_code == 0, result.output
    assert "is right" in result.output
    (waits,) = session.scalars(select(Application).where(Application.state == "waiting").limit(1))
    waits.state = "given"
    session.commit()
    db.release_reads()
    result = verify()
    assert result.exit_code == 1
    assert f"{waits.number}: has places that were not drawn" in result.output


def test_a_season_is_verified_by_its_number(app: Flask, session: Session) -> None:
    courses = [factories.make_activity(session, places=1) for _course in range(2)]
    season = make_draw(session, courses, kind=DrawKind.WISHES)
    apply(session, *(wanted(season, *courses) for _person in range(3)))
    with clock.frozen(clock.ahead(days=1, minutes=1)):
        jobs.hold(draw_id=season.id)
    run = app.test_cli_runner().invoke
    result = run(args=["draw", "verify", "--season", str(season.id)])
    assert result.exit_code == 0, result.output
    result = run(args=["draw", "verify", "--season", "4711"])
    assert result.exit_code == 1
    assert "there is no draw of season 4711" in result.output
