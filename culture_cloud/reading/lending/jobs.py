"""The worker's part of lending: what is over ends by itself, and whoever is next is told."""

from __future__ import annotations

from culture_cloud import db
from culture_cloud.i18n import DEFAULT_LOCALE
from culture_cloud.notifications.services import notify
from culture_cloud.reading.lending.models import Hold, HoldState

from . import services


def end_loans() -> None:
    """Job: loans past their day, copies kept too long."""
    with db.transaction() as session:
        services.end_what_is_over(session)


def tell_ready(hold_id: int) -> None:
    """Job: tell a reader that a copy is kept for them."""
    with db.transaction() as session:
        hold = session.get(Hold, hold_id)
        if hold is None or hold.state != HoldState.READY or hold.ready_until is None:
            return
        account = hold.account
        notify(
            session,
            key=f"reading-ready-{hold.id}",
            template="reading/ready",
            facts={
                "name": account.name,
                "title": hold.publication.title,
                "until_at": hold.ready_until,
            },
            locale=account.locale or DEFAULT_LOCALE,
            phone=account.phone,
            email=account.email,
            account_id=account.id,
            node_id=hold.publication.node_id,
            send_until=hold.ready_until,
        )
