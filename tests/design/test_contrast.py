"""Every pair of colours that meets on a page can be told apart (ST-06, EL-08, EL-09)."""

from __future__ import annotations

import pytest

from .stylesheet import PAIRS, SCHEMES, contrast, tokens

TEXT = {
    "ink": ("paper", "raised", "sunk", "calm-wash", "link-wash", "warn-wash", "main-wash"),
    "ink-soft": ("paper", "raised", "sunk"),
    "calm": ("paper", "raised", "calm-wash"),
    "link": ("paper", "raised", "sunk", "link-wash", "calm-wash", "warn-wash"),
    "link-visited": ("paper", "raised"),
    "main": ("paper", "raised", "main-wash"),
    "warn": ("warn-wash",),
    "on-main": ("main",),
    "paper": ("ink-soft",),
}
SHAPES = {
    "edge": ("paper", "raised"),
    "focus": ("paper", "raised", "sunk", "calm-wash", "main-wash"),
    "main": ("paper", "raised", "main-wash"),
    "calm": ("paper", "raised", "calm-wash"),
    "link": ("paper", "raised", "link-wash"),
    "warn": ("paper", "warn-wash"),
    "ink": ("paper", "raised"),
}
READERS = [(s, m, d) for s in SCHEMES for m in ("standard", "elder") for d in (False, True)]


@pytest.mark.parametrize(("scheme", "mode", "device_dark"), READERS)
def test_text_and_shapes_stand_out_from_their_ground(
    scheme: str, mode: str, device_dark: bool
) -> None:
    colours = tokens(scheme, mode, device_dark=device_dark)
    least_text, least_shape = (7.0, 4.5) if mode == "elder" else (4.5, 3.0)
    too_faint = [
        f"{front} on {ground}: {ratio:.2f} < {least}"
        for pairs, least in ((TEXT, least_text), (SHAPES, least_shape))
        for front, grounds in pairs.items()
        for ground in grounds
        if (ratio := contrast(colours[f"--{front}"], colours[f"--{ground}"])) < least
    ]
    assert not too_faint


@pytest.mark.parametrize(
    ("scheme", "ratio"),
    [
        ("black-white", 21.0),
        ("black-cream", 20.3),
        ("yellow-black", 19.6),
        ("yellow-navy", 14.3),
    ],
)
def test_the_high_contrast_schemes_have_the_ratios_they_were_chosen_for(
    scheme: str, ratio: float
) -> None:
    colours = tokens(scheme, "elder")
    assert contrast(colours["--ink"], colours["--paper"]) == pytest.approx(ratio, abs=0.1)


@pytest.mark.parametrize("scheme", PAIRS)
def test_a_high_contrast_scheme_has_two_colours_only(scheme: str) -> None:
    colours = {v for v in tokens(scheme, "standard").values() if v.startswith("#")}
    assert len(colours) == 2


def test_the_device_s_wish_for_dark_and_the_reader_s_are_the_same_dark() -> None:
    for mode in ("standard", "elder"):
        assert tokens("", mode, device_dark=True) == tokens("dark", mode)


def test_a_chosen_scheme_wins_over_the_device_s_wish_for_dark() -> None:
    assert tokens("light", "standard", device_dark=True) == tokens("light", "standard")
