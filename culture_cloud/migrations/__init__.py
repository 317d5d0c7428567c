"""The database's history, run by Alembic and configured in code (there is no ini file)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from culture_cloud.db import Database

FOLDER = Path(__file__).parent


def _config(database: Database) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.attributes["database"] = database
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the tables to a revision; does nothing where they are there already."""
    command.upgrade(_config(database), revision)


def downgrade(database: Database, revision: str) -> None:
    command.downgrade(_config(database), revision)


def make_revision(database: Database, message: str) -> None:
    """Write a revision from the difference between tables and models (developers)."""
    command.revision(_config(database), message, autogenerate=True)


def differences(database: Database) -> list[Any]:
    """What the models say and the migrated tables do not."""
    from alembic.autogenerate import compare_metadata

    from culture_cloud.models import metadata

    with database.write_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def is_current(database: Database) -> bool:
    """Whether the tables are those of this version of the program."""
    head = ScriptDirectory.from_config(_config(database)).get_current_head()
    with database.read_engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
