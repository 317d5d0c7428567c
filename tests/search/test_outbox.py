"""A change is noted in its own transaction, once, and only if that transaction is kept."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from culture_cloud import db
from culture_cloud.activities import services
from culture_cloud.activities.models import Activity
from culture_cloud.search.models import SearchChange
from culture_cloud.search.outbox import touch
from tests import factories


def noted() -> list[tuple[str, int]]:
    db.release_reads()
    rows = db.session().execute(
        select(SearchChange.kind, SearchChange.document_id).order_by(SearchChange.id)
    )
    return [(kind, document_id) for kind, document_id in rows]


def forget() -> None:
    with db.transaction() as session:
        for change in session.scalars(select(SearchChange)):
            session.delete(change)


def test_a_new_node_and_a_new_activity_are_noted(app_context: Flask) -> None:
    with db.transaction() as session:
        node = factories.make_node(session)
        activity = factories.make_activity(session, node=node)
    assert set(noted()) == {("node", node.id), ("activity", activity.id)}


def test_withdrawing_is_noted(app_context: Flask) -> None:
    with db.transaction() as session:
        activity = factories.make_activity(session)
    forget()
    with db.transaction() as session:
        services.withdraw(session, activity.id)
    assert noted() == [("activity", activity.id)]


def test_a_deleted_row_is_noted(app_context: Flask) -> None:
    with db.transaction() as session:
        activity = factories.make_activity(session)
    forget()
    with db.transaction() as session:
        session.delete(session.get_one(Activity, activity.id))
    assert ("activity", activity.id) in noted()


def test_what_is_rolled_back_is_not_noted(app_context: Flask) -> None:
    try:
        with db.transaction() as session:
            touch(session, "activity", 7)
            raise RuntimeError
    except RuntimeError:
        pass
    assert noted() == []


def test_many_changes_of_one_thing_are_one(app_context: Flask) -> None:
    with db.transaction() as session:
        touch(session, "activity", 7)
        touch(session, "activity", 7, 8)
    assert noted() == [("activity", 7), ("activity", 8)]
