"""Entering something with a phone: the photograph first, then five questions."""

from __future__ import annotations

from dataclasses import replace

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from werkzeug.wrappers import Response
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.heritage import services
from culture_cloud.heritage.facts import SUMMARY_MOST, AgentFacts, ItemFacts, MediaFacts, facts_of
from culture_cloud.heritage.kinds import kinds
from culture_cloud.web.fields import (
    AtMost,
    ChoiceField,
    IdempotencyMixin,
    ListField,
    Needed,
    many_lines,
    one_line,
)
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.policies import staff
from culture_cloud.web.security import takes_large_files

from . import own, uploads
from .blueprint import bp
from .edit_views import own_picture
from .part_forms import TOO_LONG

DEFAULT_RIGHTS = "in-copyright"
"""Until somebody says otherwise: ask before you use it."""


class PhotoForm(IdempotencyMixin, FlaskForm):  # type: ignore[misc]
    """The first page: the photograph and what is to be seen on it."""

    node = ListField(_l("For which hall?"), [Needed(_l("Please choose the hall"))])
    files = MultipleFileField(
        _l("Photograph, recording or PDF"),
        description=_l("Take it now, or choose it from your phone. You can also go on without."),
    )
    alt = StringField(
        _l("What is to be seen on it?"),
        [AtMost(500, TOO_LONG)],
        filters=[one_line],
        description=_l("In one sentence, for who cannot see it"),
    )
    kept = HiddenField()


class QuestionsForm(FlaskForm):  # type: ignore[misc]
    """The five questions."""

    title = StringField(
        _l("1. What is it called?"),
        [Needed(_l("Please give it a name")), AtMost(200, TOO_LONG)],
        filters=[one_line],
    )
    kind = ChoiceField(_l("2. What sort of thing is it?"), [Needed(_l("Please choose one"))])
    date_text = StringField(
        _l("3. When is it from?"),
        [AtMost(120, TOO_LONG)],
        filters=[one_line],
        description=_l("As people say it: 清光绪年间, 约1930年代, 民国二十三年, 1958年3月"),
    )
    who = StringField(
        _l("4. Whose is it, or who can tell of it?"),
        [AtMost(120, TOO_LONG)],
        filters=[one_line],
    )
    summary = TextAreaField(
        _l("5. What is it, in one or two sentences?"),
        [AtMost(300, TOO_LONG)],
        filters=[many_lines],
        description=_l("At most 150 characters; everybody reads this first"),
    )

    def validate_summary(self, field: Field) -> None:
        if len(field.data or "") > SUMMARY_MOST:
            raise ValidationError(_("At most 150 characters, please; more can be told later"))


@bp.route("/new", methods=["GET", "POST"])
@staff(Permission.HERITAGE_EDIT)
@takes_large_files
def new() -> Response:
    """The photograph. A second press of the button makes no second item."""
    halls = own.hall_choices(db.session())
    form = PhotoForm(data={"node": halls[0][0] if halls else ""})
    form.node.choices = halls
    if request.method == "GET":
        return _photo_page(form)
    rows, refused = uploads.keep(form.files.data or [])
    if rows:
        form.kept.data = " ".join(row["original"] for row in rows)
    if not form.validate() or refused:
        form.files.errors = [*form.files.errors, *refused]
        return _photo_page(form, 422)
    node = own.hall(db.session(), form.node.data)
    facts = ItemFacts(
        kind="photograph",
        node_id=node.id,
        place_node_id=node.id,
        rights=DEFAULT_RIGHTS,
        languages=["zh-Hans"],
        media=_media(form),
    )
    with db.transaction() as session:
        item = services.create(
            session,
            facts,
            by_account_id=current_user.account_id,
            uid=f"desk-{form.idempotency_key.data}",
        )
        item_id = item.id
    return redirect(url_for(".questions", item_id=item_id), code=303)


def _media(form: PhotoForm) -> list[MediaFacts]:
    found = [uploads.unsign(text) for text in (form.kept.data or "").split()]
    return [
        MediaFacts(
            original_id=original_id,
            family=family,
            filename=filename,
            alt=(form.alt.data or "") if family == "picture" else "",
        )
        for original_id, family, filename in filter(None, found)
    ]


def _photo_page(form: PhotoForm, status: int = 200) -> Response:
    html = render_template(
        "desk/heritage/new.html", form=form, accept=uploads.ACCEPT, kept=bool(form.kept.data)
    )
    return make_response(html, status)


@bp.route("/<int:item_id>/questions", methods=["GET", "POST"])
@staff(Permission.HERITAGE_EDIT)
def questions(item_id: int) -> Response:
    """Five questions; what more there is to say goes into the whole form."""
    item = own.editable(db.session(), item_id)
    data = {name: getattr(item, name) for name in ("title", "date_text", "summary")}
    data["kind"] = item.kind if item.title else ""
    data["who"] = item.agents[0].name if item.agents else ""
    form = QuestionsForm(data=data)
    form.kind.choices = [(code, kind.name) for code, kind in kinds().items()]
    if not form.validate_on_submit():
        html = render_template(
            "desk/heritage/questions.html",
            form=form,
            item=item,
            hints={code: kind.about for code, kind in kinds().items()},
            pictures=[p for p in map(own_picture, item.media) if p],
        )
        return make_response(html, 422 if form.errors else 200)
    facts = _answered(form, facts_of(item))
    with db.transaction() as session:
        services.change(session, item_id, facts, by_account_id=current_user.account_id)
    return redirect(url_for(".item", item_id=item_id), code=303)


def _answered(form: QuestionsForm, before: ItemFacts) -> ItemFacts:
    role = "bearer" if form.kind.data in {"ich_element", "person"} else "owner"
    agents = list(before.agents[1:])
    if form.who.data:
        agents.insert(0, AgentFacts(name=form.who.data, role=role))
    return replace(
        before,
        title=form.title.data or "",
        kind=form.kind.data or before.kind,
        extra=before.extra if form.kind.data == before.kind else {},
        date_text=form.date_text.data or "",
        summary=" ".join((form.summary.data or "").split()),
        agents=agents,
    )
