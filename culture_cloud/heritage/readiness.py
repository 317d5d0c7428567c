"""What an item needs before it can be shown (RD-07)."""

from __future__ import annotations

from collections.abc import Callable

from .errors import NotReady
from .facts import SUMMARY_MOST
from .kinds import kinds
from .models import HeritageItem
from .rights import RIGHTS, Visibility


def missing(item: HeritageItem) -> list[str]:
    """What is still missing before the item can be shown, as words of presenter.MISSING (RD-07)."""
    lacks: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("title", lambda: not item.title),
        ("summary", lambda: not item.summary),
        ("summary_long", lambda: len(item.summary) > SUMMARY_MOST),
        ("alt", lambda: any(m.family == "picture" and not m.alt for m in item.media)),
        ("transcript", lambda: _lacks_transcript(item)),
        ("rights", lambda: item.rights not in RIGHTS),
        ("group", lambda: item.visibility == Visibility.GROUP and item.group_id is None),
        ("withheld", lambda: _lacks_reason(item)),
        ("extra", lambda: any(True for _ in kinds()[item.kind].faults(item.extra))),
    )
    return [word for word, is_missing in lacks if is_missing()]


def _lacks_transcript(item: HeritageItem) -> bool:
    """Spoken word can be read too; what is not Putonghua has it in Putonghua beside (RD-07)."""
    if item.kind != "recording" or item.extra.get("speech") == "none":
        return False
    spoken = [m for m in item.media if m.family in {"audio", "video"}]
    own = item.extra.get("speech") != "putonghua"
    return any(not m.transcript or (own and not m.translation) for m in spoken)


def _lacks_reason(item: HeritageItem) -> bool:
    hidden = [m for m in item.media if m.visibility != Visibility.PUBLIC]
    return any(not m.withheld_reason for m in hidden) or (
        bool(item.restricted_text) and not item.restricted_reason
    )


def require_ready(item: HeritageItem) -> None:
    """Raises NotReady with what is missing."""
    lacking = missing(item)
    if lacking:
        raise NotReady(lacking)
