"""The audit trail in words: of one thing, and of everything in the reader's halls."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.accounts.models import Account
from culture_cloud.audit import queries, words
from culture_cloud.audit.models import AuditEntry
from culture_cloud.errors import NotFound
from culture_cloud.network.models import Node
from culture_cloud.web.policies import staff
from culture_cloud.web.words import date_and_time_words

from . import audit_words, own

bp = Blueprint("desk_audit", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the page says it."""

    when: str
    who: str
    #: "Activity 12: changed"
    what: str
    href: str
    #: "Capacity: 20 → 25"
    changes: list[str]
    reason: str


@bp.get("/desk/audit")
@staff(Permission.AUDIT_READ)
def index() -> str:
    """Who did what lately, in all halls of the reader."""
    kind = request.args.get("kind", "")
    found = queries.listed(
        db.session(), _mine(), kind=kind if kind in words.KINDS else "", before=_before()
    )
    shown = found[: queries.PAGE]
    return render_template(
        "desk/audit/index.html",
        lines=_lines(db.session(), shown),
        kinds=[(k, words.noun(k)) for k in sorted(words.KINDS)],
        chosen=kind,
        older=url_for("desk_audit.index", kind=kind or None, before=shown[-1].id)
        if len(found) > len(shown)
        else "",
    )


@bp.get("/desk/audit/<kind>/<int:subject_id>")
@staff(Permission.AUDIT_READ)
def subject(kind: str, subject_id: int) -> str:
    """All that was done to one thing."""
    found = [
        entry
        for entry in queries.of_subject(db.session(), kind, subject_id, before=_before())
        if _may_read(db.session(), entry)
    ]
    if not found:
        raise NotFound
    shown = found[: queries.PAGE]
    return render_template(
        "desk/audit/subject.html",
        title=_("%(thing)s %(number)s", thing=words.noun(kind), number=subject_id),
        back=words.address(kind, subject_id) or url_for("desk_audit.index"),
        lines=_lines(db.session(), shown),
        older=url_for("desk_audit.subject", kind=kind, subject_id=subject_id, before=shown[-1].id)
        if len(found) > queries.PAGE
        else "",
    )


def _before() -> int | None:
    text = request.args.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _reads_everything() -> bool:
    return bool(current_user.may(Permission.JOBS_MANAGE))


def _mine() -> ColumnElement[bool] | None:
    """Entries of the reader's halls; whoever runs the site reads those of no hall too."""
    if _reads_everything():
        return None
    rows = own.scope(Permission.AUDIT_READ).rows(Node.path)
    return AuditEntry.node_id.in_(select(Node.id).where(rows))


def _may_read(session: Session, entry: AuditEntry) -> bool:
    if _reads_everything():
        return True
    node = session.get(Node, entry.node_id) if entry.node_id else None
    return node is not None and own.scope(Permission.AUDIT_READ).allows(node.path)


def _lines(session: Session, entries: Sequence[AuditEntry]) -> list[Line]:
    ids = {entry.actor_id for entry in entries if entry.actor_id}
    people = {a.id: a for a in session.scalars(select(Account).where(Account.id.in_(ids)))}
    names = audit_words.names(session, entries)
    return [_line(entry, people, names) for entry in entries]


def _line(entry: AuditEntry, people: dict[int, Account], names: audit_words.Names) -> Line:
    kind = entry.subject_kind
    return Line(
        when=date_and_time_words(entry.at),
        who=_who(entry.actor_id, people),
        what=_(
            "%(thing)s %(number)s: %(action)s",
            thing=words.noun(kind),
            number=entry.subject_id,
            action=words.action_words(kind, entry.action),
        ),
        href=url_for("desk_audit.subject", kind=kind, subject_id=entry.subject_id),
        changes=[
            _change(kind, field, before, after, names)
            for field, (before, after) in json.loads(entry.changes).items()
            if before or after or isinstance(after, bool)
        ],
        reason=entry.reason,
    )


def _who(actor_id: int | None, people: dict[int, Account]) -> str:
    if actor_id is None:
        return str(_("The site itself, or somebody who was not signed in"))
    person = people.get(actor_id)
    if person is None or person.deleted_at is not None:
        return str(_("Account %(number)s (deleted)", number=actor_id))
    return person.name


def _change(kind: str, field: str, before: object, after: object, names: audit_words.Names) -> str:
    def said(value: object) -> str:
        called = names.get((field, value)) if isinstance(value, (int, str)) else None
        return called or words.value_words(kind, field, value)

    name = words.field_words(kind, field)
    if before == after or before in (None, ""):
        return str(_("%(field)s: %(value)s", field=name, value=said(after)))
    return str(
        _(
            "%(field)s: from “%(before)s” to “%(after)s”",
            field=name,
            before=said(before),
            after=said(after),
        )
    )
