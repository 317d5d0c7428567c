"""Roles of people and relations between items, as data. Dublin Core terms where there are any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class RelationKind:
    """A relation in words, from both ends, and its Dublin Core term."""

    words: object
    back_words: object
    dc_term: str


ROLES: Mapping[str, object] = MappingProxyType(
    {
        "bearer": _l("Bearer"),
        "maker": _l("Maker"),
        "author": _l("Author"),
        "photographer": _l("Photographer"),
        "speaker": _l("Speaker"),
        "singer": _l("Singer or player"),
        "recorder": _l("Recorded by"),
        "owner": _l("Owner"),
        "depicted": _l("Shown or told of"),
        "donor": _l("Given by"),
    }
)
CREATORS = ("maker", "author", "photographer", "speaker", "singer")
"""Roles that Dublin Core calls creator; the others are contributors."""

RELATIONS: Mapping[str, RelationKind] = MappingProxyType(
    {
        "part_of": RelationKind(_l("Part of"), _l("Has as part"), "isPartOf"),
        "depicts": RelationKind(_l("Shows or tells of"), _l("Shown or told of in"), "references"),
        "made_by": RelationKind(_l("Made by"), _l("Made"), "relation"),
        "made_with": RelationKind(_l("Belongs to the practice of"), _l("Used in it"), "relation"),
        "place_of": RelationKind(_l("Is found at"), _l("Found here"), "relation"),
        "see_also": RelationKind(_l("See also"), _l("See also"), "relation"),
    }
)
