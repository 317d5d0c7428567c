"""A person's own pages: details, display, password, devices."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from culture_cloud import db, i18n
from culture_cloud.web import modes
from culture_cloud.web.fields import text_of
from culture_cloud.web.phones import spaced_phone
from culture_cloud.web.policies import signed_in

from . import passwords, queries, services
from .devices import device_words
from .errors import AlreadyRegistered
from .forms import WEAKNESS_WORDS, ChangePasswordForm, DetailsForm, DisplayForm
from .logins import normal_email
from .models import Account
from .password_rules import weakness
from .reset_views import reset_address
from .signing_in import prove_again, see_out

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
@signed_in
def own() -> str:
    """Name, addresses, display, and the ways to change them."""
    account = _own_account()
    return render_template(
        "accounts/own.html",
        account=account,
        phone=spaced_phone(account.phone) if account.phone else None,
        devices=len(queries.sign_ins_of(db.session(), account.id)),
    )


def _own_account() -> Account:
    return db.session().get_one(Account, current_user.account_id)


@bp.route("/details", methods=["GET", "POST"])
@signed_in
def details() -> Response | str | tuple[str, int]:
    """Correct name, phone number and e-mail address."""
    form = DetailsForm(obj=_own_account())
    if not form.is_submitted():
        return render_template("accounts/details.html", form=form)
    if form.validate():
        if prove_again(current_user.account_id, text_of(form.password)) is None:
            form.password.errors = [_wrong_password()]
        elif _keep_details(form):
            flash(_("Your details are saved."), "success")
            return redirect(url_for("account.own"), code=303)
    return render_template("accounts/details.html", form=form), 422


def _keep_details(form: DetailsForm) -> bool:
    account_id = current_user.account_id
    try:
        with db.transaction() as writing:
            services.set_details(
                writing,
                account_id=account_id,
                name=text_of(form.name),
                phone=form.phone.normal,
                email=normal_email(text_of(form.email)) if form.email.data else None,
            )
    except AlreadyRegistered:
        message = _("Another account uses this number or address. Please call us.")
        (form.phone if form.phone.data else form.email).errors = [message]
        return False
    return True


def _wrong_password() -> str:
    return _("This is not your present password. Please type it again.")


@bp.route("/display", methods=["GET", "POST"])
@signed_in
def display() -> Response | str | tuple[str, int]:
    """Version and language, for this person on every device (EL-02)."""
    shown = {"mode": modes.current_mode(), "locale": i18n.select_locale()}
    form = DisplayForm(data=shown)
    if not form.is_submitted():
        return render_template("accounts/display.html", form=form)
    if not form.validate():
        return render_template("accounts/display.html", form=form), 422
    mode, locale = form.mode.data, form.locale.data
    account_id = current_user.account_id
    with db.transaction() as writing:
        services.set_display(writing, account_id=account_id, mode=mode, locale=locale)
    response = redirect(url_for("account.own"), code=303)
    modes.set_preference(response, modes.COOKIE, mode)
    modes.set_preference(response, i18n.COOKIE, locale)
    return response


@bp.route("/password", methods=["GET", "POST"])
@signed_in
def password() -> Response | str | tuple[str, int]:
    """Change the password; all other devices are signed out."""
    form = ChangePasswordForm()
    if not form.is_submitted():
        return render_template("accounts/change_password.html", form=form)
    if form.validate() and _may_change(form):
        account_id, keep = current_user.account_id, current_user.sign_in_id
        password_hash = passwords.hashed(text_of(form.new_password))
        with db.transaction() as writing:
            services.change_password(
                writing,
                account_id=account_id,
                password_hash=password_hash,
                link=reset_address(),
                keep=keep,
            )
        flash(_("Your password is changed. All other devices are signed out."), "success")
        return redirect(url_for("account.own"), code=303)
    return render_template("accounts/change_password.html", form=form), 422


def _may_change(form: ChangePasswordForm) -> bool:
    account = _own_account()
    weak = weakness(text_of(form.new_password), (account.name, account.phone, account.email))
    if weak is not None:
        form.new_password.errors = [WEAKNESS_WORDS[weak]]
        return False
    if prove_again(current_user.account_id, text_of(form.password)) is None:
        form.password.errors = [_wrong_password()]
        return False
    return True


@bp.get("/devices")
@signed_in
def devices() -> str:
    """Where the account is signed in."""
    found = queries.sign_ins_of(db.session(), current_user.account_id)
    return render_template(
        "accounts/devices.html",
        devices=[(sign_in, device_words(sign_in.device)) for sign_in in found],
    )


@bp.post("/devices/<int:sign_in_id>/sign-out")
@signed_in
def end_device(sign_in_id: int) -> Response:
    """Sign one device out; another person's is not found."""
    account_id, own_id = current_user.account_id, current_user.sign_in_id
    with db.transaction() as writing:
        services.end_sign_in(writing, account_id=account_id, sign_in_id=sign_in_id)
    if sign_in_id == own_id:
        return see_out(redirect(url_for("accounts.signed_out"), code=303))
    flash(_("The device is signed out."), "success")
    return redirect(url_for("account.devices"), code=303)


@bp.post("/devices/sign-out")
@signed_in
def end_all_devices() -> Response:
    """Sign out everywhere, here too."""
    account_id = current_user.account_id
    with db.transaction() as writing:
        services.end_all_sign_ins(writing, account_id)
    return see_out(redirect(url_for("accounts.signed_out"), code=303))
