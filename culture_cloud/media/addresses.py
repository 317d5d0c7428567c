"""The addresses of pictures, and the words `srcset` needs."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from flask import current_app

from culture_cloud import covers

POSTER_WIDTHS = (240, 480, 960)


@dataclass(frozen=True, slots=True)
class Picture:
    """What an <img> needs: addresses by width, size of the middle one in CSS px."""

    src: str
    srcset: str
    width: int
    height: int
    alt: str = ""
    sizes: str = ""


def cover(motif: str, title: str) -> Picture:
    """The generated cover of an activity; its alt is empty, for it says nothing."""
    seed = hashlib.blake2b(title.encode("utf-8", "replace"), digest_size=6).hexdigest()
    base = f"/covers/{covers.VERSION}/{motif}/{seed}{signature(motif, seed)}"
    return Picture(
        src=f"{base}-480.webp",
        srcset=", ".join(f"{base}-{w}.webp {w}w" for w in covers.WIDTHS),
        width=480,
        height=covers.height_of(480),
    )


def poster(key: str, alt: str) -> Picture:
    """An uploaded poster. All derivatives have the cover's shape, so lists stay even."""
    base = f"/media/{key}"
    return Picture(
        src=f"{base}-480.webp",
        srcset=", ".join(f"{base}-{w}.webp {w}w" for w in POSTER_WIDTHS),
        width=480,
        height=covers.height_of(480),
        alt=alt,
    )


def signature(motif: str, seed: str) -> str:
    """Only covers that a page of ours asked for are drawn; drawing costs time."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"cover {motif} {seed}".encode(), hashlib.sha256).hexdigest()[:8]
