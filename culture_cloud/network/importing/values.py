"""Values of a file → facts of a node. Each function raises BadValue with a reason in words."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from culture_cloud.db import Base
from culture_cloud.network.facts import ACCESS_FACTS, LINES
from culture_cloud.network.hours import Span
from culture_cloud.network.hours_text import HoursNotUnderstood, parse_spans, parse_week
from culture_cloud.network.models import Closing, Node
from culture_cloud.tabular import N_, Reason
from culture_cloud.web.phones import NotAPhone, normal_phone

from .faults import BadValue

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")

_LINE_WORDS = {"文化馆": "culture_hall", "图书馆": "library", "culture hall": "culture_hall"}
_ACCESS_WORDS = {
    "坡道": "ramp", "无台阶": "ramp", "电梯": "lift", "卫生间": "toilet", "厕所": "toilet",
    "助听": "hearing_loop", "手语": "sign_language", "座椅": "seats", "靠背": "seats",
    "安静": "quiet", "盲文": "braille", "大字": "braille", "停车": "parking", "车位": "parking",
    "字幕": "captions",
}  # fmt: skip
_YES = {"true", "yes", "y", "1", "是", "有", "√", "✓"}
_NO = {"false", "no", "n", "0", "否", "无", "没有", ""}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

WeekRows = tuple[tuple[int, Span], ...]
ClosingRows = tuple[tuple[date, date, Span | None, str], ...]


def text(model: type[Base], column: str, value: object) -> str:
    """A text that fits its column; None is empty, a number is written out."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise BadValue(Reason(N_("“%(field)s” must be text."), {"field": column}))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    found = str(value).strip()
    longest = getattr(model.__table__.c[column].type, "length", None)
    if longest is not None and len(found) > longest:
        raise BadValue(
            Reason(
                N_("“%(text)s…” is longer than %(limit)d characters."),
                {"text": found[:12], "limit": longest},
            )
        )
    return found


def code(value: object) -> str:
    """A code as addresses of pages can carry it."""
    found = text(Node, "name", value)
    if not found:
        raise BadValue(Reason(N_("The code is missing.")))
    if not CODE.fullmatch(found):
        raise BadValue(
            Reason(
                N_("The code “%(code)s” may hold only letters, digits, dots and hyphens, at most"
                   " 40 of them."),
                {"code": found[:40]},
            )
        )  # fmt: skip
    return found


def name(value: object) -> str:
    found = text(Node, "name", value)
    if not found:
        raise BadValue(Reason(N_("The name is missing.")))
    return found


def phone(column: str, value: object) -> str:
    found = text(Node, column, value)
    if found:
        try:
            normal_phone(found)
        except NotAPhone:
            raise BadValue(
                Reason(N_("“%(text)s” is not a phone number."), {"text": found})
            ) from None
    return found


def coordinate(column: str, value: object) -> float | None:
    """Degrees of WGS 84."""
    if value is None or value == "":
        return None
    try:
        found = float(value) if not isinstance(value, bool) else None  # type: ignore[arg-type]
    except (TypeError, ValueError):
        found = None
    limit = 90 if column == "latitude" else 180
    if found is None or not -limit <= found <= limit:
        raise BadValue(_bad_coordinate(column, value))
    return found


def _bad_coordinate(column: str, value: object) -> Reason:
    if column == "latitude":
        msgid = N_("The latitude “%(text)s” is not a number from -90 to 90.")
    else:
        msgid = N_("The longitude “%(text)s” is not a number from -180 to 180.")
    return Reason(msgid, {"text": str(value)[:20]})


def lines(value: object) -> list[str]:
    """Codes of facts.LINES from a list or from words: 文化馆、图书馆."""
    parts = _parts(value)
    found = {_LINE_WORDS.get(part, part.replace(" ", "_")) for part in parts}
    unknown = found - set(LINES)
    if unknown:
        raise BadValue(
            Reason(
                N_("“%(text)s” is not a line. Lines are 文化馆 (culture_hall) and 图书馆"
                   " (library)."),
                {"text": "、".join(sorted(unknown))},
            )
        )  # fmt: skip
    return [line for line in LINES if line in found]


def access(value: object) -> list[str]:
    """Codes of facts.ACCESS_FACTS from a list or from words: 坡道、无障碍卫生间."""
    found = set()
    for part in _parts(value):
        known = part.replace(" ", "_")
        match = next((fact for word, fact in _ACCESS_WORDS.items() if word in part), known)
        if match not in ACCESS_FACTS:
            raise BadValue(
                Reason(
                    N_("“%(text)s” is not a fact of access that is known here. Known are:"
                       " %(known)s."),
                    {"text": part, "known": "、".join(ACCESS_FACTS)},
                )
            )  # fmt: skip
        found.add(match)
    return [fact for fact in ACCESS_FACTS if fact in found]


def _parts(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        pieces = re.split(r"[、,，;；/|+和及\n]|(?<=馆)(?=文|图)", value)
    elif isinstance(value, list) and all(isinstance(piece, str) for piece in value):
        pieces = value
    else:
        raise BadValue(Reason(N_("A list of words was expected here.")))
    return [piece.strip().casefold() for piece in pieces if piece.strip()]


def flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = "" if value is None else str(value).strip().casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise BadValue(Reason(N_("Answer “%(text)s” with 是 or 否."), {"text": str(value)[:20]}))


def position(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 1_000_000:
        raise BadValue(Reason(N_("The order must be a whole number, such as 1 or 20.")))
    return value


def hours(value: object) -> WeekRows:
    """Weekly hours from words, or from {"mon": "9:00-12:00, 14:00-17:30", …}."""
    if value is None or value == "":
        return ()
    try:
        if isinstance(value, str):
            week = parse_week(value)
        elif isinstance(value, dict) and set(value) <= set(WEEKDAYS):
            week = {
                WEEKDAYS.index(day): parse_spans(text(Node, "about", spans))
                for day, spans in value.items()
            }
        else:
            raise BadValue(
                Reason(N_("Opening hours are words, or days mon to sun with their hours."))
            )
    except HoursNotUnderstood as error:
        raise BadValue(error.reason) from None
    return tuple((day, span) for day in sorted(week) for span in week[day])


def closings(value: object) -> ClosingRows:
    """Days that differ, from [{"from", "to"?, "reason"?, "hours"?}]."""
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise BadValue(Reason(N_("Closings are a list of {from, to, reason, hours}.")))
    return tuple(sorted({row for item in value for row in _closing(item)}, key=str))


def _closing(item: dict[str, Any]) -> ClosingRows:
    unknown = set(item) - {"from", "to", "reason", "hours"}
    if unknown:
        raise BadValue(unknown_keys(unknown))
    starts_on = _day(item.get("from"))
    ends_on = _day(item["to"]) if item.get("to") else starts_on
    if ends_on < starts_on:
        raise BadValue(Reason(N_("A closing ends before it begins.")))
    try:
        spans = parse_spans(text(Node, "about", item.get("hours")))
    except HoursNotUnderstood as error:
        raise BadValue(error.reason) from None
    reason = text(Closing, "reason", item.get("reason"))
    return tuple((starts_on, ends_on, span, reason) for span in spans or (None,))


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise BadValue(
            Reason(N_("“%(text)s” is not a date such as 2026-05-01."), {"text": str(value)[:20]})
        ) from None


def unknown_keys(keys: set[str]) -> Reason:
    """The reason for names in a JSON file that mean nothing: most often they are slips."""
    return Reason(N_("Not known here: %(names)s."), {"names": ", ".join(sorted(keys))})
