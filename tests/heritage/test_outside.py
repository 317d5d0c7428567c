"""A harvester that others wrote takes everything, in parts, and later what changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from oaipmh_scythe import OAIResponse, Scythe
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from culture_cloud import clock
from culture_cloud.heritage import services
from culture_cloud.heritage.facts import facts_of
from culture_cloud.heritage.oai import records
from tests.factories import make_network

from .makers import make_item


@pytest.fixture
def endpoint(app: Flask) -> Iterator[str]:
    """The site, reached by the network like any other."""
    server = make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.port}/oai"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_harvester_takes_everything_and_later_what_changed(
    endpoint: str, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "PAGE", 4)
    make_network(session)
    now = clock.now().replace(microsecond=0)
    with clock.frozen(now - timedelta(days=3)):
        items = [make_item(session, title=f"第{n}件") for n in range(11)]
        make_item(session, title="没有发布", published=False)
        make_item(session, title="登录才能看", visibility="signed_in")
    session.commit()
    with Scythe(endpoint) as harvester:
        assert harvester.identify().protocolVersion == "2.0"
        assert {plain(one).metadataPrefix for one in harvester.list_metadata_formats()} >= {
            "oai_dc",
            "qdc",
        }
        for form in ("oai_dc", "qdc"):
            found = list(harvester.list_records(metadata_prefix=form))
            assert [plain(one).metadata["title"] for one in found] == [[i.title] for i in items]
        with clock.frozen(now - timedelta(days=1)):
            changed = replace(facts_of(items[0]), title="改过")
            services.change(session, items[0].id, changed, by_account_id=None)
            services.withdraw(session, items[1].id, "家属要求", by_account_id=None)
        session.commit()
        since = (now - timedelta(days=2)).strftime("%Y-%m-%d")
        later = [plain(one) for one in harvester.list_records(from_=since)]
        assert [(one.deleted, one.header.identifier.rsplit("/")[-1]) for one in later] == [
            (False, str(items[0].id)),
            (True, str(items[1].id)),
        ]
        assert later[0].metadata["title"] == ["改过"]
        one = plain(harvester.get_record(identifier=later[0].header.identifier))
        assert one.metadata["title"] == ["改过"]
        assert any("photograph" in plain(one).setSpec for one in harvester.list_sets())


def plain(found: object) -> Any:
    """What the harvester gives, without the raw answer that it might have given."""
    assert not isinstance(found, OAIResponse)
    return found
