"""Structured logs: one JSON object a line, with the request's id and without personal data.

The path is logged without its query and with ticket tokens cut out; no address, no name, no phone.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from culture_cloud import clock

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_LONG_TOKEN = re.compile(r"[A-Za-z0-9_-]{30,}")
log = logging.getLogger("culture_cloud.requests")


class JsonLines(logging.Formatter):
    """A log record as one line of JSON; newlines inside are escaped, so none can be forged."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": clock.now().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            entry["request"] = g.get("request_id")
        entry |= {k: v for k, v in vars(record).items() if k not in _STANDARD}
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)


def set_up_logging(level: int = logging.INFO) -> None:
    """Send the project's logs to standard error as JSON lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger("culture_cloud")
    root.handlers[:] = [handler]
    root.setLevel(level)
    root.propagate = False


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id = secrets.token_hex(5)
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.get("request_id", "")
    log.info(
        "request",
        extra={
            "method": request.method,
            "path": without_tokens(request.path),
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
        },
    )
    return response


def without_tokens(path: str) -> str:
    """The path with what would open a ticket or a reset cut out."""
    return _LONG_TOKEN.sub("…", path)
