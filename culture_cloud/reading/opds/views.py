"""The addresses of the open catalogue."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import clock, db
from culture_cloud.accounts.models import Account
from culture_cloud.accounts.signing_in import prove
from culture_cloud.errors import NotFound
from culture_cloud.media import serving
from culture_cloud.reading.lending.models import Loan
from culture_cloud.reading.models import Publication, State
from culture_cloud.reading.publications import filters, queries
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import atom, catalogue, json_feed

bp = Blueprint("opds", __name__, url_prefix="/opds")
MOST_HITS = 50


def _xml(body: bytes, kind: str) -> Response:
    return Response(body, content_type=f"{kind};charset=utf-8")


def _json(told: dict[str, Any], kind: str = json_feed.FEED, status: int = 200) -> Response:
    return Response(json.dumps(told, ensure_ascii=False), status, content_type=kind)


def _here() -> str:
    return request.full_path.rstrip("?")


# --- OPDS 1.2 ------------------------------------------------------------------------------------


@bp.get("")
@public
@cacheable
def root() -> Response:
    """The beginning of the catalogue."""
    title = catalogue.site_title()
    lines = catalogue.front_lines("opds.atom")
    return _xml(atom.navigation(title, _here(), lines, title), atom.NAVIGATION)


@bp.get("/titles", endpoint="atom_titles")
@public
@cacheable
def titles() -> Response:
    """All titles, narrowed by facets."""
    listed = catalogue.listing(filters.parse(request.args))
    body = atom.acquisition(listed, _here(), "opds.atom_titles", catalogue.site_title())
    return _xml(body, atom.ACQUISITION_FEED)


@bp.get("/titles/<int:publication_id>")
@public
@cacheable
def entry(publication_id: int) -> Response:
    """One title."""
    found = queries.publication(db.session(), publication_id)
    return _xml(atom.single(found), atom.ENTRY)


@bp.get("/search.xml")
@public
@cacheable
def search_description() -> Response:
    """How to search (OpenSearch)."""
    body = atom.search_description(catalogue.site_title())
    return _xml(body, "application/opensearchdescription+xml")


@bp.get("/search")
@public
@cacheable
def search() -> Response:
    """Titles and people that contain the words."""
    listed = _found(request.args.get("q", ""))
    body = atom.acquisition(listed, _here(), "opds.search", catalogue.site_title())
    return _xml(body, atom.ACQUISITION_FEED)


def _found(words: str) -> catalogue.Listing:
    asked = " ".join(words.split())[:100]
    bare = asked.replace("%", "").replace("_", "")
    rows: list[Publication] = []
    if bare:
        like = f"%{bare}%"
        rows = list(
            db.session().scalars(
                select(Publication)
                .options(joinedload(Publication.licence))
                .where(
                    Publication.state == State.PUBLISHED,
                    or_(
                        Publication.title.like(like),
                        Publication.summary.like(like),
                        Publication.publisher.like(like),
                        Publication.id.in_(_of_people(bare)),
                        Publication.isbn == bare.replace("-", ""),
                    ),
                )
                .order_by(Publication.sort_key, Publication.id)
                .limit(MOST_HITS)
            )
        )
    title = _("“%(words)s” in the reading room", words=asked)
    return catalogue.Listing(title, rows, len(rows), [], {"q": asked})


def _of_people(words: str) -> list[int]:
    """Titles by people of that name; names stand in lists, so they are looked through here."""
    rows = db.session().execute(
        select(Publication.id, Publication.authors).where(Publication.state == State.PUBLISHED)
    )
    return [id_ for id_, names in rows if any(words in name for name in names or [])][:MOST_HITS]


# --- OPDS 2.0 ------------------------------------------------------------------------------------


@bp.get("/v2")
@public
@cacheable
def json_root() -> Response:
    """The beginning of the catalogue, in JSON."""
    lines = catalogue.front_lines("opds.json")
    return _json(json_feed.navigation(catalogue.site_title(), _here(), lines))


@bp.get("/v2/titles")
@public
@cacheable
def json_titles() -> Response:
    """All titles, narrowed by facets, in JSON."""
    listed = catalogue.listing(filters.parse(request.args))
    return _json(json_feed.acquisition(listed, _here(), "opds.json_titles"))


@bp.get("/v2/titles/<int:publication_id>")
@public
@cacheable
def json_entry(publication_id: int) -> Response:
    """One title, in JSON."""
    found = queries.publication(db.session(), publication_id)
    return _json(json_feed.publication(found), json_feed.PUBLICATION)


@bp.get("/v2/search")
@public
@cacheable
def json_search() -> Response:
    """Titles and people that contain the words, in JSON."""
    listed = _found(request.args.get("query", "") or request.args.get("q", ""))
    return _json(json_feed.acquisition(listed, _here(), "opds.json_search"))


# --- loans of one reader -------------------------------------------------------------------------


@bp.get("/auth.json")
@public
@cacheable
def authentication() -> Response:
    """The authentication document."""
    told = json_feed.authentication(catalogue.site_title())
    return _json(told, "application/opds-authentication+json")


@bp.get("/loans.atom")
@public
def shelf() -> BaseResponse:
    """What the reader has borrowed; reading apps sign in with every request (RFC 7617)."""
    account = _account()
    if account is None:
        return _sign_in()
    rows = db.session().scalars(
        select(Publication)
        .join(Loan, Loan.publication_id == Publication.id)
        .options(joinedload(Publication.licence))
        .where(Loan.account_id == account.id, Loan.ended_at.is_(None), Loan.due_at > clock.now())
        .order_by(Loan.due_at)
    )
    found = list(rows)
    listed = catalogue.Listing(_("Borrowed"), found, len(found), [])
    body = atom.acquisition(listed, _here(), "opds.shelf", catalogue.site_title())
    for publication in found:
        page = catalogue.absolute(url_for("reading.page", publication_id=publication.id))
        file = catalogue.absolute(url_for("opds.loan_file", publication_id=publication.id))
        if publication.downloadable:
            old = f'rel="{catalogue.BORROW}" href="{page}" type="text/html"'
            new = f'rel="{catalogue.ACQUISITION}" href="{file}" type="{publication.original_type}"'
            body = body.replace(old.encode(), new.encode())
    return _xml(body, atom.ACQUISITION_FEED)


@bp.get("/loans/<int:publication_id>/file")
@public
def loan_file(publication_id: int) -> BaseResponse:
    """The file of a running loan."""
    account = _account()
    if account is None:
        return _sign_in()
    publication = queries.publication(db.session(), publication_id)
    running = db.session().scalar(
        select(Loan.id).where(
            Loan.publication_id == publication_id,
            Loan.account_id == account.id,
            Loan.ended_at.is_(None),
            Loan.due_at > clock.now(),
        )
    )
    if running is None or not publication.downloadable or not publication.original:
        raise NotFound
    return serving.send_original(
        publication.original,
        publication.original_type,
        name=publication.title,
        download=True,
        public=False,
    )


def _account() -> Account | None:
    """The account whose login and password the request carries. Raises TooManyAttempts."""
    g.personal = True
    given = request.authorization
    if given is None or given.type != "basic":
        return None
    return prove(given.username or "", given.password or "")


def _sign_in() -> Response:
    told = json_feed.authentication(catalogue.site_title())
    response = _json(told, "application/opds-authentication+json", 401)
    response.headers["WWW-Authenticate"] = 'Basic realm="OPDS", charset="UTF-8"'
    response.headers["Cache-Control"] = "no-store"
    return response
