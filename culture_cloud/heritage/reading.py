"""The reader behind a request."""

from __future__ import annotations

from flask import current_app, g, request
from flask_login import current_user

from culture_cloud import db
from culture_cloud.config import Config

from .visibility import Reader, groups_of, is_on_site


def reader() -> Reader:
    """Who is looking. Where halls have networks of their own, pages are drawn for each visitor:
    a kept one could show at home what only a hall may show."""
    if "heritage_reader" not in g:
        config: Config = current_app.config["CULTURE_CLOUD"]
        networks = config.on_site_networks
        if networks:
            g.personal = True
        signed_in = bool(current_user.is_authenticated)
        g.heritage_reader = Reader(
            signed_in=signed_in,
            on_site=is_on_site(request.remote_addr or "", networks),
            groups=groups_of(db.session(), current_user.account_id) if signed_in else frozenset(),
        )
    found: Reader = g.heritage_reader
    return found
