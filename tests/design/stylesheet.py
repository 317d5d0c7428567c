"""Reads the parts of the stylesheet: their rules, and the tokens of every scheme and mode."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from culture_cloud.web.static_files import BUNDLES

ROOT = Path(__file__).parents[2]
PATHS = [ROOT / "static" / name for name in BUNDLES["css/site.css"]]
PAIRS = ("black-white", "black-cream", "cream-black", "white-black", "yellow-black", "yellow-navy")
SCHEMES = ("", "light", "dark", *PAIRS)
"""Values of data-scheme; the empty one follows the device."""


@dataclass(frozen=True)
class Rule:
    """One selector list with its declarations and the @media conditions around it."""

    selectors: tuple[str, ...]
    declarations: tuple[tuple[str, str], ...]
    media: tuple[str, ...]


def source() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in PATHS)


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.S)


def rules(css: str | None = None) -> list[Rule]:
    """All rules in the order of the file."""
    return _rules(without_comments(css if css is not None else source()), ())


def _rules(css: str, media: tuple[str, ...]) -> list[Rule]:
    found: list[Rule] = []
    at = 0
    while (opening := css.find("{", at)) != -1:
        head = css[at:opening].strip()
        closing = _closing(css, opening)
        body = css[opening + 1 : closing]
        if head.startswith("@media"):
            found += _rules(body, (*media, head.removeprefix("@media").strip()))
        else:
            found.append(Rule(_split(head), _declarations(body), media))
        at = closing + 1
    return found


def _closing(css: str, opening: int) -> int:
    depth = 0
    for at in range(opening, len(css)):
        depth += {"{": 1, "}": -1}.get(css[at], 0)
        if depth == 0:
            return at
    raise AssertionError(f"a brace is never closed: {css[opening : opening + 80]}")


def _split(head: str) -> tuple[str, ...]:
    return tuple(" ".join(one.split()) for one in head.split(","))


def _declarations(body: str) -> tuple[tuple[str, str], ...]:
    pairs = (part.split(":", 1) for part in body.split(";") if ":" in part)
    return tuple((name.strip(), value.strip()) for name, value in pairs)


def tokens(scheme: str, mode: str, *, device_dark: bool = False) -> dict[str, str]:
    """The custom properties of <html> for this reader, with var() resolved."""
    root = {"data-mode": mode} | ({"data-scheme": scheme} if scheme else {})
    winners: dict[str, tuple[int, str]] = {}
    for rule in rules():
        if not all(_holds(condition, device_dark) for condition in rule.media):
            continue
        weights = [w for s in rule.selectors if (w := _weight(s, root)) is not None]
        if not weights:
            continue
        for name, value in rule.declarations:
            if name.startswith("--") and max(weights) >= winners.get(name, (-1, ""))[0]:
                winners[name] = (max(weights), value)
    values = {name: value for name, (_, value) in winners.items()}
    return {name: _resolved(value, values) for name, value in values.items()}


def _holds(condition: str, device_dark: bool) -> bool:
    return condition == "(prefers-color-scheme: dark)" and device_dark


_ATTRIBUTE = re.compile(r'\[([a-z-]+)(?:(\*?)="?([^\]"]*)"?)?\]')


def _weight(selector: str, root: dict[str, str]) -> int | None:
    """The specificity of a selector that matches <html>, None of one that does not."""
    if selector == ":root":
        return 10
    if not re.fullmatch(r"html(\[[^\]]+\]|:not\(\[[^\]]+\]\))*", selector):
        return None
    parts = re.findall(r":not\(\[[^\]]+\]\)|\[[^\]]+\]", selector)
    for part in parts:
        attribute = _ATTRIBUTE.search(part)
        assert attribute, part
        name, contains, wanted = attribute.groups()
        value = root.get(name)
        if wanted is None:
            matches = value is not None
        else:
            matches = value is not None and (wanted in value if contains else wanted == value)
        if matches == part.startswith(":not"):
            return None
    return 1 + 10 * len(parts)


def _resolved(value: str, values: dict[str, str]) -> str:
    while match := re.search(r"var\((--[a-z0-9-]+)\)", value):
        value = value.replace(match.group(0), values[match.group(1)])
    return value


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)
