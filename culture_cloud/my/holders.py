"""Everybody who answers for a person's data, in the order in which they are asked to forget."""

from __future__ import annotations

from flask import Flask

from culture_cloud.accounts import own_data as accounts
from culture_cloud.accounts import personal
from culture_cloud.accounts.personal import Holder, keep_nothing, tell_nothing
from culture_cloud.notifications import own_data as notices
from culture_cloud.web.fields import lazy as _l

WORK = Holder(
    "work",
    _l("Work at the desk"),
    (
        "activities",
        "activity_feeds",
        "import_batches",
        "arrival_reports",
        "head_counts",
        "role_grants",
    ),
    tell_nothing,
    keep_nothing,
)
"""What staff did belongs to their hall and stays; nothing in it names them once the account's row
names nobody. Whoever holds a role cannot be deleted."""


def init_app(app: Flask) -> None:
    for holder in (*notices.HOLDERS, *accounts.HOLDERS, WORK):
        personal.register(app, holder)
