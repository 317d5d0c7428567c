"""What differs between two states of an item, in words."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from culture_cloud.heritage import presenter
from culture_cloud.heritage.facts import ItemFacts
from culture_cloud.heritage.kinds import kinds
from culture_cloud.heritage.relations import RELATIONS, ROLES
from culture_cloud.heritage.rights import RIGHTS, VISIBILITY_WORDS, Visibility


@dataclass(frozen=True, slots=True)
class Difference:
    """A question whose answer changed. `parts` are (what: same | gone | new, text)."""

    label: str
    before: str
    after: str
    parts: tuple[tuple[str, str], ...] = ()


_LABELS: Mapping[str, Any] = {
    "title": _l("Title"),
    "other_titles": _l("Other names"),
    "summary": _l("Short description"),
    "description": _l("Description"),
    "date_text": _l("Time"),
    "place_text": _l("Where exactly"),
    "place_node_id": _l("Place"),
    "node_id": _l("Hall"),
    "latitude": _l("Latitude"),
    "longitude": _l("Longitude"),
    "languages": _l("Languages"),
    "subjects": _l("Keywords"),
    "sources": _l("Sources"),
    "rights": _l("Rights"),
    "rights_holder": _l("Owner"),
    "visibility": _l("Who may see it"),
    "group_id": _l("Group"),
    "restricted_text": _l("What not everybody may read"),
    "restricted_to": _l("Who may read it"),
    "restricted_reason": _l("Reason"),
    "agents": _l("People"),
    "relations": _l("Related items"),
    "media": _l("Files"),
}


def between(before: ItemFacts, after: ItemFacts) -> list[Difference]:
    """The differences from `before` to `after`, in the order of the form."""
    return list(_differences(before, after))


def _differences(before: ItemFacts, after: ItemFacts) -> Iterator[Difference]:
    for name, label in _LABELS.items():
        old, new = _said(name, getattr(before, name)), _said(name, getattr(after, name))
        if old != new:
            yield Difference(str(label), old, new, _parts(old, new))
    for field in kinds()[after.kind].fields:
        old_value, new_value = before.extra.get(field.name), after.extra.get(field.name)
        if old_value != new_value:
            old = field.words(old_value) if old_value is not None else ""
            new = field.words(new_value) if new_value is not None else ""
            yield Difference(field.label, old, new, _parts(old, new))


def _said(name: str, value: Any) -> str:
    if value in (None, "", []):
        return ""
    words: Mapping[str, Callable[[Any], str]] = {
        "rights": lambda code: str(RIGHTS[code].words) if code in RIGHTS else str(code),
        "visibility": lambda code: str(VISIBILITY_WORDS[Visibility(code)]),
        "restricted_to": lambda code: str(VISIBILITY_WORDS[Visibility(code)]),
        "languages": lambda codes: _(", ").join(presenter.language_words(c) for c in codes),
        "agents": lambda agents: _(", ").join(
            f"{a.name} ({ROLES.get(a.role, a.role)})" for a in agents
        ),
        "relations": lambda pairs: _(", ").join(
            f"{RELATIONS[kind].words if kind in RELATIONS else kind} {other}"
            for kind, other in pairs
        ),
        "media": lambda files: "\n".join(_file_words(one) for one in files),
    }
    if name in words:
        return words[name](value)
    return _(", ").join(map(str, value)) if isinstance(value, list) else str(value)


def _file_words(one: Any) -> str:
    parts = [one.filename or one.family, one.title, one.alt, one.transcript, one.translation]
    hidden = one.visibility if one.visibility != Visibility.PUBLIC else ""
    return " · ".join(str(part) for part in [*parts, hidden, one.withheld_reason] if part)


def _parts(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """The text cut into what stayed, went and came."""
    if not old or not new or max(len(old), len(new)) > 6000:
        return ()
    found: list[tuple[str, str]] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.quick_ratio() < 0.3:
        return ()
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found.append(("same", old[a:b]))
        else:
            if b > a:
                found.append(("gone", old[a:b]))
            if d > c:
                found.append(("new", new[c:d]))
    return tuple(found)
