"""Groups of people who may see what others may not."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import ValidationError

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.accounts.models import Account
from culture_cloud.errors import NotFound
from culture_cloud.heritage.models import GroupMember, HeritageGroup
from culture_cloud.network.models import Node
from culture_cloud.web.fields import AtMost, ListField, Needed, one_line
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.phones import NotAPhone, normal_phone
from culture_cloud.web.policies import staff

from . import own
from .blueprint import bp
from .part_forms import TOO_LONG


class GroupForm(FlaskForm):  # type: ignore[misc]
    """A new group."""

    name = StringField(
        _l("Name of the group"),
        [Needed(_l("Please give it a name")), AtMost(80, TOO_LONG)],
        filters=[one_line],
    )
    about = StringField(_l("Who belongs to it?"), [AtMost(300, TOO_LONG)], filters=[one_line])
    node = ListField(_l("Which hall looks after it?"), [Needed(_l("Please choose the hall"))])

    def validate_name(self, field: StringField) -> None:
        same = select(HeritageGroup.id).where(HeritageGroup.name == field.data)
        if db.session().scalar(same) is not None:
            raise ValidationError(_("There is a group of this name already"))


class MemberForm(FlaskForm):  # type: ignore[misc]
    """Somebody who has an account."""

    login = StringField(
        _l("Phone number or e-mail of their account"),
        [Needed(_l("Please give phone number or e-mail"))],
        filters=[one_line],
    )


@bp.route("/groups", methods=["GET", "POST"])
@staff(Permission.HERITAGE_PUBLISH)
def groups() -> Response:
    """All groups, and a new one."""
    session = db.session()
    form = GroupForm()
    form.node.choices = own.hall_choices(session)
    if form.validate_on_submit():
        node_id = own.hall(session, form.node.data).id
        with db.transaction() as writing:
            made = HeritageGroup(name=form.name.data, about=form.about.data or "", node_id=node_id)
            writing.add(made)
            writing.flush()
            group_id = made.id
        return redirect(url_for(".group", group_id=group_id), code=303)
    found = session.scalars(
        select(HeritageGroup)
        .join(Node)
        .options(selectinload(HeritageGroup.members))
        .where(own.scope(Permission.HERITAGE_PUBLISH).rows(Node.path))
        .order_by(HeritageGroup.name)
    )
    rows = [
        {
            "title": group.name,
            "href": url_for(".group", group_id=group.id),
            "note": group.about,
            "end": len(group.members),
        }
        for group in found
    ]
    html = render_template("desk/heritage/groups.html", form=form, rows=rows)
    return make_response(html, 422 if form.errors else 200)


def _own_group(session: Session, group_id: int) -> HeritageGroup:
    found = session.get(HeritageGroup, group_id)
    if found is None:
        raise NotFound
    own.scope(Permission.HERITAGE_PUBLISH).require(found.node.path)
    return found


@bp.route("/groups/<int:group_id>", methods=["GET", "POST"])
@staff(Permission.HERITAGE_PUBLISH)
def group(group_id: int) -> Response:
    """The people of a group; in and out."""
    session = db.session()
    found = _own_group(session, group_id)
    here = redirect(url_for(".group", group_id=group_id), code=303)
    leaving = request.form.get("out", "", type=str)
    form = MemberForm()
    if leaving.isdigit() and FlaskForm().validate_on_submit():
        with db.transaction() as writing:
            member = writing.get(GroupMember, int(leaving[:9]))
            if member is not None and member.group_id == group_id:
                writing.delete(member)
        flash(_("They no longer belong to the group."), "success")
        return here
    if form.validate_on_submit():
        account = _account(session, form.login.data or "")
        if account is None:
            form.login.errors = [_("There is no account with this phone number or e-mail")]
        else:
            _add(group_id, account.id)
            flash(_("They belong to the group now."), "success")
            return here
    members = session.execute(
        select(GroupMember.id, Account.name)
        .join(Account, Account.id == GroupMember.account_id)
        .where(GroupMember.group_id == group_id)
        .order_by(Account.name)
    ).all()
    html = render_template("desk/heritage/group.html", group=found, form=form, members=members)
    return make_response(html, 422 if form.errors else 200)


def _account(session: Session, login: str) -> Account | None:
    try:
        phone = normal_phone(login)
    except NotAPhone:
        phone = ""
    return session.scalar(
        select(Account).where(or_(Account.phone == phone, Account.email == login.lower()))
    )


def _add(group_id: int, account_id: int) -> None:
    with db.transaction() as session:
        there = select(GroupMember.id).where(
            GroupMember.group_id == group_id, GroupMember.account_id == account_id
        )
        if session.scalar(there) is None:
            session.add(GroupMember(group_id=group_id, account_id=account_id))
