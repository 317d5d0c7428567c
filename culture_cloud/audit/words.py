"""The words of the trade in which entries are shown; each feature gives its own.

audit.words.describe(
    "sign_up", noun=_l("Sign-up"),
    actions={"moved": _l("moved to another date")},
    fields={"party_size": _l("How many people")},
    values={"state": {"confirmed": _l("Confirmed")}},
)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from culture_cloud.web import words
from culture_cloud.web.fields import lazy as _l


@dataclass(slots=True)
class Kind:
    """How one kind of thing is spoken of."""

    noun: str
    actions: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    #: from the id to the page of the thing on the desk; None: it has none
    address: Callable[[int], str | None] | None = None


KINDS: dict[str, Kind] = {}


def describe(
    kind: str,
    *,
    noun: str,
    actions: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
    values: Mapping[str, Mapping[str, str]] | None = None,
    address: Callable[[int], str | None] | None = None,
) -> None:
    """Give words to a kind of thing; what is given later is added to what is there."""
    found = KINDS.setdefault(kind, Kind(noun))
    found.actions.update(actions or {})
    found.fields.update(fields or {})
    for name, said in (values or {}).items():
        found.values.setdefault(name, {}).update(said)
    found.address = address or found.address


def noun(kind: str) -> str:
    return str(KINDS[kind].noun) if kind in KINDS else kind


def action_words(kind: str, action: str) -> str:
    found = KINDS.get(kind)
    return str(found.actions.get(action, action)) if found else action


def field_words(kind: str, name: str) -> str:
    found = KINDS.get(kind)
    return str(found.fields.get(name, name)) if found else name


def value_words(kind: str, name: str, value: Any) -> str:
    """One value as people say it; nothing is “nothing”."""
    if value is None or value in ("", [], {}):
        return str(_("nothing"))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return str(_(", ")).join(value_words(kind, name, item) for item in value)
    found = KINDS.get(kind)
    said = found.values.get(name, {}).get(str(value)) if found else None
    if said is not None:
        return str(said)
    if isinstance(value, str) and name.endswith(("_at", "_until", "_on")):
        return _moment_words(value)
    return str(value)


def _moment_words(text: str) -> str:
    try:
        if len(text) == len("2026-01-01"):
            return words.date_words(date.fromisoformat(text))
        return words.date_and_time_words(datetime.fromisoformat(text))
    except ValueError:
        return text


def address(kind: str, subject_id: int) -> str | None:
    """The page of the thing on the desk, where it has one."""
    found = KINDS.get(kind)
    return found.address(subject_id) if found and found.address else None


describe("audit", noun=_l("Audit trail"), actions={"set_back": _l("set back to an older backup")})
