"""Anonymous pages come from memory, and never a committed write late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask, template_rendered
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.activities import services
from tests import factories
from tests.client import Browser


class Drawn:
    """Counts how often a template was drawn."""

    def __init__(self, app: Flask) -> None:
        self.count = 0
        template_rendered.connect(self._add, app)

    def _add(self, *_: object, **__: object) -> None:
        self.count += 1


def test_a_page_is_drawn_once_while_nothing_changes(app: Flask, client: Browser) -> None:
    drawn = Drawn(app)
    with clock.frozen(datetime(2026, 5, 1, 1, 30, tzinfo=UTC)):
        first = client.get("/activities")
        second = client.get("/activities")
    assert drawn.count == 1
    assert first.text == second.text


def test_a_committed_write_is_seen_at_once(app: Flask, client: Browser, session: Session) -> None:
    activity = factories.make_activity(session, title="旧名字")
    session.commit()
    assert "旧名字" in client.get("/activities").text
    with app.app_context(), db.transaction() as writing:
        changed = services.locked(writing, activity.id)
        changed.title = "新名字"
    page = client.get("/activities")
    assert "新名字" in page.text
    assert "旧名字" not in page.text


def test_modes_and_languages_do_not_mix(client: Browser) -> None:
    standard = client.get("/activities").text
    client.set_cookie("mode", "elder")
    elder = client.get("/activities").text
    client.set_cookie("lang", "en")
    english = client.get("/activities").text
    assert len({standard, elder, english}) == 3
    assert 'data-mode="elder"' in english


def test_the_same_page_is_not_sent_twice(client: Browser) -> None:
    first = client.flask.get("/activities")
    again = client.flask.get("/activities", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_a_page_ends_with_the_minute(app: Flask, client: Browser) -> None:
    drawn = Drawn(app)
    moment = datetime(2026, 5, 1, 1, 30, tzinfo=UTC)
    with clock.frozen(moment):
        client.get("/activities")
    with clock.frozen(moment + timedelta(minutes=1)):
        client.get("/activities")
    assert drawn.count == 2


def test_a_form_is_never_kept(client: Browser) -> None:
    first = client.get("/sign-in")
    assert "ETag" not in first.response.headers
    assert first.response.headers["Cache-Control"] == "private, no-store"


def test_who_is_signed_in_is_not_served_from_memory(
    app: Flask, client: Browser, session: Session
) -> None:
    from tests.signing_in import sign_in

    account = factories.make_account(session, name="王秀英")
    session.commit()
    client.get("/")
    sign_in(client, account)
    page = client.get("/")
    assert "登录" not in page.links
    assert "王秀英" not in Browser(app).get("/").text


def test_compressed_for_those_who_take_it(client: Browser) -> None:
    plain = client.flask.get("/activities")
    packed = client.flask.get("/activities", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data) / 2
