"""From the front page of the elder version to every service in three presses (EL-11, EL-12), and a
way without speaking beside every phone number (SV-06)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import XHTML, Browser, Page

SERVICES = {
    "signing up": "/sign-up",
    "my sign-ups": "/my/sign-ups",
    "halls": "/nodes/",
    "help": "/help",
    "what is hard to use": "/feedback",
    "display settings": "/display",
    "signing in": "/sign-in",
    "the week": "/activities/week",
}
MOST_PRESSES = 3


@pytest.fixture
def county(session: Session) -> None:
    factories.make_network(session)
    hall = factories.make_node(session, code="HALL")
    factories.make_node(session, parent=hall, code="V", sms_phone="")
    factories.make_activity(session, node=hall, title="剪纸")
    session.commit()


def reached(client: Browser, presses: int) -> dict[str, int]:
    """Every path that links lead to, with the number of presses; forms are not pressed."""
    found = {"/": 0}
    edge = ["/"]
    for press in range(1, presses + 1):
        following = []
        for path in edge:
            page = client.get(path, status=None)
            if not page.is_html:
                continue
            for href in page.links.values():
                target = urlsplit(href)
                if href.startswith("#") or target.netloc or target.scheme or "mode=" in href:
                    continue
                if target.path not in found and not target.path.endswith((".ics", ".atom", ".pdf")):
                    found[target.path] = press
                    following.append(href)
        edge = following
    return found


@pytest.mark.usefixtures("county")
def test_every_service_is_three_presses_away(client: Browser) -> None:
    client.set_cookie("mode", "elder")
    presses = reached(client, MOST_PRESSES)
    far = [
        name
        for name, part in SERVICES.items()
        if not any(path.startswith(part) or path.endswith(part) for path in presses)
    ]
    assert not far, f"more than {MOST_PRESSES} presses: {far}"


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("path", ["/", "/help", "/nodes", "/nodes/V", "/nowhere", "/accessibility"])
def test_beside_every_phone_number_stands_a_way_without_speaking(
    any_mode: Browser, path: str
) -> None:
    page = any_mode.get(path, status=None)
    alone = [words_of(link) for link, around in calls(page) if not writes(around)]
    assert not alone


def test_an_activity_s_number_too(any_mode: Browser, session: Session, county: None) -> None:
    hall = factories.make_node(session, sms_phone="")
    activity = factories.make_activity(session, node=hall, title="花灯")
    session.commit()
    page = any_mode.get(f"/activities/{activity.id}")
    assert [link for link, _ in calls(page)]
    assert not [words_of(link) for link, around in calls(page) if not writes(around)]


def calls(page: Page) -> Iterator[tuple[Element, Element]]:
    """Each link that calls somebody, with the list, panel or row of buttons around it. What offers
    to be read aloud is for those who hear; elder mode's tasks stand right above the help part."""
    parents = {child: parent for parent in page.tree.iter() for child in parent}
    for link in page.tree.iter(XHTML + "a"):
        if not (link.get("href") or "").startswith("tel:"):
            continue
        around = link
        while around in parents and not is_whole(around):
            around = parents[around]
        classes = around.get("class", "")
        if "listen" not in classes and not (page.url.endswith("/") and "rows" in classes):
            yield link, around


def is_whole(element: Element) -> bool:
    names = {"rows", "chips", "help-row", "panel", "panel-main", "actions", "listen"}
    return bool(names & set((element.get("class") or "").split()))


def writes(around: Element) -> bool:
    hrefs = [a.get("href") or "" for a in around.iter(XHTML + "a")]
    return any(h.startswith("sms:") or "/feedback" in h or "/sign-up" in h for h in hrefs)


def words_of(link: Element) -> str:
    return f"{link.get('href')} {''.join(link.itertext())}"
