"""What a request for a list asks, and its cards under the headings of their days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from flask import request

from culture_cloud import db
from culture_cloud.network.models import Node
from culture_cloud.web import words

from . import presenter, queries
from .filters import ActivityFilter, parse


def asked_for() -> tuple[ActivityFilter, Node | None]:
    """The filter, with codes that nobody knows left out and named in `ignored`."""
    asked = parse(request.args)
    node = None
    if asked.node:
        node = queries.node_by_code(db.session(), asked.node)
        if node is None:
            asked = _ignoring(asked, "node")
    return asked, node


def _ignoring(asked: ActivityFilter, name: str) -> ActivityFilter:
    return replace(asked.without(name), ignored=(*asked.ignored, name))


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the list, under its heading."""

    near: str
    date: str
    cards: list[presenter.CardWords]


def by_day(cards: list[queries.Card], kinds: dict[str, Any]) -> list[Day]:
    return [
        Day(
            near=words.near_day_words(day),
            date=words.date_words(day),
            cards=[presenter.card_words(card, kinds) for card in of_day],
        )
        for day, of_day in groupby(cards, key=lambda card: words.local(card.starts_at).date())
    ]
