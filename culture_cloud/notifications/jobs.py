"""Jobs: write a notice that a lower layer asks for, and send one."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from flask import current_app

from culture_cloud import db

from . import services
from .gateway import Gateways, NotSent
from .models import NoticeChannel
from .rendering import render

log = logging.getLogger(__name__)


def send(*, notice_id: int) -> None:
    """Send a notice once.

    That it is being sent is committed before the gateway is asked, and how it went after. A crash
    in between leaves it in SENDING: the next run does not send it again but shows it to staff
    (see services.begin). So the one remaining way to a second copy is a gateway that takes a
    message and still answers with an error or not at all; for this each message carries the same
    id on every try.
    """
    with db.transaction() as session:
        notice = services.begin(session, notice_id)
    if notice is None:
        return
    try:
        gateways: Gateways = current_app.extensions["gateways"]
        gateways[NoticeChannel(notice.channel)].send(render(notice))
    except NotSent as error:
        why, again = str(error), error.again
    except Exception as error:  # a wrong template or fact is a bug of ours: seen, not retried
        log.exception("notice cannot be made", extra={"notice": notice_id})
        why, again = f"cannot be made: {type(error).__name__}", False
    else:
        with db.transaction() as session:
            services.sent(session, notice_id)
        log.info("notice sent", extra={"notice": notice_id, "channel": notice.channel})
        return
    log.warning("notice not sent", extra={"notice": notice_id, "why": why})
    with db.transaction() as session:
        services.not_sent(session, notice_id, why, again=again)


def sweep() -> None:
    """Job: a notice whose own job is lost (given up after a broken database, deleted by hand) is
    taken up again. That it is asked for twice does no harm: see services.begin."""
    with db.transaction() as session:
        services.take_up_again(session)


def forget_old() -> None:
    """Job: who was told what is personal, and asked about no longer than a few months."""
    with db.transaction() as session:
        services.forget_old(session)


def write(*, send_until: str | None = None, **asked: Any) -> None:
    """Write a notice for a feature that stands below this one (accounts): see services.notify."""
    until = datetime.fromisoformat(send_until) if send_until else None
    with db.transaction() as session:
        services.notify(session, send_until=until, **asked)
