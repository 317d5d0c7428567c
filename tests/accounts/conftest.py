"""Somebody with an account, and what was sent to them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from culture_cloud.accounts.models import Account
from culture_cloud.notifications.gateway import RecordingGateway
from culture_cloud.notifications.models import NoticeChannel
from tests import factories
from tests.client import Browser


@pytest.fixture
def client(app: Flask) -> Browser:
    """The browser of somebody who reads English."""
    browser = Browser(app)
    browser.set_cookie("lang", "en")
    return browser


@pytest.fixture
def account(session: Session) -> Account:
    """李梅, who signs in by phone or e-mail."""
    factories.make_network(session)
    made = factories.make_account(
        session, name="李梅", phone="13800000000", email="limei@example.org"
    )
    session.commit()
    return made


@pytest.fixture
def outbox(app: Flask) -> RecordingGateway:
    """All that was sent."""
    recording = RecordingGateway()
    app.extensions["gateways"] = dict.fromkeys(NoticeChannel, recording)
    return recording
