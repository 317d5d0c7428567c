"""Headers that every answer carries, and the limits of what a request may bring."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, g, request
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from culture_cloud.config import Config

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "media-src 'self' blob:; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""No inline script or style, no other host (ST-30); a voice note may be heard before it is sent."""

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(self)",
}

OPEN_TO_OTHER_SITES = ("/api/", "/activities.ics", "/activities.atom", "/iiif/", "/oai")
"""Open data that pages and calendars of others may read (R32)."""

STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"

csrf = CSRFProtect()

View = TypeVar("View", bound=Callable[..., Any])


def takes_large_files(view: View) -> View:
    """Mark a view that takes scans and recordings: up to Config.max_media_bytes a request."""
    view.__large_files__ = True  # type: ignore[attr-defined]
    return view


def init_app(app: Flask, config: Config) -> None:
    app.config.update(
        SECRET_KEY=config.secret_key,
        TRUSTED_HOSTS=list(config.trusted_hosts),
        MAX_CONTENT_LENGTH=config.max_upload_bytes,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=1000,
        SESSION_COOKIE_NAME=config.session_cookie,
        SESSION_COOKIE_SECURE=config.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SIGN_IN_COOKIE_NAME=config.sign_in_cookie,
        PERMANENT_SESSION_LIFETIME=30 * 24 * 3600,
        SESSION_REFRESH_EACH_REQUEST=False,
        # A form may lie open for days (ST-22); the session it belongs to is the limit.
        WTF_CSRF_TIME_LIMIT=None,
    )

    @app.before_request
    def allow_large_files() -> None:
        # before the CSRF check, which reads the form; not for whoever is not even signed in
        view = app.view_functions.get(request.endpoint or "")
        if getattr(view, "__large_files__", False) and current_user.is_authenticated:
            request.max_content_length = config.max_media_bytes

    csrf.init_app(app)
    app.after_request(_add_headers)
    if config.https:

        @app.after_request
        def add_hsts(response: Response) -> Response:
            response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT
            return response

    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith(OPEN_TO_OTHER_SITES) or request.path.endswith((".ics", ".atom")):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.vary.update(("Cookie", "Accept-Encoding"))
    if "Cache-Control" not in response.headers:
        personal = "csrf_token" in g or g.get("personal", False) or request.method != "GET"
        response.headers["Cache-Control"] = "private, no-store" if personal else "private, no-cache"
    return response
