"""Who may see what: one rule, as a condition of a query and as an answer for one item.

An item of a village goes as far as its people want. What is not for a reader answers as if it were
not there; what is withheld inside an item says so, with the reason.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from .models import GroupMember, HeritageItem, ItemMedia, ItemState, Relation
from .rights import Visibility


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who looks: signed in or not, in one of our halls or not, in which groups."""

    signed_in: bool = False
    on_site: bool = False
    groups: frozenset[int] = frozenset()

    def sees(self, visibility: str, group_id: int | None = None) -> bool:
        if visibility == Visibility.GROUP:
            return group_id in self.groups
        return {
            Visibility.PUBLIC: True,
            Visibility.SIGNED_IN: self.signed_in,
            Visibility.ON_SITE: self.on_site,
        }.get(Visibility(visibility), False)

    def sees_item(self, item: HeritageItem) -> bool:
        return item.state == ItemState.PUBLISHED and self.sees(item.visibility, item.group_id)

    def sees_media(self, media: ItemMedia, item: HeritageItem) -> bool:
        """Whether a file of an item that the reader sees is open too."""
        return self.sees(media.visibility, item.group_id)

    def sees_restricted(self, item: HeritageItem) -> bool:
        return self.sees(item.restricted_to, item.group_id)

    def seen_relations(self, item: HeritageItem) -> list[Relation]:
        """The relations to items that the reader may see; a number alone would tell of them."""
        return [one for one in item.relations if self.sees_item(one.other)]

    def rows(self) -> ColumnElement[bool]:
        """The items this reader may see."""
        open_to = [Visibility.PUBLIC.value]
        if self.signed_in:
            open_to.append(Visibility.SIGNED_IN.value)
        if self.on_site:
            open_to.append(Visibility.ON_SITE.value)
        visible: ColumnElement[bool] = HeritageItem.visibility.in_(open_to)
        if self.groups:
            visible = or_(
                visible,
                and_(
                    HeritageItem.visibility == Visibility.GROUP,
                    HeritageItem.group_id.in_(self.groups),
                ),
            )
        return and_(HeritageItem.state == ItemState.PUBLISHED, visible)


ANYBODY = Reader()
"""Whoever has no account and sits at home: what harvesters and search engines see."""


def groups_of(session: Session, account_id: int | None) -> frozenset[int]:
    if account_id is None:
        return frozenset()
    return frozenset(
        session.scalars(select(GroupMember.group_id).where(GroupMember.account_id == account_id))
    )


def is_on_site(address: str, networks: Iterable[str]) -> bool:
    """Whether an address lies in one of our halls' networks (CIDR)."""
    try:
        asked = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(asked in _network(network) for network in networks)


@lru_cache
def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(text, strict=False)
