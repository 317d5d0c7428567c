"""Kinds of heritage items as data: one JSON schema (2020-12) each, from which the form is made and
by which extra fields are judged. A county adds a kind by adding a file.

Beside the standard's keywords: `title_en`, `x-options` (words of an enum), `x-rows` (a long text),
`x-dc` (the Dublin Core term a field also is), `x-dcmi-type`, `x-schema-org`, `x-icon`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from culture_cloud.i18n import is_chinese


@dataclass(frozen=True, slots=True)
class ExtraField:
    """One extra field of a kind."""

    name: str
    schema: Mapping[str, Any]
    required: bool

    @property
    def label(self) -> str:
        return _named(self.schema, "title")

    @property
    def hint(self) -> str:
        return _named(self.schema, "description")

    @property
    def options(self) -> list[tuple[str, str]]:
        """(value, words) of a choice; empty for other fields."""
        return [
            (str(option["value"]), str(option["name"] if is_chinese() else option["name_en"]))
            for option in self.schema.get("x-options", ())
        ]

    @property
    def rows(self) -> int:
        return int(self.schema.get("x-rows", 1))

    @property
    def is_number(self) -> bool:
        return bool(self.schema["type"] == "integer")

    @property
    def dc_term(self) -> str:
        return str(self.schema.get("x-dc", ""))

    def words(self, value: Any) -> str:
        """A value as people read it."""
        return dict(self.options).get(str(value), str(value))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of heritage item."""

    code: str
    schema: Mapping[str, Any]

    @property
    def name(self) -> str:
        return _named(self.schema, "title")

    @property
    def about(self) -> str:
        return _named(self.schema, "description")

    @property
    def icon(self) -> str:
        return str(self.schema["x-icon"])

    @property
    def dcmi_type(self) -> str:
        return str(self.schema["x-dcmi-type"])

    @property
    def schema_type(self) -> str:
        return str(self.schema["x-schema-org"])

    @property
    def fields(self) -> tuple[ExtraField, ...]:
        required = self.schema.get("required", ())
        return tuple(
            ExtraField(name, schema, name in required)
            for name, schema in self.schema["properties"].items()
        )

    def faults(self, extra: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """(field, keyword that failed) for extra fields that the schema does not take."""
        for error in Draft202012Validator(self.schema).iter_errors(dict(extra)):
            if error.validator == "required":
                for name in self.schema["required"]:
                    if name not in extra:
                        yield name, "required"
            else:
                yield str(next(iter(error.path), "")), str(error.validator)


@lru_cache
def kinds() -> Mapping[str, Kind]:
    """All kinds by code, in their order."""
    found = [
        Kind(path.stem, json.loads(path.read_text(encoding="utf-8")))
        for path in Path(__file__).parent.glob("*.json")
    ]
    ordered = sorted(found, key=lambda kind: (kind.schema["x-position"], kind.code))
    return {kind.code: kind for kind in ordered}


def _named(schema: Mapping[str, Any], key: str) -> str:
    return str(schema.get(key, "") if is_chinese() else schema.get(f"{key}_en", ""))
