"""Writing entries."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.web.phones import masked_phone

from .models import AuditEntry

LONGEST = 300
"""Characters kept of one value; a description is recognised by its beginning."""

PHONES = frozenset({"phone", "contact", "recipient", "guardian_phone", "proxy_phone"})
PERSONAL = frozenset({"name", "person", "proxy", "guardian", "leader"})
WITHHELD = frozenset(
    {"email", "companions", "address_of_person", "birth_year", "id_number", "answers", "password"}
)
"""Fields of people: of these an entry says that they changed, and for phones and names as much as
a colleague needs to recognise the person beside the row itself."""


class _Whoever:
    """Stands for: the account of whoever is asking (see `ask_who`)."""


WHOEVER = _Whoever()
_who: list[Callable[[], int | None]] = [lambda: None]


def ask_who(asking: Callable[[], int | None]) -> None:
    """Say once how to find the account that is asking; the layer above knows requests."""
    _who[0] = asking


def record(
    session: Session,
    *,
    actor: int | _Whoever | None = WHOEVER,
    action: str,
    subject_kind: str,
    subject_id: int,
    node_id: int | None = None,
    changes: Mapping[str, Sequence[Any]] | None = None,
    reason: str = "",
) -> None:
    """Say in the caller's transaction what was changed: one plain insert, no lock, no hash.

    `actor` is an account's id, None for the site itself; left out, whoever sent the request.
    `changes` is {field: [before, after]}; `node_id` is the node whose staff may read the entry.
    """
    session.add(
        AuditEntry(
            at=clock.now(),
            actor_id=_who[0]() if isinstance(actor, _Whoever) else actor,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            node_id=node_id,
            changes=_as_text(changes or {}),
            reason=" ".join(reason.split())[:500],
        )
    )


def snapshot(row: object, fields: Iterable[str]) -> dict[str, Any]:
    """What the fields hold now, to compare with later: see `changed`."""
    return {field: getattr(row, field) for field in fields}


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The fields that differ between two snapshots, as `record` takes them."""
    return {
        field: [before.get(field), after[field]]
        for field in after
        if before.get(field) != after[field]
    }


def _as_text(changes: Mapping[str, Sequence[Any]]) -> str:
    plain = {
        field: [_safe(field, before), _safe(field, after)]
        for field, (before, after) in changes.items()
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _safe(field: str, value: Any) -> Any:
    """The value as it may stand in the trail for ever."""
    if value is None or value in ("", [], ()):
        return None
    if field in PHONES:
        return masked_phone(str(value))
    if field in PERSONAL:
        return str(value)[:1] + "**"
    if field in WITHHELD:
        return "***"
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [_plain(item) for item in items]
    text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
