"""The fixed vocabularies of a node: its lines and its access facts (SV-07)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

LINES: Mapping[str, LazyString] = MappingProxyType(
    {"culture_hall": _l("Culture hall"), "library": _l("Library")}
)

ACCESS_FACTS: Mapping[str, LazyString] = MappingProxyType(
    {
        "ramp": _l("Ramp or level entrance"),
        "lift": _l("Lift"),
        "toilet": _l("Accessible toilet"),
        "hearing_loop": _l("Hearing loop"),
        "sign_language": _l("Sign language"),
        "seats": _l("Seats with backs"),
        "quiet": _l("Quiet place to rest"),
        "braille": _l("Braille or large print"),
        "parking": _l("Parking for disabled people"),
        "captions": _l("Captions"),
    }
)
