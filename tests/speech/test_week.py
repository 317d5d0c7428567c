"""The week of a hall as one sound for the village loudspeaker (SV-05)."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from culture_cloud.speech import speaking
from culture_cloud.speech.text import MOST_CHARACTERS
from tests import factories
from tests.client import Browser

from .conftest import Voice, heard


def test_a_long_text_is_said_in_parts_each_as_long_as_the_engine_can() -> None:
    sentence = "今天晚上在文化馆门口放电影，不用买票，自己带凳子。"
    text = "\n".join([sentence] * 200)
    parts = speaking._parts(text)
    assert len(parts) > 1
    assert all(len(part) <= MOST_CHARACTERS for part in parts)
    assert "\n".join(parts) == text
    assert speaking._parts("一句。") == ["一句。"]


def test_the_week_is_said_whole_and_can_be_taken_along(
    client: Browser, app: Flask, session: Session, voice: Voice
) -> None:
    voice()
    factories.make_network(session, phone="0877-5550100")
    hall = factories.make_node(session, code="W", name="江边")
    factories.make_activity(session, node=hall, title="江边花灯")
    factories.make_activity(session, node=factories.make_node(session), title="别处的戏")
    session.commit()
    page = client.get("/activities/week?node=W")
    address = page.one("audio").get("src", "")
    assert page.one("audio").get("preload") == "none"
    assert address in page.links.values()
    key = address.removeprefix("/listen/").removesuffix(".mp3")
    with app.app_context():
        said = speaking.speech().store.utterance(key)
    assert said is not None
    assert "江边花灯" in said.text
    assert "别处的戏" not in said.text
    assert heard(client, address).content_type == "audio/mpeg"


def test_without_a_voice_there_is_no_sound_to_take_along(client: Browser, session: Session) -> None:
    factories.make_activity(session, title="江边花灯")
    session.commit()
    assert not client.get("/activities/week").all("audio")
