"""Small values as sources write them: fees, numbers of places, addresses on the web, lists."""

from __future__ import annotations

import re
import unicodedata

from culture_cloud.activities.importing.rows import RowStatus
from culture_cloud.tabular.sheets import storable

_FREE = re.compile(
    r"(?:全程|全部|完全|均|公益)?(?:免费|免費)"
    r"(?:参加|參加|入场|入場|观看|观演|開放|开放|活动|索票|领票|报名)?"
    r"|free(?: of charge)?|无(?:需)?(?:费用)?|不收费|不收費|公益|0(?:\.0+)?\s*元?",
    re.IGNORECASE,
)
_PRICED = re.compile(r"\d")
_YES = re.compile(r"是|对|免费|免費|y|yes|true|(?:https?://schema.org/)?true|√|1", re.IGNORECASE)
_NO = re.compile(r"否|不|收费|收費|n|no|(?:https?://schema.org/)?false|×|0", re.IGNORECASE)
_CANCELLED = re.compile(r"取消|停办|停辦|cancel", re.IGNORECASE)
_POSTPONED = re.compile(r"延期|推迟|推遲|改期|postpone", re.IGNORECASE)
_TENTATIVE = re.compile(r"待定|暂定|暫定|拟|擬|tentative", re.IGNORECASE)
_CAPACITY = re.compile(
    r"(?:限|共|约|限额|限定|不超过|最多)?\s*(\d{1,6})(?:\.0+)?\s*(?:人|名|位|个|组|席|座|户|家庭|places?)?"
    r"(?:以内|/场|每场)?"
)
_URL = re.compile(r"https?://[^\s<>\"'，。；、]+", re.IGNORECASE)
_LIST = re.compile(r"[、,，;；/／|\n]")


def one_line(text: str) -> str:
    """The text without line ends and without spaces at its ends."""
    return " ".join(line.strip() for line in storable(text).split("\n")).strip()


def fee_of(text: str) -> tuple[str | None, bool | None]:
    """(fee as written or None, whether it is free; None where that is not said)."""
    normal = unicodedata.normalize("NFKC", text).strip()
    if not normal:
        return None, None
    if _FREE.fullmatch(normal):
        return text.strip(), True
    return text.strip(), False if _PRICED.search(normal) else None


def capacity_of(text: str) -> int | None:
    """A number of places such as "60人"; None for anything that is not one number."""
    found = _CAPACITY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return int(found.group(1)) if found and int(found.group(1)) > 0 else None


def web_address(text: str) -> str:
    """The text if it is an http(s) address and nothing more, else ""."""
    stripped = text.strip()
    return stripped if _URL.fullmatch(stripped) else ""


def listed(text: str) -> tuple[str, ...]:
    """Names in one text, separated as in 文化馆、图书馆."""
    return tuple(part.strip() for part in _LIST.split(text) if part.strip())


def coordinates(latitude: object, longitude: object) -> tuple[float, float] | None:
    """A point on land or sea, in degrees; None for what is missing, out of range or 0, 0."""
    try:
        point = float(str(latitude)), float(str(longitude))
    except ValueError:
        return None
    on_earth = abs(point[0]) <= 90 and abs(point[1]) <= 180
    return point if on_earth and point != (0.0, 0.0) else None


def yes_or_no(text: str) -> bool | None:
    """Whether a text says yes or no; None for anything else."""
    if _YES.fullmatch(text.strip()):
        return True
    return False if _NO.fullmatch(text.strip()) else None


def status_of(text: str) -> RowStatus:
    """What a status in words means; confirmed unless it says otherwise."""
    if _CANCELLED.search(text):
        return "cancelled"
    if _POSTPONED.search(text):
        return "postponed"
    return "tentative" if _TENTATIVE.search(text) else "confirmed"
