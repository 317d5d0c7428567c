"""Anonymous pages are drawn once per data version, mode, language and display settings.

A page may be kept when its view is `@cacheable`, the visitor is not signed in and nothing on it is
personal (no CSRF token, no session). Before a kept page is served the data versions are read from
the database: one small statement that sees every committed write of every process, so a page is
never staler than a write that has not yet committed. Pages also end with the minute, because all
times on them (today, sign-up closes) change on whole minutes.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Response, current_app, g, request, session
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_cookie

from culture_cloud import clock, i18n
from culture_cloud.config import Config
from culture_cloud.db import Database

from . import display, modes

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

View = TypeVar("View", bound=Callable[..., Any])
Key = tuple[str, ...]
Version = tuple[Any, ...]

MAX_PAGES = 4000
MAX_QUERY = 500


def _known_locale(value: str | None) -> str:
    return value if value is not None and value in i18n.LOCALES else i18n.DEFAULT_LOCALE


DISPLAY_COOKIES: Mapping[str, Callable[[str | None], str]] = {
    modes.COOKIE: modes.known_mode,
    i18n.COOKIE: _known_locale,
    display.COOKIE: display.normal,
}
"""The cookies that change how an anonymous page looks; no other cookie does. Each with what reads
it, so that invented values mean the same page and cannot fill the memory."""
PLAIN = tuple(known(None) for known in DISPLAY_COOKIES.values())

COMPRESSIBLE = ("text/", "application/json", "application/ld+json", "application/atom+xml")
LEAST_COMPRESSED = 500


def cacheable(view: View) -> View:
    """Mark a view whose page is the same for everybody who is not signed in."""
    view.__cacheable__ = True  # type: ignore[attr-defined]
    return view


@dataclass(frozen=True, slots=True)
class Page:
    """A drawn page, ready to send."""

    version: Version
    headers: list[tuple[str, str]]
    body: bytes
    gzipped: bytes | None
    etag: str


class PageCache:
    """WSGI middleware that answers from memory where it may."""

    def __init__(self, app: Flask, database: Database, sign_in_cookie: str) -> None:
        self.inner: WSGIApplication = app.wsgi_app
        self.database = database
        self.sign_in_cookie = sign_in_cookie
        self.pages: OrderedDict[Key, Page] = OrderedDict()
        self.lock = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        key = self._key(environ)
        if key is None:
            return self.inner(environ, start_response)
        try:
            version: Version = (*self.database.versions(), int(clock.now().timestamp() // 60))
        except SQLAlchemyError:
            return self.inner(environ, start_response)  # the app has the page for this
        page = self.pages.get(key)
        if page is not None and page.version == version:
            return _answer(page, environ, start_response)
        environ["culture_cloud.page"] = (self, key, version)
        return self.inner(environ, start_response)

    def _key(self, environ: WSGIEnvironment) -> Key | None:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return None
        query = environ.get("QUERY_STRING", "")
        if len(query) > MAX_QUERY:
            return None
        cookies = environ.get("HTTP_COOKIE", "")
        if self.sign_in_cookie in cookies:
            return None
        return (
            environ.get("HTTP_HOST", ""),
            environ["wsgi.url_scheme"],
            environ.get("PATH_INFO", ""),
            query,
            *(_display_choices(cookies) if cookies else PLAIN),
        )

    def keep(self, key: Key, page: Page) -> None:
        with self.lock:
            self.pages[key] = page
            self.pages.move_to_end(key)
            while len(self.pages) > MAX_PAGES:
                self.pages.popitem(last=False)


def _display_choices(cookies: str) -> tuple[str, ...]:
    # read as the views read them: of a cookie that is sent twice both must take the same one
    jar = parse_cookie(cookies)
    return tuple(known(jar.get(name)) for name, known in DISPLAY_COOKIES.items())


def _answer(page: Page, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    headers = [*page.headers, ("ETag", page.etag)]
    if page.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        start_response("304 Not Modified", headers)
        return []
    body = page.body
    if page.gzipped is not None and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
        body = page.gzipped
        headers.append(("Content-Encoding", "gzip"))
    headers.append(("Content-Length", str(len(body))))
    start_response("200 OK", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def init_app(app: Flask, database: Database, config: Config) -> None:
    # after_request functions run last registered first: this one must see the finished headers
    app.after_request(_keep_or_compress)
    if config.page_cache:
        app.wsgi_app = PageCache(app, database, config.sign_in_cookie)  # type: ignore[method-assign]


def _keep_or_compress(response: Response) -> Response:
    if response.direct_passthrough or "Content-Encoding" in response.headers:
        return response
    asked = request.environ.get("culture_cloud.page")
    if asked is not None and _may_be_kept(response):
        cache, key, version = asked
        return _kept(response, cache, key, version)
    _compress(response)
    return response


def _may_be_kept(response: Response) -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return (
        getattr(view, "__cacheable__", False)
        and response.status_code == 200
        and not _is_personal()
        and "Set-Cookie" not in response.headers
    )


def _is_personal() -> bool:
    return "csrf_token" in g or bool(g.get("personal", False)) or session.modified


def _kept(response: Response, cache: PageCache, key: Key, version: Version) -> Response:
    body = response.get_data()
    page = Page(
        version=version,
        headers=[
            (name, value)
            for name, value in response.headers
            if name not in {"Content-Length", "X-Request-ID", "ETag"}
        ],
        body=body,
        gzipped=gzip.compress(body, 6, mtime=0) if _compressible(response, body) else None,
        etag=f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"',
    )
    cache.keep(key, page)
    response.headers["ETag"] = page.etag
    if page.etag in request.headers.get("If-None-Match", ""):
        response.status_code = 304
        response.set_data(b"")
    elif page.gzipped is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.set_data(page.gzipped)
        response.headers["Content-Encoding"] = "gzip"
    return response


def _compress(response: Response) -> None:
    """Compress what goes out, but never a page with a token on it (BREACH)."""
    if "gzip" not in request.headers.get("Accept-Encoding", "") or _is_personal():
        return
    if response.status_code in {204, 206, 304}:
        return
    body = response.get_data()
    if _compressible(response, body):
        response.set_data(gzip.compress(body, 5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"


def _compressible(response: Response, body: bytes) -> bool:
    return len(body) >= LEAST_COMPRESSED and response.content_type.startswith(COMPRESSIBLE)
