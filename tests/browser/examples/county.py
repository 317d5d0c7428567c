"""The pages of the demo county that were there first: home, activities, places, accounts."""

from __future__ import annotations

from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.activities.models import Activity, ActivityFeed, ActivityState
from culture_cloud.network.models import Node
from culture_cloud.sign_ups.models import SignUp
from tests.browser.places import Place

KEY = {
    "home.index",
    "home.help_page",
    "display.page",
    "activities.listing",
    "activities.page",
    "network.node",
    "sign_ups.form",
    "sign_ups.ticket",
    "accounts.sign_in",
    "desk.index",
    "desk_activities.listing",
    "desk_activities.new",
}

LONG = "云岭县非物质文化遗产花灯戏传承人带徒传艺汇报演出暨长街古乐专场"


def prepare(session: Session) -> None:
    hall = session.scalar(select(Node.id).order_by(Node.id))
    session.add(ActivityFeed(node_id=hall, url="https://example.org/activities.ics"))


def press_nothing_filled_in(page: Page) -> None:
    """Send the form of the page as it is."""
    page.locator("main form[method=post] button[type=submit]").last.click()


def states(session: Session) -> list[Place]:
    cancelled = session.scalar(
        select(Activity.id).where(Activity.state == ActivityState.CANCELLED).order_by(Activity.id)
    )
    some = [
        Place("nowhere", "/nowhere"),
        Place("activities: there is none of this number", "/activities/999999"),
        Place("activities: none found", "/activities?when=today&kind=contest&audience=disabled"),
        Place("activities: a page that is no page", "/activities?after=nonsense"),
        Place("home: in English", "/", language="en"),
        Place(
            "register: nothing filled in, in English",
            "/register",
            act=press_nothing_filled_in,
            language="en",
        ),
        Place("sign in: nothing filled in", "/sign-in", act=press_nothing_filled_in),
        Place("register: nothing filled in", "/register", act=press_nothing_filled_in),
        Place("a page that is not for residents", "/desk", role="resident"),
        *(
            Place(f"styleguide: {name}", f"/styleguide/{name}")
            for name in ("home", "list", "activity", "desk", "ticket")
        ),
    ]
    if cancelled:
        some.append(Place("activity: cancelled", f"/activities/{cancelled}"))
    return some


def long_text(column: object, text: str = LONG) -> str:
    """As long as the column allows; where it sets no limit, 10,000 characters."""
    most: int = getattr(getattr(column, "type", None), "length", None) or 10_000
    return (text * (most // len(text) + 1))[:most]


def stretch(session: Session) -> None:
    for activity in session.scalars(select(Activity)):
        activity.title = long_text(Activity.title)[:100]
        activity.description = long_text(Activity.description)
        activity.place_name = long_text(Activity.place_name)[:100]
        activity.bring = f"https://example.org/{'a' * 180}"
    for node in session.scalars(select(Node)):
        node.name = long_text(Node.name)[:60]
        node.about = long_text(Node.about)
        node.address = long_text(Node.address)[:120]
    for sign_up in session.scalars(select(SignUp)):
        sign_up.name = long_text(SignUp.name, "阿依古丽·买买提江")[:40]
