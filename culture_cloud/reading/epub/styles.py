"""A book's style sheets, cut down to what helps reading and cannot hurt it (tinycss2).

Every selector is bound to the text of the book, every class and id carries `b-`, so a book cannot
restyle the site. No function passes (no `url()`), no at-rule, no colour, no position: colours and
sizes are the reader's own (EL-22).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import tinycss2
from tinycss2.ast import Declaration, QualifiedRule

from culture_cloud.reading.intake.findings import Findings

SCOPE = ".book-text"
MOST_RULES = 3000

_WORDS = {
    "text-align": {"left", "right", "center", "justify", "start", "end"},
    "font-style": {"normal", "italic", "oblique"},
    "font-variant": {"normal", "small-caps"},
    "font-weight": {"normal", "bold", "bolder", "lighter"},
    "text-decoration": {"none", "underline", "line-through", "overline"},
    "text-transform": {"none", "uppercase", "lowercase", "capitalize"},
    "vertical-align": {"baseline", "sub", "super", "top", "middle", "bottom"},
    "list-style-type": {
        *("none", "disc", "circle", "square", "decimal", "lower-alpha", "upper-alpha"),
        *("lower-roman", "upper-roman", "cjk-ideographic", "simp-chinese-informal"),
    },
    "white-space": {"normal", "pre-wrap", "pre-line"},
    "text-emphasis-style": {"none", "filled", "open", "dot", "circle", "sesame"},
    "text-emphasis-position": {"over", "under", "right", "left"},
    "ruby-position": {"over", "under"},
    "text-combine-upright": {"none", "all"},
    "text-orientation": {"mixed", "upright", "sideways"},
    "float": {"none", "left", "right"},
    "clear": {"none", "left", "right", "both"},
    "unicode-bidi": {"normal", "embed", "isolate"},
    "direction": {"ltr", "rtl"},
}
_LENGTHS = {
    "text-indent": (-3.0, 4.0),
    "font-size": (0.85, 2.0),
    **{f"margin-{side}": (0.0, 4.0) for side in ("top", "bottom", "left", "right")},
    **{f"padding-{side}": (0.0, 3.0) for side in ("top", "bottom", "left", "right")},
}
_NUMBERS = {"font-weight": (100, 900)}
_PREFIXES = ("-epub-", "-webkit-", "-moz-", "-ms-")
_LENGTH = re.compile(r"(-?\d{1,3}(?:\.\d{1,3})?)(em|rem|%|)$")
_SELECTOR = re.compile(r"[\w\-.#\s>+~*:]{1,200}")
_PSEUDO = re.compile(r"::?(first-child|last-child|first-letter|first-line|first-of-type)\b")
_SIMPLE = re.compile(r"([.#]?)([A-Za-z_][\w-]*)|(::?[a-z-]+)|([>+~*])|(\s+)")
_FUNCTION = re.compile(r"\(", re.ASCII)
_VERTICAL = re.compile(r"writing-mode\s*:\s*(vertical-rl|tb-rl)", re.IGNORECASE)


def allowed_styles(sheet: str, findings: Findings, *, justified: bool = True) -> str:
    """The allowed part of a style sheet, bound to SCOPE.

    `justified`: whether lines may be set to both margins. Characters of one width may; words of
    letters on a narrow screen would stand far apart (WCAG 1.4.8).
    """
    kept: list[str] = []
    for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)[
        :MOST_RULES
    ]:
        if isinstance(rule, QualifiedRule):
            selectors = _bound(tinycss2.serialize(rule.prelude))
            declared = allowed_declarations(rule.content, findings, justified=justified)
            if selectors == SCOPE:  # the page has margins of its own
                declared = ";".join(
                    d
                    for d in declared.split(";")
                    if not d.startswith(("margin", "padding", "font-size"))
                )
            if selectors and declared:
                kept.append(f"{selectors}{{{declared}}}")
        elif "url(" in tinycss2.serialize([rule]).lower() or getattr(
            rule, "lower_at_keyword", ""
        ) == ("import"):
            findings.note("css_outside")
    return "\n".join(kept)


def allowed_declarations(
    content: Iterable[object] | str, findings: Findings, *, justified: bool = True
) -> str:
    """The allowed declarations of a rule or a style attribute; `justified`: see allowed_styles."""
    source = content if isinstance(content, str) else list(content)
    kept = []
    for declaration in tinycss2.parse_blocks_contents(
        source, skip_comments=True, skip_whitespace=True
    ):
        if not isinstance(declaration, Declaration):
            continue
        name = _bare(declaration.lower_name)
        value = tinycss2.serialize(declaration.value).strip()
        if "url(" in value.lower() or "expression" in value.lower():
            findings.note("css_outside")
            continue
        if (name, value.lower()) == ("text-align", "justify") and not justified:
            continue
        kept += [f"{n}:{v}" for n, v in _spelled(name, value) if _is_allowed(n, v)]
    return ";".join(kept)


def asks_for_vertical(sheet: str) -> bool:
    """Whether the book is set in vertical lines."""
    return bool(_VERTICAL.search(sheet))


def _bare(name: str) -> str:
    for prefix in _PREFIXES:
        if name.startswith(prefix):
            name = name.removeprefix(prefix)
    return {"text-combine": "text-combine-upright", "text-decoration-line": "text-decoration"}.get(
        name, name
    )


def _spelled(name: str, value: str) -> list[tuple[str, str]]:
    """`margin: 0 1em` as its four sides; everything else as it is."""
    value = value.lower()
    if name not in {"margin", "padding"}:
        return [(name, value)]
    parts = value.split()
    if not 1 <= len(parts) <= 4:
        return []
    top, right = parts[0], parts[1] if len(parts) > 1 else parts[0]
    bottom = parts[2] if len(parts) > 2 else top
    left = parts[3] if len(parts) > 3 else right
    sides = {"top": top, "right": right, "bottom": bottom, "left": left}
    return [(f"{name}-{side}", size) for side, size in sides.items()]


def _is_allowed(name: str, value: str) -> bool:
    if _FUNCTION.search(value) or len(value) > 60:
        return False
    if name in _WORDS and all(word in _WORDS[name] for word in value.split()) and value:
        return True
    if name in _NUMBERS and value.isdigit():
        least, most = _NUMBERS[name]
        return least <= int(value) <= most
    found = _LENGTH.match(value) if name in _LENGTHS else None
    if found is None:
        return False
    number, unit = float(found[1]), found[2]
    if not unit and number:
        return False
    number = number / (100 if name == "font-size" else 20) if unit == "%" else number
    smallest, largest = _LENGTHS[name]
    return smallest <= number <= largest


def _bound(selectors: str) -> str:
    found = [bound for one in selectors.split(",") if (bound := _bound_one(one.strip()))]
    return ",".join(found)


def _bound_one(selector: str) -> str:
    if not selector or not _SELECTOR.fullmatch(selector):
        return ""
    bound, at = "", 0
    for part in _SIMPLE.finditer(selector):
        if part.start() != at:
            return ""
        at = part.end()
        mark, name, pseudo, sign, space = part.groups()
        if pseudo:
            if not _PSEUDO.fullmatch(pseudo):
                return ""
            bound += pseudo
        elif name:
            bound += _bound_name(mark, name)
        else:
            bound += sign or (" " if space else "")
    if at != len(selector):
        return ""
    inner = bound.strip()
    return SCOPE if not inner else f"{SCOPE} {inner}"


def _bound_name(mark: str, name: str) -> str:
    if mark:
        return f"{mark}b-{name}"
    lowered = name.lower()
    if lowered in {"html", "body"}:
        return ""
    return f".book-{lowered}" if re.fullmatch(r"h[1-6]", lowered) else lowered
