"""Collections and exhibitions, made block by block; every press is saved at once."""

from __future__ import annotations

import re
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response
from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.heritage.errors import ChangedMeanwhile, WrongState
from culture_cloud.heritage.exhibitions import services
from culture_cloud.heritage.exhibitions.blocks import (
    BLOCK_KINDS,
    MOST_BLOCKS,
    MOST_TEXT,
    WITH_ITEMS,
    Block,
    blocks_of,
    item_ids,
)
from culture_cloud.heritage.exhibitions.views import collection_facts
from culture_cloud.heritage.models import Collection, HeritageItem
from culture_cloud.heritage.presenter import state_tag
from culture_cloud.heritage.visibility import Reader
from culture_cloud.network.models import Node
from culture_cloud.web.fields import AtMost, ChoiceField, ListField, Needed, many_lines, one_line
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.policies import staff

from . import own
from .blueprint import bp
from .part_forms import TOO_LONG


class CollectionForm(FlaskForm):  # type: ignore[misc]
    """What a collection is called."""

    title = StringField(
        _l("Title"),
        [Needed(_l("Please give it a title")), AtMost(200, TOO_LONG)],
        filters=[one_line],
    )
    summary = TextAreaField(
        _l("What is it about, in one or two sentences?"),
        [Needed(_l("Please say what it is about")), AtMost(300, TOO_LONG)],
        filters=[one_line],
    )


class NewCollectionForm(CollectionForm):
    """Beginning one."""

    code = StringField(
        _l("Short name in the address"),
        [Needed(_l("Please give a short name"))],
        filters=[one_line],
        description=_l("Small letters, figures and hyphens, for example salt-road"),
    )
    node = ListField(_l("Which hall makes it?"), [Needed(_l("Please choose the hall"))])
    is_exhibition = BooleanField(_l("It is an exhibition to read, with text and large pictures"))

    def validate_code(self, field: Field) -> None:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", field.data or "") or len(field.data) > 40:
            raise ValidationError(_("Only small letters, figures and hyphens, at most 40"))
        if field.data == "all" or db.session().scalar(
            select(Collection.id).where(Collection.code == field.data)
        ):
            raise ValidationError(_("This short name is taken"))


class BlockForm(FlaskForm):  # type: ignore[misc]
    """One block of the essay."""

    kind = ChoiceField(_l("What comes here?"), [Needed(_l("Please choose one"))])
    text = TextAreaField(
        _l("Text"),
        [AtMost(MOST_TEXT, TOO_LONG)],
        filters=[many_lines],
        description=_l(
            "For pictures and recordings: what stands beside them."
            " Leave a blank line between paragraphs."
        ),
    )
    by = StringField(
        _l("Who said it (for words of somebody)"), [AtMost(200, TOO_LONG)], filters=[one_line]
    )
    items = StringField(
        _l("Numbers of the items"),
        [AtMost(400, TOO_LONG)],
        filters=[one_line],
        description=_l("The number at the end of an item's address; commas between several"),
    )
    version = HiddenField()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kind.choices = [(code, str(words)) for code, words in BLOCK_KINDS.items()]

    @property
    def item_numbers(self) -> tuple[int, ...]:
        return tuple(int(n) for n in re.findall(r"\d{1,9}", self.items.data or ""))

    def validate_items(self, _field: Field) -> None:
        if self.kind.data not in WITH_ITEMS:
            return
        if not self.item_numbers:
            raise ValidationError(_("Please give the number of at least one item"))
        there = db.session().scalars(
            select(HeritageItem.id).where(HeritageItem.id.in_(self.item_numbers))
        )
        missing = set(self.item_numbers) - set(there)
        if missing:
            numbers = ", ".join(map(str, sorted(missing)))
            raise ValidationError(
                _("There is no item with this number: %(number)s", number=numbers)
            )

    def validate_text(self, field: Field) -> None:
        if self.kind.data in {"heading", "text", "quote"} and not field.data:
            raise ValidationError(_("Please write the text"))

    def block(self) -> Block:
        items = self.item_numbers if self.kind.data in WITH_ITEMS else ()
        return Block(self.kind.data or "text", self.text.data or "", self.by.data or "", items)


@bp.get("/collections")
@staff(Permission.HERITAGE_PUBLISH)
def collections() -> str:
    """All collections of the reader's halls."""
    found = db.session().scalars(
        select(Collection)
        .join(Node, Node.id == Collection.node_id)
        .options(joinedload(Collection.node))
        .where(own.scope(Permission.HERITAGE_PUBLISH).rows(Node.path))
        .order_by(Collection.updated_at.desc())
    )
    rows = [
        {
            "title": one.title,
            "href": url_for(".collection", collection_id=one.id),
            "note": _("Online exhibition") if one.is_exhibition else _("Collection"),
            "end": state_tag(one)[0],
        }
        for one in found
    ]
    return render_template("desk/heritage/collections.html", rows=rows)


@bp.route("/collections/new", methods=["GET", "POST"])
@staff(Permission.HERITAGE_PUBLISH)
def new_collection() -> Response:
    """Begin one."""
    form = NewCollectionForm()
    form.node.choices = own.hall_choices(db.session())
    if not form.validate_on_submit():
        html = render_template("desk/heritage/collection_new.html", form=form)
        return make_response(html, 422 if form.errors else 200)
    node_id = own.hall(db.session(), form.node.data).id
    with db.transaction() as session:
        made = services.create(
            session,
            code=form.code.data or "",
            node_id=node_id,
            title=form.title.data or "",
            summary=form.summary.data or "",
            is_exhibition=form.is_exhibition.data,
        )
        collection_id = made.id
    return redirect(url_for(".collection", collection_id=collection_id), code=303)


@bp.route("/collections/<int:collection_id>", methods=["GET", "POST"])
@staff(Permission.HERITAGE_PUBLISH)
def collection(collection_id: int) -> Response:
    """One collection: its title, its blocks, its steps."""
    found = own.collection(db.session(), collection_id)
    form = CollectionForm(data={"title": found.title, "summary": found.summary})
    if form.validate_on_submit():
        with db.transaction() as session:
            services.tell(
                session, collection_id, title=form.title.data or "", summary=form.summary.data or ""
            )
        flash(_("It is saved."), "success")
        return redirect(url_for(".collection", collection_id=collection_id), code=303)
    blocks = blocks_of(found.blocks)
    titles = _titles([*item_ids(blocks), *(e.item_id for e in found.entries)])
    in_blocks = set(item_ids(blocks))
    html = render_template(
        "desk/heritage/collection.html",
        form=form,
        collection=found,
        state=state_tag(found),
        blocks=[_row(n, block, len(blocks), titles) for n, block in enumerate(blocks)],
        others=[titles[e.item_id] for e in found.entries if e.item_id not in in_blocks],
        can_add=len(blocks) < MOST_BLOCKS,
    )
    return make_response(html, 422 if form.errors else 200)


def _titles(ids: list[int]) -> dict[int, str]:
    rows = db.session().execute(
        select(HeritageItem.id, HeritageItem.title).where(HeritageItem.id.in_(ids))
    )
    return {item_id: f"{item_id} {title}" for item_id, title in rows}


def _row(number: int, block: Block, count: int, titles: dict[int, str]) -> dict[str, Any]:
    shown = [titles[n] for n in block.items if n in titles]
    return {
        "number": number,
        "kind": BLOCK_KINDS[block.kind],
        "text": block.text,
        "items": shown,
        "is_first": number == 0,
        "is_last": number == count - 1,
    }


@bp.route("/collections/<int:collection_id>/blocks/new", methods=["GET", "POST"])
@bp.route("/collections/<int:collection_id>/blocks/<int:number>", methods=["GET", "POST"])
@staff(Permission.HERITAGE_PUBLISH)
def block(collection_id: int, number: int | None = None) -> Response:
    """Write a block, a new one at the end."""
    found = own.collection(db.session(), collection_id)
    blocks = blocks_of(found.blocks)
    there = blocks[number] if number is not None and number < len(blocks) else None
    data = {"version": str(found.version), "kind": "text"}
    if there is not None:
        numbers = ", ".join(map(str, there.items))
        data |= {"kind": there.kind, "text": there.text, "by": there.by, "items": numbers}
    form = BlockForm(data=data)
    if form.validate_on_submit():
        changed = list(blocks)
        if there is None:
            changed.append(form.block())
        else:
            changed[number or 0] = form.block()
        if _set_blocks(collection_id, changed, form.version.data):
            return redirect(url_for(".collection", collection_id=collection_id), code=303)
        form.version.data = str(own.collection(db.session(), collection_id).version)
        form.form_errors.append(
            _("Somebody else changed the exhibition meanwhile. Look at it, then press once more.")
        )
    html = render_template(
        "desk/heritage/block.html", form=form, collection=found, is_new=there is None
    )
    return make_response(html, 422 if form.errors else 200)


def _set_blocks(collection_id: int, blocks: list[Block], version: str | None) -> bool:
    seen = int(version) if version and version.isdigit() and len(version) < 9 else -1
    try:
        with db.transaction() as session:
            services.set_blocks(session, collection_id, blocks, seen_version=seen)
    except ChangedMeanwhile:
        return False
    return True


@bp.post("/collections/<int:collection_id>/blocks/<int:number>/move")
@staff(Permission.HERITAGE_PUBLISH)
def move_block(collection_id: int, number: int) -> Response:
    """Up, down, or away."""
    found = own.collection(db.session(), collection_id)
    blocks = blocks_of(found.blocks)
    deed = request.form.get("deed", "")
    if number < len(blocks):
        one = blocks.pop(number)
        if deed != "remove":
            blocks.insert(max(0, number - 1) if deed == "up" else number + 1, one)
        if not _set_blocks(collection_id, blocks, request.form.get("version")):
            flash(
                _("Somebody else changed the exhibition meanwhile. Nothing was moved."), "warning"
            )
    return redirect(url_for(".collection", collection_id=collection_id), code=303)


@bp.post("/collections/<int:collection_id>/items")
@staff(Permission.HERITAGE_PUBLISH)
def collection_items(collection_id: int) -> Response:
    """Put items into a collection that has no text of its own, or take them out."""
    found = own.collection(db.session(), collection_id)
    numbers = [int(n) for n in re.findall(r"\d{1,9}", request.form.get("items", "")[:2000])]
    with db.transaction() as session:
        ours = services.locked(session, found.id)
        there = [entry.item_id for entry in ours.entries]
        if request.form.get("deed") == "remove":
            services.set_items(session, ours, [n for n in there if n not in numbers])
        else:
            services.set_items(session, ours, [*there, *numbers])
    return redirect(url_for(".collection", collection_id=collection_id), code=303)


@bp.get("/collections/<int:collection_id>/preview")
@staff(Permission.HERITAGE_PUBLISH)
def preview_collection(collection_id: int) -> str:
    """The page as its readers will see it."""
    found = own.collection(db.session(), collection_id)
    facts = collection_facts(found, Reader(signed_in=False))
    return render_template("desk/heritage/collection_preview.html", **facts)


@bp.post("/collections/<int:collection_id>/publish")
@staff(Permission.HERITAGE_PUBLISH)
def publish_collection(collection_id: int) -> Response:
    """Show it."""
    own.collection(db.session(), collection_id)
    try:
        with db.transaction() as session:
            services.publish(session, collection_id, by_account_id=current_user.account_id)
        flash(_("It is published."), "success")
    except WrongState:
        flash(_("There is no item in it yet."), "warning")
    return redirect(url_for(".collection", collection_id=collection_id), code=303)


@bp.post("/collections/<int:collection_id>/withdraw")
@staff(Permission.HERITAGE_PUBLISH)
def withdraw_collection(collection_id: int) -> Response:
    """Show it no longer."""
    own.collection(db.session(), collection_id)
    try:
        with db.transaction() as session:
            services.withdraw(session, collection_id, by_account_id=current_user.account_id)
        flash(_("It is no longer shown. Its items stay."), "success")
    except WrongState:
        flash(_("It is not shown at all."), "info")
    return redirect(url_for(".collection", collection_id=collection_id), code=303)
