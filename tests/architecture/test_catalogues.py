"""Chinese and English are complete, and their placeholders agree."""

from __future__ import annotations

import re

import pytest

from tests.tools.catalogues import collected, read_catalogue

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_every_message_has_a_translation(locale: str) -> None:
    catalogue = read_catalogue(locale)
    missing = []
    for message in collected():
        if not message.id:
            continue
        known = catalogue.get(message.id)
        strings = (known.string if known else "") or ""
        texts = strings if isinstance(strings, (tuple, list)) else [strings]
        if not texts or not all(texts):
            missing.append(message.id)
    assert not missing, f"{len(missing)} without {locale}: run `make catalogues`: {missing[:10]}"


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_placeholders_agree(locale: str) -> None:
    for message in read_catalogue(locale):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, (tuple, list)) else [message.id]
        strings = message.string if isinstance(message.string, (tuple, list)) else [message.string]
        allowed = set().union(*(PLACEHOLDER.findall(i) for i in ids))
        for string in strings:
            assert set(PLACEHOLDER.findall(string or "")) <= allowed, message.id


def test_chinese_is_chinese() -> None:
    """A translation that was forgotten often stands there in English."""
    for message in read_catalogue("zh_Hans_CN"):
        bare = re.sub(r"%\(\w+\)[sd]|https?://\S+|[\w.]+@[\w.]+", "", str(message.string))
        if message.id and re.search(r"[a-z]{4,}", bare):
            assert re.search(r"[\u4e00-\u9fff]", bare), message.id
