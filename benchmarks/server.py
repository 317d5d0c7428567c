"""A production server of our own: started on a free port of this machine, ended by its pid."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from .counties import ROOT, County, environment_of


class Server:
    """The site (or the bare page) under gunicorn as `serve` runs it. Use it as a context."""

    def __init__(self, county: County, *, module: str = "app", **settings: str) -> None:
        self.port = _free_port()
        self.command = [sys.executable, "-m", module]
        self.environment = environment_of(county, PORT=str(self.port), HOST="127.0.0.1", **settings)
        self.log = county.folder / "server.log"
        self.database_pid = county.server_pid

    def __enter__(self) -> Server:
        with self.log.open("wb") as log:
            self.process = psutil.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_it_answers()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except psutil.TimeoutExpired:
            for process in (*self.process.children(recursive=True), self.process):
                process.kill()
            self.process.wait()

    def cpu_seconds(self) -> float:
        """CPU spent so far for answering: the server's processes and the database's own, without
        the worker that does jobs (its share of a database server's work is counted, though)."""
        answering = [self.process, *self.process.children()]
        total = sum(_cpu(process) for process in answering if "worker" not in process.cmdline())
        if self.database_pid is None:
            return total
        database = psutil.Process(self.database_pid)
        ended = database.cpu_times()
        total += ended.children_user + ended.children_system
        return total + sum(_cpu(process) for process in (database, *database.children()))

    def get(self, path: str) -> http.client.HTTPResponse:
        """One request outside the measurement."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        connection.close()
        return response

    def load(self, module: str, **plan: Any) -> dict[str, Any]:
        """Let another process make requests by a plan; what it found."""
        done = subprocess.run(
            [sys.executable, "-m", module],
            cwd=ROOT,
            input=json.dumps({"port": self.port, **plan}),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{module}: {done.stderr}")
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                self.get("/healthz")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"the server does not answer: {_tail(self.log)}")


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _tail(log: Path) -> str:
    return log.read_text("utf-8", "replace")[-2000:]
