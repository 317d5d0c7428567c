"""What every page says of the site: its name and whom people can call (ST-25, EL-21)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, g
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from culture_cloud import db

from .models import Network


@dataclass(frozen=True, slots=True)
class Site:
    """The site's name and help line; texts may be empty before a network was imported."""

    name: str
    county: str
    phone: str
    sms_phone: str
    phone_hours: str


UNNAMED = Site(name="文化云", county="", phone="", sms_phone="", phone_hours="")


def load_site(session: Session) -> Site:
    network = session.scalar(select(Network).order_by(Network.id).limit(1))
    if network is None:
        return UNNAMED
    return Site(
        name=network.site_name,
        county=network.name,
        phone=network.phone,
        sms_phone=network.sms_phone,
        phone_hours=network.phone_hours,
    )


def current_site() -> Site:
    """The site for this page; the last one known while the database is away, so that the page
    which says so can still name the phone."""
    if not g.get("database_down", False):
        try:
            current_app.extensions["site"] = load_site(db.session())
        except SQLAlchemyError:
            g.database_down = True
    known: Site = current_app.extensions.get("site", UNNAMED)
    return known
