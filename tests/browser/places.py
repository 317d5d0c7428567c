"""What there is to look at: a page of the URL map, or a state that its feature names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

from playwright.sync_api import Page

ROLES = ("visitor", "resident", "clerk", "manager", "administrator")
MODES = ("standard", "elder")
WIDTHS = (360, 1280)


@dataclass(frozen=True)
class Place:
    """A page to look at.

    name: the endpoint, or a name of its own for a state ("activities: none found").
    role: who opens it, one of ROLES. act: what is done there before it is looked at.
    language: a locale of i18n.LOCALES where it is not the usual Chinese.
    is_key: seen in both modes on both widths, each time the suite runs.
    """

    name: str
    path: str
    role: str = "visitor"
    act: Callable[[Page], None] | None = None
    is_key: bool = False
    language: str = ""

    @property
    def looks(self) -> list[tuple[str, int]]:
        """Mode and width of each look in `make test`: both modes, once on a phone, once on a desk.

        Which mode is seen on the phone is decided by the name, so it is the same in every run.
        `make a11y` sees all of them.
        """
        if self.is_key:
            return [(mode, width) for mode in MODES for width in WIDTHS]
        first, second = MODES if crc32(self.name.encode()) % 2 else reversed(MODES)
        return [(first, WIDTHS[0]), (second, WIDTHS[1])]
