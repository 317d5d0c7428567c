"""Refusals and faults become pages: in words, with a next step, in the reader's mode and language.

What somebody typed is never lost: a form that met a fault is shown with a button that sends the
same values again, with the same idempotency key.
"""

from __future__ import annotations

import logging

from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError

from culture_cloud import db
from culture_cloud.errors import Refusal, TooManyAttempts, Unavailable

log = logging.getLogger(__name__)

NOT_SENT_AGAIN = {"csrf_token", "password", "new_password"}


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _form_too_old)
    for fault in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(fault, _database_down)
    app.register_error_handler(Exception, _bug)


def wants_json() -> bool:
    return request.path.startswith("/api/")


def error_page(template: str, status: int, **facts: object) -> Response:
    """Draw templates/errors/<template>.html (JSON under /api/) with the given status."""
    g.personal = True
    if wants_json():
        response = make_response({"error": template, "status": status}, status)
    else:
        response = make_response(
            render_template(f"errors/{template}.html", status=status, **facts), status
        )
    return response


def _refused(refusal: Refusal) -> Response:
    if isinstance(refusal, Unavailable):
        return _database_down(refusal)
    pages = {403: "not_permitted", 404: "not_found", 410: "gone", 429: "too_many"}
    response = error_page(pages.get(refusal.status, "refused"), refusal.status, refusal=refusal)
    if isinstance(refusal, TooManyAttempts):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _http(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):
        # asked for under a foreign name (TRUSTED_HOSTS): no address of ours can even be built
        return make_response("This site is not known under that name.\n", 400)
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    pages = {403: "not_permitted", 404: "not_found", 405: "not_found", 410: "gone"}
    pages |= {413: "too_large", 429: "too_many"}
    response = error_page(pages.get(status, "not_understood"), status)
    if status == 405:
        response.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ["GET"])
    return response


def _form_too_old(_error: CSRFError) -> Response:
    return error_page("send_again", 400, fields=_typed(), reason="old")


def _database_down(error: Exception) -> Response:
    log.error("database unavailable", extra={"fault": type(error).__name__})
    g.database_down = True
    try:
        db.release_reads()
    except (OperationalError, InterfaceError):
        db.close_reads()
    response = error_page("send_again", 503, fields=_typed(), reason="busy")
    response.headers["Retry-After"] = "10"
    return response


def _bug(error: Exception) -> Response:
    log.exception("unexpected error", exc_info=error)
    return error_page("fault", 500, reference=g.get("request_id", ""))


def _typed() -> list[tuple[str, str]]:
    """What the form carried, so that it can be sent again as it was."""
    if request.method != "POST":
        return []
    return [(k, v) for k, v in request.form.items(multi=True) if k not in NOT_SENT_AGAIN]
