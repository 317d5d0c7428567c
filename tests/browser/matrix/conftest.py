"""The whole matrix (`make a11y`): more sites than the demo, and a record of all that was seen."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from tests.browser import examples
from tests.browser.conftest import Site, accounts_of, served
from tests.browser.eyes import Eyes, Fault
from tests.browser.places import Place

REPORTS = Path(__file__).resolve().parents[3] / "reports" / "a11y"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.matrix)


@dataclass
class Record:
    """Notes every look with its faults, a line of JSON each, for the report page."""

    path: Path
    told: list[str] = field(default_factory=list)

    def note(
        self, suite: str, place: Place, mode: str, view: str, faults: Iterable[Fault]
    ) -> list[Fault]:
        """Write one look down. `view`: how it was looked at ("360 px", "scheme yellow-navy")."""
        found = list(faults)
        line = {
            "suite": suite,
            "role": place.role,
            "name": place.name,
            "path": place.path,
            "mode": mode,
            "view": view,
            "faults": [asdict(fault) for fault in found],
        }
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.told += [
            f"{place.path} as {place.role} ({mode}, {view}): {f.rule}: {f.text}" for f in found
        ]
        return found

    def check(self) -> None:
        """Fail with every fault since the last check."""
        told, self.told = self.told, []
        assert not told, "\n".join(told)


@pytest.fixture(scope="session")
def record() -> Record:
    folder = REPORTS / "looks"
    folder.mkdir(parents=True, exist_ok=True)
    return Record(folder / f"{os.environ.get('PYTEST_XDIST_WORKER', 'one')}.jsonl")


def _eyes_of(site: Site, chromium: Browser) -> Iterator[Eyes]:
    found = Eyes(chromium, site.base, accounts_of(site))
    yield found
    found.close()


def _nothing(_session: Session) -> None:
    """The demo county as it is."""


@pytest.fixture(scope="module")
def long_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo county with every text as long as it may be, and longer than anybody wants."""
    with served(tmp_path_factory.mktemp("long"), examples.stretch) as site:
        yield site


@pytest.fixture(scope="module")
def long_eyes(long_site: Site, chromium: Browser) -> Iterator[Eyes]:
    yield from _eyes_of(long_site, chromium)


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site on its first day: tables, and not one row that people wrote."""
    with served(tmp_path_factory.mktemp("empty"), None) as site:
        yield site


@pytest.fixture(scope="module")
def empty_eyes(empty_site: Site, chromium: Browser) -> Iterator[Eyes]:
    yield from _eyes_of(empty_site, chromium)


@pytest.fixture(scope="module")
def spoilt_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A demo county to send wrong forms to."""
    with served(tmp_path_factory.mktemp("spoilt"), _nothing) as site:
        yield site


@pytest.fixture(scope="module")
def spoilt_eyes(spoilt_site: Site, chromium: Browser) -> Iterator[Eyes]:
    yield from _eyes_of(spoilt_site, chromium)
