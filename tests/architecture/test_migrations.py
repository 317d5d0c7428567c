"""The migrated tables are those of the models, and every step leads back."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from sqlalchemy import text

from culture_cloud import migrations
from culture_cloud.db import Database


def test_models_match_the_migrated_tables(database_url: str) -> None:
    database = Database(database_url)
    assert migrations.differences(database) == []
    assert migrations.is_current(database)
    database.dispose()


def test_every_step_leads_back(tmp_path: object) -> None:
    database = Database(f"sqlite:///{tmp_path}/steps.db")
    migrations.upgrade(database)
    migrations.downgrade(database, "base")
    migrations.upgrade(database)
    assert migrations.differences(database) == []
    database.dispose()


def test_there_is_one_head() -> None:
    script = ScriptDirectory(str(migrations.FOLDER))
    assert len(script.get_heads()) == 1


def test_changing_a_table_loses_no_row_that_points_at_it(tmp_path: object) -> None:
    database = Database(f"sqlite:///{tmp_path}/rows.db")
    migrations.upgrade(database, "20261123a")
    with database.write_engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO accounts (id, name, phone, password_hash, active, created_at)"
                " VALUES (1, '李', '13800000000', '', 1, '2026-05-01')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO sign_ins (account_id, token_hash, device, created_at, seen_at,"
                " expires_at) VALUES (1, 'x', '', '2026-05-01', '2026-05-01', '2026-05-01')"
            )
        )
    migrations.upgrade(database)
    with database.write_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sign_ins")) == 1
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    database.dispose()
