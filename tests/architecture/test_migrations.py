"""The migrated tables are those of the models, and every step leads back."""

from __future__ import annotations

from alembic.script import ScriptDirectory

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
