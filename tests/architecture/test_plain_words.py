"""The Chinese of the site is plain: short sentences, no words of machines, no bare letters."""

from __future__ import annotations

import re

import pytest

from tests.tools import plain_words
from tests.tools.catalogues import read_catalogue

pytestmark = pytest.mark.one_database


def test_sentences_are_short_enough_to_be_read_in_one_go() -> None:
    """EL-19: at most 25 characters where residents read."""
    long = []
    for said in plain_words.messages():
        most = (
            plain_words.LONGEST_AT_THE_DESK if said.is_for_staff else plain_words.LONGEST_SENTENCE
        )
        long += [
            f"{plain_words.length(sentence)} > {most}: {sentence}"
            for sentence in plain_words.sentences(said.text)
            if plain_words.length(sentence) > most
        ]
    assert not long, "\n".join(long)


TITLES = ("系统管理员", "操作记录")
"""What somebody or something is called at the desk, though the word in it is a machine's."""


def test_no_words_of_machines_and_offices() -> None:
    found = [
        f"{word} ({instead}): {said.text}"
        for said in plain_words.messages()
        for word, instead in plain_words.JARGON.items()
        if word in without_titles(said.text) and not (word == "操作" and said.is_for_staff)
    ]
    assert not found, "\n".join(found)


def without_titles(text: str) -> str:
    for title in TITLES:
        text = text.replace(title, "")
    return text


def test_words_of_letters_are_those_that_people_know() -> None:
    """EL-19: an abbreviation is explained, or is the name by which people know the thing."""
    found = [
        f"{word}: {said.text}"
        for said in plain_words.messages()
        for word in plain_words.letter_words(said.text)
        if word not in plain_words.EXPLAINED and not re.fullmatch(r"[a-z]+\.[a-z]+", said.text)
    ]
    assert not found, "\n".join(found)


def test_headings_are_at_most_ten_characters() -> None:
    """EL-26: at 360 px a longer one breaks in the middle of a word."""
    catalogue = read_catalogue("zh_Hans_CN")
    long, seen = [], 0
    for path, heading in plain_words.headings():
        message = catalogue.get(heading)
        if message is None or "%(" in heading:
            continue
        seen += 1
        text = str(message.string)
        if plain_words.length(text) > plain_words.LONGEST_HEADING:
            long.append(f"{path}: {text}")
    assert seen > 40, "the headings are not found any more"
    assert not long, "\n".join(long)


@pytest.mark.parametrize(
    ("text", "found"),
    [("您好。请在二十五个字以内把话说完", 13), ("还有 %(num)d 个名额", 7), ("Ctrl 加 P", 3)],
)
def test_length_is_counted_as_an_eye_counts(text: str, found: int) -> None:
    assert max(plain_words.length(s) for s in plain_words.sentences(text)) == found
