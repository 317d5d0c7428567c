"""`flask search …`: building by several processes, comparing, telling how it stands."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete

from culture_cloud import db
from culture_cloud.search import commands, keeping
from culture_cloud.search.models import SearchChange
from tests import factories


@pytest.mark.one_database
def test_several_processes_build_what_one_builds(app: Flask, app_context: Flask) -> None:
    with db.transaction() as session:
        factories.make_network(session)
        node = factories.make_node(session)
        for number in range(30):
            factories.make_activity(session, node=node, title=f"第{number}场")
    count = keeping.rebuild()
    by_one = keeping.engine().fingerprints()
    told: list[int] = []
    assert commands._by_several(2, told.append) == count > 30
    assert keeping.engine().fingerprints() == by_one
    assert sum(told) == count
    keeping.engine().check()


def test_the_commands_say_what_they_found(app: Flask, app_context: Flask) -> None:
    with db.transaction() as session:
        factories.make_network(session)
        factories.make_activity(session, title="棕扇舞教学")
    runner = app.test_cli_runner()
    built = runner.invoke(args=["search", "rebuild", "--processes", "1", "--quiet"])
    assert built.exit_code == 0 and "documents" in built.output
    with db.transaction() as session:
        # a row that changed without its note: only the comparison can find it
        factories.make_activity(session, title="漏掉的一场")
        session.flush()
        session.execute(delete(SearchChange))
    compared = runner.invoke(args=["search", "reconcile"])
    assert "missing: " in compared.output and "missing: 0" not in compared.output
    assert keeping.catch_up()
    assert "missing: 0" in runner.invoke(args=["search", "reconcile"]).output
    stands = runner.invoke(args=["search", "status"]).output
    assert "0 changes wait" in stands
