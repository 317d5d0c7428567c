"""Words that mean a page of the site, not something in it (EL-05): 长辈版, 帮助, 报名查询."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from culture_cloud.web import modes

from .analysis.folding import folded_name
from .analysis.sound import readings


@dataclass(frozen=True, slots=True)
class Way:
    """A page, the words that lead to it, and what the link says."""

    words: frozenset[str]
    row: Callable[[], dict[str, str]]


def _words(text: str) -> frozenset[str]:
    """Folded words, each also by its pinyin and its initials."""
    found = set()
    for word in map(folded_name, text.split()):
        sound = readings(word)[0]
        found |= {word, sound.letters, sound.initials}
    return frozenset(found)


def _mode_row() -> dict[str, str]:
    elder = modes.current_mode() == modes.ELDER
    return {
        "title": _("Back to the standard version") if elder else _("Open the elder version"),
        "note": _("Large letters, fewer things on a page, the same content"),
        "href": modes.switch_url(mode=modes.STANDARD if elder else modes.ELDER),
        "picture": "person",
    }


WAYS = (
    Way(
        _words(
            "长者版 长辈版 关怀版 关爱版 亲情版 大字版 老年版 老人版 适老版 敬老版 大字 大字体"
            " 长者模式 长辈模式 关怀模式 老年模式 elder"
        ),
        _mode_row,
    ),
    Way(
        _words(
            "显示设置 字体 字号 放大 夜间模式 深色模式 无障碍 对比度 朗读 语速 display settings"
        ),
        lambda: {
            "title": _("Display settings"),
            "note": _("Size of letters, colours, reading aloud"),
            "href": url_for("display.page"),
            "picture": "read",
        },
    ),
    Way(
        _words("帮助 怎么用 使用帮助 电话 联系 联系我们 客服 人工 求助 help"),
        lambda: {
            "title": _("How to use this site"),
            "note": _("Explained step by step, and whom to call"),
            "href": url_for("home.help_page"),
            "picture": "hand",
        },
    ),
    Way(
        _words("我的报名 报名查询 查报名 取消报名 我的预约 凭证 入场码 tickets"),
        lambda: {
            "title": _("My sign-ups"),
            "note": _("Find, change or cancel a sign-up"),
            "href": url_for("sign_ups.find"),
            "picture": "ticket",
        },
    ),
)
"""Endpoints of features above are named as addresses: nothing of theirs is imported."""


def ways_for(folded: str) -> list[dict[str, str]]:
    """Rows for the pages that the words mean, most often none."""
    asked = folded.replace(" ", "")
    return [way.row() for way in WAYS if asked in way.words]
