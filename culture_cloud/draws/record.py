"""The published record of a draw: all that is needed to do it over again, and no name in it.

Numbers of applications, how many people each brings, how many slips it had. Its form is told in
docs/draw.md; `faults` does it over again and says where the record does not agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import lots, matching
from .lots import Entry
from .matching import WishList

DRAW_FORMAT = "culture-cloud-draw/1"
WISHES_FORMAT = "culture-cloud-wishes/1"

HOW = (
    "All text is UTF-8, digests are lower-case hexadecimal. commitment = SHA-256 of the seed's 32 "
    "bytes. The list has one line each, every line with a line feed. A draw: 'name:places', then "
    "'number:people:slips' by number. Wish lists: 'course:places' by course, then "
    "'number:course*slips,course*slips' by number. digest = SHA-256 of the list. Slip k (1, 2, …) "
    "of a number = HMAC-SHA-256 with the seed's bytes as key of 'digest/number/k'; the smallest "
    "slip of each number counts, the smallest of all is drawn first. Places go from the first to "
    "the last: whoever's people still fit in gets them, the others wait in this order. Wish lists: "
    "deferred acceptance (Gale and Shapley 1962), the people asking, each course keeping who was "
    "drawn earliest there."
)
"""What a record says of itself, so that it can be checked without anything else at hand."""

Record = dict[str, Any]


class NotARecord(ValueError):
    """It has not the form of a record."""


def of_draw(
    seed: str, listed: Sequence[tuple[str, int, Sequence[Entry]]], **about: object
) -> Record:
    """Draw, and write down all of it. `listed` are (what is drawn for, places, entries); `about`
    are facts for readers (title, address, when), which decide nothing."""
    drawn = []
    for name, places, entries in listed:
        result = lots.draw(seed, name, places, entries)
        drawn.append(
            {
                "name": name,
                "places": places,
                "applications": [
                    {"number": e.number, "party": e.party, "slips": e.slips}
                    for e in sorted(entries, key=lambda e: e.number)
                ],
                "order": list(result.order),
                "given": list(result.given),
                "waiting": list(result.waiting),
            }
        )
    return {
        "format": DRAW_FORMAT,
        "how": HOW,
        **about,
        "commitment": lots.commitment(seed),
        "seed": seed,
        "draws": drawn,
    }


def of_wishes(
    seed: str, places: Mapping[str, int], lists: Sequence[WishList], **about: object
) -> Record:
    """Match, and write down all of it."""
    result = matching.match(seed, places, lists)
    return {
        "format": WISHES_FORMAT,
        "how": HOW,
        **about,
        "commitment": lots.commitment(seed),
        "seed": seed,
        "courses": [
            {"name": course, "places": places[course], "order": list(result.orders[course])}
            for course in sorted(places)
        ],
        "wish_lists": [
            {
                "number": w.number,
                "wishes": [{"course": course, "slips": slips} for course, slips in w.wishes],
                "got": result.placed[w.number],
            }
            for w in sorted(lists, key=lambda w: w.number)
        ],
    }


def faults(record: Any, *, commitment: str | None = None) -> list[str]:
    """Where the record does not agree with itself, each in a sentence; empty where all is right.

    `commitment` is what was published before, as far as the reader has kept it; it is what makes a
    seed that was chosen afterwards show. Raises NotARecord.
    """
    try:
        seed, said = str(record["seed"]), str(record["commitment"])
        found = []
        if lots.commitment(seed) != said:
            found.append("the seed is not the one that the commitment was made of")
        if commitment is not None and commitment != said:
            found.append("the commitment is not the one that was published before")
        if record["format"] == DRAW_FORMAT:
            return found + _draw_faults(seed, record["draws"])
        if record["format"] == WISHES_FORMAT:
            return found + _wishes_faults(seed, record)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise NotARecord(str(error)) from error
    raise NotARecord(f"unknown format {record['format']!r}")


def _draw_faults(seed: str, draws: Sequence[Mapping[str, Any]]) -> list[str]:
    found = []
    for said in draws:
        entries = [
            Entry(str(a["number"]), int(a["party"]), _slips(a["slips"]))
            for a in said["applications"]
        ]
        result = lots.draw(seed, str(said["name"]), int(said["places"]), entries)
        found += [
            f"{said['name']}: the {part} is not what the seed gives"
            for part in ("order", "given", "waiting")
            if list(said[part]) != list(getattr(result, part))
        ]
    return found


def _wishes_faults(seed: str, record: Mapping[str, Any]) -> list[str]:
    places = {str(c["name"]): int(c["places"]) for c in record["courses"]}
    lists = [
        WishList(
            str(w["number"]),
            tuple((str(wish["course"]), _slips(wish["slips"])) for wish in w["wishes"]),
        )
        for w in record["wish_lists"]
    ]
    result = matching.match(seed, places, lists)
    found = [
        f"course {c['name']}: the order is not what the seed gives"
        for c in record["courses"]
        if list(c["order"]) != list(result.orders[str(c["name"])])
    ]
    return found + [
        f"number {w['number']}: the course is not what the seed gives"
        for w in record["wish_lists"]
        if w["got"] != result.placed[str(w["number"])]
    ]


def _slips(value: Any) -> int:
    slips = int(value)
    if not 1 <= slips <= lots.MOST_SLIPS:
        raise NotARecord(f"{slips} slips")
    return slips
