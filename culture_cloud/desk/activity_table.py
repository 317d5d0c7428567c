"""The list of own activities as a table: one line each, with the next date or the last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from culture_cloud.activities.models import SignUpWay
from culture_cloud.i18n import named
from culture_cloud.tabular import Column

from . import wording
from .activity_list import Row


def columns() -> list[Column]:
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


def cells(rows: Iterable[Row]) -> Iterator[dict[str, object]]:
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
