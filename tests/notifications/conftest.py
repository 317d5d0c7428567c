"""A gateway that can be down, and a notice to send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from culture_cloud.notifications.gateway import RecordingGateway
from culture_cloud.notifications.models import NoticeChannel
from culture_cloud.notifications.services import notify

from .facts import SIGN_UP

Tell = Callable[..., None]


@pytest.fixture
def outbox(app: Flask) -> RecordingGateway:
    """All that was sent."""
    recording = RecordingGateway()
    app.extensions["gateways"] = dict.fromkeys(NoticeChannel, recording)
    return recording


@pytest.fixture
def tell(session: Session) -> Tell:
    """Write a notice and commit; unless said otherwise, one text message about a sign-up."""

    def write(**more: Any) -> None:
        asked = {
            "key": "sign-up:1:confirmed",
            "template": "sign_ups/confirmed",
            "facts": SIGN_UP,
            "locale": "en",
            "phone": "13800000000",
            **more,
        }
        notify(session, **asked)
        session.commit()

    return write
