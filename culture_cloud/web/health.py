"""/healthz: the process answers. /readyz: database, worker and disk are well too."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from culture_cloud import db
from culture_cloud.jobs import queue
from culture_cloud.web.policies import public

bp = Blueprint("health", __name__)

LEAST_FREE_DISK = 0.05


@bp.get("/healthz")
@public
def healthz() -> Response:
    """The process is there; asks nothing else, so a sick database does not restart it."""
    return _no_store(jsonify(status="ok"))


@bp.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """What the site stands on, each "ok" or what is wrong; 503 where anything is."""
    checks = {"database": _database(), "worker": "unknown", "disk": _disk()}
    if checks["database"] == "ok":
        checks["worker"] = _worker()
    if checks["database"] == "ok":
        for name, check in readiness().items():
            checks[name] = check()
    well = all(state == "ok" for state in checks.values())
    return _no_store(
        jsonify(status="ok" if well else "failing", checks=checks)
    ), 200 if well else 503


def readiness() -> dict[str, Callable[[], str]]:
    """What else the site stands on: features above put their checks in, by name."""
    found: dict[str, Callable[[], str]] = current_app.extensions.setdefault("readiness", {})
    return found


def _database() -> str:
    try:
        db.session().execute(text("SELECT 1 FROM alembic_version"))
    except (DBAPIError, PoolTimeout) as error:
        return f"down: {type(error).__name__}"
    return "ok"


def _worker() -> str:
    return "ok" if queue.worker_alive(db.session()) else "no heartbeat: notices and imports wait"


def _disk() -> str:
    usage = shutil.disk_usage(Path(current_app.config["DATA_FOLDER"]))
    return "ok" if usage.free / usage.total > LEAST_FREE_DISK else "nearly full"


def _no_store(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
