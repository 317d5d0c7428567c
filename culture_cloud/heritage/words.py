"""How the audit trail speaks of heritage."""

from __future__ import annotations

from flask import url_for

from culture_cloud.audit import words
from culture_cloud.web.fields import lazy as _l

from .presenter import STATES

ACTIONS = {
    "submitted": _l("sent to the branch"),
    "reviewed": _l("handed on to the main hall"),
    "published": _l("published"),
    "withdrawn": _l("withdrawn"),
    "sent_back": _l("sent back"),
    "changed": _l("changed"),
    "restored": _l("made as it was before"),
    "imported": _l("changed by an import"),
    "deleted": _l("deleted"),
    "accepted": _l("taken over"),
    "declined": _l("not taken over"),
}


def describe() -> None:
    """Give the trail its words."""
    values = {"state": {str(state): said for state, (said, _kind) in STATES.items()}}
    fields = {"state": _l("Where it stands"), "version": _l("Version")}
    words.describe(
        "heritage_item",
        noun=_l("Heritage item"),
        actions=ACTIONS,
        fields=fields,
        values=values,  # type: ignore[arg-type]
        address=lambda item_id: url_for("desk_heritage.item", item_id=item_id),
    )
    words.describe(
        "heritage_collection",
        noun=_l("Collection"),
        actions=ACTIONS,
        fields=fields,
        values=values,  # type: ignore[arg-type]
        address=lambda one: url_for("desk_heritage.collection", collection_id=one),
    )
    words.describe(
        "heritage_contribution",
        noun=_l("Gift of a resident"),
        actions=ACTIONS,
        fields=fields,
        address=lambda one: url_for("desk_heritage.gift", gift_id=one),
    )
