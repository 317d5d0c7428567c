"""Run by Alembic: gives it the tables and one connection in one transaction."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from culture_cloud.db import Database
from culture_cloud.models import metadata

database: Database = context.config.attributes["database"]

with database.write_engine.connect() as connection:
    if database.is_sqlite:
        # SQLite changes a table by making it anew and dropping the old one, which would delete,
        # by cascade, all rows that point at it. Outside of a transaction only can that be stopped.
        connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
    else:
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
        if database.is_sqlite:
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise RuntimeError(f"rows that point at nothing: {broken[:10]}")
    if connection.in_transaction():
        connection.commit()
    if database.is_sqlite:
        connection.connection.cursor().execute("PRAGMA foreign_keys = ON")
