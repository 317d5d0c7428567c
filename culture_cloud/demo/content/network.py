"""The demo county: levels, lines, opening hours and nodes (R2, R5, R8, R10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from culture_cloud.demo.content.fields import Fields, by_code, parse_clock, read_json
from culture_cloud.demo.content.when import WEEKDAYS, Anchor, read_anchor
from culture_cloud.network.facts import ACCESS_FACTS, LINES

NODE_KINDS = ("government", "company", "school")


@dataclass(frozen=True)
class Term:
    """A code with its name in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Level:
    """A level of the tree, 0 being the top; `plate` is the template of the plate name (R8)."""

    code: str
    position: int
    zh: str
    en: str
    plate: str


@dataclass(frozen=True)
class County:
    """The county that the demo network serves."""

    code: str
    name: str
    en: str
    city: str
    province: str


@dataclass(frozen=True)
class Hours:
    """Opening hours: weekday (0 is Monday) to spans of local time; a closed day is missing."""

    code: str
    zh: str
    week: Mapping[int, tuple[tuple[time, time], ...]]

    @property
    def minutes_a_week(self) -> int:
        spans = [span for day in self.week.values() for span in day]
        return sum(_minutes(end) - _minutes(start) for start, end in spans)


@dataclass(frozen=True)
class Closing:
    """Shut for `days` days from the day of the anchor on."""

    first: Anchor
    days: int
    reason: str


@dataclass(frozen=True)
class Node:
    """One place of the network. The fields from latitude on are there only in full detail."""

    code: str
    level: str
    name: str
    lines: tuple[str, ...]
    parents: Mapping[str, str]
    kind: str
    address: str
    hours: str
    liaison: str
    phone: str | None
    liaison_phone: str | None
    latitude: float | None
    longitude: float | None
    sms_phone: str | None
    closings: tuple[Closing, ...]
    access: tuple[str, ...]
    access_note: str | None
    about: str | None

    @property
    def parent(self) -> str | None:
        """The one parent for a tree with a single root per node: that of the first line."""
        return next(iter(self.parents.values()), None)

    @property
    def in_full_detail(self) -> bool:
        return self.about is not None


@dataclass(frozen=True)
class Network:
    """The whole tree with its vocabulary; all mappings are by code and keep the files' order."""

    county: County
    levels: Mapping[str, Level]
    hours: Mapping[str, Hours]
    nodes: Mapping[str, Node]

    def plate_name(self, code: str) -> str:
        """The public name that the level's naming rule gives a node (R8)."""
        node = self.nodes[code]
        mains = [self.nodes[above].name for above in node.parents.values()] or [node.name]
        main = mains[0] + "".join(f"（{other}）" for other in mains[1:])
        template = self.levels[node.level].plate
        county = self.county.name
        return template.format(name=node.name, county=county, main=f"{county}{main}")


def read_network(folder: Path) -> Network:
    """The network from levels.json and network.json.

    Raises ValueError with the place of the first mistake.
    """
    levels_file = read_json(folder / "levels.json")
    levels = by_code([_read_level(item) for item in levels_file.children("levels")], "levels.json")
    levels_file.close()

    file = read_json(folder / "network.json")
    county = _read_county(file.child("county"))
    patterns = file.child("hours_patterns")
    hours = {code: _read_hours(code, patterns.child(code)) for code in patterns.names()}
    items = file.children("nodes")
    nodes = by_code([_read_node(item, levels, hours) for item in items], file.place)
    file.close()
    for node in nodes.values():
        _check_parents(node, nodes, levels)
    return Network(county, levels, hours, nodes)


def read_terms(file: Fields, key: str) -> dict[str, Term]:
    """A vocabulary of codes with Chinese and English names."""
    found = []
    for item in file.children(key):
        found.append(Term(item.text("code"), item.text("zh"), item.text("en")))
        item.close()
    return by_code(found, f"{file.place}: {key}")


def _read_level(item: Fields) -> Level:
    level = Level(
        item.text("code"),
        item.count("position"),
        item.text("zh"),
        item.text("en"),
        item.text("plate"),
    )
    item.close()
    return level


def _read_county(item: Fields) -> County:
    keys = ("code", "name", "en", "city", "province")
    county = County(**{key: item.text(key) for key in keys})
    item.close()
    return county


def _read_hours(code: str, item: Fields) -> Hours:
    days = item.child("week")
    week = {}
    for key in days.names():
        if key not in WEEKDAYS:
            raise days.fault(f"unknown weekday {key}")
        week[WEEKDAYS.index(key)] = tuple(
            _read_span(raw, f"{days.place}: {key}") for raw in days.list_of(key)
        )
    hours = Hours(code, item.text("zh"), week)
    item.close()
    return hours


def _read_span(raw: object, place: str) -> tuple[time, time]:
    if not isinstance(raw, list) or len(raw) != 2:
        raise ValueError(f"{place}: a span is a start and an end")
    start, end = (parse_clock(str(text), place) for text in raw)
    if end <= start:
        raise ValueError(f"{place}: it closes before it opens")
    return start, end


def _read_node(item: Fields, levels: Mapping[str, Level], hours: Mapping[str, Hours]) -> Node:
    parents = item.child("parents")
    node = Node(
        code=item.text("code"),
        level=item.code("level", levels),
        name=item.text("name"),
        lines=item.codes("lines", LINES),
        parents={key: parents.text(key) for key in parents.names()},
        kind=item.code("kind", NODE_KINDS) if item.has("kind") else "government",
        address=item.text("address"),
        hours=item.code("hours", hours),
        liaison=item.text("liaison"),
        phone=item.optional_text("phone"),
        liaison_phone=item.optional_text("liaison_phone"),
        latitude=item.decimal("latitude") if item.has("latitude") else None,
        longitude=item.decimal("longitude") if item.has("longitude") else None,
        sms_phone=item.optional_text("sms_phone"),
        closings=tuple(_read_closing(closing) for closing in item.children("closings")),
        access=item.codes("access", ACCESS_FACTS),
        access_note=item.optional_text("access_note"),
        about=item.optional_text("about"),
    )
    item.close()
    if not node.lines or not (node.phone or node.liaison_phone):
        raise item.fault("it needs a line of work and a number to call")
    detail = (node.latitude, node.longitude, node.phone, node.sms_phone)
    if node.in_full_detail and None in detail:
        raise item.fault("a node with a text about it must be in full detail")
    return node


def _read_closing(item: Fields) -> Closing:
    closing = Closing(read_anchor(item), item.count("days"), item.text("reason"))
    item.close()
    return closing


def _check_parents(node: Node, nodes: Mapping[str, Node], levels: Mapping[str, Level]) -> None:
    place = f"network.json: node {node.code}"
    if levels[node.level].code == "main":
        if node.parents:
            raise ValueError(f"{place}: a main hall has no parent")
        return
    if set(node.parents) != set(node.lines):
        raise ValueError(f"{place}: it needs one parent for each of its lines")
    for line, code in node.parents.items():
        parent = nodes.get(code)
        if parent is None or line not in parent.lines:
            raise ValueError(f"{place}: the parent {code} does not carry the line {line}")
        if levels[parent.level].position != levels[node.level].position - 1:
            raise ValueError(f"{place}: the parent {code} is not one level above")


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
