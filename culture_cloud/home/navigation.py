"""The main navigation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request, url_for
from flask_babel import gettext as _

if TYPE_CHECKING:
    from culture_cloud.access.actor import Actor, Visitor


@dataclass(frozen=True, slots=True)
class NavItem:
    href: str
    label: str
    current: bool


def items(reader: Actor | Visitor) -> list[NavItem]:
    """The places every page leads to; the desk only for staff."""
    links = [
        (url_for("activities.listing"), _("Activities")),
        (url_for("heritage.index"), _("Local heritage")),
        (url_for("reading.room"), _("Reading room")),
        (url_for("network.tree"), _("Halls near me")),
        (url_for("sign_ups.find"), _("My sign-ups")),
    ]
    if reader.is_staff:
        links.append((url_for("desk.index"), _("Staff desk")))
    return [NavItem(href, label, _is_current(href)) for href, label in links]


def _is_current(href: str) -> bool:
    return request.path == href or request.path.startswith(href + "/")
