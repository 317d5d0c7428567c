"""QR codes as inline SVG: no request, no file, no inline style (the pages' CSP forbids it)."""

from __future__ import annotations

import segno
from markupsafe import Markup

QUIET_ZONE = 4
"""Modules of white around it (ISO/IEC 18004); scanners of cheap phones need them."""


def qr_svg(text: str, *, label: str) -> Markup:
    """The text as an SVG picture that `label` names for screen readers.

    It has no size of its own (a class of the style sheet gives it one) and stays black on white in
    every mode and colour scheme, with a fifteenth of it allowed to be smudged (level M).
    """
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        border=QUIET_ZONE,
        omitsize=True,
        dark="#000",
        light="#fff",
        svgclass="qr-code",
        lineclass=None,
        title=label,
    )
    return Markup(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704  (segno escapes the title)
