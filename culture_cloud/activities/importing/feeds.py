"""JSON feeds → rows: schema.org events, and any other list by a mapping file."""

from __future__ import annotations

import json
from datetime import date, tzinfo
from typing import Any

from culture_cloud.activities.importing.dates import DEFAULT_ZONE
from culture_cloud.activities.importing.mapped_feed import read_records
from culture_cloud.activities.importing.mapping import (
    FeedMapping,
    load_mapping,
    shipped_mappings,
)
from culture_cloud.activities.importing.records import Record
from culture_cloud.activities.importing.rows import Parsed
from culture_cloud.activities.importing.schema_org import find_events, read_events
from culture_cloud.tabular import N_, FileNotReadable, Reason
from culture_cloud.tabular.archive import check_size
from culture_cloud.tabular.decoding import decode_text

MOST_RECORDS = 20_000


def read_feed(
    data: bytes,
    *,
    zone: tzinfo = DEFAULT_ZONE,
    today: date,
    mapping: FeedMapping | str | None = None,
) -> Parsed:
    """The activities of a JSON document. `mapping` is a mapping or the name of a shipped one;
    without it schema.org events and the shipped feeds are recognised. Raises FileNotReadable."""
    document = _document(data)
    if isinstance(mapping, str):
        mapping = load_mapping(mapping)
    if mapping is None:
        events = find_events(document)
        if events:
            parsed = read_events(_not_too_many(events), zone=zone, today=today)
            return _not_empty(parsed)
        mapping = _recognised(document)
    if mapping is None:
        raise FileNotReadable(
            Reason(N_("No activities were found in this JSON file. Its form is not known."))
        )
    _not_too_many(_records(document, mapping))
    return _not_empty(read_records(document, mapping, zone=zone, today=today))


def _document(data: bytes) -> Any:
    check_size(data)
    try:
        return json.loads(decode_text(data))
    except (ValueError, RecursionError) as error:
        raise FileNotReadable(
            Reason(N_("The JSON file is damaged or incomplete. Fetch it anew."))
        ) from error


def _records(document: Any, mapping: FeedMapping) -> list[Any]:
    found = document
    if mapping.records:
        found = Record(document).at(mapping.records) if isinstance(document, dict) else None
    return found if isinstance(found, list) else []


def _recognised(document: Any) -> FeedMapping | None:
    for name in shipped_mappings():
        mapping = load_mapping(name)
        first = next(iter(_records(document, mapping)), None)
        if mapping.recognise and isinstance(first, dict) and set(mapping.recognise) <= set(first):
            return mapping
    return None


def _not_too_many(records: list[Any]) -> list[Any]:
    if len(records) > MOST_RECORDS:
        raise FileNotReadable(
            Reason(
                N_("The feed has more than %(limit)d activities. Fetch a shorter period."),
                {"limit": MOST_RECORDS},
            )
        )
    return records


def _not_empty(parsed: Parsed) -> Parsed:
    if not parsed.rows and not parsed.problems:
        raise FileNotReadable(Reason(N_("The feed holds no activity.")))
    return parsed
