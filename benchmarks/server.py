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
        """CPU spent so far by the processes that answer requests (not the jobs' worker)."""
        total = 0.0
        for process in (self.process, *self.process.children()):
            if "worker" not in process.cmdline():
                times = process.cpu_times()
                total += times.user + times.system
        return total

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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _tail(log: Path) -> str:
    return log.read_text("utf-8", "replace")[-2000:]
