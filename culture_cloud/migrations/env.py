"""Run by Alembic: gives it the tables and one connection in one transaction."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from culture_cloud.db import Database
from culture_cloud.models import metadata

database: Database = context.config.attributes["database"]

with database.write_engine.connect() as connection:
    if not database.is_sqlite:
        # never wait long behind readers, never be cut off while building an index
        connection.execute(text("SET lock_timeout = '3s'"))
        connection.execute(text("SET statement_timeout = 0"))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=database.is_sqlite,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.in_transaction():
        connection.commit()
