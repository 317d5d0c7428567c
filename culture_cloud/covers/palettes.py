"""The palettes of covers: traditional pigments, chosen to sit side by side on one page."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int]


def rgb(code: str) -> Colour:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`first` with `share` (0 to 1) of `second` in it."""
    return (
        round(first[0] + (second[0] - first[0]) * share),
        round(first[1] + (second[1] - first[1]) * share),
        round(first[2] + (second[2] - first[2]) * share),
    )


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by their part in a drawing.

    `ground` is the sheet and `soft` a tone just apart from it; `main` stands clearly on the
    ground; `deep` is the darkest and `pale` the lightest of the family; `accent` is the one
    spot of another hue.
    """

    ground: Colour
    soft: Colour
    main: Colour
    deep: Colour
    accent: Colour
    pale: Colour

    @property
    def is_dark(self) -> bool:
        return sum(self.ground) < sum(self.main)


def _palette(*codes: str) -> Palette:
    return Palette(*(rgb(code) for code in codes))


PALETTES = {
    # 宣纸 with 朱砂
    "paper": _palette("#f3eadb", "#e9dac3", "#b13c2c", "#7d261d", "#c99a4c", "#fcf7ed"),
    # 朱砂
    "cinnabar": _palette("#a83c2d", "#b54e3d", "#f2e3c9", "#7c251c", "#e3b566", "#f8efdf"),
    # 青瓷
    "celadon": _palette("#dde6da", "#cbd9cb", "#55877a", "#2c564d", "#c9894c", "#f4f6ec"),
    # 竹青
    "bamboo": _palette("#33625a", "#3f7067", "#d5e2d2", "#21473f", "#ddab62", "#f0f4e8"),
    # 靛蓝
    "indigo": _palette("#2a476c", "#37567c", "#e3e4da", "#1b3250", "#dfb164", "#f4f0e4"),
    # 青花
    "porcelain": _palette("#eeece2", "#dadfdd", "#38608f", "#213e66", "#b9553f", "#fbf9f2"),
    # 赭石
    "ochre": _palette("#e9d3a3", "#dfc38b", "#8f5029", "#5d331c", "#3f6c66", "#f8eed6"),
    # 茶褐
    "tea": _palette("#5b4537", "#6a5343", "#e5d2b0", "#412f25", "#cf8148", "#f3e8d4"),
    # 梅
    "plum": _palette("#ecdfdb", "#dfcbc9", "#8a4660", "#582a42", "#c3924f", "#f9f2ee"),
    # 墨
    "ink": _palette("#e8e4da", "#d7d2c6", "#4d4b49", "#2b2a29", "#b13c2c", "#f8f5ee"),
}

#: Which palettes suit which motif, so that one page of one kind still has many colours.
SUITED = {
    "papercut": ("paper", "cinnabar", "plum", "ochre", "porcelain", "bamboo"),
    "brocade": ("cinnabar", "indigo", "ochre", "plum", "bamboo", "tea", "paper"),
    "tile": ("ink", "celadon", "indigo", "tea", "porcelain", "bamboo"),
    "terraces": ("celadon", "bamboo", "ochre", "porcelain", "indigo", "plum", "ink"),
    "drum": ("ochre", "cinnabar", "tea", "bamboo", "paper", "indigo"),
    "lantern": ("paper", "indigo", "cinnabar", "plum", "tea", "celadon"),
    "scroll": ("ink", "porcelain", "ochre", "bamboo", "celadon", "paper", "tea"),
    "screen": ("indigo", "tea", "plum", "bamboo", "ink", "porcelain"),
}
