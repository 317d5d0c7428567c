"""The list of own activities as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from culture_cloud.activities.models import SignUpWay
from culture_cloud.i18n import named
from culture_cloud.tabular import Column, export_xlsx
from culture_cloud.web import words

from . import wording
from .activity_list import Row


def workbook(rows: Iterable[Row]) -> bytes:
    """One line for each activity, with its next date or, where all are over, its last."""
    return export_xlsx(_columns(), _cells(rows), zone=words.site_zone())


def _columns() -> list[Column]:
    return [
        Column(_("Name of the activity"), "title", width=36),
        Column(_("Kind"), "kind"),
        Column(_("Held by"), "hall", width=28),
        Column(_("State"), "state"),
        Column(_("Next or last date"), "starts_at", "datetime", 18),
        Column(_("Place"), "place", width=28),
        Column(_("Places"), "capacity", "integer", 10),
        Column(_("Places taken"), "taken", "integer", 10),
        Column(_("Price"), "fee"),
        Column(_("Published on"), "published_at", "datetime", 18),
        Column(_("Activity number"), "id", "integer", 10),
    ]


def _cells(rows: Iterable[Row]) -> Iterator[dict[str, object]]:
    for row in rows:
        activity = row.activity
        yield {
            "title": activity.title,
            "kind": named(activity.kind),
            "hall": activity.node.plate_name,
            "state": wording.state_words(activity.state),
            "starts_at": row.session.starts_at if row.session else None,
            "place": activity.place_name or activity.address,
            "capacity": row.capacity,
            "taken": row.taken if activity.sign_up == SignUpWay.HERE else None,
            "fee": _("Free") if activity.is_free else activity.fee,
            "published_at": activity.published_at,
            "id": activity.id,
        }
