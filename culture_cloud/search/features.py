"""What search brings into the app: page, worker's part, commands, /readyz."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from culture_cloud.config import Config
from culture_cloud.jobs.worker import Handlers

from . import commands, keeping, logbook, views


def init_app(app: Flask, config: Config, make_app: Callable[[Config], Flask]) -> None:
    """`make_app` makes the same app in another process (for `flask search rebuild`)."""
    app.extensions["search_engine"] = keeping.make_engine(config, app.extensions["database"])
    app.extensions["search_logbook"] = logbook.Logbook(on=config.search_log, at_once=config.testing)
    app.extensions["make_app"] = make_app
    app.extensions.setdefault("readiness", {})["search"] = keeping.readiness
    app.register_blueprint(views.bp)
    app.cli.add_command(commands.group)
    handlers: Handlers = app.extensions["handlers"]
    handlers.watch(keeping.catch_up)
    handlers.add(
        {
            "search.forget_old": logbook.forget_old,
            "search.rebuild": keeping.rebuild_asked,
            "search.reconcile": keeping.compare_nightly,
        }
    )
    handlers.every("search.forget_old", timedelta(days=1))
    handlers.every("search.reconcile", timedelta(days=1))
