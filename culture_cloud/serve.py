"""Serving the site: tables, demo, worker and a threaded production server, in one command."""

from __future__ import annotations

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from . import demo, migrations
from .config import PROJECT_ROOT, Config
from .db import Database
from .web.logs import set_up_logging

log = logging.getLogger(__name__)


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with our settings instead of a file of its own."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


class WorkerKeeper(threading.Thread):
    """Starts the worker process and starts it again should it die."""

    def __init__(self) -> None:
        super().__init__(daemon=True, name="worker-keeper")
        self.stopping = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        while not self.stopping.is_set():
            began = time.monotonic()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "app", "worker"],
                cwd=PROJECT_ROOT,
                start_new_session=True,
            )
            self.process.wait()
            if not self.stopping.is_set():
                log.warning("the worker ended and is started again")
                # one that dies at once is not restarted in a tight loop
                self.stopping.wait(max(1.0, 10.0 - (time.monotonic() - began)))

    def stop(self) -> None:
        self.stopping.set()
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()


def settle() -> None:
    """What is made once and stays (modules, templates, routes) is taken out of the garbage
    collector's rounds, and rounds come less often: they were a third of a search's CPU."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def serve(app: Flask) -> None:
    """Serve until SIGINT or SIGTERM; requests that have begun are answered first."""
    config: Config = app.config["CULTURE_CLOUD"]
    set_up_logging(logging.WARNING if sys.stderr.isatty() else logging.INFO)
    database: Database = app.extensions["database"]
    migrations.upgrade(database)
    with app.app_context():
        if demo.is_wanted():
            print("正在载入演示县的数据…… / loading the demo county …", flush=True)
            demo.load_county()
            demo.load_readings()
        greeting = demo.greeting(config)
    database.dispose()  # connections must not cross the fork
    keeper = WorkerKeeper()
    owner = os.getpid()

    def started(_server: Any) -> None:
        print(greeting, flush=True)

    def stopped(_server: Any) -> None:
        if os.getpid() == owner:
            keeper.stop()

    keeper.start()
    Server(
        app,
        {
            "bind": f"{config.host}:{config.port}",
            "workers": config.processes,
            "threads": config.threads,
            "worker_class": "gthread",
            "graceful_timeout": 8,
            "timeout": 60,
            "keepalive": 15,
            "max_requests": 0,
            "loglevel": "warning",
            "when_ready": started,
            "post_fork": lambda _server, _worker: settle(),
            "on_exit": stopped,
            "control_socket_disable": True,
        },
    ).run()
