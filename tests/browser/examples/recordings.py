"""Pages read aloud by staff."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.browser.places import Place


def values(_session: Session) -> dict[str, object]:
    return {"desk_recordings.kind": "page", "desk_recordings.reference": "help"}


def states(_session: Session) -> list[Place]:
    return [
        Place("recordings: a hall", "/desk/recordings/node/539901-WHG", role="manager"),
        Place(
            "recordings: nothing chosen",
            "/desk/recordings/page/help",
            role="manager",
            act=lambda page: page.locator("main form button[type=submit]").last.click(),
        ),
    ]
