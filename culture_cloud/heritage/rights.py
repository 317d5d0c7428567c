"""Rights statements (rightsstatements.org, Creative Commons) and community rules, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from flask_babel import lazy_gettext as _l


class Visibility(StrEnum):
    """Who may see an item, or a part of one."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    ON_SITE = "on_site"
    GROUP = "group"


VISIBILITY_WORDS: Mapping[Visibility, object] = MappingProxyType(
    {
        Visibility.PUBLIC: _l("Everybody"),
        Visibility.SIGNED_IN: _l("Whoever is signed in"),
        Visibility.ON_SITE: _l("Only on the computers of our halls"),
        Visibility.GROUP: _l("Only a named group of people"),
    }
)


@dataclass(frozen=True, slots=True)
class RightsStatement:
    """What others may do with it."""

    uri: str
    words: object
    #: whether the original may be downloaded
    reusable: bool


def _cc(code: str) -> str:
    return f"https://creativecommons.org/licenses/{code}/4.0/"


def _rs(code: str) -> str:
    return f"http://rightsstatements.org/vocab/{code}/1.0/"


RIGHTS: Mapping[str, RightsStatement] = MappingProxyType(
    {
        "pd": RightsStatement(
            "https://creativecommons.org/publicdomain/mark/1.0/",
            _l("Free for all: no longer protected"),
            True,
        ),
        "cc0": RightsStatement(
            "https://creativecommons.org/publicdomain/zero/1.0/",
            _l("Free for all: the owner gave it away (CC0)"),
            True,
        ),
        "cc-by": RightsStatement(
            _cc("by"), _l("May be used if the source is named (CC BY 4.0)"), True
        ),
        "cc-by-nc": RightsStatement(
            _cc("by-nc"),
            _l("May be used without earning money, the source named (CC BY-NC 4.0)"),
            True,
        ),
        "in-copyright": RightsStatement(_rs("InC"), _l("Protected: ask before you use it"), False),
        "orphan": RightsStatement(
            _rs("InC-RUU"), _l("Protected, but the owner could not be found"), False
        ),
        "no-known": RightsStatement(_rs("NKC"), _l("As far as we know, not protected"), True),
        "cultural": RightsStatement(
            _rs("NoC-OKLR"),
            _l("Belongs to the community that keeps it: its customs apply"),
            False,
        ),
    }
)
