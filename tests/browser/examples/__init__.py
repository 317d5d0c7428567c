"""Examples for the crawl, one module for each feature; every module here is found by itself.

A module may have any of these functions (session: sqlalchemy.orm.Session on the demo county):

    def prepare(session): ...          # rows the demo county has not, added before it is served
    def values(session): ...           # {"loan_id": 3, "heritage.item_id": 8}: parts of addresses;
                                       # with "blueprint." or "blueprint.endpoint." before it,
                                       # for that blueprint or page alone
    def states(session): ...           # [Place("activities: none found", "/activities?kind=x")]
    def stretch(session): ...          # for the long-text site: the longest texts that are allowed

and a set `KEY` of endpoints that are looked at in every mode and width each time (few, please).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from sqlalchemy.orm import Session

from tests.browser.places import Place


def modules() -> Iterator[ModuleType]:
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        yield importlib.import_module(f"{__name__}.{found.name}")


def _have(function: str) -> Iterator[ModuleType]:
    return (module for module in modules() if hasattr(module, function))


def prepare(session: Session) -> None:
    for module in _have("prepare"):
        module.prepare(session)
        session.flush()


def stretch(session: Session) -> None:
    for module in _have("stretch"):
        module.stretch(session)
        session.flush()


def values(session: Session) -> dict[str, object]:
    found: dict[str, object] = {}
    for module in _have("values"):
        found |= module.values(session)
    return found


def states(session: Session) -> list[Place]:
    return [place for module in _have("states") for place in module.states(session)]


def key_endpoints() -> set[str]:
    return {endpoint for module in _have("KEY") for endpoint in module.KEY}
