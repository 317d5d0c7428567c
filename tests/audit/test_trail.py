"""The trail of who changed what: written with the change, sealed after it, proof against hands."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from culture_cloud import audit, clock, db
from culture_cloud.audit import chain, heads
from culture_cloud.audit.models import AuditEntry, AuditSeal

Tamper = Callable[..., None]


def write_entries(count: int) -> None:
    with db.transaction() as session:
        for number in range(1, count + 1):
            audit.record(
                session,
                actor=7,
                action="moved",
                subject_kind="session",
                subject_id=number,
                node_id=1,
                changes={"starts_at": [datetime(2026, 5, 1, 1, tzinfo=UTC), None]},
                reason="下雨",
            )


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    def do(*words: str) -> Result:
        db.release_reads()
        return app.test_cli_runner().invoke(args=["audit", *words])

    return do


@pytest.fixture
def tamper(app_context: Flask) -> Tamper:
    """What somebody can do who has the database in hand and takes the triggers off first."""

    def do(*statements: str) -> None:
        database = db.database()
        with database.write_engine.begin() as connection:
            if database.is_sqlite:
                names = connection.execute(
                    text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                ).scalars()
                for name in list(names):
                    connection.execute(text(f"DROP TRIGGER {name}"))
                connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            else:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            for statement in statements:
                connection.execute(text(statement))

    return do


def test_an_entry_comes_and_goes_with_the_change_it_tells_of(app_context: Flask) -> None:
    with pytest.raises(ZeroDivisionError), db.transaction() as session:
        audit.record(session, actor=1, action="moved", subject_kind="session", subject_id=1)
        raise ZeroDivisionError
    assert db.session().scalar(select(func.count(AuditEntry.id))) == 0


def test_people_are_masked_in_an_entry(session: Session) -> None:
    audit.record(
        session,
        actor=None,
        action="changed",
        subject_kind="sign_up",
        subject_id=1,
        changes={
            "name": ["王小梅", "王晓梅"],
            "phone": ["19900000001", ""],
            "companions": [[], ["李四"]],
            "party_size": [1, 2],
        },
    )
    session.flush()
    written = session.scalars(select(AuditEntry)).one()
    assert json.loads(written.changes) == {
        "name": ["王**", "王**"],
        "phone": ["199****0001", None],
        "companions": [None, "***"],
        "party_size": [1, 2],
    }


def test_only_what_differs_is_a_change() -> None:
    before = {"title": "花灯", "capacity": 20}
    assert audit.changed(before, {"title": "花灯", "capacity": 25}) == {"capacity": [20, 25]}


@pytest.mark.parametrize("table", ["audit_entries", "audit_seals"])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_the_database_refuses_to_change_or_delete(
    app_context: Flask, run: Callable[..., Result], table: str, verb: str
) -> None:
    write_entries(1)
    run("seal")
    column = "reason" if table == "audit_entries" else "digest"
    statement = f"UPDATE {table} SET {column} = ''" if verb == "UPDATE" else f"DELETE FROM {table}"
    with (
        pytest.raises(DBAPIError, match="append-only"),
        db.database().write_engine.begin() as connection,
    ):
        connection.execute(text(statement))


def test_postgresql_refuses_truncate_too(app_context: Flask) -> None:
    if db.database().is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    with (
        pytest.raises(DBAPIError, match="append-only"),
        db.database().write_engine.begin() as connection,
    ):
        connection.execute(text("TRUNCATE audit_seals"))


def test_a_trail_that_nobody_touched_is_whole(
    app_context: Flask, run: Callable[..., Result]
) -> None:
    write_entries(3)
    assert "0 sealed, 3 waiting" in run("verify").output
    run("seal")
    write_entries(2)
    run("seal")
    result = run("verify")
    assert result.exit_code == 0, result.output
    assert "5 sealed, 0 waiting" in result.output


def test_sealing_takes_more_than_one_batch(
    app_context: Flask, run: Callable[..., Result], monkeypatch: Any
) -> None:
    monkeypatch.setattr(chain, "BATCH", 2)
    write_entries(5)
    run("seal")
    assert chain.head(db.session()).number == 5


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE audit_entries SET reason = '' WHERE id = 2"],
        ["UPDATE audit_entries SET actor_id = 8 WHERE id = 2"],
        ["UPDATE audit_entries SET changes = '{}' WHERE id = 2"],
        ["UPDATE audit_entries SET node_id = NULL WHERE id = 3"],
        ["UPDATE audit_seals SET digest = 'f' WHERE number = 2"],
        ["DELETE FROM audit_seals WHERE number = 2", "DELETE FROM audit_entries WHERE id = 2"],
        ["DELETE FROM audit_seals WHERE number = 3", "DELETE FROM audit_entries WHERE id = 3"],
        ["DELETE FROM audit_seals", "DELETE FROM audit_entries"],
    ],
)
def test_any_tampering_is_found(
    run: Callable[..., Result], tamper: Tamper, statements: list[str]
) -> None:
    write_entries(3)
    run("seal")
    tamper(*statements)
    result = run("verify")
    assert result.exit_code == 1
    assert "tampered" in result.output


def test_a_chain_that_was_reckoned_anew_does_not_hold_the_head_kept_outside(
    app: Flask, run: Callable[..., Result], tamper: Tamper, config: Any
) -> None:
    write_entries(2)
    run("seal")
    noted = run("head").output.strip()
    tamper("UPDATE audit_entries SET reason = 'x'", "DELETE FROM audit_seals")
    (config.data_folder / heads.NAME).unlink()
    run("seal")
    assert run("verify").exit_code == 0  # without the head it looks whole …
    assert run("verify", "--head", noted).exit_code == 1  # … which is what the head is for
    assert run("verify", "--head", "12:short").exit_code == 1


def test_a_restored_backup_is_noticed_and_can_be_accepted(
    run: Callable[..., Result], tamper: Tamper
) -> None:
    write_entries(3)
    run("seal")
    tamper("DELETE FROM audit_seals WHERE number = 3", "DELETE FROM audit_entries WHERE id = 3")
    assert run("verify").exit_code == 1
    run("seal")
    write_entries(2)
    run("seal")
    assert run("verify").exit_code == 1, "sealing on must not hide it"
    assert run("accept-restore", "--reason", "disk broke").exit_code == 0
    assert run("verify").exit_code == 0
    last = db.session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None and (last.action, last.reason) == ("set_back", "disk broke")


def test_a_head_that_cannot_be_read_is_a_fault(
    app: Flask, app_context: Flask, run: Callable[..., Result], config: Any
) -> None:
    write_entries(1)
    run("seal")
    Path(config.data_folder / heads.NAME).write_text("?", encoding="ascii")
    assert run("verify").exit_code == 1


def test_what_commits_late_is_sealed_once_a_day(app_context: Flask, monkeypatch: Any) -> None:
    monkeypatch.setattr(chain, "LATE", 1)
    with db.transaction() as session:
        for number in (1, 2, 3, 4):
            session.add(_entry(number * 10))
        session.flush()
        chain.seal(session)
        session.add(_entry(15))
        session.flush()
        assert chain.seal(session) == 0
        assert chain.seal(session, everything=True) == 1
        assert list(chain.faults(session)) == []
        assert session.scalar(select(func.count(AuditSeal.number))) == 5


def _entry(number: int) -> AuditEntry:
    return AuditEntry(
        id=number,
        at=clock.now(),
        action="moved",
        subject_kind="session",
        subject_id=number,
        changes="{}",
        reason="",
    )
