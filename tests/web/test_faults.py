"""Faults become pages: in words, with a next step, and nothing that was typed is lost."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from culture_cloud import db
from culture_cloud.jobs import queue
from culture_cloud.search import keeping
from culture_cloud.web.logs import JsonLines, without_tokens
from tests import factories
from tests.client import Browser


def test_health_asks_nothing_of_the_database(app: Flask, client: Browser) -> None:
    app.extensions["database"].read_engine.dispose()
    assert client.flask.get("/healthz").get_json() == {"status": "ok"}


def test_ready_says_what_is_missing(client: Browser, app: Flask) -> None:
    response = client.flask.get("/readyz")
    assert response.status_code == 503
    assert response.get_json()["checks"]["database"] == "ok"
    assert "notices" in response.get_json()["checks"]["worker"]
    assert "without the index" in response.get_json()["checks"]["search"]
    with app.app_context():
        keeping.rebuild()
        with db.transaction() as session:
            queue.beat(session, "one")
    response = client.flask.get("/readyz")
    assert (response.status_code, response.get_json()["status"]) == (200, "ok")


@pytest.fixture
def broken(app: Flask, client: Browser, session: Session) -> Browser:
    """A site whose tables went away after it had been in use."""
    factories.make_network(session)
    factories.make_activity(session)
    session.commit()
    client.get("/")
    for table in ("agenda", "networks", "data_versions"):
        session.execute(text(f"ALTER TABLE {table} RENAME TO lost_{table}"))
    session.commit()
    return client


@pytest.mark.one_database
@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_a_database_that_fails_is_a_page_that_says_try_again(broken: Browser, mode: str) -> None:
    broken.set_cookie("mode", mode)
    page = broken.get("/activities", status=503)
    assert page.response.headers["Retry-After"]
    assert "再试" in page.main
    assert "0877-5550100" in page.main


@pytest.mark.one_database
def test_what_was_typed_is_sent_again_as_it_was(broken: Browser) -> None:
    page = broken.post("/sign-in", {"name": "19900001234", "password": "secret words"}, status=None)
    assert page.status in {400, 503}
    kept = page.form().values
    assert kept["name"] == "19900001234"
    assert "secret words" not in page.text


def test_a_form_that_lay_open_too_long_keeps_its_answers(client: Browser) -> None:
    page = client.post("/sign-in", {"name": "李大妈", "password": "x"}, status=400)
    assert page.form().values["name"] == "李大妈"
    again = client.submit(page, status=None)
    assert again.status < 500


def test_an_unknown_page_shows_the_way(any_mode: Browser) -> None:
    page = any_mode.get("/nowhere/at/all", status=404)
    assert "/activities" in page.links.values()


def test_the_api_answers_faults_in_its_own_shape(client: Browser) -> None:
    response = client.flask.get("/api/v1/activities/999")
    assert (response.status_code, response.get_json()["status"]) == (404, 404)


# --- logs ----------------------------------------------------------------------------------------


def test_log_lines_cannot_be_forged() -> None:
    record = logging.makeLogRecord({"msg": 'one\n{"level": "forged"}', "name": "x"})
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"].startswith("one\n")


def test_tokens_are_cut_out_of_paths() -> None:
    assert without_tokens("/sign-ups/" + "aB3_" * 11) == "/sign-ups/…"


def test_nobody_is_named_in_the_logs(
    client: Browser, caplog: pytest.LogCaptureFixture, session: Session
) -> None:
    caplog.set_level(logging.INFO, logger="culture_cloud")
    logging.getLogger("culture_cloud").propagate = True
    activity = factories.make_activity(session)
    session.commit()
    page = client.get(f"/activities/{activity.id}/sign-up")
    filled = page.form().values
    answers = {k: v for k, v in {"name": "金丝雀", "phone": "19912345678"}.items() if k in filled}
    client.post(page.form().action, {**filled, **answers}, status=None)
    client.get("/my/sign-ups?phone=19912345678", status=None)
    text_of_logs = "".join(JsonLines().format(record) for record in caplog.records)
    assert "19912345678" not in text_of_logs
    assert "金丝雀" not in text_of_logs


def test_secrets_stay_in_a_file_of_their_own(tmp_path: Path) -> None:
    from culture_cloud.config import Config, ConfigError

    first = Config.from_env({"CULTURE_CLOUD_DATA": str(tmp_path)})
    second = Config.from_env({"CULTURE_CLOUD_DATA": str(tmp_path)})
    assert first.secret_key == second.secret_key
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        Config.from_env({"CULTURE_CLOUD_DATA": str(tmp_path), "CULTURE_CLOUD_PRODUCTION": "1"})
    with pytest.raises(ConfigError, match="PORT"):
        Config.from_env({"CULTURE_CLOUD_DATA": str(tmp_path), "PORT": "eighty"})
