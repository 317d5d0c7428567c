"""How the audit trail says what happened to publications."""

from __future__ import annotations

from culture_cloud import audit
from culture_cloud.web.fields import lazy as _l


def describe() -> None:
    """Called once, when the app is built."""
    audit.words.describe(
        "publication",
        noun=_l("Publication"),
        actions={
            "changed": _l("changed"),
            "published": _l("published"),
            "withdrawn": _l("withdrawn"),
        },
        fields={
            "title": _l("Title"),
            "rights": _l("Terms"),
            "state": _l("State"),
            "audience_code": _l("For whom"),
        },
        values={},
        address=lambda id_: f"/desk/reading/{id_}",
    )
