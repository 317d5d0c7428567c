"""Tap a paragraph to hear it, read on with a mark; all of it only an enhancement (EL-20)."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

import pytest

from culture_cloud.speech.engine import NEEDED

from .conftest import Site, Visit
from .routes import all_places

Visits = Callable[..., Visit]
pytestmark = pytest.mark.skipif(
    not all(find_spec(name) for name in NEEDED),
    reason="requirements/speech.txt is not installed here",
)


@pytest.fixture
def activity(site: Site) -> str:
    known = {place.name: place for place in all_places(site.app)}
    return known["/activities/<int:activity_id>"].path


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_a_paragraph_that_is_chosen_is_heard_from_there(
    visits: Visits, site: Site, activity: str, mode: str
) -> None:
    from culture_cloud.speech.engine import espeak

    site.app.extensions["speech"].engine = espeak()
    visit = visits(mode=mode)
    visit.open(f"{activity}?listen")
    page = visit.page
    page.locator(".listen button").click()
    page.locator(".hear-from").first.wait_for(timeout=30_000)
    assert page.locator(".hear-from").count() >= 3
    chosen = page.locator(".hear-from").nth(2)
    chosen.click()
    page.locator(".is-said").first.wait_for(timeout=30_000)
    assert page.evaluate("document.querySelector('audio').currentTime") > 0
    size = chosen.bounding_box()
    assert size is not None
    assert min(size["width"], size["height"]) >= 44
    page.locator(".listen button").click()
    assert page.locator(".hear-from").count() == 0
    assert visit.faults == []


def test_without_scripts_there_is_the_player_alone(
    visits: Visits, site: Site, activity: str
) -> None:
    from culture_cloud.speech.engine import espeak

    site.app.extensions["speech"].engine = espeak()
    visit = visits(mode="elder", scripts=False)
    visit.open(f"{activity}?listen=again")
    assert visit.page.locator("audio[controls][preload=none]:not([autoplay])").count() == 1
    assert visit.page.locator(".listen button").count() == 0
    help_link = visit.page.locator("#help a[href^='tel:']").first
    assert help_link.is_visible()
