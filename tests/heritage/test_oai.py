"""OAI-PMH 2.0: everything is harvested, changes are found, what is gone is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from lxml import etree
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.heritage import services
from culture_cloud.heritage.exhibitions import services as exhibitions
from culture_cloud.heritage.facts import facts_of
from culture_cloud.heritage.oai import records
from tests.client import Browser
from tests.factories import make_network, make_node

from .makers import make_item

NS = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
}


class Harvester:
    """A harvester as the protocol describes one: follows tokens to the end."""

    def __init__(self, app: Flask) -> None:
        self.browser = Browser(app).flask
        self.requests = 0

    def ask(self, **arguments: str) -> etree._Element:
        self.requests += 1
        answer = self.browser.get("/oai?" + urlencode(arguments))
        assert answer.status_code == 200
        assert answer.content_type == "text/xml; charset=utf-8"
        return etree.fromstring(answer.data)

    def error(self, **arguments: str) -> str:
        found = self.ask(**arguments).find("o:error", NS)
        return found.get("code", "") if found is not None else ""

    def records(self, verb: str = "ListRecords", **arguments: str) -> Iterator[etree._Element]:
        tag = "o:record" if verb == "ListRecords" else "o:header"
        while True:
            root = self.ask(verb=verb, **arguments)
            yield from root.iterfind(f"o:{verb}/{tag}", NS)
            token = root.find(f"o:{verb}/o:resumptionToken", NS)
            if token is None or not token.text:
                return
            arguments = {"resumptionToken": token.text}

    def identifiers(self, **arguments: str) -> list[str]:
        headers = self.records("ListIdentifiers", metadataPrefix="oai_dc", **arguments)
        return [h.findtext("o:identifier", "", NS).rsplit("/")[-1] for h in headers]


@pytest.fixture
def harvester(app: Flask) -> Harvester:
    return Harvester(app)


def test_everything_is_harvested_in_parts(
    harvester: Harvester, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "PAGE", 4)
    node = make_node(session)
    items = [make_item(session, node=node, title=f"第{n}张") for n in range(11)]
    make_item(session, node=node, published=False)
    make_item(session, node=node, visibility="signed_in")
    session.commit()
    titles = [r.findtext(".//dc:title", "", NS) for r in harvester.records(metadataPrefix="oai_dc")]
    assert titles == [item.title for item in items]
    assert harvester.requests == 3


def test_a_change_in_the_middle_of_a_harvest_is_not_lost(
    harvester: Harvester, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "PAGE", 2)
    node = make_node(session)
    items = [make_item(session, node=node) for _n in range(5)]
    session.commit()
    found = []
    for header in harvester.records("ListIdentifiers", metadataPrefix="oai_dc"):
        found.append(header.findtext("o:identifier", "", NS).rsplit("/")[-1])
        if len(found) == 2:
            changed = replace(facts_of(items[0]), title="改过")
            services.change(session, items[0].id, changed, by_account_id=None)
            session.commit()
    assert set(found) == {str(item.id) for item in items}
    assert found[-1] == str(items[0].id)


def test_changes_since_a_date_are_found(harvester: Harvester, session: Session) -> None:
    make_network(session)
    now = clock.now().replace(microsecond=0)
    with clock.frozen(now - timedelta(days=3)):
        old, changed, gone = (make_item(session) for _n in range(3))
    with clock.frozen(now - timedelta(days=1)):
        facts = replace(facts_of(changed), title="改过")
        services.change(session, changed.id, facts, by_account_id=None)
        services.withdraw(session, gone.id, "家属要求", by_account_id=None)
    session.commit()
    since = (now - timedelta(days=2)).strftime("%Y-%m-%d")
    assert set(harvester.identifiers(**{"from": since})) == {str(changed.id), str(gone.id)}
    until = (now - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert harvester.identifiers(until=until) == [str(old.id)]
    deleted = [
        r
        for r in harvester.records(metadataPrefix="oai_dc")
        if r.find("o:header", NS).get("status") == "deleted"  # type: ignore[union-attr]
    ]
    assert len(deleted) == 1
    assert deleted[0].find("o:metadata", NS) is None
    about = harvester.ask(verb="Identify")
    assert about.findtext(".//o:deletedRecord", "", NS) == "persistent"
    stamp = about.findtext(".//o:earliestDatestamp", "", NS)
    assert stamp == (now - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_an_item_that_is_no_longer_public_is_told_as_deleted(
    harvester: Harvester, session: Session
) -> None:
    item = make_item(session)
    hidden = replace(facts_of(item), visibility="signed_in", title="不给外人看")
    services.change(session, item.id, hidden, by_account_id=None)
    session.commit()
    (record,) = harvester.records(metadataPrefix="qdc")
    header = record.find("o:header", NS)
    assert header is not None
    assert header.get("status") == "deleted"
    assert "不给外人看" not in etree.tostring(record, encoding="unicode")


def test_sets_by_hall_with_all_below_by_kind_and_by_collection(
    harvester: Harvester, session: Session
) -> None:
    hall = make_node(session)
    village = make_node(session, parent=hall)
    other = make_node(session)
    mine = make_item(session, node=village)
    person = make_item(session, node=other, kind="person", extra={"known_for": "唱调子"})
    made = exhibitions.create(
        session, code="songs", node_id=hall.id, title="调子", items=[person.id]
    )
    exhibitions.publish(session, made.id, by_account_id=None)
    session.commit()
    specs = [s.text for s in harvester.ask(verb="ListSets").iterfind(".//o:setSpec", NS)]
    assert {f"node:{hall.code}", f"node:{village.code}", "kind:person", "collection:songs"} <= set(
        specs
    )
    assert harvester.identifiers(set=f"node:{hall.code}") == [str(mine.id)]
    assert harvester.identifiers(set="kind:person") == [str(person.id)]
    assert harvester.identifiers(set="collection:songs") == [str(person.id)]
    assert harvester.error(verb="ListRecords", metadataPrefix="oai_dc", set="x:y") == (
        "noRecordsMatch"
    )


def test_one_record_in_both_formats(harvester: Harvester, session: Session) -> None:
    item = make_item(session, date_text="清光绪年间", subjects=["渡口"], other_titles=["老船"])
    session.commit()
    name = f"oai:127.0.0.1:heritage/{item.id}"
    plain = harvester.ask(verb="GetRecord", metadataPrefix="oai_dc", identifier=name)
    assert [e.text for e in plain.iterfind(".//dc:title", NS)] == [item.title, "老船"]
    assert "1875/1908" in [e.text for e in plain.iterfind(".//dc:date", NS)]
    full = harvester.ask(verb="GetRecord", metadataPrefix="qdc", identifier=name)
    assert full.findtext(".//dcterms:alternative", "", NS) == "老船"
    assert full.findtext(".//dcterms:temporal", "", NS) == "清光绪年间"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Nonsense"}, "badVerb"),
        ({"verb": "Identify", "x": "1"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "x"}, "badArgument"),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2020-02-30"},
            "badArgument",
        ),
        (
            {
                "verb": "ListRecords",
                "metadataPrefix": "oai_dc",
                "from": "2020-01-01",
                "until": "2020-01-02T00:00:00Z",
            },
            "badArgument",
        ),
        (
            {
                "verb": "ListRecords",
                "metadataPrefix": "oai_dc",
                "from": "2021-01-01",
                "until": "2020-01-01",
            },
            "badArgument",
        ),
        ({"verb": "ListRecords", "resumptionToken": "AAAA"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "木棉"}, "badResumptionToken"),
        (
            {"verb": "ListRecords", "resumptionToken": "x", "metadataPrefix": "oai_dc"},
            "badArgument",
        ),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        (
            {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:x:heritage/1"},
            "idDoesNotExist",
        ),
        (
            {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "\x00<&>"},
            "idDoesNotExist",
        ),
        ({"verb": "ListMetadataFormats", "identifier": "nothing"}, "idDoesNotExist"),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "a b"},
            "badArgument",
        ),
    ],
)
def test_errors_are_those_of_the_protocol(
    harvester: Harvester, arguments: dict[str, str], code: str
) -> None:
    assert harvester.error(**arguments) == code


def test_it_takes_post_as_well_and_refuses_repeated_arguments(app: Flask) -> None:
    browser = app.test_client()
    assert b"<protocolVersion>2.0" in browser.post("/oai", data={"verb": "Identify"}).data
    assert b"badVerb" in browser.get("/oai?verb=Identify&verb=ListSets").data
    assert b"badArgument" in browser.get("/oai?verb=Identify&set=a&set=b").data
