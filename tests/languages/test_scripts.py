"""Text in other scripts is marked with its language and direction."""

from __future__ import annotations

import unicodedata

from sqlalchemy.orm import Session

from culture_cloud.home.scripts_views import SAMPLES
from tests import factories
from tests.client import Browser, words

NAMED = {"Yiii": "YI SYLLABLE", "Tale": "TAI LE", "Talu": "NEW TAI LUE", "Latn": "LATIN"}


def test_each_sample_is_announced_with_its_language(any_mode: Browser, session: Session) -> None:
    factories.make_network(session)
    session.commit()
    page = any_mode.get("/scripts")
    shown = {e.get("lang"): (words(e), e.get("dir")) for e in page.all("span", class_="own-script")}
    assert shown == {s.tag: (s.own_name, s.direction) for s in SAMPLES}


def test_each_sample_is_written_in_the_script_that_its_tag_names() -> None:
    for sample in SAMPLES:
        script = NAMED[sample.tag.partition("-")[2]]
        assert all(unicodedata.name(sign).startswith(script) for sign in sample.own_name), sample
