"""My family: whom one signs up besides oneself."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from culture_cloud import db
from culture_cloud.accounts import family
from culture_cloud.accounts.errors import TooManyFamilyMembers
from culture_cloud.accounts.models import FamilyMember
from culture_cloud.web.fields import text_of
from culture_cloud.web.phones import spaced_phone
from culture_cloud.web.policies import signed_in

from . import sign_ups
from .blueprint import bp, private
from .forms import CONSENT, MemberForm


@bp.get("/my/family")
@signed_in
def family_list() -> Response:
    """Who is written down, and what one signed others up for."""
    session, account_id = db.session(), current_user.account_id
    members = family.of(session, account_id)
    return private(
        render_template(
            "my/family.html",
            members=[
                {
                    "title": member.name,
                    "note": _facts(member),
                    "href": url_for("my.family_member", member_id=member.id),
                    "picture": "person",
                }
                for member in members
            ],
            others=sign_ups.for_others(session, account_id),
            full=len(members) >= family.MOST,
        )
    )


def _facts(member: FamilyMember) -> str:
    relation = {
        "child": _("My child or grandchild"),
        "parent": _("My mother, father or grandparent"),
        "partner": _("My wife or husband"),
        "other": _("Somebody else"),
    }[member.relation]
    born = _("born in %(year)s", year=member.birth_year) if member.birth_year else ""
    phone = spaced_phone(member.phone) if member.phone else ""
    return " · ".join(part for part in (relation, born, phone) if part)


@bp.route("/my/family/new", methods=["GET", "POST"])
@signed_in
def new_family_member() -> Response:
    """Write somebody down."""
    return _edit(None, MemberForm())


@bp.route("/my/family/<int:member_id>", methods=["GET", "POST"])
@signed_in
def family_member(member_id: int) -> Response:
    """Correct what is written down. Another person's is not found."""
    member = family.member(db.session(), current_user.account_id, member_id)
    return _edit(member, MemberForm(obj=member, consent=bool(member.consent)))


def _edit(member: FamilyMember | None, form: MemberForm) -> Response:
    member_id = member.id if member else None
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                family.keep(
                    session,
                    current_user.account_id,
                    member_id,
                    name=text_of(form.name),
                    phone=form.phone.normal or "",
                    relation=form.relation.data,
                    birth_year=form.birth_year.data,
                    consent=str(CONSENT) if form.is_child else "",
                )
        except TooManyFamilyMembers:
            flash(_("So many people cannot be written down. Please take somebody off."), "warning")
        else:
            flash(_("%(name)s is written down.", name=text_of(form.name)), "success")
        return redirect(url_for("my.family_list"), code=303)
    html = render_template("my/member.html", form=form, member_id=member_id)
    return private(html, 422 if form.errors else 200)


@bp.post("/my/family/<int:member_id>/remove")
@signed_in
def remove_family_member(member_id: int) -> Response:
    """Take somebody off; sign-ups stay."""
    with db.transaction() as session:
        family.forget(session, current_user.account_id, member_id)
    flash(_("Taken off. Sign-ups that were made stay as they are."), "success")
    return redirect(url_for("my.family_list"), code=303)
