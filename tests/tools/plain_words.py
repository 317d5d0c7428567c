"""What plain Chinese is, as far as a machine can tell (EL-19, EL-26, ST-17)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .catalogues import ROOT, collected, read_catalogue

LONGEST_SENTENCE = 25
"""Characters of a sentence that residents read; a run of digits or letters counts as one."""
LONGEST_AT_THE_DESK = 40
LONGEST_HEADING = 10

JARGON = {
    "无效": "请……", "非法": "请……", "错误的输入": "请……", "点击": "按", "登陆": "登录",
    "用户": "人、居民", "系统": "网站", "默认": "平常", "操作": "做、办", "缓存": "",
    "字段": "一栏", "参数": "", "界面": "页面", "输入": "填写", "选项": "", "异常": "出了问题",
    "加载": "打开", "渲染": "", "前台": "", "弹窗": "", "链接失效": "这页没有了",
    "权限不足": "这页不归您管", "请重试": "请再试一次", "无法": "不能", "请您": "请", "亲，": "",
    "小伙伴": "", "点赞": "", "打卡": "", "赋能": "", "闭环": "", "抓手": "", "更多>>": "",
    "点击这里": "", "温馨提示": "", "敬请": "请", "莅临": "来", "恕不": "",
}  # fmt: skip
"""Words of machines, offices and the net; beside each what people say instead."""

EXPLAINED = {
    **dict.fromkeys(("chong", "qing"), "an example of pinyin with tones"),
    **dict.fromkeys(("MB", "GB"), "beside a figure: how large a file may be"),
    **dict.fromkeys(
        ("JPEG", "PNG", "SVG", "TIFF", "HEIC", "WebP", "MP", "OGG", "WAV", "WebM", "PDF", "EPUB",
         "WebVTT", "WEBVTT", "vtt", "M", "CSV", "csv", "xlsx", "XLSX", "OPDS", "ics",
         "JSON"),
        "what a file is called on the device, named beside the word 文件, 图 or 格式",
    ),
    **dict.fromkeys(("http", "https", "example", "org", "com", "page", "li", "schema"), "address"),
    **dict.fromkeys(("WCAG", "AA"), "the name of the standard, in the accessibility statement"),
    **dict.fromkeys(("Ctrl", "Command", "Alt", "Shift", "Tab", "Enter", "Esc"), "printed on keys"),
    **dict.fromkeys(("Linux", "Windows", "OPPO", "QQ", "UC", "vivo", "Excel", "WPS"), "on the box"),
    **dict.fromkeys(("ZIP", "DRM", "Word", "Kindle", "Calibre"), "what books come as, at the desk"),
    **dict.fromkeys(("ISBN", "ISSN", "MARC", "CNMARC"), "printed in books, known to librarians"),
    **dict.fromkeys(("CC", "BY", "SA"), "the name of a licence"),
    **dict.fromkeys(("zh", "en", "bo"), "what is typed for a language, beside its name"),
    "Atom": "beside 订阅, for those who look for that very word",
}  # fmt: skip
"""Words of letters that may stand in Chinese text, and why people know them there."""

STAFF = re.compile(r"desk|commands|importing|audit|tabular|styleguide|imports|/demo/|sheet")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
_SENTENCE_ENDS = re.compile(r"[。！？；：\n]")
_CHARACTER = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]|[A-Za-z0-9]+")


@dataclass(frozen=True)
class Said:
    """A message in Chinese, and whether only staff read it."""

    id: str
    text: str
    is_for_staff: bool


def messages() -> Iterator[Said]:
    places = {_first(m.id): [name for name, _ in m.locations] for m in collected() if m.id}
    for message in read_catalogue("zh_Hans_CN"):
        if not message.id:
            continue
        known = _first(message.id)
        found = places.get(known, [])
        strings = message.string if isinstance(message.string, (tuple, list)) else [message.string]
        for text in strings:
            yield Said(known, str(text or ""), bool(found) and all(map(STAFF.search, found)))


def _first(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def length(text: str) -> int:
    """Characters, as an eye counts them; what is filled in later counts as two."""
    return len(_CHARACTER.findall(_PLACEHOLDER.sub("某某", text)))


def sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE_ENDS.split(text) if part.strip()]


def letter_words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z]{2,}", _PLACEHOLDER.sub("", text))


_HEADING = re.compile(
    r"(?:<h[12][^>]*>\s*\{\{ ?|section_head\(|empty_state\(|confirmation\(|block heading %\}\{\{ "
    r'|set heading = )_\("([^"]+)"'
)


def headings() -> Iterator[tuple[Path, str]]:
    """The headings that stand in templates of residents' pages: file and msgid."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if not STAFF.search(str(path.relative_to(ROOT))):
            for found in _HEADING.findall(path.read_text(encoding="utf-8")):
                yield path.relative_to(ROOT), found
