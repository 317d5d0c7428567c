"""The stylesheet stays small, plain enough for old phones, and legible."""

from __future__ import annotations

import gzip
import re

import pytest

from culture_cloud.web.static_files import lean_css

from .stylesheet import ROOT, Rule, rules, source, tokens, without_comments

TOO_NEW = (
    r":is\(", r":where\(", r":has\(", r"@layer", r"@container", r"&", r"\binset:", r"aspect-ratio:",
    r"\b(?:margin|padding)-(?:inline|block):", r"\b(?:clamp|min|max)\(", r"(?<![-\w])gap:",
    r"color-mix\(", r"\bsvh\b|\bdvh\b",
)  # fmt: skip
"""What a Chrome 64-class WebView drops, taking the whole declaration with it (ST-34)."""


def every_rule() -> list[Rule]:
    return rules()


def test_the_stylesheet_is_light_enough_for_a_weak_signal() -> None:
    raw = lean_css(source().encode())  # as it is served
    assert len(raw) <= 48 * 1024
    assert len(gzip.compress(raw, 9)) <= 12 * 1024


@pytest.mark.parametrize("pattern", TOO_NEW)
def test_uses_nothing_that_old_phones_drop(pattern: str) -> None:
    css = re.sub(r"minmax\(", "(", without_comments(source()))
    assert not re.search(pattern, css)


def test_asks_no_other_host_and_no_font() -> None:
    css = source()
    pictures = set(re.findall(r"url\(([^)]*)\)", css))
    assert pictures == {
        f'"../img/{name}.svg"' for name in ("pointer", "pointer-hand", "pointer-text")
    }
    assert "@import" not in css
    assert "@font-face" not in css


@pytest.mark.parametrize(
    "pattern",
    [
        r"text-align:\s*justify",
        r"font-style:\s*italic",
        r"font-weight:\s*[123]00",
        r"outline:\s*(?:none|0\s*[;}])",
        r"text-size-adjust",
        r"text-transform",
        r"\bzoom:",
    ],
)
def test_does_nothing_that_makes_reading_hard(pattern: str) -> None:
    assert not re.search(pattern, without_comments(source()))


def test_a_new_selector_stands_alone_so_that_old_phones_drop_only_it() -> None:
    for rule in every_rule():
        new = [s for s in rule.selectors if ":focus-visible" in s]
        assert len(new) in {0, len(rule.selectors)}, rule.selectors


def test_there_is_a_focus_ring_of_three_pixels_before_focus_visible_is_asked() -> None:
    outlines = {r.selectors: dict(r.declarations).get("outline", "") for r in every_rule()}
    assert outlines[(":focus",)].startswith("3px solid")


def size_in_px(value: str, sizes: dict[str, str], root: float) -> float | None:
    """A font size as px, None where it depends on the text around it."""
    while match := re.search(r"var\((--[a-z0-9-]+)\)", value):
        value = value.replace(match.group(0), sizes[match.group(1)])
    match = re.fullmatch(r"(?:calc\()?([0-9.]+)(px|rem|pt)(?: \* ([0-9.]+)\))?", value)
    if not match:
        return None
    factor = {"px": 1.0, "rem": root, "pt": 4 / 3}[match.group(2)]
    return float(match.group(1)) * factor * float(match.group(3) or 1)


@pytest.mark.parametrize(
    ("mode", "root", "least"), [("standard", 18.0, 14.0), ("elder", 24.0, 20.0)]
)
def test_no_text_is_smaller_than_the_mode_allows(mode: str, root: float, least: float) -> None:
    sizes = tokens("", mode)
    assert float(sizes["--base"].rstrip("%")) / 100 * 16 == root
    seen = 0
    for rule in every_rule():
        for name, value in rule.declarations:
            is_specimen = rule.selectors == (".looks .look-18",)  # shows what one may choose
            # units of a drawing; the crawl measures its words as they are drawn
            is_drawn = any(".map-name" in selector for selector in rule.selectors)
            if name != "font-size" or value == "var(--base)" or is_specimen or is_drawn:
                continue
            px = size_in_px(value, sizes, root)
            if px is not None:
                seen += 1
                assert px >= least, (rule.selectors, value, px)
            else:
                assert value.endswith(("%", "em")) and not value.startswith("0."), value
    assert seen > 20


def test_headings_of_the_elder_version_are_at_most_half_larger_than_the_text() -> None:
    sizes = tokens("", "elder")
    assert all(float(sizes[f"--{name}"].removesuffix("rem")) <= 1.5 for name in ("h1", "h2", "h3"))


def test_targets_and_gaps_are_as_large_as_the_mode_asks() -> None:
    standard, elder = tokens("", "standard"), tokens("", "elder")
    least = {"--target": (44, 48), "--target-main": (44, 60), "--gap": (8, 12)}
    for name, (in_standard, in_elder) in least.items():
        assert int(standard[name].removesuffix("px")) >= in_standard
        assert int(elder[name].removesuffix("px")) >= in_elder


def test_lines_have_room_and_are_not_too_long() -> None:
    standard, elder = tokens("", "standard"), tokens("", "elder")
    assert float(standard["--leading"]) >= 1.5
    assert float(elder["--leading"]) >= 1.75
    assert float(elder["--tight"]) >= 1.75
    assert int(standard["--measure"].removesuffix("em")) <= 40
    assert int(elder["--measure"].removesuffix("em")) <= 28
    gaps = [dict(r.declarations) for r in every_rule() if r.selectors == ("p + p",)]
    assert gaps[0]["margin-top"] == "calc(var(--leading) * 1.3em)"


def test_every_colour_in_a_rule_is_a_token() -> None:
    # paper is black on white whatever the scheme; so is a QR code
    fixed = re.compile(r"#[0-9a-f]{3,8}\b")
    for rule in every_rule():
        on_paper = "print" in rule.media or any(
            s.startswith((".slip", ".qr")) for s in rule.selectors
        )
        for name, value in rule.declarations:
            if not name.startswith("--") and not on_paper:
                assert not fixed.search(value), (rule.selectors, name, value)


def test_every_class_of_the_components_has_a_rule() -> None:
    known = set(re.findall(r"\.([a-z][a-z0-9-]*)", without_comments(source())))
    built = {"specimen"}  # only names a part of the styleguide
    used: set[str] = set()
    for folder in ("components", "layouts"):
        for path in (ROOT / "templates" / folder).glob("*.html"):
            text = re.sub(r"{#.*?#}|{%.*?%}", " ", path.read_text(encoding="utf-8"), flags=re.S)
            for value in re.findall(r'class="([^"]*)"', text):
                used |= set(re.sub(r"\S*{{.*?(}}\S*|$)", " ", value).split())
    assert len(used) > 60
    assert used - known - built == set()


def test_every_picture_that_a_template_names_exists() -> None:
    icons = (ROOT / "templates/components/icons.html").read_text(encoding="utf-8")
    known = set(re.findall(r'^  "([a-z]+)": "M', icons, flags=re.M))
    asked: set[str] = set()
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r'icon\("([a-z_]+)"\)', text))
        asked |= set(re.findall(r'picture"?\s*[=:]\s*"([a-z_]+)"', text))
    assert asked
    assert asked - known == set()
