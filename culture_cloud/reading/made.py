"""What a maker of book folders hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .books import Manifest


@dataclass(slots=True)
class Made:
    """The manifest that was written, and what the file says of itself (title, authors …)."""

    manifest: Manifest
    metadata: dict[str, Any]
