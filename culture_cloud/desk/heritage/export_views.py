"""Taking heritage along: XLSX and CSV to work with, JSON-LD for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import Response, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.desk.downloads import download
from culture_cloud.heritage import queries
from culture_cloud.heritage.addresses import item_url
from culture_cloud.heritage.models import HeritageItem
from culture_cloud.heritage.structured import json_ld
from culture_cloud.heritage.tables import columns, rows
from culture_cloud.heritage.visibility import ANYBODY
from culture_cloud.network.models import Node
from culture_cloud.web.policies import staff

from . import own
from .blueprint import bp


def _items() -> Sequence[HeritageItem]:
    return (
        db.session()
        .scalars(
            queries.whole()
            .where(HeritageItem.node_id.in_(select(Node.id).where(own.scope().rows(Node.path))))
            .order_by(HeritageItem.id)
        )
        .all()
    )


@bp.get("/export")
@staff(Permission.HERITAGE_EDIT)
def export_list() -> str:
    """Which kind of file?"""
    ways = (
        (".export_xlsx", _("Workbook (XLSX)"), _("For Excel and WPS; can be imported again")),
        (".export_csv", _("Table (CSV)"), _("For other programs")),
        (".export_jsonld", _("Linked data (JSON-LD)"), _("Only what everybody may see")),
    )
    links = [
        {"title": title, "href": url_for(endpoint), "note": note, "picture": "download"}
        for endpoint, title, note in ways
    ]
    return render_template("desk/heritage/export.html", rows=links)


@bp.get("/export.xlsx")
@staff(Permission.HERITAGE_EDIT)
def export_xlsx() -> Response:
    """All items of the reader's halls as a workbook."""
    return download(columns(), rows(_items(), item_url), name="heritage", ending="xlsx")


@bp.get("/export.csv")
@staff(Permission.HERITAGE_EDIT)
def export_csv() -> Response:
    """The same as CSV, with a byte order mark for Excel."""
    return download(columns(), rows(_items(), item_url), name="heritage", ending="csv")


@bp.get("/export.jsonld")
@staff(Permission.HERITAGE_EDIT)
def export_jsonld() -> Response:
    """What is public, as one graph."""
    graph = [json_ld(item, ANYBODY) for item in _items() if ANYBODY.sees_item(item)]
    for node in graph:
        node.pop("@context")
    body = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    response = Response(body, mimetype="application/ld+json")
    response.headers["Content-Disposition"] = 'attachment; filename="heritage.jsonld"'
    return response
