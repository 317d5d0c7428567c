"""Mapping files: where a JSON feed keeps its records, and which of its fields is which of ours.

A mapping is a JSON object:

- `name`; `zone`: the zone of its times, e.g. "Asia/Taipei";
- `recognise`: keys that a record of this feed has, by which it is known without being named;
- `records`: dotted path of the list of records, "" if the document itself is it;
- `fields`: our field → a source, which is a dotted path or an object with `path` or `paths` (the
  first that is filled; all of them for lists), `constant`, `values` (the feed's word → ours) and
  `html` (the text is markup). Fields: uid, title, kind, description, image_url, url, organiser,
  co_organisers, contact_phone, audiences, bring, capacity, fee, is_free, place_name, address,
  latitude, longitude, source_name, source_modified_at, status;
- `sessions`: `path` of the list of sessions inside a record ("" if the record is its own), and the
  paths inside each of `starts_at`, `ends_at`, `place_name`, `address`, `fee`, `latitude`,
  `longitude`;
- `dates`: `starts_at` and `ends_at` in the record itself, for records without sessions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from culture_cloud.tabular.reasons import N_, FileNotReadable, Reason

FIELDS = frozenset(
    (
        *("uid", "title", "kind", "description", "image_url", "url", "organiser"),
        *("co_organisers", "contact_phone", "audiences", "bring", "capacity", "fee", "is_free"),
        *("place_name", "address", "latitude", "longitude", "source_name"),
        *("source_modified_at", "status"),
    )
)
SESSION_FIELDS = ("starts_at", "ends_at", "place_name", "address", "fee", "latitude", "longitude")

_NOT_A_MAPPING = N_("The mapping cannot be used: %(text)s")


@dataclass(frozen=True, slots=True)
class Source:
    """Where one field comes from."""

    paths: tuple[str, ...] = ()
    constant: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    html: bool = False


@dataclass(frozen=True, slots=True)
class FeedMapping:
    """A mapping file, read; see the module's docstring."""

    name: str
    records: str
    fields: Mapping[str, Source]
    sessions_path: str
    sessions: Mapping[str, str]
    dates: Mapping[str, str]
    recognise: tuple[str, ...] = ()
    zone: ZoneInfo | None = None


def shipped_mappings() -> list[str]:
    """Names of the mappings that come with the project."""
    folder = files(__package__).joinpath("mappings")
    names = (entry.name for entry in folder.iterdir())
    return sorted(name.removesuffix(".json") for name in names if name.endswith(".json"))


def load_mapping(name: str) -> FeedMapping:
    """A shipped mapping by its name. Raises FileNotReadable if there is none."""
    if name not in shipped_mappings():
        raise FileNotReadable(Reason(_NOT_A_MAPPING, {"text": name}))
    text = files(__package__).joinpath("mappings", f"{name}.json").read_text(encoding="utf-8")
    return read_mapping(json.loads(text))


def read_mapping(document: Any) -> FeedMapping:
    """A mapping from its JSON document. Raises FileNotReadable, naming what is wrong."""
    try:
        fields = {name: _source(entry) for name, entry in document["fields"].items()}
        sessions = dict(document.get("sessions", {}))
        mapping = FeedMapping(
            name=str(document["name"]),
            records=str(document.get("records", "")),
            fields=fields,
            sessions_path=str(sessions.pop("path", "")),
            sessions={str(key): str(path) for key, path in sessions.items()},
            dates={str(key): str(path) for key, path in document.get("dates", {}).items()},
            recognise=tuple(map(str, document.get("recognise", ()))),
            zone=ZoneInfo(document["zone"]) if document.get("zone") else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        raise FileNotReadable(Reason(_NOT_A_MAPPING, {"text": str(error)})) from error
    unknown = [name for name in fields if name not in FIELDS]
    unknown += [name for name in mapping.sessions if name not in SESSION_FIELDS]
    unknown += [name for name in mapping.dates if name not in ("starts_at", "ends_at")]
    if unknown or "title" not in fields:
        text = "、".join(unknown) or "title"
        raise FileNotReadable(Reason(_NOT_A_MAPPING, {"text": text}))
    if "starts_at" not in mapping.sessions and "starts_at" not in mapping.dates:
        raise FileNotReadable(Reason(_NOT_A_MAPPING, {"text": "starts_at"}))
    return mapping


def _source(entry: Any) -> Source:
    if isinstance(entry, str):
        return Source(paths=(entry,))
    paths = entry["paths"] if "paths" in entry else [entry["path"]] if "path" in entry else []
    if not paths and "constant" not in entry:
        raise ValueError(str(entry))
    return Source(
        paths=tuple(map(str, paths)),
        constant=str(entry.get("constant", "")),
        values={str(key): str(value) for key, value in entry.get("values", {}).items()},
        html=bool(entry.get("html", False)),
    )
