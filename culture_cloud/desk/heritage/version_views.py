"""Versions of an item: what changed, in words, and back to an earlier one."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.accounts.models import Account
from culture_cloud.heritage import presenter, queries, services
from culture_cloud.heritage.errors import NotReady
from culture_cloud.heritage.facts import ItemFacts
from culture_cloud.heritage.models import ItemVersion
from culture_cloud.web import words
from culture_cloud.web.policies import staff

from . import differences, own
from .blueprint import bp


def _deed_words(deed: str) -> str:
    return {
        "entered": _("Entered"),
        "changed": _("Changed"),
        "restored": _("Made as it was before"),
        "imported": _("Imported"),
        "given": _("Brought by a resident"),
    }.get(deed, deed)


@bp.get("/<int:item_id>/versions")
@staff(Permission.HERITAGE_EDIT)
def versions(item_id: int) -> str:
    """Every version with what it changed, the newest first."""
    session = db.session()
    item = own.item(session, item_id)
    found = queries.versions(session, item_id)
    accounts = {version.account_id for version in found}
    named = session.execute(select(Account.id, Account.name).where(Account.id.in_(accounts)))
    names = {row.id: row.name for row in named}
    before: dict[int, ItemVersion] = {newer.id: older for newer, older in pairwise(found)}
    return render_template(
        "desk/heritage/versions.html",
        item=item,
        versions=[_shown(v, before.get(v.id), names.get(v.account_id or 0, "")) for v in found],
        may_edit=own.may_edit(item),
    )


def _shown(version: ItemVersion, before: ItemVersion | None, name: str) -> dict[str, Any]:
    after = ItemFacts.from_json(version.facts)
    return {
        "number": version.number,
        "deed": _deed_words(version.deed),
        "when": words.date_and_time_words(version.made_at),
        "who": name,
        "differences": differences.between(ItemFacts.from_json(before.facts), after)
        if before
        else [],
    }


@bp.post("/<int:item_id>/versions/<int:number>")
@staff(Permission.HERITAGE_EDIT)
def restore(item_id: int, number: int) -> Response:
    """Make the item what it was then; what is now stays as a version."""
    own.editable(db.session(), item_id)
    try:
        with db.transaction() as session:
            services.restore(session, item_id, number, by_account_id=current_user.account_id)
    except NotReady as error:
        lacking = _(", ").join(presenter.missing_words(error.missing))
        flash(
            _("What everybody sees must be complete. Still missing: %(what)s", what=lacking),
            "warning",
        )
        return redirect(url_for(".versions", item_id=item_id), code=303)
    flash(_("It is again as it was in version %(number)s.", number=number), "success")
    return redirect(url_for(".item", item_id=item_id), code=303)
