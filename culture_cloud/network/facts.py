"""The fixed vocabularies of a node: its lines, its access facts (SV-07), names of its facts."""

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

FIELD_NAMES: Mapping[str, LazyString] = MappingProxyType(
    {
        "name": _l("Name of the place"),
        "plate_name": _l("Plate name"),
        "level": _l("Level"),
        "parent": _l("Parent"),
        "position": _l("Order"),
        "lines": _l("Lines"),
        "address": _l("Address"),
        "phone": _l("Phone"),
        "sms_phone": _l("Number for text messages"),
        "hours": _l("Opening hours"),
        "closings": _l("Days that differ"),
        "liaison": _l("Liaison"),
        "access": _l("Access"),
        "about": _l("About"),
        "latitude": _l("Latitude"),
        "longitude": _l("Longitude"),
        "photo_alt": _l("What the photo shows"),
        "review_required": _l("Review before publishing"),
        "closed_down": _l("Closed down"),
        "region_code": _l("Region code"),
        "site_name": _l("Name of the site"),
        "phone_hours": _l("When somebody answers"),
    }
)
"""How reports of an import name what changed."""
