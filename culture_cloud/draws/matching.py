"""Wish lists: places of several courses by deferred acceptance. Pure and exact, see docs/draw.md.

Gale and Shapley (1962), with the people asking and each course keeping who was drawn earliest.
What comes of it is stable: nobody would rather have a course in which somebody sits who was drawn
later there. To tell other wishes than one's own never helps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import lots

MOST_WISHES = 5


@dataclass(frozen=True, slots=True)
class WishList:
    """What somebody wishes, the dearest first: (course, slips that count there)."""

    number: str
    wishes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """Who got what.

    `placed` gives the course of each number, None for none; `orders` who asked for a course, as
    they were drawn there; `rounds` how many askings it took.
    """

    placed: Mapping[str, str | None]
    orders: Mapping[str, tuple[str, ...]]
    rounds: int


def list_lines(places: Mapping[str, int], lists: Sequence[WishList]) -> list[str]:
    """The list as it is hashed: courses with their places by name, then wish lists by number."""
    courses = [f"{course}:{places[course]}" for course in sorted(places)]
    people = [
        f"{w.number}:{','.join(f'{course}*{slips}' for course, slips in w.wishes)}"
        for w in sorted(lists, key=lambda w: w.number)
    ]
    return courses + people


def match(seed: str, places: Mapping[str, int], lists: Sequence[WishList]) -> Matching:
    """Give each number the dearest course it can have. Raises ValueError for lists that cannot be
    (a number twice, a course twice in one list or unknown)."""
    _check(places, lists)
    of_list = lots.digest(list_lines(places, lists))
    orders = {course: _order(seed, of_list, course, lists) for course in places}
    position = {
        course: {number: place for place, number in enumerate(order)}
        for course, order in orders.items()
    }
    wishes = {w.number: [course for course, _slips in w.wishes] for w in lists}
    asked = dict.fromkeys(wishes, 0)
    kept: dict[str, list[str]] = {course: [] for course in places}
    asking, rounds = sorted(wishes), 0
    while asking:
        rounds += 1
        refused: list[str] = []
        for number in asking:
            if asked[number] == len(wishes[number]):
                continue
            course = wishes[number][asked[number]]
            asked[number] += 1
            kept[course].append(number)
        for course, held in kept.items():
            held.sort(key=position[course].__getitem__)
            refused += held[places[course] :]
            del held[places[course] :]
        asking = sorted(refused)
    placed: dict[str, str | None] = dict.fromkeys(sorted(wishes))
    for course, held in kept.items():
        placed.update(dict.fromkeys(held, course))
    return Matching(placed, orders, rounds)


def _check(places: Mapping[str, int], lists: Sequence[WishList]) -> None:
    if len({w.number for w in lists}) < len(lists):
        raise ValueError("the same number twice")
    for wish_list in lists:
        courses = [course for course, _slips in wish_list.wishes]
        if len(set(courses)) < len(courses) or not set(courses) <= set(places):
            raise ValueError(f"number {wish_list.number} wishes what cannot be")


def _order(seed: str, of_list: str, course: str, lists: Sequence[WishList]) -> tuple[str, ...]:
    """Who asked for the course, by their first slip. Somebody has the same slips everywhere and
    more of them count where they have more: one box for all courses."""
    drawn = [
        (lots.slip(seed, of_list, w.number, slips), w.number)
        for w in lists
        for wished, slips in w.wishes
        if wished == course
    ]
    return tuple(number for _slip, number in sorted(drawn))
