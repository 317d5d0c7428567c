"""Which activities have an access fact: a ramp, sign language, captions (SV-07)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, String, cast, select

from .models import Activity, AgendaEntry


def has(fact: str) -> ColumnElement[bool]:
    """Whether an agenda entry's activity has an access fact; facts are codes, kept as JSON."""
    return (
        select(Activity.id)
        .where(
            Activity.id == AgendaEntry.activity_id,
            cast(Activity.access, String).contains(f'"{fact}"', autoescape=True),
        )
        .correlate(AgendaEntry)
        .exists()
    )
