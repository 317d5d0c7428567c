"""What the tests of the reading room share: halls, staff, and publications made of real files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from culture_cloud import db
from culture_cloud.accounts.models import Account
from culture_cloud.network.models import Node
from culture_cloud.reading.intake.at_once import take_in_at_once
from culture_cloud.reading.intake.making import Result, make
from culture_cloud.reading.intake.services import Wishes
from tests import factories
from tests.client import Browser
from tests.signing_in import sign_in

from .books import make_epub

Made = tuple[Result, Path]


@pytest.fixture
def made(tmp_path: Path) -> Callable[[Path], Made]:
    """Look at a file in this process: the result, and the book folder."""

    def look(path: Path) -> Made:
        folder = tmp_path / f"book-of-{path.stem}"
        return make(path, folder), folder

    return look


@pytest.fixture
def hall(app: Flask) -> int:
    """The id of a hall."""
    with app.app_context(), db.transaction() as session:
        factories.make_network(session)
        return factories.make_node(session, name="木棉渡县").id


@pytest.fixture
def bring(app: Flask, hall: int) -> Callable[..., int]:
    """Take a file in, in this process; the id of its publication. The process of its own in which
    strangers' files are opened has tests of its own (test_intake)."""

    def go(path: Path, *, rights: str = "public_domain", publish: bool = True) -> int:
        with app.app_context(), db.transaction() as session:
            intake, publication = take_in_at_once(
                session, path, node_id=hall, wishes=Wishes(publish=publish, rights=rights)
            )
            assert publication is not None, intake.findings
            return publication.id

    return go


TEXT = "".join(
    f"<p>第{n}段。渡口的木棉花开了，老艄公撑船过河。第{n}句说完。</p>" for n in range(1, 400)
)


@pytest.fixture
def book(bring: Callable[..., int], tmp_path: Path) -> int:
    """A published book of three chapters, the second of several pages."""
    return bring(
        make_epub(
            tmp_path / "book.epub",
            {
                "one": "<h1>第1章 one</h1><p>清晨的渡口。</p><p>雾散了。</p>",
                "two": f"<h1>第2章 two</h1>{TEXT}",
                "three": "<h1>第3章 three</h1><p>夜里，灯火都熄了。</p>",
            },
        )
    )


@pytest.fixture
def resident(app: Flask, hall: int) -> int:
    """The id of an account without any role."""
    with app.app_context(), db.transaction() as session:
        return factories.make_account(session, phone="19900017001", name="杨桂珍").id


@pytest.fixture
def reader(client: Browser, resident: int) -> Browser:
    """A browser in which the resident is signed in."""
    with client.app.app_context():
        account = db.session().get_one(Account, resident)
        db.session().expunge(account)
    sign_in(client, account)
    return client


@pytest.fixture
def clerk(app: Flask, hall: int, client: Browser) -> Browser:
    """A browser in which a branch editor of the hall is signed in."""
    with app.app_context(), db.transaction() as session:
        node = session.get_one(Node, hall)
        account = factories.make_staff(session, node=node, phone="19900017002")
    sign_in(client, account)
    return client
