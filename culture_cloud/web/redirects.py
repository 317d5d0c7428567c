"""Redirects lead to own paths only (ASVS 3.7.2)."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import redirect, request
from werkzeug.wrappers import Response


def own_path(target: str | None) -> str | None:
    """The target where it is a path of this site, else None.

    A browser reads `//host`, `/\\host` and control characters in ways of its own, so anything
    unusual is refused instead of mended.
    """
    if not target or not target.startswith("/") or len(target) > 2000:
        return None
    if target.startswith(("//", "/\\")) or "\\" in target:
        return None
    if any(ord(character) < 0x21 or ord(character) == 0x7F for character in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    # percent-encoded separators at the front are how filters are slipped past: /%09/host
    if parts.scheme or parts.netloc or target[1:4].lower() in {"%2f", "%5c", "%09", "%0a", "%0d"}:
        return None
    return target


def redirect_back(fallback: str) -> Response:
    """Go to the own path named by `next`, else to the fallback."""
    target = own_path(request.values.get("next"))
    return redirect(target or fallback, code=303)
