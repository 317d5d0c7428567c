"""A wish for places, as any channel brings it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from culture_cloud.i18n import DEFAULT_LOCALE

from .models import Channel

_DOTS = re.compile(r"[·•‧∙⋅・]")


@dataclass(frozen=True, slots=True)
class Guardian:
    """Who agrees for a child under fourteen, and the words that were agreed to."""

    name: str
    phone: str
    consent: str


@dataclass(frozen=True, slots=True)
class ActingFor:
    """The one who signs up for somebody else, and the words the person agreed to (SV-03).

    `relation` is one of proxies.RELATIONS.
    """

    name: str
    phone: str
    relation: str
    consent: str
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class SignUpRequest:
    """A wish for places.

    `session_id` is None for a course. `phone` is in its normal form (web.phones). `party_size`
    counts the person; `companions` names those who come along, as far as they are known; `ages`
    are years, the person's first. `may_wait`: the person agreed to wait where nothing is free.
    `allotment_id` is the share that staff chose, `branch_node_ids` are the branches for which they
    speak. The same `idempotency_key` is the same wish, however often it is sent.
    """

    activity_id: int
    session_id: int | None
    name: str
    phone: str
    idempotency_key: str
    party_size: int = 1
    companions: tuple[str, ...] = ()
    channel: Channel = Channel.WEB
    account_id: int | None = None
    locale: str = DEFAULT_LOCALE
    ages: tuple[int, ...] = ()
    is_elder: bool = False
    residence_node_id: int | None = None
    in_group: bool = False
    answers: Mapping[str, Any] = field(default_factory=dict)
    id_number: str = ""
    guardian: Guardian | None = None
    acting: ActingFor | None = None
    may_wait: bool = False
    allotment_id: int | None = None
    branch_node_ids: frozenset[int] = frozenset()
    #: the account of the staff member who writes it down
    taken_by_id: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", normal_name(self.name))
        if self.party_size <= len(self.companions):
            raise ValueError("the party counts the person and everybody who is named")


def normal_name(text: str) -> str:
    """A name by which the same person is known again: single blanks, one kind of middle dot."""
    return _DOTS.sub("·", " ".join(unicodedata.normalize("NFC", text).split()))
