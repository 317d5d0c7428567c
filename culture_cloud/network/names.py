"""Names of places as people say them, and plate names by the rule of the level (R8)."""

from __future__ import annotations

import re
from string import Formatter

PLACEHOLDERS = frozenset({"name", "main", "parent", "county"})
"""What a plate rule may speak of: the node's own name, the plate of the main hall above it (with
the names of the main halls of its other lines in brackets), the parent's name, the county."""

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇"
    "|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂"
    "|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|高山|各"
)
_AUTONOMOUS = re.compile(rf"^(.+?)(?:(?:{_PEOPLES})族)+自治([县州旗])$")
_COMMITTEE = re.compile(r"(?:村民|居民)?委员会$|[村居]委会$")


def short_county(name: str) -> str:
    """元江哈尼族彝族傣族自治县 → 元江县; others stay as they are."""
    match = _AUTONOMOUS.match(name)
    return match.group(1) + match.group(2) if match else name


def short_village(name: str) -> str:
    """红河社区居民委员会 → 红河社区, 南昏村民委员会 → 南昏村, 老君场居民委员会 → 老君场社区."""
    match = _COMMITTEE.search(name)
    if match is None:
        return name
    stem = name[: match.start()]
    if stem.endswith(("社区", "村", "嘎查")):
        return stem
    return stem + ("村" if match.group().startswith("村") else "社区")


def is_sound_rule(rule: str) -> bool:
    """Whether a plate rule speaks of PLACEHOLDERS only, without widths or conversions."""
    try:
        parts = list(Formatter().parse(rule))
    except ValueError:
        return False
    return all(
        field is None or (field in PLACEHOLDERS and not spec and not conversion)
        for _, field, spec, conversion in parts
    )


def plate(rule: str, *, name: str, main: str, parent: str, county: str) -> str:
    """The public name of a node: {main}{name}分馆 → 元江县文化馆（图书馆）红河街道分馆."""
    return rule.format(name=name, main=main, parent=parent, county=county)


def short_plate(plate_name: str, name: str) -> str:
    """The plate from the node's own name on, for lists in which the main hall is said already:
    元江县文化馆（图书馆）红河街道分馆 → 红河街道分馆."""
    start = plate_name.rfind(name)
    return plate_name[start:] if start > 0 else plate_name
