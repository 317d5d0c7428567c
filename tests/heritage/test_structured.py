"""JSON-LD says of each kind only what schema.org knows of its type."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from culture_cloud.heritage.facts import AgentFacts
from tests.factories import make_node

from .makers import make_item

ANY = {"@context", "@type", "@id", "url", "identifier", "name", "description", "alternateName",
       "image", "subjectOf"}  # fmt: skip
WORK = ANY | {
    *("inLanguage", "contentLocation", "publisher", "keywords", "isAccessibleForFree", "creator"),
    *("temporalCoverage", "dateCreated", "license", "mentions"),
}
KNOWN = {
    "Person": ANY | {"birthDate", "deathDate", "knowsAbout"},
    "Place": ANY | {"geo"},
    "Thing": ANY,
}
"""Properties of schema.org's types, as far as we use them (schema.org 29)."""


def told(app: Flask, item_id: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(app.test_client().get(f"/heritage/{item_id}.jsonld").data)
    return found


def test_each_kind_keeps_to_its_type(app: Flask, session: Session) -> None:
    node = make_node(session)
    extra: dict[str, dict[str, Any]] = {
        "person": {"known_for": "棕扇舞", "born": "1931年"},
        "place": {"place_type": "bridge"},
        "ich_element": {"category": "III", "level": "county"},
        "photograph": {},
        "village_file": {"topic": "names"},
    }
    items = [
        make_item(
            session, node=node, kind=kind, extra=more, latitude=23.3, longitude=101.7,
            other_titles=["别名"], agents=[AgentFacts(name="王家祥", role="photographer")],
        )
        for kind, more in extra.items()
    ]  # fmt: skip
    session.commit()
    for item in items:
        facts = told(app, item.id)
        assert facts["@context"] == "https://schema.org"
        surplus = facts.keys() - KNOWN.get(facts["@type"], WORK)
        assert not surplus, f"{facts['@type']}: {surplus}"
        assert None not in facts.values()
        assert "" not in facts.values()


def test_only_a_plain_date_is_a_date(app: Flask, session: Session) -> None:
    said = ("1958年3月", "约1930年代", "清光绪年间", "解放前")
    items = [make_item(session, date_text=text) for text in said]
    session.commit()
    facts = [told(app, item.id) for item in items]
    assert [one.get("dateCreated") for one in facts] == ["1958-03", None, None, None]
    assert all(one.get("temporalCoverage") for one in facts[1:])
