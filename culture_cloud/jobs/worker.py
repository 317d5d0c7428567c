"""The worker: takes due jobs, runs their handlers, asks for periodic work, says that it lives."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from culture_cloud import clock, db
from culture_cloud.errors import Unavailable

from . import queue

log = logging.getLogger(__name__)

Handler = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that is asked for again whenever `every` has passed."""

    name: str
    every: timedelta


@dataclass(slots=True)
class Handlers:
    """Which function does which job; features register theirs in create_app."""

    by_name: dict[str, Handler] = field(default_factory=dict)
    periodic: list[Periodic] = field(default_factory=list)
    #: asked in every round for work that is not a job (changes for search); True: there was some
    watchers: list[Callable[[], bool]] = field(default_factory=list)

    def add(self, handlers: Mapping[str, Handler]) -> None:
        for name, handler in handlers.items():
            if name in self.by_name:
                raise ValueError(f"two handlers for the job {name}")
            self.by_name[name] = handler

    def every(self, name: str, interval: timedelta) -> None:
        self.periodic.append(Periodic(name, interval))

    def watch(self, watcher: Callable[[], bool]) -> None:
        self.watchers.append(watcher)


def run_watchers(handlers: Handlers) -> bool:
    """Let every watcher look once. Returns whether any had something to do."""
    found = [watcher() for watcher in handlers.watchers]
    return any(found)


def run_next(handlers: Handlers) -> bool:
    """Run one due job inside an app context. Returns whether there was one."""
    with db.transaction() as session:
        job = queue.claim(session)
        claimed = None if job is None else (job.id, job.name, dict(job.arguments))
    if claimed is None:
        return False
    job_id, name, arguments = claimed
    error = _run(handlers, name, arguments)
    with db.transaction() as session:
        if error is None:
            queue.finish(session, job_id)
        else:
            queue.fail(session, job_id, error)
    return True


def _run(handlers: Handlers, name: str, arguments: dict[str, Any]) -> str | None:
    handler = handlers.by_name.get(name)
    if handler is None:
        return f"no handler for the job {name}"
    try:
        handler(**arguments)
    except Exception as error:  # whatever a handler meets is kept with its job and retried
        log.exception("job failed", extra={"job": name})
        return f"{type(error).__name__}: {error}"
    return None


def drain(handlers: Handlers, limit: int = 10_000) -> int:
    """Run all jobs that are due now (tests, the demo, `flask jobs run`). Returns how many."""
    done = 0
    while done < limit and (run_next(handlers) or run_watchers(handlers)):
        done += 1
    return done


class Worker:
    """The loop of one worker process."""

    def __init__(self, app: Flask, handlers: Handlers, *, idle_seconds: float = 1.0) -> None:
        self.app = app
        self.handlers = handlers
        self.idle_seconds = idle_seconds
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.stopping = threading.Event()
        self.next_beat = clock.now()
        self.next_asked: dict[str, datetime] = {p.name: clock.now() for p in handlers.periodic}

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; a job that has begun is finished first."""
        signal.signal(signal.SIGTERM, lambda *_: self.stopping.set())
        signal.signal(signal.SIGINT, lambda *_: self.stopping.set())
        log.info("worker started")
        while not self.stopping.is_set():
            try:
                with self.app.app_context():
                    self._housekeeping()
                    busy = run_next(self.handlers)
                    busy = self._watch() or busy
            except Unavailable:
                log.warning("database unavailable; the worker waits")
                busy = False
            if not busy:
                self.stopping.wait(self.idle_seconds)
        log.info("worker stopped")

    def _watch(self) -> bool:
        """What a watcher meets must not end the worker: it looks again in the next round."""
        try:
            return run_watchers(self.handlers)
        except Unavailable:
            raise
        except Exception:
            log.exception("a watcher failed")
            return False

    def _housekeeping(self) -> None:
        now = clock.now()
        if now >= self.next_beat:
            self.next_beat = now + timedelta(seconds=queue.HEARTBEAT_SECONDS)
            with db.transaction() as session:
                queue.beat(session, self.name)
        for periodic in self.handlers.periodic:
            if now >= self.next_asked[periodic.name]:
                self.next_asked[periodic.name] = now + periodic.every
                with db.transaction() as session:
                    queue.enqueue(session, periodic.name, key=periodic.name)
