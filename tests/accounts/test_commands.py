"""flask accounts …"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import db
from culture_cloud.access.models import RoleGrant
from culture_cloud.accounts import passwords
from culture_cloud.accounts.models import Account
from tests import factories
from tests.client import Browser
from tests.signing_in import sign_in

GOOD = "a password for the desk"


def run(app: Flask, *words: str, typed: str = "") -> tuple[int, str]:
    db.release_reads()
    result = app.test_cli_runner().invoke(args=["accounts", *words], input=typed)
    return result.exit_code, result.output


def create(app: Flask, *words: str, password: str = GOOD) -> tuple[int, str]:
    return run(app, "create", *words, typed=f"{password}\n{password}\n")


def test_makes_an_account_with_a_role_at_a_node(app: Flask, session: Session) -> None:
    node = factories.make_node(session, code="XP-01")
    session.commit()
    code, said = create(
        app, "139 0000 0000", "--name", "王馆长", "--role", "branch_editor", "--node", "XP-01"
    )
    assert code == 0, said
    made = session.scalars(select(Account)).one()
    assert (made.name, made.phone) == ("王馆长", "13900000000")
    assert passwords.matches(made.password_hash, GOOD)
    held = session.scalars(select(RoleGrant)).one()
    assert (held.account_id, held.node_id, held.role) == (made.id, node.id, "branch_editor")
    assert GOOD not in said


@pytest.mark.parametrize(
    ("words", "password"),
    [
        (["13900000000", "--name", "王", "--role", "branch_editor"], GOOD),
        (["13900000000", "--name", "王", "--role", "emperor", "--node", "XP-01"], GOOD),
        (["13900000000", "--name", "王", "--role", "branch_editor", "--node", "nowhere"], GOOD),
        (["no phone", "--name", "王"], GOOD),
        (["13900000000", "--name", "王"], "12345678"),
        (["13900000000", "--name", "王"], "13900000000"),
    ],
)
def test_makes_nothing_where_something_is_wrong(
    app: Flask, session: Session, words: list[str], password: str
) -> None:
    factories.make_node(session, code="XP-01")
    session.commit()
    code, said = create(app, *words, password=password)
    assert code != 0
    assert "Traceback" not in said
    assert session.scalars(select(Account)).all() == []


def test_does_not_make_the_same_account_twice(app: Flask, session: Session) -> None:
    assert create(app, "13900000000", "--name", "王")[0] == 0
    code, said = create(app, "13900000000", "--name", "王")
    assert code == 1
    assert "already" in said


def test_gives_and_takes_roles(app: Flask, session: Session, account: Account) -> None:
    factories.make_node(session, code="XP-01")
    session.commit()
    role = ["13800000000", "--role", "service_point_clerk", "--node", "XP-01"]
    for _ in range(2):
        assert run(app, "grant", *role)[0] == 0
    assert len(session.scalars(select(RoleGrant)).all()) == 1
    session.rollback()
    assert run(app, "revoke", *role)[0] == 0
    assert session.scalars(select(RoleGrant)).all() == []


def test_disables_and_enables(app: Flask, client: Browser, account: Account) -> None:
    sign_in(client, account)
    assert run(app, "disable", "limei@example.org")[0] == 0
    assert client.flask.get("/account").status_code == 302
    with pytest.raises(AssertionError):
        sign_in(client, account)
    assert run(app, "enable", "138 0000 0000")[0] == 0
    sign_in(client, account)


def test_says_so_where_there_is_no_such_account(app: Flask) -> None:
    for login in ("13700000000", "nobody"):
        code, said = run(app, "disable", login)
        assert code == 1
        assert "no such account" in said
