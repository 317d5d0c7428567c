"""Traditional Chinese is made from the simplified: whole, without touching what people type."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from culture_cloud.traditional import OVERRIDES, catalogue, converted, converted_page, overrides
from tests import factories
from tests.client import Browser


@pytest.fixture
def traditional(client: Browser) -> Browser:
    client.set_cookie("lang", "zh_Hant")
    return client


@pytest.mark.parametrize(
    ("simplified", "traditional_words"),
    [
        ("头发和发展", "頭髮和發展"),
        ("干净的干部", "乾淨的幹部"),
        ("里面有台风", "裡面有颱風"),
        ("着火了", "著火了"),
        ("傳統", "傳統"),
    ],
)
def test_words_are_converted_by_their_meaning(simplified: str, traditional_words: str) -> None:
    assert converted(simplified) == traditional_words


def test_every_message_is_made_and_keeps_its_placeholders() -> None:
    made = catalogue()
    activities = made.get("Activities")
    assert activities is not None
    assert activities.string == "活動"
    for message in made:
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings) or not message.id, message.id
    counted = made.get(("%(num)d sign-up", "%(num)d sign-ups"))
    assert counted is not None
    assert "%(num)d" in str(counted.string)


def test_each_override_is_still_needed() -> None:
    """An override that OpenCC would have said by itself is only noise."""
    from opencc import OpenCC

    plain = OpenCC("s2t")
    for word in overrides():
        assert plain.convert(word) == word or word in plain.convert(word), (word, OVERRIDES)


def test_a_page_is_converted_but_not_what_is_typed_nor_its_addresses() -> None:
    page = (
        '<p title="报名">发展</p><input name="a" value="发展"><textarea>发展</textarea>'
        '<a href="/x?q=发展">头发</a><script>"发展"</script>'
    )
    assert converted_page(page) == (
        '<p title="報名">發展</p><input name="a" value="发展"><textarea>发展</textarea>'
        '<a href="/x?q=发展">頭髮</a><script>"发展"</script>'
    )


def test_pages_and_what_people_wrote_are_shown_in_traditional_characters_and_say_so(
    traditional: Browser, session: Session
) -> None:
    factories.make_network(session)
    activity = factories.make_activity(session, title="图书馆开放日")
    session.commit()
    page = traditional.get(f"/activities/{activity.id}")
    assert page.one("html").get("lang") == "zh-Hant"
    assert page.heading == "圖書館開放日"
    assert "機器" in page.text
    assert {"簡體", "English"} <= set(page.links)


def test_the_other_languages_are_one_press_away(client: Browser, session: Session) -> None:
    factories.make_network(session)
    session.commit()
    page = client.get("/")
    assert client.get(page.link("繁體")).one("html").get("lang") == "zh-Hant"
    assert client.get("/?lang=zh_Hans_CN").one("html").get("lang") == "zh-CN"


def test_what_is_searched_is_taken_as_it_was_typed(traditional: Browser, session: Session) -> None:
    factories.make_network(session)
    session.commit()
    page = traditional.get("/nodes?q=发展")
    assert "发展" in str([form.values for form in page.forms()])
